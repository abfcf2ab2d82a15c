import { afterAll, expect, test } from "bun:test";
import { createTopicMirror } from "../../../lib/mirror/topic-client.ts";
import { type LongLog, startLongLog } from "../../../scripts/bench/site/long-log.ts";
import { beginningOf } from "./beginning.ts";
import { PAGE } from "./reading.ts";

const logs: LongLog[] = [];
afterAll(() => Promise.all(logs.map((log) => log.stop())));

/** Begins a log of so many entries, and counts what is asked for besides its last page. */
async function begin(length: number) {
  const log = startLongLog(length);
  logs.push(log);
  let asked = 0;
  const mirror = createTopicMirror({
    baseUrl: log.url,
    fetch(url, init) {
      asked += 1;
      return fetch(url, init);
    },
  });
  const newest = await mirror.topicMessages({ topic: "0.0.3001", order: "desc", limit: PAGE });
  asked = 0;
  const { signal } = new AbortController();
  const beginning = await beginningOf(mirror, "0.0.3001", newest.items.toReversed(), signal);
  return { beginning, asked, sequences: beginning?.messages.map(({ sequence }) => sequence) };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test("a log that fits a page is there with it", async () => {
  const { beginning, asked, sequences } = await begin(90);
  expect(beginning?.start).toBeNull();
  expect(sequences).toEqual(range(1, 90));
  expect(asked).toBe(0);
});

test("a short log is read from its first message on, nothing of it twice", async () => {
  const { beginning, asked, sequences } = await begin(310);
  expect(beginning?.start).toBeNull();
  expect(sequences).toEqual(range(1, 310));
  expect(asked).toBe(3);
});

test("a long log is read from its newest checkpoint on", async () => {
  const { beginning, sequences } = await begin(1_250);
  expect(beginning?.start?.message.sequence).toBe(1_000);
  expect(sequences).toEqual(range(1_000, 1_250));
});
