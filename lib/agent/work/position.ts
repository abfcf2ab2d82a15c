/** `position`: what the trading fund holds, what the desk's pool holds, and what the network says HBAR is worth. */
import * as z from "zod/mini";
import { accountId, amount, tokenId } from "../../festival/entry/field.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { poolInput } from "../../inference/kinds/size.ts";
import { balanceAt, holdingsOf } from "./balance.ts";
import { beganAt, marketOf, type WorkContext } from "./context.ts";
import { othersTrades, poolAccount, poolFee } from "./pool.ts";
import { priceAt } from "./rates.ts";

/** Output of `position`: tinybars, token units, and micro-USD a HBAR, all as of when the task began. */
export const positionOutput = z.object({
  account: accountId,
  token: tokenId,
  hbar: amount,
  tokens: amount,
  reference_micro_usd: amount,
  /** The desk's pool; absent where a manifest's market has no desk. */
  pool: z.optional(poolInput),
});

/**
 * Reads balances as they were at the consensus time at which the task began, so
 * that whoever reads them later reads the same.
 *
 * @throws MirrorUnavailable as long as the mirror node does not know the fund, or is not that far
 */
export async function positionWork({ state, task, mirror }: WorkContext): Promise<KindResult> {
  const { fund, token } = marketOf(state);
  const at = beganAt(task);
  const held = holdingsOf(await balanceAt(mirror, fund, at), token);
  const pool = poolAccount(state);
  const reserves = pool === null ? null : holdingsOf(await balanceAt(mirror, pool, at), token);
  const output = z.encode(positionOutput, {
    account: fund,
    token,
    ...held,
    reference_micro_usd: await priceAt(mirror, at),
    ...(pool === null || reserves === null
      ? {}
      : {
          pool: {
            ...reserves,
            fee_bps: Number(poolFee(state)),
            others: await othersTrades(mirror, { pool, fund, token, at }),
          },
        }),
  });
  return { output, metrics: { funded: held.hbar > 0n || held.tokens > 0n } };
}
