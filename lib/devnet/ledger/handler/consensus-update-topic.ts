import type { proto } from "@hiero-ledger/proto";
import { extraFee } from "../fee/fees.ts";
import { combineKeys, countKeys, decodeKey, isEmptyKey, keyBytes, keyOf } from "../key/key.ts";
import type { Topic } from "../record.ts";
import { need, needed } from "../refusal.ts";
import type { State } from "../state/state.ts";
import { checkKey, checkMemo, translate, updatedExpiry } from "../validate.ts";
import { accountIdOf, topicIdOf } from "../wire/id.ts";
import { defineHandler } from "./handler.ts";

type Update = proto.IConsensusUpdateTopicTransactionBody;

/** `ConsensusUpdateTopic`. Custom fees (HIP-991) are not supported. */
export const CONSENSUS_UPDATE_TOPIC = defineHandler("consensusUpdateTopic", {
  type: "CONSENSUSUPDATETOPIC",
  entity: (op) => topicIdOf(op.topicID),

  pureChecks(op) {
    need(Boolean(op.topicID), "INVALID_TOPIC_ID");
    need(!op.feeScheduleKey && !op.customFees && !op.feeExemptKeyList, "NOT_SUPPORTED");
  },

  preHandle(op, context) {
    const topic = liveTopic(context.state, op.topicID);
    const others = op.memo || op.adminKey || op.autoRenewPeriod || op.autoRenewAccount;
    if (op.submitKey && !others && !op.expirationTime) {
      const keys = [decodeKey(topic.submitKey), decodeKey(topic.adminKey)].filter((key) => key !== null);
      context.requireKey(combineKeys(keys, 1), "UNAUTHORIZED");
      return;
    }
    // To extend the expiry, and nothing else, needs nobody's signature.
    if (op.expirationTime && !op.submitKey && !others) return;
    context.requireEntityKey(topic.adminKey, "UNAUTHORIZED");
    if (op.adminKey && !isEmptyKey(keyOf(op.adminKey)))
      context.requireKey(keyOf(op.adminKey), "BAD_ENCODING");
    const renewer = accountIdOf(op.autoRenewAccount);
    if (op.autoRenewAccount && renewer !== "0.0.0")
      context.requireAccountKey(renewer, "INVALID_AUTORENEW_ACCOUNT");
  },

  handle(op, { state, consensusNow, consensusTimestamp }) {
    const topic = liveTopic(state, op.topicID);
    if (op.memo || op.adminKey || op.autoRenewPeriod || op.autoRenewAccount) {
      need(topic.adminKey !== null, "UNAUTHORIZED");
      const removesRenewer = accountIdOf(op.autoRenewAccount) === "0.0.0";
      const removesAdmin = Boolean(op.adminKey) && isEmptyKey(keyOf(op.adminKey));
      need(
        removesRenewer || topic.autoRenewAccount === null || !removesAdmin,
        "AUTORENEW_ACCOUNT_NOT_ALLOWED",
      );
    }
    if (op.adminKey && !isEmptyKey(keyOf(op.adminKey))) checkKey(op.adminKey);
    if (op.submitKey && !isEmptyKey(keyOf(op.submitKey))) checkKey(op.submitKey);
    checkMemo(op.memo?.value ?? "");
    state.topics.put(topic.id, {
      ...topic,
      ...(op.memo && { memo: op.memo.value ?? "" }),
      ...(op.adminKey && { adminKey: keyBytes(op.adminKey) }),
      ...(op.submitKey && { submitKey: keyBytes(op.submitKey) }),
      ...(op.autoRenewAccount && { autoRenewAccount: renewerOf(op) }),
      ...expiryAfter(topic, op, consensusNow),
      modified: consensusTimestamp,
    });
  },

  serviceFee(op, fee) {
    return fee.base + extraFee(fee.keys, countKeys(keyOf(op.adminKey)) + countKeys(keyOf(op.submitKey)));
  },
});

/** The topic that a transaction names, if it is there. @throws Refusal `INVALID_TOPIC_ID` */
export function liveTopic(state: State, id: proto.ITopicID | null | undefined): Topic {
  const topicId = needed(topicIdOf(id), "INVALID_TOPIC_ID");
  const topic = needed(state.topics.get(topicId), "INVALID_TOPIC_ID");
  need(!topic.deleted, "INVALID_TOPIC_ID");
  return topic;
}

function renewerOf(op: Update): Topic["autoRenewAccount"] {
  const renewer = accountIdOf(op.autoRenewAccount);
  return renewer === "0.0.0" ? null : renewer;
}

function expiryAfter(topic: Topic, op: Update, now: Topic["expiry"]) {
  const update = { expiry: op.expirationTime, autoRenewPeriod: op.autoRenewPeriod };
  return translate("INVALID_RENEWAL_PERIOD", "AUTORENEW_DURATION_NOT_IN_RANGE", () =>
    updatedExpiry(topic, update, now),
  );
}
