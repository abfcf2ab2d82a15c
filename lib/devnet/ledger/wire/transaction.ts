import { createHash } from "node:crypto";
import { proto } from "@hiero-ledger/proto";
import { Reader } from "protobufjs/minimal";
import type { Tinybar } from "../../../hedera/amount.ts";
import type { AccountId } from "../../../hedera/id.ts";
import { Signatures } from "../key/signatures.ts";
import { need, needed, Refusal } from "../refusal.ts";
import type { Status } from "../status.ts";
import { checkMemo } from "../validate.ts";
import { accountIdOf } from "./id.ts";
import { fromLong } from "./int64.ts";
import { durationSeconds } from "./time.ts";
import { type FullTransactionId, transactionIdOf } from "./transaction-id.ts";

/** A signed transaction, decoded once. */
export interface SignedTransaction {
  readonly body: proto.TransactionBody;
  /** The name of the body's one data field, e.g. `cryptoTransfer`. */
  readonly data: NonNullable<proto.TransactionBody["data"]>;
  readonly pairs: readonly proto.ISignaturePair[];
  readonly signatures: Signatures;
  /** Bytes of the `SignedTransaction` message; fees count them. */
  readonly size: number;
  /** SHA-384 of the `SignedTransaction` message, 48 bytes. */
  readonly hash: Uint8Array;
}

/** What every transaction has, checked for its form. */
export interface TransactionHeader {
  readonly id: FullTransactionId;
  readonly node: AccountId | null;
  readonly maxFee: Tinybar;
  readonly validDurationSeconds: bigint;
}

/**
 * Decodes a protobuf `Transaction` in either form, `signedTransactionBytes` or
 * the older `bodyBytes` with `sigMap`.
 *
 * @throws Refusal `INVALID_TRANSACTION`, `INVALID_TRANSACTION_BODY`, `TRANSACTION_HAS_UNKNOWN_FIELDS`
 */
export function decodeTransaction(bytes: Uint8Array): SignedTransaction {
  const envelope = decode(proto.Transaction, bytes, "INVALID_TRANSACTION");
  const signed = envelope.signedTransactionBytes;
  if (signed.length > 0) {
    need(envelope.bodyBytes.length === 0 && !envelope.sigMap, "INVALID_TRANSACTION");
    return decodeSignedTransaction(signed);
  }
  need(envelope.bodyBytes.length > 0, "INVALID_TRANSACTION_BODY");
  const { bodyBytes, sigMap } = envelope;
  return assemble(
    proto.SignedTransaction.encode({ bodyBytes, sigMap: sigMap ?? null }).finish(),
    bodyBytes,
    sigMap,
  );
}

/** Decodes a protobuf `SignedTransaction`, as a batch holds them. @throws Refusal as {@link decodeTransaction} */
export function decodeSignedTransaction(bytes: Uint8Array): SignedTransaction {
  const { bodyBytes, sigMap } = decode(proto.SignedTransaction, bytes, "INVALID_TRANSACTION");
  return assemble(bytes, bodyBytes, sigMap);
}

function assemble(
  signed: Uint8Array,
  bodyBytes: Uint8Array,
  sigMap: proto.ISignatureMap | null | undefined,
): SignedTransaction {
  const pairs = needed(sigMap, "INVALID_TRANSACTION_BODY").sigPair ?? [];
  const body = decode(proto.TransactionBody, bodyBytes, "INVALID_TRANSACTION_BODY");
  return {
    body,
    data: needed(body.data, "INVALID_TRANSACTION_BODY"),
    pairs,
    signatures: new Signatures(bodyBytes, pairs),
    size: signed.length,
    hash: createHash("sha384").update(signed).digest(),
  };
}

/**
 * Decodes a protobuf message strictly, as the consensus node does: a field that
 * it does not know is one that it cannot honour.
 *
 * @throws Refusal with `status` where the bytes are no such message, `TRANSACTION_HAS_UNKNOWN_FIELDS`
 */
function decode<T>(type: { decode(reader: Reader): T }, bytes: Uint8Array, status: Status): T {
  const reader = Reader.create(bytes);
  const skipType = reader.skipType.bind(reader);
  let isKnown = true;
  // Generated code skips what it has no field for.
  reader.skipType = (wireType) => {
    skipType(wireType);
    isKnown = false;
    return reader;
  };
  let message: T;
  try {
    message = type.decode(reader);
  } catch {
    throw new Refusal(isKnown ? status : "TRANSACTION_HAS_UNKNOWN_FIELDS");
  }
  need(isKnown, "TRANSACTION_HAS_UNKNOWN_FIELDS");
  return message;
}

/**
 * Reads and checks what every transaction has, in Hedera's order of precedence
 * (`TransactionChecker`): id, memo, fee, duration.
 *
 * @throws Refusal
 */
export function headerOf(body: proto.TransactionBody): TransactionHeader {
  const wireId = needed(body.transactionID, "INVALID_TRANSACTION_ID");
  const payer = accountIdOf(wireId.accountID);
  need(payer !== null && /^0\.0\.[1-9]/.test(payer), "PAYER_ACCOUNT_NOT_FOUND");
  need(!wireId.scheduled && !wireId.nonce, "TRANSACTION_ID_FIELD_NOT_ALLOWED");
  const id = needed(transactionIdOf(wireId), "INVALID_TRANSACTION_START");
  checkMemo(body.memo);
  need(
    body.maxCustomFees.length === 0 || body.data === "consensusSubmitMessage",
    "MAX_CUSTOM_FEES_IS_NOT_SUPPORTED",
  );
  const maxFee = BigInt.asIntN(64, fromLong(body.transactionFee));
  need(maxFee >= 0n, "INSUFFICIENT_TX_FEE");
  const validDurationSeconds = needed(
    durationSeconds(body.transactionValidDuration),
    "INVALID_TRANSACTION_DURATION",
  );
  return { id, node: accountIdOf(body.nodeAccountID), maxFee, validDurationSeconds };
}
