import type { proto } from "@hiero-ledger/proto";
import { nanosOf, secondsOf, type Timestamp, timestampOf } from "../../../hedera/timestamp.ts";
import { fromLong, toLong } from "./int64.ts";

/** The time of a protobuf `Timestamp`. */
export function timestampFrom(time: proto.ITimestamp): Timestamp {
  return timestampOf(fromLong(time.seconds), time.nanos ?? 0);
}

/** A protobuf `Timestamp`. */
export function wireTimestamp(time: Timestamp): proto.ITimestamp {
  return { seconds: toLong(secondsOf(time)), nanos: Number(nanosOf(time)) };
}

/** The whole seconds of a protobuf `Duration`, null where it is absent. */
export function durationSeconds(duration: proto.IDuration | null | undefined): bigint | null {
  return duration ? fromLong(duration.seconds) : null;
}
