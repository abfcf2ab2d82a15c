import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "../devnet/devnet.ts";
import type { TopicId } from "../hedera/id.ts";
import { createMirror } from "./client.ts";
import { follow } from "./follow.ts";
import { operatorOf } from "./testing/operator.ts";

let dataDir: string;
let devnet: Devnet;
let running: boolean;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "fest-mirror-"));
  await start();
});
afterAll(async () => {
  await stop();
  rmSync(dataDir, { recursive: true });
});

async function start(): Promise<void> {
  devnet = await startDevnet({ portBase: 0, dataDir });
  running = true;
}

async function stop(): Promise<void> {
  if (running) await devnet.stop();
  running = false;
}

async function say(topic: TopicId, text: string): Promise<void> {
  const operator = operatorOf(devnet);
  await operator.say(topic, text);
  operator.close();
}

test("a follower outlives the mirror node and goes on where it was", async () => {
  const operator = operatorOf(devnet);
  const topic = await operator.createTopic();
  operator.close();
  await say(topic, "before");

  const mirror = createMirror({
    baseUrl: devnet.network.mirror,
    // A restarted devnet of a test takes other ports.
    fetch: (url, init) => fetch(devnet.network.mirror + url.slice(url.indexOf("/api/v1/")), init),
  });
  let stopped: Promise<void> | undefined;
  let restarted: Promise<void> | undefined;
  const heard: string[] = [];
  const phases: string[] = [];
  const following = follow({
    mirror,
    topic,
    signal: new AbortController().signal,
    pace: { pollMs: 10, backoff: { firstMs: 10, maxMs: 50 } },
    onState: ({ phase }) => {
      phases.push(phase);
      if (phase === "live" && heard.length === 1) stopped ??= stop();
      if (phase === "unreachable") restarted ??= stopped?.then(start).then(() => say(topic, "after"));
    },
  });
  for await (const message of following) {
    heard.push(new TextDecoder().decode(message.bytes));
    if (heard.length === 2) break;
  }
  await restarted;
  expect(heard).toEqual(["before", "after"]);
  expect(phases).toContain("unreachable");
});
