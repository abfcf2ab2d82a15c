/** `gap`: where the desk's price will be against the network's rate at the next trade. */
import * as z from "zod/mini";
import { amount, count } from "../../festival/entry/field.ts";
import { skill } from "../evaluate.ts";
import { rounded } from "../exact-math.ts";
import { GAP_MODEL, predictGap } from "../gap.ts";
import { provenance, provenanceOf, statistic } from "./field.ts";
import { kindOf } from "./kind.ts";

const price = amount.check(z.positive());

/** Input of `gap`: what the desk quoted and the network's rate at that time, in micro-USD a HBAR, oldest first. */
const gapInput = z.object({
  prices: z.array(z.object({ desk_micro_usd: price, reference_micro_usd: price })),
});

/**
 * Output of `gap`: gaps in basis points (of the logarithm), where the desk is dear above 0;
 * `phi` is the part of a gap that is left at the next trade. Losses of the last third, beside
 * those of the guess that the gap stays, in basis points.
 */
const gapOutput = z.object({
  ...provenance,
  prices: count,
  last_bps: statistic,
  q10_bps: statistic,
  q50_bps: statistic,
  q90_bps: statistic,
  phi: statistic,
  pinball: statistic,
  pinball_unchanged: statistic,
  held_back: count,
});

/** The kind `gap`. Metrics: `skill` against the guess that it stays, `phi`, `prices`, `ordered` quantiles. */
export const gap = kindOf<z.output<typeof gapInput>, z.output<typeof gapOutput>>({
  name: "gap",
  input: gapInput,
  output: gapOutput,
  work({ prices }) {
    const found = predictGap(
      prices.map(({ desk_micro_usd, reference_micro_usd }) => ({
        desk: desk_micro_usd,
        reference: reference_micro_usd,
      })),
    );
    const bps = (logarithm: number) => rounded(logarithm * 10_000);
    return {
      ...provenanceOf(GAP_MODEL),
      prices: prices.length,
      last_bps: bps(found.last),
      q10_bps: bps(found.q10),
      q50_bps: bps(found.q50),
      q90_bps: bps(found.q90),
      phi: rounded(found.phi),
      pinball: bps(found.pinball),
      pinball_unchanged: bps(found.unchanged),
      held_back: found.heldBack,
    };
  },
  metrics: (output) => ({
    skill: rounded(skill(output.pinball, output.pinball_unchanged)),
    phi: output.phi,
    prices: output.prices,
    ordered: output.q10_bps <= output.q50_bps && output.q50_bps <= output.q90_bps,
  }),
});
