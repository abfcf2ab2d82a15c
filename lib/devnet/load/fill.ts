import { createPrivateKey, sign } from "node:crypto";
import { proto } from "@hiero-ledger/proto";
import { TINYBARS_PER_HBAR } from "../../hedera/amount.ts";
import { FestError } from "../../hedera/error.ts";
import { parseTopicId, type TopicId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import { GENESIS_OPERATOR, NODE_ACCOUNT } from "../ledger/genesis.ts";
import type { CheckedTransaction, Ledger } from "../ledger/ledger.ts";
import { wireAccountId, wireTopicId } from "../ledger/wire/id.ts";
import { toLong } from "../ledger/wire/int64.ts";
import { wireTransactionId } from "../ledger/wire/transaction-id.ts";

/** How a ledger is to be filled. */
export interface FillOptions {
  readonly ledger: Ledger;
  /** How many messages. */
  readonly messages: number;
  /** The ledger's clock, read before each message; it decides how far apart they are. */
  readonly now: () => Timestamp;
  /** Bytes of each message; default 300. */
  readonly messageBytes?: number;
}

/** Messages between two breaks, in which the store writes what there is. */
const BREAK_EVERY = 100;
const AUTO_RENEW_SECONDS = 7_776_000n;

/**
 * Creates a topic and brings messages to consensus in this process. The first
 * one is signed and checked as ever; the others are that one again under ids of
 * their own, so that a million take a minute.
 *
 * @throws FestError `FILL_REFUSED` where the ledger does not take them all
 */
export async function fillTopic({
  ledger,
  messages,
  now,
  messageBytes = 300,
}: FillOptions): Promise<TopicId> {
  const before = new Set(ledger.topics.keys());
  const autoRenewPeriod = { seconds: toLong(AUTO_RENEW_SECONDS) };
  ledger.handle(checked(ledger, now(), { consensusCreateTopic: { autoRenewPeriod } }));
  const topic = parseTopicId([...ledger.topics.keys()].find((id) => !before.has(id)) ?? "");
  const message = Buffer.alloc(messageBytes, "x");
  const consensusSubmitMessage = { topicID: wireTopicId(topic), message };
  const first = checked(ledger, now(), { consensusSubmitMessage });
  for (let n = 0; n < messages; n++) {
    const validStart = now();
    ledger.handle({ ...first, id: { ...first.id, validStart }, validStart });
    if (n % BREAK_EVERY === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const reached = ledger.topics.get(topic)?.sequenceNumber;
  if (reached !== BigInt(messages)) {
    throw new FestError("FILL_REFUSED", `the topic took ${reached} of ${messages} messages`);
  }
  return topic;
}

function checked(ledger: Ledger, validStart: Timestamp, data: proto.ITransactionBody): CheckedTransaction {
  const { accountId: payer, privateKey } = GENESIS_OPERATOR;
  const key = createPrivateKey({ key: Buffer.from(privateKey, "hex"), format: "der", type: "pkcs8" });
  const bodyBytes = proto.TransactionBody.encode({
    transactionID: wireTransactionId({ payer, validStart, scheduled: false, nonce: 0 }),
    nodeAccountID: wireAccountId(NODE_ACCOUNT),
    transactionFee: toLong(10n * TINYBARS_PER_HBAR),
    transactionValidDuration: { seconds: toLong(120n) },
    ...data,
  }).finish();
  const sigMap = { sigPair: [{ pubKeyPrefix: new Uint8Array(), ed25519: sign(null, bodyBytes, key) }] };
  const signedTransactionBytes = proto.SignedTransaction.encode({ bodyBytes, sigMap }).finish();
  const { status, transaction } = ledger.precheck(
    proto.Transaction.encode({ signedTransactionBytes }).finish(),
  );
  if (!transaction) throw new FestError("FILL_REFUSED", `the ledger answered ${status}`);
  return transaction;
}
