import { TopicMessageSubmitTransaction } from "@hashgraph/sdk";
import type { TopicId } from "../hedera/id.ts";
import { MAX_FEE } from "./max-fee.ts";

/** A message as one transaction: chunk info 1 of 1, which names the transaction's own id. */
export function messageTransaction(topic: TopicId, message: Uint8Array): TopicMessageSubmitTransaction {
  return new TopicMessageSubmitTransaction()
    .setTopicId(topic)
    .setMessage(message)
    .setMaxChunks(1)
    .setMaxTransactionFee(MAX_FEE.message);
}
