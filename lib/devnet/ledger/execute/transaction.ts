import { createHash } from "node:crypto";
import { proto } from "@hiero-ledger/proto";
import type { Tinybar } from "../../../hedera/amount.ts";
import type { AccountId } from "../../../hedera/id.ts";
import type { Timestamp } from "../../../hedera/timestamp.ts";
import type { TransactionCategory } from "../handler/context.ts";
import type { TransactionField, TransactionHandler } from "../handler/handler.ts";
import { handlerOf } from "../handler/registry.ts";
import { isSatisfied, simpleKey } from "../key/key.ts";
import { hasAmbiguousPrefix, type KeyVerifier, type Signatures } from "../key/signatures.ts";
import type { Schedule } from "../record.ts";
import { need, needed } from "../refusal.ts";
import { fromLong } from "../wire/int64.ts";
import { headerOf, type SignedTransaction } from "../wire/transaction.ts";
import { type FullTransactionId, wireTransactionId } from "../wire/transaction-id.ts";

/** A transaction that is ready to be brought to consensus, wherever it comes from. */
export interface Transaction {
  readonly category: TransactionCategory;
  readonly body: proto.ITransactionBody;
  readonly handler: TransactionHandler;
  readonly id: FullTransactionId;
  readonly payer: AccountId;
  readonly validStart: Timestamp;
  readonly validDurationSeconds: bigint;
  readonly node: AccountId | null;
  readonly maxFee: Tinybar;
  /** Null where a schedule executes the transaction. */
  readonly signatures: Signatures | null;
  readonly verifier: KeyVerifier;
  /** Bytes of the signed transaction. */
  readonly size: number;
  readonly hash: Uint8Array;
}

/**
 * A submitted transaction, or a member of a batch, after the checks of its form
 * (`TransactionChecker`).
 *
 * @throws Refusal, `NOT_SUPPORTED` where the ledger does not know the type
 */
export function submittedTransaction(
  signed: SignedTransaction,
  category: "USER" | "BATCH_INNER",
): Transaction {
  const { body, signatures } = signed;
  need(!hasAmbiguousPrefix(signed.pairs), "KEY_PREFIX_MISMATCH");
  const { id, node, maxFee, validDurationSeconds } = headerOf(body);
  return {
    category,
    body,
    handler: handlerOf(signed.data),
    id,
    payer: id.payer,
    validStart: id.validStart,
    validDurationSeconds,
    node: category === "USER" ? node : null,
    maxFee,
    signatures,
    verifier: signatures,
    size: signed.size,
    hash: signed.hash,
  };
}

/**
 * The transaction that a schedule holds, paid by the schedule's payer and
 * signed by everyone who signed the schedule.
 *
 * @throws Refusal `INVALID_TRANSACTION` where the schedule holds none
 */
export function scheduledTransaction(schedule: Schedule): Transaction {
  const scheduled = proto.SchedulableTransactionBody.decode(schedule.body);
  const handler = handlerOf(needed(scheduled.data, "INVALID_TRANSACTION"));
  const id = scheduledTransactionId(schedule);
  const body: proto.ITransactionBody = {
    ...needed(handler.ordinary(scheduled), "INVALID_TRANSACTION"),
    memo: scheduled.memo,
    transactionFee: scheduled.transactionFee,
  };
  const bodyBytes = proto.TransactionBody.encode(body).finish();
  const signed = new Set(schedule.signatories.map(({ type, publicKey }) => simpleKey(type, publicKey).text));
  return {
    category: "SCHEDULED",
    body,
    handler,
    id,
    payer: schedule.payer,
    validStart: id.validStart,
    validDurationSeconds: 0n,
    node: null,
    maxFee: fromLong(scheduled.transactionFee),
    signatures: null,
    verifier: {
      satisfies: (key) => isSatisfied(key, (simple) => signed.has(simple.text)),
      signerWithAddress: () => null,
    },
    size: 0,
    hash: createHash("sha384").update(proto.SignedTransaction.encode({ bodyBytes }).finish()).digest(),
  };
}

/** A transaction that the network itself puts before another one, for its sake; it has that one's id with a nonce of its own. */
export function precedingTransaction(
  { id, payer }: Transaction,
  nonce: number,
  body: proto.ITransactionBody,
  field: TransactionField,
): Transaction {
  const own = { ...id, nonce };
  const bodyBytes = proto.TransactionBody.encode({ ...body, transactionID: wireTransactionId(own) }).finish();
  return {
    category: "PRECEDING",
    body,
    handler: handlerOf(field),
    id: own,
    payer,
    validStart: id.validStart,
    validDurationSeconds: 0n,
    node: null,
    maxFee: 0n,
    signatures: null,
    verifier: { satisfies: () => true, signerWithAddress: () => null },
    size: 0,
    hash: createHash("sha384").update(proto.SignedTransaction.encode({ bodyBytes }).finish()).digest(),
  };
}

/** The id that a schedule's transaction executes under. */
export function scheduledTransactionId(schedule: Schedule): FullTransactionId {
  return { ...schedule.transactionId, scheduled: true, nonce: 0 };
}
