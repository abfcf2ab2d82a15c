import { liveTopic } from "../handler/consensus-update-topic.ts";
import { wireAccountId, wireTopicId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { wireTimestamp } from "../wire/time.ts";
import { wireKey } from "./account-info.ts";
import { defineQuery, LEDGER_ID } from "./query.ts";

/** `ConsensusGetTopicInfo`. */
export const CONSENSUS_GET_TOPIC_INFO = defineQuery("consensusGetTopicInfo", {
  paid: true,
  answer(question, { state }) {
    const topic = liveTopic(state, question.topicID);
    return {
      topicID: wireTopicId(topic.id),
      topicInfo: {
        memo: topic.memo,
        runningHash: topic.runningHash,
        sequenceNumber: toLong(topic.sequenceNumber),
        expirationTime: wireTimestamp(topic.expiry),
        adminKey: wireKey(topic.adminKey),
        submitKey: wireKey(topic.submitKey),
        autoRenewPeriod: { seconds: toLong(topic.autoRenewSeconds) },
        autoRenewAccount: topic.autoRenewAccount ? wireAccountId(topic.autoRenewAccount) : null,
        ledgerId: LEDGER_ID,
      },
    };
  },
});
