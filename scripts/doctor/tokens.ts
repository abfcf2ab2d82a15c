/** Tokens: everybody can be paid, and there is enough to pay with. */
import { agentsOf, coordinatorOf } from "../../lib/festival/roles.ts";
import type { AccountId, TokenId } from "../../lib/hedera/id.ts";
import { keyTreeOf, publicKeysOf } from "../../lib/mirror/key-tree.ts";
import { setupCommand } from "./context.ts";
import { error, type Finding, orOk } from "./finding.ts";
import { isCoordinator, planOf } from "./plan.ts";
import type { View } from "./view.ts";

/** Looks at associations, the coordinator's budget and the fund's key. */
export async function tokens(view: View): Promise<readonly Finding[]> {
  const { manifest } = view.state;
  if (manifest === null) return [];
  const { token, market } = manifest;
  const traders: readonly (readonly [who: string, account: AccountId])[] =
    market === undefined
      ? []
      : [
          ["the fund", market.fund],
          ...(market.pool === undefined ? [] : [["the desk's pool", market.pool] as const]),
        ];
  const problems = [
    ...agentsOf(view.state).flatMap(({ id, account }) => held(view, id, account, token)),
    ...traders.flatMap(([who, account]) =>
      market === undefined ? [] : held(view, who, account, market.token),
    ),
    ...(await budget(view, token)),
    ...(await alive(view, token)),
    ...fundKey(view),
  ];
  return orOk(problems, "tokens", "everybody can be paid, and the coordinator can pay an edition");
}

function held(view: View, who: string, account: AccountId, token: TokenId): readonly Finding[] {
  const relations = view.tokens.get(account);
  if (relations === undefined) return [];
  const relation = relations.find((one) => one.token === token);
  if (relation === undefined) {
    const message = `${who}: ${account} is not associated with ${token}: it can't be paid in it`;
    return [error("token-association", message, setupCommand(view))];
  }
  if (relation.freezeStatus !== "FROZEN" && relation.kycStatus !== "REVOKED") return [];
  return [error("token-frozen", `${who}: ${account} may not move ${token}`, setupCommand(view))];
}

async function alive({ mirror, ...view }: View, id: TokenId): Promise<readonly Finding[]> {
  const token = await mirror.token(id);
  if (token === null || token.deleted)
    return [error("token-missing", `the payment token ${id} is not there`, setupCommand(view))];
  if (token.pauseStatus !== "PAUSED") return [];
  return [
    error(
      "token-paused",
      `the payment token ${id} is paused`,
      `curl -sS '${mirror.baseUrl}/api/v1/tokens/${id}'`,
    ),
  ];
}

async function budget(view: View, token: TokenId): Promise<readonly Finding[]> {
  const coordinator = coordinatorOf(view.state);
  const member = view.members.find(isCoordinator);
  if (coordinator === undefined || member === undefined) return [];
  const units = view.tokens.get(coordinator.account)?.find((one) => one.token === token)?.balance ?? 0n;
  const plan = await planOf(member).catch(() => null);
  const edition = plan?.tasks.reduce((sum, { spec }) => sum + spec.reward, 0n) ?? 1n;
  if (units >= edition) return [];
  const message = `the coordinator holds ${units} of ${token}, an edition pays ${edition}`;
  return [error("token-budget", message, setupCommand(view))];
}

/** The fund must not move on one signature (DESIGN, idea 4). */
function fundKey({ state, accounts, ...view }: View): readonly Finding[] {
  const fund = state.manifest?.market?.fund;
  const key = fund === undefined ? null : accounts.get(fund)?.key;
  if (fund === undefined || !key) return [];
  const tree = keyTreeOf(key);
  const owners = agentsOf(state)
    .filter(({ role }) => role === "defi" || role === "coordinator")
    .flatMap(({ account }) => accounts.get(account)?.key?.hex ?? []);
  const needsTwo = tree.kind === "threshold" && tree.threshold >= 2;
  if (needsTwo && publicKeysOf(tree).every((hex) => owners.includes(hex))) return [];
  const message = `the fund ${fund} is not under 2 of 2 of the present defi and coordinator keys`;
  return [error("fund-key", message, setupCommand({ ...view }))];
}
