import { TopicCreateTransaction, TopicDeleteTransaction, TopicUpdateTransaction } from "@hashgraph/sdk";
import { parseTopicId, type TopicId } from "../hedera/id.ts";
import { batch } from "./batch.ts";
import type { Ledger } from "./client.ts";
import { type KeyRule, type PublicKeySpec, type SigningKey, sdkKey } from "./key.ts";
import { MAX_FEE } from "./max-fee.ts";
import { messageTransaction } from "./message-transaction.ts";
import { created, submit, type Under } from "./submit.ts";

/** A new topic. */
export interface NewTopic {
  /** Who may write: any one of them. None: everybody. */
  readonly submitKeys: readonly PublicKeySpec[];
  /** Who may change or delete it. None: nobody ever. */
  readonly adminKey?: KeyRule;
  /** Signs for the admin key, unless that is the ledger's own. */
  readonly signers?: readonly SigningKey[];
  readonly memo?: string;
}

/** Creates a topic. @throws LedgerError, FestError `KEY_INVALID` */
export async function createTopic(ledger: Ledger, topic: NewTopic, { id }: Under = {}): Promise<TopicId> {
  const adminKey = topic.adminKey && sdkKey(topic.adminKey);
  const submitKey = topic.submitKeys.length > 0 ? sdkKey(anyOf(topic.submitKeys)) : undefined;
  const receipt = await submit(ledger, {
    id,
    what: "creating a topic",
    build: () => {
      const transaction = new TopicCreateTransaction()
        .setTopicMemo(topic.memo ?? "")
        .setMaxTransactionFee(MAX_FEE.topicCreate);
      if (adminKey) transaction.setAdminKey(adminKey);
      if (submitKey) transaction.setSubmitKey(submitKey);
      return transaction;
    },
    signers: topic.signers ?? [],
  });
  return created(parseTopicId, receipt.topicId);
}

/** Says something on a topic. @throws LedgerError */
export async function sayOnTopic(
  ledger: Ledger,
  topic: TopicId,
  message: Uint8Array,
  { id }: Under = {},
): Promise<void> {
  await submit(ledger, {
    id,
    what: `saying something on ${topic}`,
    build: () => messageTransaction(topic, message),
  });
}

/** Deletes a topic; it may be deleted already. @param signers sign for the admin key, unless that is the ledger's own @throws LedgerError */
export async function deleteTopic(
  ledger: Ledger,
  topic: TopicId,
  signers: readonly SigningKey[] = [],
): Promise<void> {
  await submit(ledger, {
    what: `deleting the topic ${topic}`,
    build: () => new TopicDeleteTransaction().setTopicId(topic).setMaxTransactionFee(MAX_FEE.topicUpdate),
    signers,
    already: "INVALID_TOPIC_ID",
  });
}

/** Who may write to a topic from now on, and what is said at the same moment. */
export interface HandOver {
  readonly topic: TopicId;
  /** At least one. */
  readonly submitKeys: readonly PublicKeySpec[];
  /** The first message under the new keys, such as a manifest that binds the new accounts. */
  readonly message: Uint8Array;
  /** Sign for the admin key, unless that is the ledger's own. */
  readonly signers?: readonly SigningKey[];
}

/**
 * Changes who may write to a topic and says so, in one atomic batch: there is no
 * moment at which the old keys may write under the new message, or the reverse.
 *
 * Mind that Hedera lets anyone with a submit key change the submit key, without
 * the admin key (`ConsensusUpdateTopicHandler`, when nothing else is changed).
 *
 * @throws LedgerError, FestError `KEY_INVALID`
 */
export async function handOverTopic(ledger: Ledger, change: HandOver): Promise<void> {
  const submitKey = sdkKey(anyOf(change.submitKeys));
  const signers = change.signers ?? [];
  await submit(ledger, {
    what: `handing over ${change.topic}`,
    build: (id) => {
      const update = new TopicUpdateTransaction()
        .setTopicId(change.topic)
        .setSubmitKey(submitKey)
        .setMaxTransactionFee(MAX_FEE.topicUpdate);
      const message = messageTransaction(change.topic, change.message);
      return batch(id, [update, message], [ledger.session.key, ...signers]);
    },
  });
}

/** The key of which any one of several is enough. One alone stays one: a list costs bytes. */
export function anyOf(keys: readonly PublicKeySpec[]): KeyRule {
  const [only, ...others] = keys;
  return only !== undefined && others.length === 0 ? only : { threshold: 1, keys };
}
