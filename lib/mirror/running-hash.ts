import { sha384 } from "@noble/hashes/sha2.js";
import { FestError } from "../hedera/error.ts";
import type { AccountId, EntityId, TopicId } from "../hedera/id.ts";
import { nanosOf, secondsOf, type Timestamp } from "../hedera/timestamp.ts";
import { sameBytes } from "./bytes.ts";
import type { Message } from "./message.ts";

/** What a message contributes to its topic's running hash. */
export interface HashedMessage {
  readonly payer: AccountId;
  readonly topic: TopicId;
  /** For a member of a batch this is the top-level transaction's. */
  readonly consensusTimestamp: Timestamp;
  readonly sequence: number;
  readonly message: Uint8Array;
}

/** Bytes of a running hash (SHA-384). */
const RUNNING_HASH_BYTES = 48;

/** How far before its own consensus time a member of a batch may have been hashed, in nanoseconds. */
const BATCH_NANOS = 100n;

/*
 * The node writes the fields to a java.io.ObjectOutputStream, so the hash covers
 * the stream's framing too: magic and version, `byte[]` with its class
 * descriptor and length, one block of primitive values, `byte[]` by reference.
 */
const PREVIOUS_HASH = bytesOf("aced0005 7572 00025b42 acf317f8060854e0 02 0000 78 70 00000030");
const BLOCK_OF_76 = bytesOf("774c");
const MESSAGE_HASH = bytesOf("75 71 007e0000 00000030");
const STREAM_BYTES =
  PREVIOUS_HASH.length +
  RUNNING_HASH_BYTES +
  BLOCK_OF_76.length +
  76 +
  MESSAGE_HASH.length +
  RUNNING_HASH_BYTES;
const VERSION = 3n;

/**
 * A topic's running hash (version 3) after a message, from the one before it;
 * before the first message it is 48 zero bytes.
 *
 * Source: hiero-consensus-node `ConsensusSubmitMessageHandler`
 * (`updateRunningHashAndSequenceNumber`) and the proto comment on `topicRunningHash`.
 *
 * @throws FestError `RUNNING_HASH_INVALID` if `previous` does not have 48 bytes
 */
export function nextRunningHash(previous: Uint8Array, message: HashedMessage): Uint8Array {
  return hashWithDigest(previous, message, sha384(message.message));
}

/** A place in a topic's chain of running hashes. */
export interface ChainHead {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly runningHash: Uint8Array;
}

/** The head of every topic's chain before its first message. */
export const CHAIN_START: ChainHead = {
  sequence: 0,
  timestamp: 0n,
  runningHash: new Uint8Array(RUNNING_HASH_BYTES),
};

/** Where a chain breaks, and how. */
export interface ChainBreak {
  /** The message at which it breaks. */
  readonly sequence: number;
  /** A message is missing or repeated; its time is not later; the hash is not what its content gives. */
  readonly reason: "sequence" | "time" | "hash";
}

/** What checking a chain found. */
export interface ChainVerdict {
  /** The last message that continues the chain; the place to continue from. */
  readonly head: ChainHead;
  /** Messages checked and found right. */
  readonly verified: number;
  /** Null if all of them are. */
  readonly broken: ChainBreak | null;
}

/**
 * Checks that `messages` continue the chain from `head`: numbers one after the
 * other, times increasing, and every running hash recomputed from content, payer,
 * topic and consensus time. Whoever changes, drops, adds or reorders a message
 * would have to find a collision of SHA-384.
 */
export function verifyChain(messages: Iterable<Message>, head: ChainHead = CHAIN_START): ChainVerdict {
  let last = head;
  let verified = 0;
  for (const message of messages) {
    const reason = breakOf(last, message);
    if (reason !== null) {
      return { head: last, verified, broken: { sequence: message.sequence, reason } };
    }
    last = { sequence: message.sequence, timestamp: message.timestamp, runningHash: message.runningHash };
    verified += 1;
  }
  return { head: last, verified, broken: null };
}

function breakOf(last: ChainHead, message: Message): ChainBreak["reason"] | null {
  if (message.sequence !== last.sequence + 1) return "sequence";
  if (message.timestamp <= last.timestamp) return "time";
  return continuesHash(last.runningHash, message) ? null : "hash";
}

/**
 * Whether a message's running hash is what its content gives after `previous`.
 * Up to 100 ns before its own consensus time are tried, for members of a batch.
 */
export function continuesHash(previous: Uint8Array, message: Message): boolean {
  const digest = sha384(message.bytes);
  for (let earlier = 0n; earlier <= BATCH_NANOS && earlier <= message.timestamp; earlier++) {
    const hashed = { ...message, message: message.bytes, consensusTimestamp: message.timestamp - earlier };
    if (sameBytes(hashWithDigest(previous, hashed, digest), message.runningHash)) return true;
  }
  return false;
}

function hashWithDigest(previous: Uint8Array, message: HashedMessage, digest: Uint8Array): Uint8Array {
  if (previous.length !== RUNNING_HASH_BYTES) {
    throw new FestError(
      "RUNNING_HASH_INVALID",
      `a running hash has ${RUNNING_HASH_BYTES} bytes, not ${previous.length}`,
    );
  }
  const stream = new Uint8Array(STREAM_BYTES);
  const view = new DataView(stream.buffer);
  let at = 0;
  const bytes = (value: Uint8Array) => {
    stream.set(value, at);
    at += value.length;
  };
  const long = (value: bigint) => {
    view.setBigInt64(at, value);
    at += 8;
  };
  bytes(PREVIOUS_HASH);
  bytes(previous);
  bytes(BLOCK_OF_76);
  long(VERSION);
  for (const part of partsOf(message.payer)) long(part);
  for (const part of partsOf(message.topic)) long(part);
  long(secondsOf(message.consensusTimestamp));
  view.setInt32(at, Number(nanosOf(message.consensusTimestamp)));
  at += 4;
  long(BigInt(message.sequence));
  bytes(MESSAGE_HASH);
  bytes(digest);
  return sha384(stream);
}

function partsOf(id: EntityId): bigint[] {
  return id.split(".").map(BigInt);
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex.replaceAll(" ", ""));
}
