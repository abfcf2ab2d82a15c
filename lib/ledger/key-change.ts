import { AccountUpdateTransaction, TopicUpdateTransaction } from "@hashgraph/sdk";
import type { AccountId, TopicId } from "../hedera/id.ts";
import { batch } from "./batch.ts";
import type { Ledger } from "./client.ts";
import { type KeyRule, type PublicKeySpec, type SigningKey, sdkKey } from "./key.ts";
import { MAX_FEE } from "./max-fee.ts";
import { messageTransaction } from "./message-transaction.ts";
import { submit, type Under } from "./submit.ts";
import { anyOf } from "./topics.ts";

/** New keys of accounts and topics, and what is said at the same moment. */
export interface KeyChange {
  readonly accounts: readonly { readonly account: AccountId; readonly key: KeyRule }[];
  readonly topics: readonly { readonly topic: TopicId; readonly submitKeys: readonly PublicKeySpec[] }[];
  readonly says: { readonly topic: TopicId; readonly message: Uint8Array };
  /** Old and new keys of the accounts, and the topics' admin key, unless that is the ledger's own. */
  readonly signers: readonly SigningKey[];
}

/**
 * Changes keys in one atomic batch: there is no moment at which an account has
 * its new key and the topics the old one. An account's key changes with the
 * signatures of both its keys (`CryptoUpdateHandler`).
 *
 * @throws LedgerError, FestError `KEY_INVALID`
 */
export async function changeKeys(ledger: Ledger, change: KeyChange, { id }: Under = {}): Promise<void> {
  const { accounts, topics, says, signers } = change;
  await submit(ledger, {
    id,
    what: "changing keys",
    build: (outer) =>
      batch(
        outer,
        [
          ...accounts.map(({ account, key }) =>
            new AccountUpdateTransaction()
              .setAccountId(account)
              .setKey(sdkKey(key))
              .setMaxTransactionFee(MAX_FEE.accountUpdate),
          ),
          ...topics.map(({ topic, submitKeys }) =>
            new TopicUpdateTransaction()
              .setTopicId(topic)
              .setSubmitKey(sdkKey(anyOf(submitKeys)))
              .setMaxTransactionFee(MAX_FEE.topicUpdate),
          ),
          messageTransaction(says.topic, says.message),
        ],
        [ledger.session.key, ...signers],
      ),
  });
}
