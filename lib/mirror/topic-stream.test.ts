import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Devnet, startDevnet } from "../devnet/devnet.ts";
import type { TopicId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import { createMirror } from "./client.ts";
import type { PushSource } from "./push.ts";
import { type Operator, operatorOf } from "./testing/operator.ts";
import { connectTopicStream } from "./topic-stream.ts";

const BACKOFF = { firstMs: 20, maxMs: 40 };

/** Resolves once a source is in a state. */
function reaches(source: PushSource, state: PushSource["health"]["state"]): Promise<void> {
  return new Promise((resolve) => {
    if (source.health.state === state) resolve();
    else {
      const stop = source.onHealth((health) => {
        if (health.state !== state) return;
        stop();
        resolve();
      });
    }
  });
}

/** Resolves at the next wake-up. */
function wakes(source: PushSource): Promise<void> {
  return new Promise((resolve) => {
    const stop = source.subscribe(() => {
      stop();
      resolve();
    });
  });
}

describe("a stream of a topic over gRPC-Web", () => {
  let devnet: Devnet;
  let operator: Operator;
  let topic: TopicId;
  let head: Timestamp;
  const since = () => head;

  beforeAll(async () => {
    devnet = await startDevnet({ portBase: 0 });
    operator = operatorOf(devnet);
    topic = await operator.createTopic();
    await operator.say(topic, "first");
    head = (await createMirror({ baseUrl: devnet.network.mirror }).latestMessage(topic))?.timestamp ?? 0n;
  });
  afterAll(async () => {
    operator.close();
    await devnet.stop();
  });

  test("opens, and wakes at every message of the topic", async () => {
    const stream = connectTopicStream({ url: devnet.network.mirror, topic, since });
    await reaches(stream, "open");
    for (let said = 0; said < 2; said++) {
      const woken = wakes(stream);
      await operator.say(topic, "hello");
      await woken;
    }
    stream.close();
    await reaches(stream, "closed");
  });

  test("says why a topic that is not there is not streamed, and keeps trying", async () => {
    const stream = connectTopicStream({
      url: devnet.network.mirror,
      topic: "0.0.999999",
      since,
      backoff: BACKOFF,
    });
    await reaches(stream, "closed");
    expect(stream.health.reason).toContain("status 5");
    await reaches(stream, "connecting");
    stream.close();
  });

  test("is opened anew where nothing was heard for too long, without taking that for a failure", async () => {
    let opened = 0;
    const stream = connectTopicStream({ url: devnet.network.mirror, topic, since, silenceMs: 200 });
    const twice = new Promise<void>((resolve) => {
      stream.onHealth(({ state }) => {
        if (state === "open") opened += 1;
        if (opened === 2) resolve();
      });
    });
    await twice;
    expect(stream.health.failures).toBe(0);
    stream.close();
  });
});

describe("what does not stream", () => {
  test("is given up where it does not show the last message again", async () => {
    const server = answering(() => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })));
    const stream = connectTopicStream({
      url: server.url.origin,
      topic: "0.0.5",
      since: () => 1n,
      answerMs: 50,
      backoff: BACKOFF,
    });
    await reaches(stream, "closed");
    expect(stream.health.reason).toBe("no answer within 50 ms");
    stream.close();
    await server.stop(true);
  });

  const answering = (fetch: () => Response) => Bun.serve({ hostname: "127.0.0.1", port: 0, fetch });

  test.each([
    ["answered 404", () => new Response("no", { status: 404 })],
    ["status 12", () => new Response(null, { headers: { "grpc-status": "12" } })],
    ["the answer is not gRPC-Web", () => new Response("<!doctype html><title>A page</title>")],
    ["the stream ended", () => new Response(new Uint8Array([0, 0, 0, 0, 9]))],
  ])("is known by its answer: %s", async (reason, answer) => {
    const server = answering(answer);
    const stream = connectTopicStream({
      url: server.url.origin,
      topic: "0.0.5",
      since: () => 1n,
      backoff: BACKOFF,
    });
    await reaches(stream, "closed");
    expect(stream.health.reason).toContain(reason);
    stream.close();
    await server.stop(true);
  });

  test("is refused where it is no URL", () => {
    expect(() => connectTopicStream({ url: "localhost:5551", topic: "0.0.5", since: () => null })).toThrow(
      expect.objectContaining({ code: "STREAM_URL_INVALID" }),
    );
  });
});
