import type { NoiseSetup } from "../../lib/agent/setup/options.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { NOISE } from "../../lib/market/noise.ts";

/** The noise trader of the demo: the published seed, a trade every 10 seconds. */
export const DEMO_NOISE: NoiseSetup = { ...NOISE, everySeconds: 10 };

/** The published seed's first trade at set-up and, within a day, no other: the desk's price is 1.84% below the network's, and holds still. */
export const ONE_NOISE: NoiseSetup = { ...NOISE, everySeconds: 86_400 };

const LONGEST_SEED = 64;

/**
 * The noise trader that a command's `--noise` asks for: a seed or `off`; where
 * it is absent, the published one on devnet and none elsewhere.
 *
 * @throws FestError `NOISE_INVALID`
 */
export function noiseFor(network: string, seed: string | undefined): NoiseSetup | undefined {
  if (seed === undefined) return network === "devnet" ? DEMO_NOISE : undefined;
  if (seed === "off") return undefined;
  if (seed === "" || seed.length > LONGEST_SEED) {
    throw new FestError("NOISE_INVALID", `a seed has 1 to ${LONGEST_SEED} characters`);
  }
  return { ...DEMO_NOISE, seed };
}
