import { addSeconds } from "../../../hedera/timestamp.ts";
import { extraFee } from "../fee/fees.ts";
import { countKeys, keyBytes, keyOf } from "../key/key.ts";
import type { Topic } from "../record.ts";
import { need } from "../refusal.ts";
import { INITIAL_RUNNING_HASH } from "../running-hash.ts";
import { checkAutoRenewSeconds, checkKey, checkMemo } from "../validate.ts";
import { accountIdOf, wireTopicId } from "../wire/id.ts";
import { durationSeconds } from "../wire/time.ts";
import { defineHandler } from "./handler.ts";

/** `ConsensusCreateTopic`. Custom fees (HIP-991) are not supported. */
export const CONSENSUS_CREATE_TOPIC = defineHandler("consensusCreateTopic", {
  type: "CONSENSUSCREATETOPIC",

  pureChecks(op) {
    const customFees = op.feeScheduleKey || op.customFees?.length || op.feeExemptKeyList?.length;
    need(!customFees, "NOT_SUPPORTED");
  },

  preHandle(op, context) {
    if (op.adminKey) context.requireKey(keyOf(op.adminKey), "BAD_ENCODING");
    if (op.autoRenewAccount) {
      context.requireAccountKey(accountIdOf(op.autoRenewAccount), "INVALID_AUTORENEW_ACCOUNT");
    }
  },

  handle(op, { state, consensusNow, consensusTimestamp, outcome }) {
    checkKey(op.submitKey);
    checkMemo(op.memo ?? "");
    const autoRenewAccount = accountIdOf(op.autoRenewAccount);
    const autoRenewSeconds = durationSeconds(op.autoRenewPeriod);
    need(autoRenewSeconds !== null && autoRenewSeconds > 0n, "AUTORENEW_DURATION_NOT_IN_RANGE");
    checkAutoRenewSeconds(autoRenewSeconds);
    const renewer = autoRenewAccount && state.accounts.get(autoRenewAccount);
    need(!renewer?.deleted, "INVALID_AUTORENEW_ACCOUNT");
    const topic: Topic = {
      id: state.newId(),
      memo: op.memo ?? "",
      adminKey: keyBytes(op.adminKey),
      submitKey: keyBytes(op.submitKey),
      autoRenewAccount,
      autoRenewSeconds,
      expiry: addSeconds(consensusNow, autoRenewSeconds),
      sequenceNumber: 0n,
      runningHash: INITIAL_RUNNING_HASH,
      deleted: false,
      created: consensusTimestamp,
      modified: consensusTimestamp,
    };
    state.topics.put(topic.id, topic);
    outcome.entity = topic.id;
    outcome.receipt.topicID = wireTopicId(topic.id);
  },

  serviceFee(op, fee) {
    return fee.base + extraFee(fee.keys, countKeys(keyOf(op.adminKey)) + countKeys(keyOf(op.submitKey)));
  },
});
