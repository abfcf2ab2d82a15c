import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createMirror } from "./client.ts";
import { MirrorMalformed } from "./error.ts";
import { allItems } from "./page.ts";
import { quickClock } from "./testing/clock.ts";
import { topicLog } from "./testing/topic-log.ts";
import { pageAnswer, startWireServer, type WireServer } from "./testing/wire-server.ts";

const log = topicLog("0.0.7");
for (let number = 1; number <= 6; number++) log.append(`message ${number}`);
const PATH = "/api/v1/topics/0.0.7/messages";

let server: WireServer;
beforeAll(() => {
  server = startWireServer();
  server.add(log);
});
beforeEach(() => {
  server.requests.length = 0;
  server.faults.length = 0;
});
afterAll(() => server.stop());

const mirror = (baseUrl = server.url) => createMirror({ baseUrl, clock: quickClock() });
const sequences = (items: readonly { sequence: number }[]) => items.map((item) => item.sequence);

describe("a list", () => {
  test("is read to its end over the mirror node's own links", async () => {
    const all = await allItems(await mirror().topicMessages({ topic: log.topic, limit: 2 }));
    expect(sequences(all)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(server.requests).toHaveLength(4);
  });

  test("goes on after an empty page with a next link", async () => {
    server.faults.push(
      () => pageAnswer(log.messages.slice(0, 1), `${PATH}?timestamp=gt:1.0`),
      () => pageAnswer([], `${PATH}?timestamp=gt:2.0`),
      () => pageAnswer([], `${PATH}?timestamp=gt:3.0`),
      () => pageAnswer(log.messages.slice(1, 3)),
    );
    const all = await allItems(await mirror().topicMessages({ topic: log.topic }));
    expect(sequences(all)).toEqual([1, 2, 3]);
  });

  test("whose links lead in a circle is malformed, not endless", async () => {
    server.faults.push(
      () => pageAnswer([], `${PATH}?timestamp=gt:1.0`),
      () => pageAnswer([], `${PATH}?timestamp=gt:2.0`),
      () => pageAnswer([], `${PATH}?timestamp=gt:1.0`),
    );
    const first = await mirror().topicMessages({ topic: log.topic });
    await expect(allItems(first)).rejects.toBeInstanceOf(MirrorMalformed);
  });

  test("stays on its host when the mirror node's links name another", async () => {
    server.faults.push(() => pageAnswer([], `http://127.0.0.1:1${PATH}?sequencenumber=gt:4`));
    const all = await allItems(await mirror().topicMessages({ topic: log.topic }));
    expect(sequences(all)).toEqual([5, 6]);
  });

  test("keeps the prefix of a proxy", async () => {
    server.answers.set(`/proxy${PATH}`, { messages: [], links: { next: `${PATH}?limit=7` } });
    const first = await mirror(`${server.url}/proxy/`).topicMessages({ topic: log.topic });
    await first.next?.().catch(() => null);
    expect(server.requests.at(-1)).toBe(`/proxy${PATH}?limit=7`);
  });
});
