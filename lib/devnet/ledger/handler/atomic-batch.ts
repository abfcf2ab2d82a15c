import { keyOf } from "../key/key.ts";
import { LIMITS } from "../limits.ts";
import { need, needed } from "../refusal.ts";
import { accountIdOf } from "../wire/id.ts";
import { decodeSignedTransaction, type SignedTransaction } from "../wire/transaction.ts";
import { transactionIdOf } from "../wire/transaction-id.ts";
import { defineHandler } from "./handler.ts";

/** What may not be a member of a batch (`atomicBatch.blacklist`). */
const BLACKLIST: ReadonlySet<string> = new Set(["freeze", "atomicBatch", "scheduleCreate", "scheduleSign"]);

const decoded = new WeakMap<Uint8Array, SignedTransaction>();

function memberOf(bytes: Uint8Array): SignedTransaction {
  let member = decoded.get(bytes);
  if (!member) {
    member = decodeSignedTransaction(bytes);
    decoded.set(bytes, member);
  }
  return member;
}

/**
 * `AtomicBatch` (HIP-551): all members or none. The outer transaction's
 * signatures satisfy each member's batch key; everything else about a member is
 * signed and paid by itself, and paid even when the batch fails.
 */
export const ATOMIC_BATCH = defineHandler("atomicBatch", {
  type: "ATOMICBATCH",

  pureChecks({ transactions }) {
    need((transactions ?? []).length > 0, "BATCH_LIST_EMPTY");
    const ids = new Set<string>();
    for (const bytes of transactions ?? []) {
      const { body } = memberOf(bytes);
      const id = transactionIdOf(body.transactionID);
      const text = id && `${id.payer}@${id.validStart}/${id.scheduled}/${id.nonce}`;
      need(!ids.has(String(text)), "BATCH_LIST_CONTAINS_DUPLICATES");
      ids.add(String(text));
      need(Boolean(body.batchKey), "MISSING_BATCH_KEY");
      need(accountIdOf(body.nodeAccountID) === "0.0.0", "INVALID_NODE_ACCOUNT_ID");
    }
  },

  preHandle({ transactions }, context) {
    for (const bytes of transactions ?? []) {
      const { body, data } = memberOf(bytes);
      need(!BLACKLIST.has(data), "BATCH_TRANSACTION_IN_BLACKLIST");
      context.requireKey(needed(keyOf(body.batchKey), "INVALID_BATCH_KEY"), "INVALID_BATCH_KEY");
    }
  },

  handle({ transactions }, context) {
    const members = transactions ?? [];
    need(members.length <= LIMITS.batchTransactions, "BATCH_SIZE_LIMIT_EXCEEDED");
    for (const bytes of members) {
      need(context.dispatchInner(memberOf(bytes)) === "SUCCESS", "INNER_TRANSACTION_FAILED");
    }
  },
});
