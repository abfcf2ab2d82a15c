import { NANOS_PER_MILLI, NANOS_PER_SECOND, type Timestamp } from "../../lib/hedera/timestamp.ts";

/** How regularly an agent's heart beat. */
export interface Rhythm {
  readonly heartbeats: number;
  /** Intervals of the time between the first and the last look in which no heartbeat came. */
  readonly missed: number;
  /** Heartbeats that came over half an interval after their time. */
  readonly late: number;
  /** Longest time without one, in seconds, start and end of the look included. */
  readonly longestGapSeconds: number;
}

/**
 * Judges an agent's heartbeats by their consensus times, in order.
 *
 * @param from when the first one was due at the latest, less an interval
 * @param until when the look ended
 */
export function rhythmOf(
  times: readonly Timestamp[],
  intervalSeconds: number,
  from: Timestamp,
  until: Timestamp,
): Rhythm {
  const interval = BigInt(intervalSeconds) * NANOS_PER_SECOND;
  const inside = times.filter((time) => time >= from && time <= until);
  const gaps = [...inside, until].map((time, index) => time - (inside[index - 1] ?? from));
  const missed = gaps.reduce((sum, gap) => sum + wholeMisses(gap, interval), 0);
  // What comes after the last one is judged by `missed` alone: the next one may be on its way.
  const late = gaps.slice(0, -1).filter((gap) => gap > interval + interval / 2n).length;
  const [longest = 0n] = gaps.toSorted((a, b) => Number(b - a));
  return {
    heartbeats: inside.length,
    missed,
    late,
    longestGapSeconds: Number(longest / NANOS_PER_MILLI) / 1_000,
  };
}

/** A gap of up to one interval and a half has missed none. */
function wholeMisses(gap: Timestamp, interval: bigint): number {
  const halves = (2n * gap) / interval;
  return halves < 3n ? 0 : Number((halves - 1n) / 2n);
}
