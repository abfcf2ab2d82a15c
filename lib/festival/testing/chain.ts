import type { Message } from "../../mirror/message.ts";
import { CHAIN_START, nextRunningHash } from "../../mirror/running-hash.ts";

/** The same messages with the running hashes that consensus would give them. */
export function chained(messages: readonly Message[]): readonly Message[] {
  let runningHash = CHAIN_START.runningHash;
  return messages.map((message) => {
    const { payer, topic, timestamp: consensusTimestamp, sequence, bytes } = message;
    runningHash = nextRunningHash(runningHash, {
      payer,
      topic,
      consensusTimestamp,
      sequence,
      message: bytes,
    });
    return { ...message, runningHash };
  });
}
