import { TopicCreateTransaction, TopicUpdateTransaction } from "@hashgraph/sdk";
import { parseTopicId, type TopicId } from "../hedera/id.ts";
import type { Ledger } from "./client.ts";
import { type KeyRule, type PublicKeySpec, type SigningKey, sdkKey } from "./key.ts";
import { MAX_FEE } from "./max-fee.ts";
import { created, submit } from "./submit.ts";

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
export async function createTopic(ledger: Ledger, topic: NewTopic): Promise<TopicId> {
  const adminKey = topic.adminKey && sdkKey(topic.adminKey);
  const submitKey = topic.submitKeys.length > 0 ? sdkKey(anyOf(topic.submitKeys)) : undefined;
  const receipt = await submit(ledger, {
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

/** Who may write to a topic from now on. */
export interface SubmitKeyChange {
  readonly topic: TopicId;
  /** At least one. */
  readonly submitKeys: readonly PublicKeySpec[];
  /** Signs for the admin key, unless that is the ledger's own. */
  readonly signers?: readonly SigningKey[];
}

/** Changes who may write to a topic. @throws LedgerError, FestError `KEY_INVALID` */
export async function updateSubmitKeys(ledger: Ledger, change: SubmitKeyChange): Promise<void> {
  const submitKey = sdkKey(anyOf(change.submitKeys));
  await submit(ledger, {
    what: `changing the submit key of ${change.topic}`,
    build: () =>
      new TopicUpdateTransaction()
        .setTopicId(change.topic)
        .setSubmitKey(submitKey)
        .setMaxTransactionFee(MAX_FEE.topicUpdate),
    signers: change.signers ?? [],
  });
}

/** One key alone stays one key: a list costs bytes. */
function anyOf(keys: readonly PublicKeySpec[]): KeyRule {
  const [only, ...others] = keys;
  return only !== undefined && others.length === 0 ? only : { threshold: 1, keys };
}
