import { addSeconds, secondsOf, type Timestamp, timestampOf } from "../hedera/timestamp.ts";
import { type PoolQuote, poolAt, quoteHbar } from "./pool.ts";
import type { MicroUsd } from "./price.ts";
import type { Holdings } from "./risk.ts";
import type { Side } from "./swap.ts";

/** The desk's fee on what enters its pool, in basis points. */
export const DESK_FEE_BPS = 30n;
/** HBAR that the desk keeps for its own network fees, in tinybars. */
export const DESK_RESERVE = 10_00_000_000n;

/** What the desk looks at when it is asked for a price. */
export interface DeskInputs {
  /** What the desk holds. */
  readonly inventory: Holdings;
  /** The network's price of one HBAR. */
  readonly reference: MicroUsd;
  readonly side: Side;
  /** tinybars */
  readonly hbar: bigint;
}

/**
 * The desk's price: a constant-product curve around the network's rate, as deep
 * as its smaller side, so that a large trade pays for the inventory it takes.
 *
 * @throws FestError `POOL_INVALID`, `POOL_QUOTE_IMPOSSIBLE` if the inventory does not serve
 */
export function deskQuote({ inventory, reference, side, hbar }: DeskInputs): PoolQuote {
  const available = inventory.hbar - DESK_RESERVE;
  const covered = reference > 0n ? (inventory.tokens * 100_000_000n) / reference : 0n;
  return quoteHbar(poolAt(reference, available < covered ? available : covered, DESK_FEE_BPS), side, hbar);
}

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
