/** HBAR against each agent's floor, and for how long it lasts. */
import { readAgentConfig } from "../../lib/agent/config.ts";
import { runwayDays, spentInADay } from "../../lib/agent/spending.ts";
import { formatHbar, parseHbar, TINYBARS_PER_HBAR, type Tinybar } from "../../lib/hedera/amount.ts";
import { FestError } from "../../lib/hedera/error.ts";
import type { AccountId } from "../../lib/hedera/id.ts";
import type { Member } from "./context.ts";
import { error, type Finding, ok, warning } from "./finding.ts";
import type { View } from "./view.ts";

/** Fewer days than this want a person this week. */
const WARN_DAYS = 7;

/** Looks at every member's account and at the fund. */
export async function balances(view: View): Promise<readonly Finding[]> {
  const members = await Promise.all(view.members.map((member) => balanceOf(view, member)));
  return [...members.flatMap((finding) => finding ?? []), ...fund(view)];
}

async function balanceOf(view: View, { role, account }: Member): Promise<Finding | null> {
  const found = account === null ? null : view.accounts.get(account);
  if (account === null || !found || found.balance === null || found.deleted) return null;
  const floor = floorOf(role.env);
  const has = `${role.name}: ${account} has ${formatHbar(found.balance)} HBAR`;
  if (found.balance < floor) {
    return error(
      "balance-floor",
      `${has}, its floor is ${formatHbar(floor)}: it will perform nothing`,
      sendCommand(view, account),
    );
  }
  const days = runwayDays(found.balance, await spentInADay(view.mirror, account, view.now()));
  const lasts = days === null ? has : `${has}, which lasts ${days} days`;
  if (days === null || days >= WARN_DAYS) return ok("balance", lasts);
  const say = days < 1 ? error : warning;
  return say("runway", lasts, sendCommand(view, account));
}

function fund(view: View): readonly Finding[] {
  const { market } = view.state.manifest ?? {};
  const balance = market && view.accounts.get(market.fund)?.balance;
  if (!market || balance === null || balance === undefined) return [];
  if (balance >= market.limits.min_balance) return [];
  const message = `the fund ${market.fund} has ${formatHbar(balance)} HBAR, below the manifest's ${formatHbar(market.limits.min_balance)}: it can't trade`;
  return [warning("fund-balance", message, sendCommand(view, market.fund))];
}

function floorOf(env: Member["role"]["env"]): Tinybar {
  try {
    return readAgentConfig(env).limits.floor;
  } catch (thrown) {
    if (!(thrown instanceof FestError)) throw thrown;
  }
  const own = env.FEST_FLOOR_HBAR?.trim();
  try {
    return own ? parseHbar(own) : TINYBARS_PER_HBAR;
  } catch (thrown) {
    if (thrown instanceof FestError) return TINYBARS_PER_HBAR;
    throw thrown;
  }
}

function sendCommand({ network, target }: View, account: AccountId): string {
  const where = target.folder === null ? "" : ` --out ${target.folder}`;
  return `bun run setup --network ${network?.name ?? "devnet"}${where} --fill  # or send HBAR to ${account}`;
}
