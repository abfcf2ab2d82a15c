/** What is said of a forecast once its horizon has passed. */
import * as z from "zod/mini";
import { amount, count, obligationId } from "./field.ts";

const positive = z.int().check(z.positive());

/**
 * `forecast_scored`: what the rate came to, and the forecast's loss beside the
 * random walk's. The figures must be what forecast and rate come to; the rate is
 * the network's own at `hour`, which any mirror node has.
 */
export const forecastScored = z.object({
  v: z.literal(1),
  type: z.literal("forecast_scored"),
  re: obligationId,
  payload: z.object({
    /** Sequence number of the first result that said it. */
    result: positive,
    horizon_hours: positive,
    /** The full hour that it was about, in unix seconds. */
    hour: count,
    /** The network's rate at that hour: so many US cents for so many HBAR. */
    cent_equivalent: positive,
    hbar_equivalent: positive,
    /** Mean pinball losses in billionths of the price that the forecast started from. */
    pinball_ppb: amount,
    random_walk_ppb: amount,
    /** Whether the price came out inside the 80% interval. */
    covered: z.boolean(),
  }),
});
