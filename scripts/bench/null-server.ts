/**
 * A consensus node that does nothing: it answers `OK` to every transaction and
 * `SUCCESS` to every query for a receipt, without looking at either. What it takes is
 * what gRPC itself costs, so devnet is measured against it. One JSON object on
 * stdout when it is ready; it ends with the process that started it.
 */
import * as grpc from "@grpc/grpc-js";
import { SERVER_OPTIONS, SERVICES } from "../../lib/devnet/consensus/services.ts";

/** `TransactionResponse` with pre-check code `OK`, which is 0 and takes no byte. */
const OK = Buffer.alloc(0);
/** `Response.transactionGetReceipt` (14): an empty header (1), a receipt (2) with status (1) `SUCCESS` (22). */
const RECEIPT = Buffer.from("72060a0012020816", "hex");

const keep = (bytes: Buffer): Buffer => bytes;

function method(path: string): grpc.MethodDefinition<Buffer, Buffer> {
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: keep,
    requestDeserialize: keep,
    responseSerialize: keep,
    responseDeserialize: keep,
  };
}

const always =
  (answer: Buffer): grpc.handleUnaryCall<Buffer, Buffer> =>
  (_call, callback) =>
    callback(null, answer);

const server = new grpc.Server(SERVER_OPTIONS);
for (const [service, { transactions, queries }] of Object.entries(SERVICES)) {
  const names = [...transactions, ...queries];
  server.addService(
    Object.fromEntries(names.map((name) => [name, method(`/proto.${service}/${name}`)])),
    Object.fromEntries([
      ...transactions.map((name) => [name, always(OK)]),
      ...queries.map((name) => [name, always(RECEIPT)]),
    ]),
  );
}
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(JSON.stringify({ node: `127.0.0.1:${port}` }));
});
process.once("disconnect", () => process.exit(0));
process.once("SIGTERM", () => process.exit(0));
