import { addSeconds, secondsOf, type Timestamp, timestampOf } from "../hedera/timestamp.ts";

/** The desk's fee on what enters its pool, in basis points, where a manifest names none. */
export const DESK_FEE_BPS = 30n;

/** Longest that a quote stands, in seconds. */
const LONGEST_QUOTE_SECONDS = 90n;

/** When a quote given at `now` expires, on a whole second, well within the lease of its task. */
export function quoteExpiry(now: Timestamp, leaseSeconds: number): Timestamp {
  const share = (BigInt(leaseSeconds) * 2n) / 3n;
  return addSeconds(
    timestampOf(secondsOf(now)),
    share < LONGEST_QUOTE_SECONDS ? share : LONGEST_QUOTE_SECONDS,
  );
}
