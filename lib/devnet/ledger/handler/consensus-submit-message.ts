import type { proto } from "@hiero-ledger/proto";
import { extraFee } from "../fee/fees.ts";
import { LIMITS } from "../limits.ts";
import type { ChunkInfo } from "../record.ts";
import { need, needed } from "../refusal.ts";
import { RUNNING_HASH_VERSION, runningHashAfter } from "../running-hash.ts";
import { accountIdOf, topicIdOf } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { type FullTransactionId, transactionIdOf } from "../wire/transaction-id.ts";
import { liveTopic } from "./consensus-update-topic.ts";
import { defineHandler } from "./handler.ts";

/** `ConsensusSubmitMessage`: at most 1,024 bytes, signed with the topic's submit key where it has one. */
export const CONSENSUS_SUBMIT_MESSAGE = defineHandler("consensusSubmitMessage", {
  type: "CONSENSUSSUBMITMESSAGE",
  schedulable: true,
  entity: (op) => topicIdOf(op.topicID),

  pureChecks(op) {
    need(Boolean(op.topicID), "INVALID_TOPIC_ID");
    need((op.message?.length ?? 0) > 0, "INVALID_TOPIC_MESSAGE");
  },

  preHandle(op, context) {
    const topic = liveTopic(context.state, op.topicID);
    if (topic.submitKey) context.requireEntityKey(topic.submitKey, "INVALID_SUBMIT_KEY");
  },

  handle(op, { state, id, consensusNow, consensusTimestamp, outcome }) {
    const message = op.message ?? new Uint8Array();
    need(message.length <= LIMITS.messageBytes, "MESSAGE_SIZE_TOO_LARGE");
    const topic = liveTopic(state, op.topicID);
    const chunkInfo = op.chunkInfo ? checkedChunkInfo(op.chunkInfo, id) : null;
    const sequenceNumber = topic.sequenceNumber + 1n;
    const runningHash = runningHashAfter({
      previous: topic.runningHash,
      payer: id.payer,
      topic: topic.id,
      consensusTimestamp: consensusNow,
      sequenceNumber,
      message,
    });
    state.topics.put(topic.id, { ...topic, sequenceNumber, runningHash });
    outcome.message = {
      topic: topic.id,
      sequenceNumber,
      consensusTimestamp,
      payer: id.payer,
      message,
      runningHash,
      chunkInfo,
    };
    outcome.receipt.topicSequenceNumber = toLong(sequenceNumber);
    outcome.receipt.topicRunningHash = runningHash;
    outcome.receipt.topicRunningHashVersion = toLong(RUNNING_HASH_VERSION);
  },

  serviceFee(op, fee) {
    return fee.base + extraFee(fee.messageBytes, BigInt(op.message?.length ?? 0));
  },
});

/** A message's chunk info, which the network holds against the transaction's own id. @throws Refusal */
function checkedChunkInfo(info: proto.IConsensusMessageChunkInfo, id: FullTransactionId): ChunkInfo {
  const number = info.number ?? 0;
  const total = info.total ?? 0;
  need(number >= 1 && number <= total, "INVALID_CHUNK_NUMBER");
  need(accountIdOf(info.initialTransactionID?.accountID) === id.payer, "INVALID_CHUNK_TRANSACTION_ID");
  const initial = needed(transactionIdOf(info.initialTransactionID), "INVALID_CHUNK_TRANSACTION_ID");
  const own =
    initial.validStart === id.validStart && initial.scheduled === id.scheduled && initial.nonce === id.nonce;
  need(number !== 1 || own, "INVALID_CHUNK_TRANSACTION_ID");
  return { initialTransactionId: initial, number, total };
}
