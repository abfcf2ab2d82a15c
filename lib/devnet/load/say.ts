import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { proto } from "@hiero-ledger/proto";
import { TINYBARS_PER_HBAR } from "../../hedera/amount.ts";
import { FestError } from "../../hedera/error.ts";
import type { AccountId, TopicId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import { NODE_ACCOUNT } from "../ledger/genesis.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { wireAccountId, wireTopicId } from "../ledger/wire/id.ts";
import { toLong } from "../ledger/wire/int64.ts";
import { wireTransactionId } from "../ledger/wire/transaction-id.ts";

/** A message and whose it is. */
export interface Saying {
  readonly payer: AccountId;
  readonly key: KeyObject;
  readonly topic: TopicId;
  readonly message: Uint8Array;
  /** The valid start of its transaction id. */
  readonly validStart: Timestamp;
}

/** PKCS #8 before the 32 bytes of an ED25519 private key (RFC 8410). */
const ED25519_PREFIX = "302e020100300506032b657004220420";
const VALID_SECONDS = 180n;

/** An ED25519 private key, 32 bytes in hex, for {@link say}. */
export function signingKey(hex: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(ED25519_PREFIX + hex, "hex"), format: "der", type: "pkcs8" });
}

/**
 * Brings a message to consensus in this process, signed, checked and charged as
 * ever, without gRPC and without waiting.
 *
 * @throws FestError `FILL_REFUSED` where the ledger does not take it
 */
export function say(ledger: Ledger, { payer, key, topic, message, validStart }: Saying): void {
  const transactionID = wireTransactionId({ payer, validStart, scheduled: false, nonce: 0 });
  const bodyBytes = proto.TransactionBody.encode({
    transactionID,
    nodeAccountID: wireAccountId(NODE_ACCOUNT),
    transactionFee: toLong(TINYBARS_PER_HBAR),
    transactionValidDuration: { seconds: toLong(VALID_SECONDS) },
    consensusSubmitMessage: {
      topicID: wireTopicId(topic),
      message,
      chunkInfo: { initialTransactionID: transactionID, number: 1, total: 1 },
    },
  }).finish();
  const sigMap = { sigPair: [{ pubKeyPrefix: new Uint8Array(), ed25519: sign(null, bodyBytes, key) }] };
  const signedTransactionBytes = proto.SignedTransaction.encode({ bodyBytes, sigMap }).finish();
  const before = ledger.topics.get(topic)?.sequenceNumber ?? 0n;
  const bytes = proto.Transaction.encode({ signedTransactionBytes }).finish();
  const { status, transaction } = ledger.precheck(bytes);
  if (transaction) ledger.handle(transaction);
  if ((ledger.topics.get(topic)?.sequenceNumber ?? 0n) === before) {
    throw new FestError("FILL_REFUSED", `the ledger did not take a message of ${payer}: ${status}`);
  }
}
