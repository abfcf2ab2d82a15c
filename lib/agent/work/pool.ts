/** The desk's pool: which account holds it, and who traded with it. */
import { agentsOf } from "../../festival/roles.ts";
import type { State } from "../../festival/state.ts";
import type { AccountId, TokenId } from "../../hedera/id.ts";
import { addSeconds, type Timestamp } from "../../hedera/timestamp.ts";
import { DESK_FEE_BPS } from "../../market/desk.ts";
import type { Mirror } from "../../mirror/client.ts";
import { marketOf } from "./context.ts";

/** Others' trades count for so long as a sign that the pool's price moves. */
const LATELY_SECONDS = 3_600;
/** So many of the pool's newest transactions are looked at for them. */
const LOOKED_AT = 100;

/** The account whose balances are the pool's reserves: the manifest's, or the desk's own; null where there is no desk. */
export function poolAccount(state: State): AccountId | null {
  return marketOf(state).pool ?? agentsOf(state).find(({ role }) => role === "desk")?.account ?? null;
}

/** The pool's fee on what enters, in basis points. */
export function poolFee(state: State): bigint {
  const { fee_bps } = marketOf(state);
  return fee_bps === undefined ? DESK_FEE_BPS : BigInt(fee_bps);
}

/** How many trades others than the fund made with the pool in the hour before `at`, that moment included. @throws MirrorError */
export async function othersTrades(
  mirror: Mirror,
  { pool, fund, token, at }: { pool: AccountId; fund: AccountId; token: TokenId; at: Timestamp },
): Promise<number> {
  const after = addSeconds(at, -LATELY_SECONDS);
  const { items } = await mirror.transactions({ account: pool, after, before: at + 1n, limit: LOOKED_AT });
  return items.filter(({ tokenTransfers, transfers, result }) => {
    const swapped = tokenTransfers.some((one) => one.token === token && one.account === pool);
    const ours = tokenTransfers.some((one) => one.token === token && one.account === fund);
    return result === "SUCCESS" && swapped && !ours && transfers.some(({ account }) => account === pool);
  }).length;
}
