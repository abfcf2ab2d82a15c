/** Tells a person how fast a failure was noticed and cured, in trips through consensus. */
import { fromMillis, NANOS_PER_MILLI, parseTimestamp, type Timestamp } from "../../lib/hedera/timestamp.ts";
import type { RawEntry } from "./rest.ts";

/** The moments of a failure, by consensus time or, where nothing was said, by the clock that devnet shares. */
export interface Failure {
  readonly what: string;
  /** When it was caused. */
  readonly caused: Timestamp;
  /** When the first sign of it was seen, and which. */
  readonly noticed: Timestamp;
  readonly sign: string;
  /** When its cause was gone, where the recovery depends on that. */
  readonly cleared?: Timestamp;
  /** When what it had held up was done. */
  readonly recovered: Timestamp;
}

/** When an entry reached consensus. @throws Error if there is none */
export function timeOf(entry: RawEntry | undefined): Timestamp {
  if (entry === undefined) throw new Error("there is no such entry");
  return parseTimestamp(entry.timestamp);
}

/** Now, as the devnet on the same machine sees it. */
export function now(): Timestamp {
  return fromMillis(Date.now());
}

/** Prints one line, in seconds and in rounds of `roundMs`. */
export function reportFailure(
  { what, caused, noticed, sign, cleared, recovered }: Failure,
  roundMs: number,
): void {
  const span = (from: Timestamp, to: Timestamp) => {
    const milliseconds = Number((to - from) / NANOS_PER_MILLI);
    return `${(milliseconds / 1_000).toFixed(1)} s (${(milliseconds / roundMs).toFixed(1)} rounds)`;
  };
  const after = cleared === undefined ? "" : " after its cause was gone";
  console.log(
    `    ${what}: noticed after ${span(caused, noticed)} by ${sign}; ` +
      `recovered ${span(cleared ?? caused, recovered)}${cleared === undefined ? " after it happened" : after}`,
  );
}
