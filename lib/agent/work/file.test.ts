import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { brotliCompressSync } from "node:zlib";
import type { TopicId } from "../../hedera/id.ts";
import { publishFile } from "../../ledger/file.ts";
import { type Stage, setStage } from "../../ledger/testing/stage.ts";
import { createTopic } from "../../ledger/topics.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import { MirrorUnavailable } from "../../mirror/error.ts";
import { readFileTopic } from "./file.ts";

let stage: Stage;
let mirror: Mirror;
beforeAll(async () => {
  stage = await setStage();
  mirror = createMirror({ baseUrl: stage.devnet.network.mirror });
});
afterAll(() => stage.close());

const LATER = 4_000_000_000n * 1_000_000_000n;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
/** Hardly compressible text of a length. */
const noise = (length: number) =>
  Array.from({ length: length / 8 }, (_, index) => Bun.hash(`${index}`).toString(16).slice(0, 8)).join("");

/** Waits until the mirror node has whatever was written so far. */
async function settled(topic: TopicId): Promise<void> {
  await Bun.sleep(50);
  while ((await mirror.topic(topic)) === null) await Bun.sleep(20);
}

/** A topic as a file's, with whatever is wrong with it. */
async function forged(memo: string, messages: readonly string[], open = false): Promise<TopicId> {
  const { ledger } = stage.worker;
  const submitKeys = open ? [] : [ledger.publicKey];
  const topic = await createTopic(ledger, { submitKeys, memo });
  for (const message of messages) await ledger.say(topic, bytesOf(message));
  await settled(topic);
  return topic;
}
const partsOf = (bytes: Uint8Array) =>
  `data:application/json;base64,${brotliCompressSync(bytes).toString("base64")}`;

describe("a file on the ledger", () => {
  test.each([2, 8_000])("of %p bytes is read back whole, in as many messages as it takes", async (length) => {
    const bytes = bytesOf(noise(length) || "{}");
    const file = await publishFile(stage.worker.ledger, bytes, "application/json");
    await settled(file.topic);
    expect(file.sha256).toBe(sha256(bytes));
    expect(await readFileTopic(mirror, { ...file, before: LATER })).toEqual(bytes);
    const { items } = await mirror.topicMessages({ topic: file.topic, limit: 100 });
    expect(items.length).toBe(length > 1_000 ? 6 : 1);
  });

  test("is as HCS-1 has it: the hash in the memo, nobody to change it, numbered chunks of a data URL", async () => {
    const bytes = bytesOf('{"a":1}');
    const { topic } = await publishFile(stage.worker.ledger, bytes, "application/json");
    await settled(topic);
    const info = await mirror.topic(topic);
    expect(info).toMatchObject({ memo: `${sha256(bytes)}:brotli:base64`, adminKey: null });
    expect(info?.submitKey).not.toBeNull();
    const [message] = (await mirror.topicMessages({ topic })).items;
    expect(JSON.parse(new TextDecoder().decode(message?.bytes))).toEqual({ o: 0, c: partsOf(bytes) });
  });

  test("keeps what was written first: later messages change nothing", async () => {
    const bytes = bytesOf('{"a":1}');
    const file = await publishFile(stage.worker.ledger, bytes, "application/json");
    const other = { o: 0, c: partsOf(bytesOf('{"a":2}')) };
    await stage.worker.ledger.say(file.topic, bytesOf(JSON.stringify(other)));
    await settled(file.topic);
    expect(await readFileTopic(mirror, { ...file, before: LATER })).toEqual(bytes);
  });
});

describe("what is no such file is refused:", () => {
  const bytes = bytesOf('{"a":1}');
  const memo = `${sha256(bytes)}:brotli:base64`;
  const chunk = (o: number, c: string) => JSON.stringify({ o, c });

  test.each<[string, string, readonly string[], string]>([
    [
      "another hash in the memo",
      `${sha256(bytesOf("x"))}:brotli:base64`,
      [chunk(0, partsOf(bytes))],
      "has the memo",
    ],
    ["other bytes", memo, [chunk(0, partsOf(bytesOf("x")))], "has another hash"],
    ["what cannot be unpacked", memo, [chunk(0, "data:a/b;base64,AAAA")], "cannot be unpacked"],
    [
      "more than 64 KiB, packed small",
      memo,
      [chunk(0, partsOf(new Uint8Array(70_000)))],
      "cannot be unpacked",
    ],
    ["a part that is missing", memo, [chunk(1, "AAAA")], "is not there whole"],
    ["no parts at all", memo, ["hello"], "is not there whole"],
  ])("%s", async (_, itsMemo, messages, problem) => {
    const topic = await forged(itsMemo, messages);
    await stage.worker.ledger.say(stage.topic, bytesOf("the result that names it"));
    await Bun.sleep(50);
    const before = (await mirror.latestBlock())?.to ?? 0n;
    const reading = readFileTopic(mirror, { topic, sha256: sha256(bytes), before });
    await expect(reading).rejects.toMatchObject({
      code: "FILE_INVALID",
      message: expect.stringContaining(problem),
    });
  });

  test("one that anybody can write to", async () => {
    const topic = await forged(memo, [chunk(0, partsOf(bytes))], true);
    await expect(
      readFileTopic(mirror, { topic, sha256: sha256(bytes), before: LATER }),
    ).rejects.toMatchObject({ message: expect.stringContaining("can be changed") });
  });

  test("but one that the mirror node may not have yet is waited for", async () => {
    const query = { topic: "0.0.999999" as TopicId, sha256: sha256(bytes), before: LATER };
    await expect(readFileTopic(mirror, query)).rejects.toBeInstanceOf(MirrorUnavailable);
    const past = readFileTopic(mirror, { ...query, before: 1n });
    await expect(past).rejects.toMatchObject({ code: "FILE_INVALID" });
  });
});
