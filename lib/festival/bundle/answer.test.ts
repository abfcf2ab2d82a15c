import { describe, expect, test } from "bun:test";
import { addSeconds, formatTimestamp, timestampOf } from "../../hedera/timestamp.ts";
import { createMirror } from "../../mirror/client.ts";
import { overheard } from "../../mirror/overheard.ts";
import { allItems } from "../../mirror/page.ts";
import { chained } from "../testing/chain.ts";
import { TestLog } from "../testing/log.ts";
import { begin, play } from "../testing/player.ts";
import { bundleFetch, bundleUrl } from "./answer.ts";
import {
  type Bundle,
  type BundleRecord,
  formatBundle,
  mergeBundles,
  parseBundle,
  readRecord,
} from "./bundle.ts";
import { Collector } from "./collect.ts";
import { selectionBundle } from "./selection.ts";

const log = new TestLog();
begin(log);
while (log.messages.length < 230) play(log, { pick: 0, way: 0, wait: 1 });
const messages = chained(log.messages);
const T0 = timestampOf(1_700_000_000n);
const at = (seconds: number) => formatTimestamp(addSeconds(T0, seconds));

/** A transfer of a payment token, at so many seconds. */
function transaction(seconds: number, to: string, name = "CRYPTOTRANSFER"): BundleRecord {
  const one = readRecord({
    kind: "transaction",
    body: {
      transaction_id: `0.0.1002-${1_700_000_000 + seconds}-000000001`,
      consensus_timestamp: at(seconds),
      name,
      result: seconds === 9 ? "INSUFFICIENT_TOKEN_BALANCE" : "SUCCESS",
      scheduled: false,
      nonce: 0,
      entity_id: null,
      memo_base64: "",
      node: null,
      charged_tx_fee: 9_007_199_254_740_993n,
      max_fee: "1",
      valid_duration_seconds: "180",
      transaction_hash: "",
      transfers: [],
      token_transfers: [{ token_id: "0.0.2001", account: to, amount: 5 }],
    },
  });
  if (one === null) throw new Error("it is no record");
  return one;
}

const rate = (hour: number, cents: number): BundleRecord => {
  const price = { cent_equivalent: cents, hbar_equivalent: 1, expiration_time: 1_700_000_000 + 9_999 };
  const body = { current_rate: price, next_rate: price, timestamp: at(hour) };
  const one = readRecord({ kind: "rate", at: at(hour + 50), body });
  if (one === null) throw new Error("it is no record");
  return one;
};

const bundle: Bundle = selectionBundle(
  { network: "devnet", log: "0.0.3001", mirror: "http://127.0.0.1:5551" },
  messages.map((message) => ({ message, before: null })),
  [
    ...Array.from({ length: 150 }, (_, index) => transaction(index, index % 2 === 0 ? "0.0.7" : "0.0.8")),
    rate(0, 10),
    rate(100, 20),
  ],
);
const open = (from: Bundle) =>
  createMirror({ baseUrl: bundleUrl(), fetch: bundleFetch(parseBundle(formatBundle(from))), retries: 0 });
const mirror = open(bundle);
const TOPIC = { topic: "0.0.3001", limit: 100 } as const;

