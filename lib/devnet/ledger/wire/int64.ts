import { proto } from "@hiero-ledger/proto";

/** A 64-bit integer as protobufjs decodes it. */
export type Long = proto.AccountAmount["amount"];

const ZERO: Long = proto.AccountAmount.create().amount;

/** A protobuf int64, sint64 or uint64 as a bigint; 0 where the field is absent. */
export function fromLong(value: Long | null | undefined): bigint {
  if (value === null || value === undefined) return 0n;
  const low = value.low >>> 0;
  if (value.high === 0) return BigInt(low);
  const high = value.unsigned ? value.high >>> 0 : value.high;
  return (BigInt(high) << 32n) | BigInt(low);
}

/** A bigint as protobufjs wants 64-bit integers. */
export function toLong(value: bigint): Long {
  const small = Number(value);
  return Number.isSafeInteger(small) ? ZERO.add(small) : ZERO.add(value.toString());
}
