import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Hbar,
  Timestamp as SdkTimestamp,
  TokenCreateTransaction,
  TopicCreateTransaction,
  TopicMessageQuery,
  TopicMessageSubmitTransaction,
  TransferTransaction,
} from "@hashgraph/sdk";
import { addSeconds } from "../hedera/timestamp.ts";
import type { DevnetOptions } from "./devnet.ts";
import { type DevnetUnderTest, idAtNetworkTime, startUnderTest } from "./devnet-fixture.ts";
import { TOTAL_SUPPLY } from "./ledger/genesis.ts";

let directories: string;
beforeAll(() => {
  directories = mkdtempSync(join(tmpdir(), "fest-devnet-test-"));
});
afterAll(() => rmSync(directories, { recursive: true }));

async function submit(net: DevnetUnderTest, topic: string, message: string) {
  const receipt = await net.send(new TopicMessageSubmitTransaction({ topicId: topic, message }));
  const hash = Buffer.from(receipt.topicRunningHash ?? []).toString("base64");
  return { hash, number: receipt.topicSequenceNumber?.toNumber() };
}

/** Everything that the mirror shows, but for what the clock alone changes. */
async function mirrored(net: DevnetUnderTest, topic: string) {
  const paths = [
    "/accounts",
    "/balances",
    "/tokens",
    "/schedules",
    "/transactions?limit=100",
    "/blocks?limit=100",
  ];
  const lists = paths.map(async (path) => (await net.get(path)).body);
  return [(await net.get(`/topics/${topic}/messages`)).body, ...(await Promise.all(lists))];
}

function hbarsOf({ devnet }: DevnetUnderTest): bigint {
  return [...devnet.ledger.accounts.values()].reduce((sum, { balance }) => sum + balance, 0n);
}

describe.each([
  ["in memory", (): DevnetOptions => ({})],
  ["in a directory", (): DevnetOptions => ({ dataDir: join(directories, "data") })],
])("a devnet %s", (_, options) => {
  test("shows the old state after a revert, and goes on from there", async () => {
    const net = await startUnderTest(options());
    const topic = String((await net.send(new TopicCreateTransaction())).topicId);
    const first = await submit(net, topic, "one");
    const before = await mirrored(net, topic);
    const id = net.devnet.snapshot();

    const second = await submit(net, topic, "two");
    await net.send(
      new TokenCreateTransaction({ tokenName: "t", tokenSymbol: "t", treasuryAccountId: "0.0.2" }),
    );
    await net.send(
      new TransferTransaction()
        .addHbarTransfer("0.0.2", Hbar.fromTinybars(-7))
        .addHbarTransfer("0.0.800", Hbar.fromTinybars(7)),
    );
    expect(await mirrored(net, topic)).not.toEqual(before);
    net.devnet.revert(id);

    expect(await mirrored(net, topic)).toEqual(before);
    expect(hbarsOf(net)).toBe(TOTAL_SUPPLY);
    const again = await submit(net, topic, "another two");
    expect([first.number, second.number, again.number]).toEqual([1, 2, 2]);
    expect(again.hash).not.toBe(second.hash);
    // Numbers of entities go on from there, too.
    const created = await net.send(new TopicCreateTransaction());
    expect(created.topicId?.num.toNumber()).toBe(Number(topic.slice(4)) + 1);
    expect(await net.get(`/topics/${topic}/messages?sequencenumber=2`)).toMatchObject({
      body: {
        messages: [{ running_hash: again.hash, message: Buffer.from("another two").toString("base64") }],
      },
    });
  });
});

test("a directory holds the reverted state", async () => {
  const dataDir = join(directories, "restarted");
  const first = await startUnderTest({ dataDir });
  const topic = String((await first.send(new TopicCreateTransaction())).topicId);
  const id = first.devnet.snapshot();
  await submit(first, topic, "undone");
  first.devnet.revert(id);
  const before = await mirrored(first, topic);
  await first.devnet.stop();
  const second = await startUnderTest({ dataDir });
  expect(await mirrored(second, topic)).toEqual(before);
  expect((await submit(second, topic, "one")).number).toBe(1);
});

test("an id that was used after the snapshot is unused after the revert, and one from before is still used", async () => {
  const net = await startUnderTest();
  const create = (id: ReturnType<typeof idAtNetworkTime>) =>
    new TopicCreateTransaction().setTransactionId(id).execute(net.client);
  const [before, after] = [idAtNetworkTime(net.devnet), idAtNetworkTime(net.devnet)];
  await create(before);
  const id = net.devnet.snapshot();
  await create(after);
  net.devnet.revert(id);
  expect(String(await create(before).catch((error: unknown) => error))).toContain("DUPLICATE_TRANSACTION");
  expect((await (await create(after)).getReceipt(net.client)).status.toString()).toBe("SUCCESS");
});

test("what was not visible yet at the snapshot becomes so at its time after the revert", async () => {
  const net = await startUnderTest({ clock: { speed: 0 }, lagMs: 60_000 });
  const topic = String((await net.send(new TopicCreateTransaction())).topicId);
  const id = net.devnet.snapshot();
  await net.devnet.clock.advance(100);
  expect((await net.get(`/topics/${topic}`)).status).toBe(200);
  net.devnet.revert(id);
  expect((await net.get(`/topics/${topic}`)).status).toBe(404);
  await net.devnet.clock.advance(60);
  expect((await net.get(`/topics/${topic}`)).status).toBe(200);
});

test("what was on its way to consensus is lost in a revert", async () => {
  const net = await startUnderTest({ clock: { speed: 0 }, latencyMs: 5_000 });
  const id = net.devnet.snapshot();
  await new TopicCreateTransaction().setTransactionId(idAtNetworkTime(net.devnet)).execute(net.client);
  net.devnet.revert(id);
  await net.devnet.clock.advance(60);
  expect(net.devnet.ledger.topics.size).toBe(0);
});

test("the clock goes on as if nobody had touched it since the snapshot", async () => {
  const net = await startUnderTest({ clock: { speed: 0 } });
  const { clock } = net.devnet;
  const start = clock.now();
  const id = net.devnet.snapshot();
  await clock.advance(3_600);
  clock.accelerate(1_000);
  net.devnet.revert(id);
  expect([clock.now(), clock.speed]).toEqual([start, 0]);
  await clock.advance(1);
  expect(clock.now()).toBe(addSeconds(start, 1));
});

test("a snapshot can be reverted to again, and those after it are gone", async () => {
  const net = await startUnderTest();
  const [first, second] = [net.devnet.snapshot(), net.devnet.snapshot()];
  for (const _ of [1, 2]) {
    await net.send(new TopicCreateTransaction());
    net.devnet.revert(first);
    expect(net.devnet.ledger.topics.size).toBe(0);
  }
  expect(() => net.devnet.revert(second)).toThrow("there is no snapshot 2");
});

test("a revert breaks open streams off", async () => {
  const net = await startUnderTest();
  const topic = String((await net.send(new TopicCreateTransaction())).topicId);
  const id = net.devnet.snapshot();
  const ended = new Promise<unknown>((resolve) => {
    const query = new TopicMessageQuery({ topicId: topic, startTime: new SdkTimestamp(0, 0) }).setMaxAttempts(
      0,
    );
    query
      .setErrorHandler((_, error) => resolve(error))
      .subscribe(net.client, null, () => net.devnet.revert(id));
  });
  const sent = idAtNetworkTime(net.devnet);
  await new TopicMessageSubmitTransaction({ topicId: topic, message: "one" })
    .setTransactionId(sent)
    .execute(net.client);
  expect(String(await ended)).toContain("UNAVAILABLE");
});