describe("a bundle answers as the mirror node that it was written from", () => {
  test("with all messages in order over several pages, to the byte", async () => {
    const read = await allItems(await mirror.topicMessages({ ...TOPIC, order: "asc" }));
    expect(read).toEqual([...messages]);
  });

  test("with the newest first, from anywhere, and one by its number", async () => {
    expect((await mirror.latestMessage("0.0.3001"))?.sequence).toBe(messages.length);
    const backwards = await allItems(await mirror.topicMessages({ ...TOPIC, order: "desc" }));
    expect(backwards.map(({ sequence }) => sequence)).toEqual(
      messages.map(({ sequence }) => sequence).toReversed(),
    );
    const some = await mirror.topicMessages({ ...TOPIC, sequenceAfter: 7, sequenceBefore: 10 });
    expect(some.items.map(({ sequence }) => sequence)).toEqual([8, 9]);
    expect((await mirror.topicMessage("0.0.3001", 12))?.bytes).toEqual(
      messages[11]?.bytes ?? new Uint8Array(),
    );
    expect(await mirror.topicMessage("0.0.3001", 9_999)).toBeNull();
    expect((await mirror.topicMessages({ ...TOPIC, topic: "0.0.9" })).items).toEqual([]);
  });

  test("with an account's transactions between two times, over several pages, long integers exact", async () => {
    const all = await allItems(await mirror.transactions({ account: "0.0.1002", limit: 100, order: "asc" }));
    expect(all.length).toBe(150);
    expect(all[0]?.chargedFee).toBe(9_007_199_254_740_993n);
    const after = addSeconds(T0, 3);
    const some = await mirror.transactions({
      account: "0.0.7",
      after,
      before: addSeconds(T0, 9),
      order: "asc",
    });
    expect(some.items.map(({ timestamp }) => timestamp - T0)).toEqual([
      4_000_000_000n,
      6_000_000_000n,
      8_000_000_000n,
    ]);
    const failed = await mirror.transactions({ account: "0.0.8", result: "fail" });
    expect(failed.items.length).toBe(1);
  });

  test("with a rate for the times that an answer covers, and for no others", async () => {
    const centsAt = async (seconds: number) =>
      (await mirror.exchangeRates(addSeconds(T0, seconds)))?.current.centEquivalent ?? null;
    expect(await Promise.all([0, 30, 50, 60, 100, 149, 151].map(centsAt))).toEqual([
      10n,
      10n,
      10n,
      null,
      20n,
      20n,
      null,
    ]);
  });

  test("and refuses what it cannot know", async () => {
    await expect(mirror.balance("0.0.7")).rejects.toThrow("404");
    expect(await mirror.transaction({ payer: "0.0.9", validStart: 1n })).toBeNull();
    expect(await mirror.schedule("0.0.9")).toBeNull();
  });
});

test("what is collected from a mirror node is the bundle that it answered from", async () => {
  const collector = new Collector();
  const fetch = overheard(bundleFetch(bundle), collector.take);
  const through = createMirror({ baseUrl: bundleUrl(), fetch });
  await allItems(await through.topicMessages({ ...TOPIC, order: "asc" }));
  await allItems(await through.transactions({ account: "0.0.1002", limit: 100, order: "asc" }));
  await through.exchangeRates(addSeconds(T0, 50));
  await through.exchangeRates(addSeconds(T0, 150));
  expect(collector.records).toEqual(bundle.records);
});

describe("a bundle", () => {
  test("is read as it was written", () => {
    expect(parseBundle(formatBundle(bundle))).toEqual(bundle);
  });

  test.each([
    ["", "line 1"],
    ["{}", "line 1 of the bundle: kind"],
    [`${formatBundle({ ...bundle, records: [] })}{"kind":"message"}`, "line 2 of the bundle: body"],
    [`${formatBundle({ ...bundle, records: [] })}nonsense`, "line 2 of the bundle is not JSON"],
    [formatBundle(bundle).replace('"version":1', '"version":2'), "line 1 of the bundle: version"],
  ])("of another form is refused with the line", (text, said) => {
    expect(() => parseBundle(text)).toThrow(said);
  });

  test("grows by what is new, and by nothing that contradicts it", () => {
    const older = { ...bundle, records: bundle.records.slice(0, 100) };
    expect(mergeBundles(older, bundle)).toEqual(bundle);
    const [first, ...rest] = bundle.records;
    if (first?.kind !== "message") throw new Error("it does not begin with a message");
    const other = { ...first, body: { ...first.body, message: "eA==" } };
    expect(() => mergeBundles(older, { ...bundle, records: [other, ...rest] })).toThrow(
      "another message 0.0.3001 1",
    );
    const foreign = { ...bundle, header: { ...bundle.header, log: "0.0.9" as const } };
    expect(() => mergeBundles(older, foreign)).toThrow("not of 0.0.9");
  });
});
