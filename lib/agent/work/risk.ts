/** `risk`: whether the sized trade, at the price that it was sized by, keeps within the manifest's limits. */
import * as z from "zod/mini";
import { addSeconds } from "../../hedera/timestamp.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { sizeOutput } from "../../inference/kinds/size.ts";
import { limitsOfManifest } from "../../market/limits.ts";
import { hbarValue } from "../../market/price.ts";
import {
  confidence,
  hbarFloor,
  positionSize,
  type RiskInputs,
  signalAge,
  signalHolds,
  tokenFloor,
  tradeSize,
} from "../../market/risk.ts";
import { beganAt, marketOf, usedOutput, usedTask, type WorkContext } from "./context.ts";
import { positionOutput } from "./position.ts";

const LIMITS = [signalHolds, confidence, tradeSize, positionSize, signalAge, hbarFloor, tokenFloor];

/** Output of `risk`: the verdict of each limit that can be judged before there is a quote. */
export const riskOutput = z.object({
  action: z.enum(["buy", "sell", "hold"]),
  approved: z.boolean(),
  checks: z.array(z.object({ name: z.string(), passed: z.boolean(), value: z.string(), limit: z.string() })),
});

/** Judges the trade of task `uses.size` on the position of task `uses.position`. A hold needs no approval. */
export async function riskWork(context: WorkContext): Promise<KindResult> {
  const sized = usedOutput(context, "size", sizeOutput);
  const fund = usedOutput(context, "position", positionOutput);
  const now = beganAt(context.task);
  const price = sized.price_micro_usd ?? sized.reference_micro_usd;
  const inputs: RiskInputs = {
    now,
    fund: { hbar: fund.hbar, tokens: fund.tokens },
    signal: { side: sized.action, price, at: usedTask(context, "size").result?.timestamp ?? 0n },
    reference: fund.reference_micro_usd,
    spreadBps: sized.spread_bps === undefined ? undefined : BigInt(sized.spread_bps),
    ...(sized.action === "hold"
      ? {}
      : {
          quote: {
            side: sized.action,
            hbar: sized.hbar,
            tokens: hbarValue(sized.hbar, price),
            expires: addSeconds(now, 60),
          },
        }),
  };
  const limits = limitsOfManifest(marketOf(context.state).limits);
  const checks = sized.action === "hold" ? [] : LIMITS.map((limit) => limit(limits, inputs));
  const approved = checks.every(({ passed }) => passed);
  const output = z.encode(riskOutput, { action: sized.action, approved, checks: [...checks] });
  return { output, metrics: { approved, action: sized.action } };
}
