import type { Tinybar } from "../../../lib/hedera/amount.ts";
import { NANOS_PER_SECOND } from "../../../lib/hedera/timestamp.ts";
import type { AgentVitals } from "./vitals.ts";

/** What an agent spends, by its own heartbeats. */
export interface Spending {
  readonly balance: Tinybar;
  /** Over what is known of it, taken to a day. */
  readonly perDay: Tinybar;
  /** How long the balance lasts at that; null if nothing is spent. */
  readonly runwaySeconds: bigint | null;
}

/** Heartbeats of less time than this say nothing about a day. */
const LEAST = 30n * NANOS_PER_SECOND;
const DAY = 86_400n * NANOS_PER_SECOND;

/**
 * An agent's spending since its balance last rose, or null while its heartbeats
 * do not reach far enough back to tell.
 */
export function spendingOf(vitals: AgentVitals | undefined): Spending | null {
  const known = (vitals?.beats ?? []).flatMap(({ timestamp, balance }) =>
    balance === null ? [] : [{ timestamp, balance }],
  );
  const last = known.at(-1);
  if (last === undefined) return null;
  let first = last;
  for (const beat of known.toReversed()) {
    if (beat.balance < first.balance) break;
    first = beat;
  }
  const elapsed = last.timestamp - first.timestamp;
  if (elapsed < LEAST) return null;
  const spent = first.balance - last.balance;
  const runwaySeconds = spent === 0n ? null : (last.balance * elapsed) / spent / NANOS_PER_SECOND;
  return { balance: last.balance, perDay: (spent * DAY) / elapsed, runwaySeconds };
}
