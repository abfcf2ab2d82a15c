import { com } from "@hiero-ledger/proto";
import type { TopicMessage } from "../ledger/record.ts";
import { topicIdOf } from "../ledger/wire/id.ts";
import { fromLong, toLong } from "../ledger/wire/int64.ts";
import { timestampFrom, wireTimestamp } from "../ledger/wire/time.ts";
import { wireTransactionId } from "../ledger/wire/transaction-id.ts";
import { StreamRefused, type TopicQuery } from "./topic-stream.ts";

const { ConsensusTopicQuery, ConsensusTopicResponse } = com.hedera.mirror.api.proto;

/** The path of `subscribeTopic`, for gRPC and gRPC-Web. */
export const SUBSCRIBE_TOPIC = "/com.hedera.mirror.api.proto.ConsensusService/subscribeTopic";
/** Bytes that a query may have at most. */
export const MAX_QUERY_BYTES = 1024;

const RUNNING_HASH_VERSION = 3n;

/** Reads a protobuf `ConsensusTopicQuery`. @throws StreamRefused if it isn't one or names no topic */
export function readTopicQuery(bytes: Uint8Array): TopicQuery {
  const query = decode(bytes);
  const topic = topicIdOf(query.topicID);
  if (topic === null) throw new StreamRefused("INVALID_ARGUMENT", "Missing required topicID");
  const limit = fromLong(query.limit);
  return {
    topic,
    start: query.consensusStartTime ? timestampFrom(query.consensusStartTime) : null,
    end: query.consensusEndTime ? timestampFrom(query.consensusEndTime) : null,
    limit: limit === 0n ? null : limit,
  };
}

function decode(bytes: Uint8Array): com.hedera.mirror.api.proto.ConsensusTopicQuery {
  try {
    return ConsensusTopicQuery.decode(bytes);
  } catch (error) {
    throw new StreamRefused("INVALID_ARGUMENT", `The query is not a ConsensusTopicQuery: ${String(error)}`);
  }
}

/** Writes a message as a protobuf `ConsensusTopicResponse`. */
export function writeTopicResponse(message: TopicMessage): Uint8Array {
  const { chunkInfo } = message;
  return ConsensusTopicResponse.encode({
    consensusTimestamp: wireTimestamp(message.consensusTimestamp),
    message: message.message,
    runningHash: message.runningHash,
    sequenceNumber: toLong(message.sequenceNumber),
    runningHashVersion: toLong(RUNNING_HASH_VERSION),
    chunkInfo: chunkInfo && {
      initialTransactionID: wireTransactionId(chunkInfo.initialTransactionId),
      number: chunkInfo.number,
      total: chunkInfo.total,
    },
  }).finish();
}
