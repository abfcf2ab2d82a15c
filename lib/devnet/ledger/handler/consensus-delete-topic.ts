import { need } from "../refusal.ts";
import { topicIdOf } from "../wire/id.ts";
import { liveTopic } from "./consensus-update-topic.ts";
import { defineHandler } from "./handler.ts";

/** `ConsensusDeleteTopic`: only a topic with an admin key can be deleted. */
export const CONSENSUS_DELETE_TOPIC = defineHandler("consensusDeleteTopic", {
  type: "CONSENSUSDELETETOPIC",
  entity: (op) => topicIdOf(op.topicID),

  pureChecks(op) {
    need(Boolean(op.topicID), "INVALID_TOPIC_ID");
  },

  preHandle(op, context) {
    context.requireEntityKey(liveTopic(context.state, op.topicID).adminKey, "UNAUTHORIZED");
  },

  handle(op, { state, consensusTimestamp }) {
    const topic = liveTopic(state, op.topicID);
    state.topics.put(topic.id, { ...topic, deleted: true, modified: consensusTimestamp });
  },
});
