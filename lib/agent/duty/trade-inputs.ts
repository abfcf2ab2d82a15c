import { agentsOf, coordinatorOf } from "../../festival/roles.ts";
import type { AccountId } from "../../hedera/id.ts";
import { addSeconds, type Timestamp } from "../../hedera/timestamp.ts";
import { sizeOutput } from "../../inference/kinds/size.ts";
import { drawdownsOf } from "../../market/drawdown.ts";
import type { RiskInputs } from "../../market/risk.ts";
import { volumeSince } from "../../market/simulation.ts";
import type { Mirror } from "../../mirror/client.ts";
import type { Duty } from "../duty.ts";
import { holdingsOf } from "../work/balance.ts";
import { bookBegins, readBook } from "../work/book.ts";
import { usedOutput, usedTask } from "../work/context.ts";
import { timeOfEntry } from "../work/log-times.ts";
import { readPrice } from "../work/rates.ts";
import type { QuotedTrade } from "./terms.ts";

const SECONDS_PER_DAY = 86_400;
/** So many of an account's newest transactions are looked at for one that it paid itself. */
const LOOKED_AT = 25;

/**
 * What the risk limits look at before a trade: the fund and its last day, the
 * quote, the signal behind it, the network's price, and whether the other parties
 * live. What cannot be read is left out, and fails.
 */
export async function tradeInputs(duty: Duty, quoted: QuotedTrade): Promise<RiskInputs> {
  const { mirror, state, signal } = duty;
  const { task, trade, terms, expires } = quoted;
  const context = { state, task, mirror, signal };
  const sized = usedOutput(context, "size", sizeOutput);
  const balance = await mirror.balance(terms.fund);
  const now = duty.now();
  const { price, set } = await readPrice(mirror, now);
  const { side, hbar, tokens } = trade;
  return {
    now,
    ...(balance === null ? {} : { fund: holdingsOf(balance, terms.token) }),
    quote: { side, hbar, tokens, expires },
    signal: {
      side: sized.action,
      price: sized.price_micro_usd ?? sized.reference_micro_usd,
      at: usedTask(context, "size").result?.timestamp ?? 0n,
    },
    reference: price,
    rateSet: set,
    spreadBps: sized.spread_bps === undefined ? undefined : BigInt(sized.spread_bps),
    ...(await pastOf(duty, quoted)),
    heard: await leastHeard(mirror, partiesOf(duty, quoted)),
  };
}

/** What the fund traded in a day, and how far trading fell since the owner last spoke, from the ledger's transfers. */
async function pastOf(
  duty: Duty,
  { terms }: QuotedTrade,
): Promise<Pick<RiskInputs, "dailyVolume" | "drawdownBps">> {
  const { mirror, state, log } = duty;
  const to = state.head?.timestamp ?? 0n;
  const from = bookBegins(to, await timeOfEntry(mirror, log, 1));
  const spoke = await timeOfEntry(mirror, log, state.manifestSequence ?? 1);
  const book = await readBook(mirror, { fund: terms.fund, pool: terms.desk, token: terms.token }, from, to);
  return {
    dailyVolume: volumeSince(book.swaps, addSeconds(to, -SECONDS_PER_DAY)),
    drawdownBps: drawdownsOf(book, spoke).trading,
  };
}

/** The accounts of the trade's other parties, as this one sees it. */
function partiesOf({ state, obligation }: Duty, { task, trade }: QuotedTrade): readonly AccountId[] {
  const worker = agentsOf(state).find(({ id }) => id === task.agent)?.account;
  const all = [coordinatorOf(state)?.account, worker, trade.account];
  return all.flatMap((account) => (account === undefined || account === obligation.payer ? [] : [account]));
}

/** When that one of the accounts paid for something that paid least lately; undefined if one of them did not at all. */
async function leastHeard(mirror: Mirror, accounts: readonly AccountId[]): Promise<Timestamp | undefined> {
  let least: Timestamp | undefined;
  for (const account of accounts) {
    const { items } = await mirror.transactions({ account, limit: LOOKED_AT });
    const heard = items.find(({ id, scheduled }) => id.payer === account && !scheduled)?.timestamp;
    if (heard === undefined) return undefined;
    if (least === undefined || heard < least) least = heard;
  }
  return least;
}
