import type { Context } from "hono";
import { submittedTransaction, type Transaction } from "../ledger/execute/transaction.ts";
import { extraFee } from "../ledger/fee/fees.ts";
import { type ExtraFee, FEE_SCHEDULE } from "../ledger/fee/schedule.ts";
import { Refusal } from "../ledger/refusal.ts";
import { decodeTransaction } from "../ledger/wire/transaction.ts";
import { pageRequest } from "./context.ts";
import { type Json, stringifyJson } from "./json.ts";
import { long, single, word } from "./parameters.ts";
import { readQuery } from "./query.ts";
import { RestError } from "./rest-error.ts";

const ESTIMATE = {
  mode: single(word(["INTRINSIC", "STATE"]), "INTRINSIC"),
  high_volume_throttle: single((text) => {
    const value = long(0n)(text);
    return value !== null && value <= 10_000n ? value : null;
  }, 0n),
};
const CONTENT_TYPES = ["application/protobuf", "application/x-protobuf"];

/**
 * Answers `POST /network/fees`: what a protobuf `Transaction` would cost, in
 * tinycents (HIP-1261), with as many signatures as it has. No fee here depends
 * on the network's state, so that both modes say the same; there is no
 * high-volume pricing. The service fee is given whole as its base.
 *
 * @throws RestError 400 where the body is no transaction that the network supports
 */
export async function estimateFees(c: Context): Promise<Response> {
  readQuery(pageRequest(c).query, ESTIMATE);
  const contentType = c.req.header("Content-Type")?.split(";")[0]?.trim() ?? "";
  if (!CONTENT_TYPES.includes(contentType))
    throw invalid(`Content-Type must be ${CONTENT_TYPES.join(" or ")}`);
  const text = stringifyJson(estimate(readTransaction(new Uint8Array(await c.req.arrayBuffer()))));
  return c.body(text, 200, { "Content-Type": "application/json; charset=utf-8" });
}

function readTransaction(bytes: Uint8Array): Transaction {
  try {
    return submittedTransaction(decodeTransaction(bytes), "USER");
  } catch (error) {
    if (error instanceof Refusal) throw invalid(`The transaction is not valid: ${error.status}`);
    throw error;
  }
}

function estimate({ signatures, size, handler, body }: Transaction): Json {
  const { base, signatures: signatureFee, bytes } = FEE_SCHEDULE.node;
  const counts = { signatures: BigInt(signatures?.count ?? 0), bytes: BigInt(size) };
  const node = base + extraFee(signatureFee, counts.signatures) + extraFee(bytes, counts.bytes);
  const network = node * FEE_SCHEDULE.networkMultiplier;
  const service = handler.serviceFee(body);
  return {
    high_volume_multiplier: 1,
    network: { multiplier: FEE_SCHEDULE.networkMultiplier, subtotal: network },
    node: {
      base,
      extras: [extra("SIGNATURES", signatureFee, counts.signatures), extra("BYTES", bytes, counts.bytes)],
    },
    service: { base: service, extras: [] },
    total: node + network + service,
  };
}

function extra(name: string, fee: ExtraFee, count: bigint): Json {
  const charged = count > fee.included ? count - fee.included : 0n;
  const subtotal = extraFee(fee, count);
  return { charged, count, fee_per_unit: fee.each, included: fee.included, name, subtotal };
}

function invalid(detail: string): RestError {
  return new RestError(400, [{ message: "Bad Request", detail }]);
}
