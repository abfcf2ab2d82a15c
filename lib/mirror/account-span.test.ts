import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Devnet, startDevnet } from "../devnet/devnet.ts";
import type { TopicId } from "../hedera/id.ts";
import { accountSpan } from "./account-span.ts";
import { createMirror, type Mirror } from "./client.ts";
import { type Operator, operatorOf } from "./testing/operator.ts";

setDefaultTimeout(120_000);

/** More than one page. */
const MANY = 120;
/** Fewer than the second page has: what the replica that is behind has seen. */
const SEEN = 10;
/** Every second answer is of a replica that gets nothing more. */
const SECOND_BEHIND = { kind: "rest-stale", ms: 86_400_000, path: "/api/v1/transactions" } as const;

let devnet: Devnet;
let operator: Operator;
let mirror: Mirror;
let topic: TopicId;
let begun: bigint;
let middle: bigint;
beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  operator = operatorOf(devnet);
  mirror = createMirror({ baseUrl: devnet.network.mirror });
  topic = await operator.createTopic();
  begun = devnet.clock.now();
  await sayMany(SEEN);
  devnet.faults.inject(SECOND_BEHIND);
  await sayMany(MANY - SEEN);
  middle = devnet.clock.now();
  await operator.say(topic, "beyond");
});
afterAll(async () => {
  operator.close();
  await devnet.stop();
});

const sayMany = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => operator.say(topic, `${index}`)));
const span = (upTo: bigint) =>
  accountSpan(mirror, { account: devnet.operator.accountId, after: begun, upTo });

describe("an account's transactions in a span", () => {
  test("are not told from two replicas of which one is behind", async () => {
    expect(await span(middle)).toBeNull();
  });

  test("are told from one replica, over pages, each once and newest first", async () => {
    devnet.faults.clear();
    const times = (await span(middle))?.map(({ timestamp }) => timestamp) ?? [];
    expect(new Set(times).size).toBe(MANY + 1);
    expect(times).toEqual(times.toSorted((a, b) => Number(b - a)));
  });

  test("are not told while nothing is shown from beyond it", async () => {
    const now = devnet.clock.now();
    expect(await span(now)).toBeNull();
    await operator.say(topic, "later");
    expect(await span(now)).toHaveLength(MANY + 2);
  });
});
