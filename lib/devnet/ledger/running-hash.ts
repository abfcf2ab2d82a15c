import { createHash } from "node:crypto";
import { type AccountId, entityNum, type TopicId } from "../../hedera/id.ts";
import { nanosOf, secondsOf, type Timestamp } from "../../hedera/timestamp.ts";

/** The version of the running hash that topics use. */
export const RUNNING_HASH_VERSION = 3n;
/** The running hash of a topic without messages: 48 zero bytes. */
export const INITIAL_RUNNING_HASH: Uint8Array = new Uint8Array(48);

/** Everything that one message adds to a topic's running hash. */
export interface RunningHashInput {
  /** 48 bytes. */
  readonly previous: Uint8Array;
  readonly payer: AccountId;
  readonly topic: TopicId;
  /** The consensus timestamp of the top-level transaction, for members of a batch too. */
  readonly consensusTimestamp: Timestamp;
  readonly sequenceNumber: bigint;
  readonly message: Uint8Array;
}

/** Java's object stream header and a new `byte[48]`. */
const FIRST_ARRAY = Buffer.from("aced0005757200025b42acf317f8060854e0020000787000000030", "hex");
/** A block of 76 bytes of primitives. */
const PRIMITIVES = Buffer.from("774c", "hex");
/** One more `byte[48]`, whose class was already described. */
const SECOND_ARRAY = Buffer.from("7571007e000000000030", "hex");

/**
 * A topic's running hash, version 3, after a message: SHA-384 over what the
 * consensus node writes to a Java `ObjectOutputStream`: the previous hash, then
 * version, payer (shard, realm, num), topic (shard, realm, num) and consensus
 * seconds as longs, nanoseconds as an int, the sequence number as a long, and
 * the SHA-384 of the message (`ConsensusSubmitMessageHandler`).
 */
export function runningHashAfter(input: RunningHashInput): Uint8Array {
  const primitives = Buffer.alloc(76);
  primitives.writeBigInt64BE(RUNNING_HASH_VERSION, 0);
  primitives.writeBigInt64BE(entityNum(input.payer), 24);
  primitives.writeBigInt64BE(entityNum(input.topic), 48);
  primitives.writeBigInt64BE(secondsOf(input.consensusTimestamp), 56);
  primitives.writeInt32BE(Number(nanosOf(input.consensusTimestamp)), 64);
  primitives.writeBigInt64BE(input.sequenceNumber, 68);
  return createHash("sha384")
    .update(FIRST_ARRAY)
    .update(input.previous)
    .update(PRIMITIVES)
    .update(primitives)
    .update(SECOND_ARRAY)
    .update(createHash("sha384").update(input.message).digest())
    .digest();
}
