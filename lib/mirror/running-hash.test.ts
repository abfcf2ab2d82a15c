import { describe, expect, test } from "bun:test";
import * as z from "zod/mini";
import { FestError } from "../hedera/error.ts";
import { type Message, messageSchema } from "./message.ts";
import { CHAIN_START, type ChainBreak, nextRunningHash, verifyChain } from "./running-hash.ts";
import { topicLog } from "./testing/topic-log.ts";

/** Messages of a topic of a public network, with the hashes that the network gave them. */
const PUBLISHED = new URL("../../../shared/vectors/running-hash.json", import.meta.url).pathname;

/** Two of them, short enough to stand here. */
const VECTORS = [
  {
    previous: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    hash: "7BAMdn1JKCG7ac8wZzlxtiHkJwRjveCTs/MgKbXFu4XlCCWnghGI0TZPdoqz7SEv",
    message: {
      topic: "0.0.3169236",
      payer: "0.0.2679044",
      consensusTimestamp: 1_721_249_164_053_566_254n,
      sequence: 1,
      message: Uint8Array.fromBase64("Wg=="),
    },
  },
  {
    previous: "dUzq+HCGtqQHEB5BdHKn4FFR94RXp4muD3Wg+D+Rp80dUh1PUZdpjqC8OgxCPObz",
    hash: "Oh4Kr4qdS52s5fuafQMsv8mg64BuzKCgA2h+kvVZ6EVoXYw7HELpzCq59mmMQTHx",
    message: {
      topic: "0.0.3169236",
      payer: "0.0.8004566",
      consensusTimestamp: 1_721_249_181_011_638_038n,
      sequence: 8,
      message: Uint8Array.fromBase64("GUtX6mmCd9A="),
    },
  },
] as const;

/** The chain 1 to 20 with every third message in a batch. */
function chain() {
  const log = topicLog("0.0.7");
  for (let number = 1; number <= 20; number++) {
    log.append(`message ${number}`, { hashedAgo: number % 3 === 0 ? BigInt(number) : 0n });
  }
  return [...log.messages];
}

const published = await Bun.file(PUBLISHED).exists();

describe("nextRunningHash", () => {
  test.each(VECTORS)("gives the hash that the network published", ({ previous, hash, message }) => {
    expect(nextRunningHash(Uint8Array.fromBase64(previous), message).toBase64()).toBe(hash);
  });

  test("depends on every field", () => {
    const [{ message: first }] = VECTORS;
    const hash = nextRunningHash(CHAIN_START.runningHash, first).toHex();
    const changes = [
      { topic: "0.0.3169237" },
      { topic: "0.1.3169236" },
      { payer: "0.0.2679045" },
      { payer: "1.0.2679044" },
      { consensusTimestamp: first.consensusTimestamp + 1n },
      { consensusTimestamp: first.consensusTimestamp + 1_000_000_000n },
      { sequence: 2 },
      { message: Uint8Array.fromBase64("Ww==") },
    ] as const;
    for (const change of changes) {
      expect(nextRunningHash(CHAIN_START.runningHash, { ...first, ...change }).toHex()).not.toBe(hash);
    }
    const previous = new Uint8Array(48).fill(1, 47);
    expect(nextRunningHash(previous, first).toHex()).not.toBe(hash);
  });

  test("refuses a previous hash of another length", () => {
    expect(() => nextRunningHash(new Uint8Array(32), VECTORS[0].message)).toThrow(FestError);
  });
});

describe("verifyChain", () => {
  test.skipIf(!published)("verifies all published messages", async () => {
    const messages = z.parse(z.array(messageSchema), await Bun.file(PUBLISHED).json());
    expect(messages.length).toBeGreaterThan(1);
    expect(verifyChain(messages)).toMatchObject({ verified: messages.length, broken: null });
  });

  test("verifies a chain with members of batches", () => {
    const messages = chain();
    expect(verifyChain(messages)).toMatchObject({ verified: 20, broken: null, head: { sequence: 20 } });
  });

  test("continues where it left off", () => {
    const messages = chain();
    const { head } = verifyChain(messages.slice(0, 7));
    expect(verifyChain(messages.slice(7), head)).toMatchObject({ verified: 13, broken: null });
    expect(verifyChain(messages.slice(8), head).broken).toEqual({ sequence: 9, reason: "sequence" });
  });

  test("accepts a member of a batch up to 100 ns after the top-level transaction and no later", () => {
    const [within, beyond] = [100n, 101n].map((hashedAgo) => {
      const log = topicLog("0.0.7");
      log.append("member", { hashedAgo });
      return verifyChain(log.messages).broken;
    });
    expect(within).toBeNull();
    expect(beyond).toEqual({ sequence: 1, reason: "hash" });
  });

  test.each<[string, (messages: Message[]) => unknown, ChainBreak["reason"], number]>([
    ["a changed message", (all) => edit(all, 9, { bytes: new TextEncoder().encode("forged") }), "hash", 10],
    ["a changed payer", (all) => edit(all, 9, { payer: "0.0.1003" }), "hash", 10],
    ["a changed time", (all) => edit(all, 9, { timestamp: (all[9]?.timestamp ?? 0n) + 1_000n }), "hash", 10],
    ["a dropped message", (all) => all.splice(9, 1), "sequence", 11],
    ["a repeated message", (all) => all.splice(9, 0, ...all.slice(8, 9)), "sequence", 9],
    ["a time that runs backwards", (all) => edit(all, 9, { timestamp: 1n }), "time", 10],
    ["messages swapped", (all) => all.splice(9, 2, ...all.slice(9, 11).reverse()), "sequence", 11],
  ])("finds %s", (_name, tamper, reason, sequence) => {
    const messages = chain();
    tamper(messages);
    expect(verifyChain(messages).broken).toEqual({ sequence, reason });
  });
});

function edit(messages: Message[], index: number, change: Partial<Message>): void {
  const message = messages[index];
  if (message !== undefined) messages[index] = { ...message, ...change };
}
