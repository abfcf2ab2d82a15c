/**
 * The noise trader: on devnet, and only there, it trades with the desk's pool so
 * that the pool's price departs from the network's rate. It follows the rate with
 * an error that is a function of a published seed, so that anyone can recompute
 * what it wanted. Whoever gains from its errors gains from our own noise.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { TINYBARS_PER_HBAR, type Tinybar } from "../hedera/amount.ts";
import { hbarToMid, type Pool, type PoolQuote, quoteHbar } from "./pool.ts";
import { BPS, type MicroUsd } from "./price.ts";
import type { Holdings } from "./risk.ts";
import { divideHalfEven, smaller } from "./rounding.ts";

/** What makes the noise. */
export interface Noise {
  readonly seed: string;
  /** Largest error either way, in basis points of the network's rate; 0 follows it exactly. */
  readonly strengthBps: bigint;
}

/** The published noise: its seed, and errors of up to 2% either way. */
export const NOISE: Noise = { seed: "fest-agents noise 335", strengthBps: 200n };

/** Less than this the noise trader doesn't trade. */
const MIN_TRADE: Tinybar = TINYBARS_PER_HBAR;
const HALF_RANGE = 1n << 31n;

/**
 * The error of the trade with this number, in basis points: evenly spread over
 * both directions, from the first 32 bits of the SHA-256 of `seed:number`.
 */
export function noiseError({ seed, strengthBps }: Noise, number: number): bigint {
  const digest = sha256(utf8ToBytes(`${seed}:${number}`));
  const drawn = BigInt(new DataView(digest.buffer, digest.byteOffset).getUint32(0));
  return divideHalfEven((drawn - HALF_RANGE) * strengthBps, HALF_RANGE);
}

/**
 * The noise trader's trade with this number: what brings the pool's price to the
 * network's rate plus the error, as far as its holdings go; null if that is less
 * than 1 HBAR.
 *
 * @throws FestError `POOL_INVALID`
 */
export function noiseTrade(
  noise: Noise,
  number: number,
  { pool, reference, holdings }: { pool: Pool; reference: MicroUsd; holdings: Holdings | null },
): PoolQuote | null {
  const target = divideHalfEven(reference * (BPS + noiseError(noise, number)), BPS);
  const wanted = hbarToMid(pool, target);
  if (wanted === null) return null;
  const hbar =
    holdings !== null && wanted.side === "sell" ? smaller(wanted.hbar, holdings.hbar) : wanted.hbar;
  if (hbar < MIN_TRADE) return null;
  const quote = quoteHbar(pool, wanted.side, hbar);
  const affordable = holdings === null || quote.side === "sell" || quote.tokens <= holdings.tokens;
  return affordable ? quote : null;
}
