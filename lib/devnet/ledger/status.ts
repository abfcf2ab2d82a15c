import { proto } from "@hiero-ledger/proto";

/** The name of a Hedera response code: `OK`, `SUCCESS`, `INVALID_SIGNATURE`, ... */
export type Status = keyof typeof proto.ResponseCodeEnum;

/** The number of a response code on the wire. */
export function statusCode(status: Status): number {
  return proto.ResponseCodeEnum[status];
}
