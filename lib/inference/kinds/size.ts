/** `size`: the position that the trading fund should take, by the strategy of `lib/market/reversion.ts`. */
import * as z from "zod/mini";
import { amount, count, text } from "../../festival/entry/field.ts";
import { tradeLimits } from "../../festival/entry/governance.ts";
import { limitsOfManifest } from "../../market/limits.ts";
import { ppmOf } from "../../market/price.ts";
import { type Decision, decide } from "../../market/reversion.ts";
import { forecastSpread, type PriceForecast } from "../../market/risk.ts";
import { deskVenue } from "../../market/venue.ts";
import { provenance, provenanceOf, statistic } from "./field.ts";
import { forecastOutput } from "./forecast.ts";
import { kindOf } from "./kind.ts";
import { volatilityOutput } from "./volatility.ts";

/** The desk's pool when the position was read: its reserves, its fee, and how many trades others made with it in the last hour. */
export const poolInput = z.object({ hbar: amount, tokens: amount, fee_bps: count, others: count });

/**
 * Input of `size`: the fund's tinybars and token units, the desk's pool, the
 * network's price now in micro-USD a HBAR, the results of a `forecast` and a
 * `volatility` task, and the manifest's limits of a trade.
 */
const sizeInput = z.object({
  hbar: amount,
  tokens: amount,
  pool: poolInput,
  reference_micro_usd: amount,
  forecast: forecastOutput,
  volatility: volatilityOutput,
  limits: tradeLimits,
});

/**
 * Output of `size`: the trade, or `hold`, and why. `hbar` is in tinybars and 0 for
 * a hold; shares are fractions of the fund's value.
 */
export const sizeOutput = z.object({
  ...provenance,
  action: z.enum(["buy", "sell", "hold"]),
  hbar: amount,
  reference_micro_usd: amount,
  weight: z.nullable(statistic),
  target: statistic,
  reason: text,
  /** What the desk would take for the trade, fee included, in micro-USD a HBAR; absent for a hold. */
  price_micro_usd: z.optional(amount),
  /** How wide the forecast's 80% interval is, in basis points of its median. */
  spread_bps: z.optional(count),
  /** How far the desk's price is above (negative: below) the network's, as a fraction; absent where nothing was measured. */
  gap: z.optional(statistic),
});

/** The kind `size`, for the desk as the venue. Metrics: `action`, `target`. */
export const size = kindOf<z.output<typeof sizeInput>, z.output<typeof sizeOutput>>({
  name: "size",
  input: sizeInput,
  output: sizeOutput,
  work(input) {
    const { forecast, volatility, pool } = input;
    const quantiles = {
      last: forecast.last_micro_usd,
      q10: forecast.q10_micro_usd,
      q50: forecast.q50_micro_usd,
      q90: forecast.q90_micro_usd,
    };
    const decision = decide({
      fund: { hbar: input.hbar, tokens: input.tokens },
      venue: deskVenue({ hbar: pool.hbar, tokens: pool.tokens, feeBps: BigInt(pool.fee_bps) }),
      others: pool.others,
      reference: input.reference_micro_usd,
      volatilityPpm: ppmOf(volatility.annual_ewma),
      forecast: quantiles,
      limits: limitsOfManifest(input.limits),
    });
    return {
      ...provenanceOf({ model: "venue-reversion", version: "1" }),
      ...describe(decision, input.reference_micro_usd, quantiles),
    };
  },
  metrics: ({ action, target }) => ({ action, target }),
});

function describe(decision: Decision, reference: bigint, forecast: PriceForecast) {
  return {
    action: decision.action === "trade" ? decision.side : decision.action,
    hbar: decision.action === "trade" ? decision.hbar : 0n,
    reference_micro_usd: reference,
    weight: decision.weightPpm === null ? null : Number(decision.weightPpm) / 1e6,
    target: Number(decision.targetPpm) / 1e6,
    reason: decision.reason,
    ...(decision.action === "trade" ? { price_micro_usd: decision.price } : {}),
    spread_bps: Number(forecastSpread(forecast)),
    ...(decision.gapBps === null ? {} : { gap: Number(decision.gapBps) / 1e4 }),
  };
}
