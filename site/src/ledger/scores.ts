import type { Entry } from "../../../lib/festival/entry/entry.ts";
import { type Timestamp, timestampOf } from "../../../lib/hedera/timestamp.ts";

/** What a forecast was worth, as the log says it once its hour has come. */
export interface ScoreRecord {
  readonly sequence: number;
  /** Sequence number of the first result that said the forecast. */
  readonly result: number;
  /** The hour that it was about. */
  readonly hour: Timestamp;
  readonly horizonHours: number;
  /** Micro-USD a HBAR: the network's own rate of that hour. */
  readonly price: bigint;
  /** Whether the price came out inside the 80% interval. */
  readonly covered: boolean;
}

/** A cent of a dollar in micro-USD. */
const MICRO_USD_PER_CENT = 10_000n;

/** The score that an accepted entry gives, if it is one. */
export function scoreIn(entry: Entry): ScoreRecord | null {
  if (entry.name !== "forecast_scored") return null;
  const { payload } = entry.body;
  return {
    sequence: entry.stamp.sequence,
    result: payload.result,
    hour: timestampOf(BigInt(payload.hour)),
    horizonHours: payload.horizon_hours,
    price: (BigInt(payload.cent_equivalent) * MICRO_USD_PER_CENT) / BigInt(payload.hbar_equivalent),
    covered: payload.covered,
  };
}
