/** `position`: what the trading fund holds, and what the network says HBAR is worth. */
import * as z from "zod/mini";
import { accountId, amount, tokenId } from "../../festival/entry/field.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { MirrorUnavailable } from "../../mirror/error.ts";
import { beganAt, marketOf, type WorkContext } from "./context.ts";
import { priceAt } from "./rates.ts";

/** Output of `position`: tinybars, token units, and micro-USD a HBAR when the task began. */
export const positionOutput = z.object({
  account: accountId,
  token: tokenId,
  hbar: amount,
  tokens: amount,
  reference_micro_usd: amount,
});

/** Reads the fund's balance from the mirror. @throws MirrorUnavailable as long as it does not know the fund */
export async function positionWork({ state, task, mirror }: WorkContext): Promise<KindResult> {
  const { fund, token } = marketOf(state);
  const balance = await mirror.balance(fund);
  if (balance === null) throw new MirrorUnavailable(`the mirror node does not know the fund ${fund} yet`);
  const tokens = balance.tokens.find((held) => held.token === token)?.balance ?? 0n;
  const reference_micro_usd = await priceAt(mirror, beganAt(task));
  const output = z.encode(positionOutput, {
    account: fund,
    token,
    hbar: balance.hbar,
    tokens,
    reference_micro_usd,
  });
  return { output, metrics: { funded: balance.hbar > 0n || tokens > 0n } };
}
