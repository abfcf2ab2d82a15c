import { afterAll, beforeAll, expect, test } from "bun:test";
import { addSeconds, type Timestamp } from "../../hedera/timestamp.ts";
import { type Devnet, startDevnet } from "../devnet.ts";
import { LedgerFixture } from "../ledger/fixture.ts";
import { fillTopic } from "./fill.ts";
import { createOpenTopic, Sender } from "./sender.ts";

let devnet: Devnet;
beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
});
afterAll(() => devnet.stop());

test("what is sent as bytes and through the SDK reaches consensus, every message of it", async () => {
  const node = devnet.network.nodes[0]?.address ?? "";
  const topic = await createOpenTopic(node);
  const sender = new Sender(node, topic);
  expect(await sender.raw(70)).toBeGreaterThan(0);
  expect(await sender.sdk(20)).toBeGreaterThan(0);
  sender.close();
  expect([...devnet.ledger.topics.values()].map(({ sequenceNumber }) => sequenceNumber)).toEqual([90n]);
});

test("a topic is filled by a ledger's own rules", async () => {
  const fixture = new LedgerFixture();
  const now = (): Timestamp => {
    fixture.time = addSeconds(fixture.time, 1);
    return fixture.time;
  };
  const { ledger, items } = fixture;
  const topic = await fillTopic({ ledger, messages: 250, now });
  const messages = items.flatMap(({ message }) => message ?? []);
  expect(messages.map(({ sequenceNumber }) => Number(sequenceNumber))).toEqual(messages.map((_, i) => i + 1));
  expect(messages.length).toBe(250);
  expect(ledger.topics.get(topic)?.runningHash).toEqual(messages.at(-1)?.runningHash);
  expect(items.every(({ record }) => record.result === "SUCCESS" && record.chargedFee > 0n)).toBe(true);
  expect(new Set(items.map(({ record }) => record.validStart)).size).toBe(251);
});
