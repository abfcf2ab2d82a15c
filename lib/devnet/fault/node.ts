import * as grpc from "@grpc/grpc-js";
import { proto } from "@hiero-ledger/proto";
import { statusCode } from "../ledger/status.ts";
import type { Faults } from "./faults.ts";

/** A method of the consensus node, on bytes. */
export type NodeMethod = grpc.handleUnaryCall<Uint8Array, Uint8Array>;
/** What a method of the consensus node takes. */
export type NodeRequest = "transaction" | "query";

const REFUSED = { code: grpc.status.UNAVAILABLE, details: "a fault of devnet: node-unavailable" };
const LOST = { code: grpc.status.UNAVAILABLE, details: "a fault of devnet: node-drop" };

/** A method that has the node's faults: `node-*` and `throttle-precheck`. */
export function withNodeFaults(faults: Faults, request: NodeRequest, method: NodeMethod): NodeMethod {
  return (call, callback) => {
    if (faults.strike("node-unavailable") !== null) return callback(REFUSED);
    const isThrottled = request === "transaction" && faults.isThrottled("throttle-precheck");
    if (isThrottled || faults.strike("node-busy") !== null) {
      const busy = request === "transaction" ? busyTransaction() : busyQuery(call.request);
      if (busy !== null) return callback(null, busy);
    }
    if (faults.strike("node-duplicate") !== null) method(call, () => {});
    if (faults.strike("node-drop") !== null) return method(call, () => callback(LOST));
    if (faults.strike("node-stall") !== null) return method(call, () => {});
    return method(call, callback);
  };
}

function busyTransaction(): Uint8Array {
  return proto.TransactionResponse.encode({ nodeTransactionPrecheckCode: statusCode("BUSY") }).finish();
}

/** Null where the bytes are no query, which the method itself refuses. */
function busyQuery(bytes: Uint8Array): Uint8Array | null {
  try {
    const { query } = proto.Query.decode(bytes);
    if (query === undefined) return null;
    const header = { nodeTransactionPrecheckCode: statusCode("BUSY") };
    return proto.Response.encode({ [query]: { header } }).finish();
  } catch {
    return null;
  }
}
