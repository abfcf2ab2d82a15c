import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAccountId, parseTopicId } from "../../hedera/id.ts";
import { parseTimestamp } from "../../hedera/timestamp.ts";
import { INITIAL_RUNNING_HASH, type RunningHashInput, runningHashAfter } from "./running-hash.ts";

const VECTORS = join(import.meta.dir, "../../../../shared/vectors/running-hash.json");

interface Vector {
  readonly topic_id: string;
  readonly sequence_number: number;
  readonly payer_account_id: string;
  readonly consensus_timestamp: string;
  readonly message: string;
  readonly previous_running_hash: string;
  readonly running_hash: string;
}

describe.skipIf(!existsSync(VECTORS))("messages of a public topic", () => {
  const vectors: Vector[] = existsSync(VECTORS) ? JSON.parse(readFileSync(VECTORS, "utf8")) : [];

  test.each(vectors)("hash as the network did: number $sequence_number", (vector) => {
    const hash = runningHashAfter({
      previous: Buffer.from(vector.previous_running_hash, "base64"),
      payer: parseAccountId(vector.payer_account_id),
      topic: parseTopicId(vector.topic_id),
      consensusTimestamp: parseTimestamp(vector.consensus_timestamp),
      sequenceNumber: BigInt(vector.sequence_number),
      message: Buffer.from(vector.message, "base64"),
    });
    expect(Buffer.from(hash).toString("base64")).toBe(vector.running_hash);
  });
});

const FIRST: RunningHashInput = {
  previous: INITIAL_RUNNING_HASH,
  payer: "0.0.1001",
  topic: "0.0.1002",
  consensusTimestamp: parseTimestamp("1700000000.123456789"),
  sequenceNumber: 1n,
  message: Buffer.from("hello"),
};

test("the first message of a topic starts from zeros", () => {
  expect(Buffer.from(runningHashAfter(FIRST)).toString("hex")).toBe(
    "0722082492498debadd2a75b98b31c144100f062a8e7fcda1e4e371fed48ebb2a454a42d58dec74781492dfcf1a2152a",
  );
});

test("the next message builds on the hash before it", () => {
  const second = {
    ...FIRST,
    previous: runningHashAfter(FIRST),
    sequenceNumber: 2n,
    message: new Uint8Array(1024),
  };
  expect(Buffer.from(runningHashAfter(second)).toString("hex")).toBe(
    "63407c45477efd75e763a20f63d2e953cdaca67a9d1f2cde44f14991668c3b5dad450cefc0d23f85ba544d7738fe1d5d",
  );
});

test.each<[keyof RunningHashInput, Partial<RunningHashInput>]>([
  ["payer", { payer: "0.0.1003" }],
  ["topic", { topic: "0.0.1003" }],
  ["consensusTimestamp", { consensusTimestamp: FIRST.consensusTimestamp + 1n }],
  ["sequenceNumber", { sequenceNumber: 2n }],
  ["message", { message: Buffer.from("hellp") }],
  ["previous", { previous: new Uint8Array(48).fill(1) }],
])("another %s gives another hash", (_name, change) => {
  expect(runningHashAfter({ ...FIRST, ...change })).not.toEqual(runningHashAfter(FIRST));
});
