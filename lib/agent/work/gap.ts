/** `gap`: how far the desk's price is from the network's, and where it will be at the next trade. */
import { gap } from "../../inference/kinds/gap.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { priceOfSwap } from "../../market/price.ts";
import type { MirrorTransaction } from "../../mirror/transaction.ts";
import { balanceAt, holdingsOf } from "./balance.ts";
import { BOOK_HOURS } from "./book.ts";
import { beganAt, marketOf, type WorkContext, WorkError } from "./context.ts";
import { poolAccount } from "./pool.ts";
import { hourlyPrices } from "./rates.ts";

/** So many of the pool's newest transactions are looked at. */
const LOOKED_AT = 100;

/**
 * The pool's price after each of its newest trades, anybody's, from the ledger's
 * own transfers: what it held when the task began, gone back through them.
 *
 * @throws WorkError `DESK_MISSING`, FestError `GAP_UNPREDICTABLE`, MirrorError
 */
export async function gapWork({ state, task, mirror }: WorkContext): Promise<KindResult> {
  const { token } = marketOf(state);
  const pool = poolAccount(state);
  if (pool === null) throw new WorkError("DESK_MISSING", "the manifest names no desk");
  const at = beganAt(task);
  let { hbar, tokens } = holdingsOf(await balanceAt(mirror, pool, at), token);
  const { items } = await mirror.transactions({ account: pool, before: at + 1n, limit: LOOKED_AT });
  const referenceAt = await hourlyPrices(mirror, at, BOOK_HOURS + 1);
  const prices = [];
  for (const transaction of items) {
    const moved = movedBy(transaction);
    if (moved.hbar * moved.tokens < 0n && hbar > 0n && tokens > 0n) {
      prices.push({
        desk_micro_usd: String(priceOfSwap(hbar, tokens)),
        reference_micro_usd: String(referenceAt(transaction.timestamp)),
      });
    }
    hbar -= moved.hbar;
    tokens -= moved.tokens;
  }
  return gap.run({ prices: prices.reverse() });

  function movedBy({ transfers, tokenTransfers }: MirrorTransaction) {
    const own = tokenTransfers.filter((leg) => leg.account === pool && leg.token === token);
    return {
      hbar: transfers.reduce((sum, leg) => (leg.account === pool ? sum + leg.amount : sum), 0n),
      tokens: own.reduce((sum, { amount }) => sum + amount, 0n),
    };
  }
}
