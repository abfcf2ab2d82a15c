import { afterAll, describe, expect, test } from "bun:test";
import * as z from "zod/mini";
import { formatTimestamp } from "../../hedera/timestamp.ts";
import { SAMPLE, sampleMessage, sampleTime } from "../store/sample.ts";
import { openRest, pageThrough } from "./rest-fixture.ts";

const Message = z.looseObject({ sequence_number: z.number() });
const COUNT = 12;
const blocks = Array.from({ length: COUNT }, (_, i) => [sampleMessage(i + 1, i + 1)]);
const rest = openRest(blocks);
afterAll(() => rest.close());

const LIST = `/topics/${SAMPLE.topic}/messages`;
const at = (n: number) => formatTimestamp(sampleTime(n));

async function numbers(query: string): Promise<unknown[]> {
  const { body } = await rest.get(`${LIST}?${query}`);
  expect(body).toHaveProperty("messages");
  const pages = await pageThrough(rest, `${LIST}?${query}`, "messages");
  return pages.flat().map((row) => Message.parse(row).sequence_number);
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

test("a message is given as it was recorded", async () => {
  const { body, headers } = await rest.get(`${LIST}/3`);
  expect(body).toEqual({
    chunk_info: {
      initial_transaction_id: {
        account_id: SAMPLE.alice,
        nonce: 0,
        scheduled: false,
        transaction_valid_start: formatTimestamp(sampleTime(3) - 5n),
      },
      number: 1,
      total: 1,
    },
    consensus_timestamp: at(3),
    message: btoa("message 3"),
    payer_account_id: SAMPLE.alice,
    running_hash: new Uint8Array(48).fill(3).toBase64(),
    running_hash_version: 3,
    sequence_number: 3,
    topic_id: SAMPLE.topic,
  });
  expect(headers.get("Cache-Control")).toBe("public, max-age=600");
});

test("a message is the same by number, by time and in the list", async () => {
  const byNumber = await rest.get(`${LIST}/5`);
  const byTime = await rest.get(`/topics/messages/${at(5)}`);
  const listed = await rest.get(`${LIST}?sequencenumber=5`);
  expect(byTime.body).toEqual(byNumber.body);
  expect(listed.body).toEqual({ messages: [byNumber.body], links: { next: null } });
});

describe("the list", () => {
  test.each([
    ["", upTo(12)],
    ["order=desc", upTo(12).reverse()],
    ["limit=5", upTo(12)],
    ["limit=5&order=desc", upTo(12).reverse()],
    ["sequencenumber=gt:3", upTo(12, 4)],
    ["sequencenumber=gte:3&sequencenumber=lt:6&limit=1", [3, 4, 5]],
    ["sequencenumber=lte:4&order=desc&limit=2", [4, 3, 2, 1]],
    ["sequencenumber=ne:2&limit=3&sequencenumber=lt:6", [1, 3, 4, 5]],
    ["sequencenumber=eq:7", [7]],
    ["sequencenumber=gt:12", []],
    ["sequencenumber=lt:1", []],
    [`timestamp=gt:${at(10)}`, [11, 12]],
    [`timestamp=gte:${at(10)}&limit=1`, [10, 11, 12]],
    [`timestamp=lt:${at(3)}`, [1, 2]],
    [`timestamp=lte:${at(3)}&order=desc`, [3, 2, 1]],
    [`timestamp=${at(4)}`, [4]],
    [`timestamp=gt:${at(2)}&sequencenumber=lt:5&limit=1`, [3, 4]],
    ["limit=12", upTo(12)],
  ])("with %p pages through exactly the right messages", async (query, expected) => {
    expect(await numbers(query)).toEqual(expected);
  });

  test("has a next link exactly where a page is full, and keeps the other filters in it", async () => {
    const { body, headers } = await rest.get(`${LIST}?sequencenumber=gt:2&timestamp=lte:${at(9)}&limit=2`);
    const next = `/api/v1${LIST}?sequencenumber=gt:2&timestamp=lte:${at(9)}&timestamp=gt:${at(4)}&limit=2`;
    expect(body).toHaveProperty("links.next", next);
    expect(headers.get("Link")).toBe(`<${next}>; rel="next"`);
  });

  test("replaces the bound that the page before it had", async () => {
    const { body } = await rest.get(`${LIST}?timestamp=gt:${at(1)}&limit=2`);
    expect(body).toHaveProperty("links.next", `/api/v1${LIST}?limit=2&timestamp=gt:${at(3)}`);
  });

  test("has no next link where nothing could follow", async () => {
    const { body } = await rest.get(`${LIST}?timestamp=lte:${at(2)}&limit=2`);
    expect(body).toHaveProperty("links.next", null);
  });

  test("is empty for a topic that nobody knows", async () => {
    expect((await rest.get("/topics/0.0.9999/messages")).body).toEqual({
      messages: [],
      links: { next: null },
    });
  });

  test("gives texts where they are asked for", async () => {
    const { body } = await rest.get(`${LIST}?sequencenumber=1&encoding=UTF-8`);
    expect(body).toHaveProperty("messages.0.message", "message 1");
  });

  test.each(["0.1004", "1004"])("takes the id in the form %p", async (id) => {
    expect((await rest.get(`/topics/${id}/messages?limit=1`)).body).toHaveProperty(
      "messages.0.sequence_number",
      1,
    );
  });
});

test("a topic is given with its keys and times", async () => {
  const { body, headers } = await rest.get(`/topics/${SAMPLE.topic}`);
  expect(body).toMatchObject({
    admin_key: { _type: "ED25519", key: "07".repeat(32) },
    auto_renew_account: SAMPLE.alice,
    memo: "log",
    submit_key: null,
    topic_id: SAMPLE.topic,
  });
  expect(headers.get("Cache-Control")).toBe("public, max-age=5");
});

describe("refusals", () => {
  const invalid = (...names: string[]) => ({
    _status: { messages: names.map((name) => ({ message: `Invalid parameter: ${name}` })) },
  });

  test.each([
    ["/topics/abc/messages", invalid("topic.id")],
    [`${LIST}?limit=0`, invalid("limit")],
    [`${LIST}?limit=-1`, invalid("limit")],
    [`${LIST}?limit=ten`, invalid("limit")],
    [`${LIST}?sequencenumber=0`, invalid("sequencenumber")],
    [`${LIST}?sequencenumber=about:3`, invalid("sequencenumber")],
    [`${LIST}?timestamp=1.0000000001`, invalid("timestamp")],
    [`${LIST}?timestamp=12345678901`, invalid("timestamp")],
    [`${LIST}?order=up&encoding=rot13`, invalid("encoding", "order")],
    [`${LIST}/x`, invalid("sequenceNumber")],
    ["/topics/messages/yesterday", invalid("timestamp")],
  ])("%s is answered with 400", async (path, body) => {
    expect(await rest.get(path)).toMatchObject({ status: 400, body });
  });

  test("an unknown parameter is refused by name", async () => {
    const messages = [{ message: "Unknown query parameter: topic.id" }];
    expect(await rest.get(`${LIST}?topic.id=5`)).toMatchObject({
      status: 400,
      body: { _status: { messages } },
    });
  });

  test("what isn't there is answered with 404 in the words of its half of the mirror node", async () => {
    const node = { _status: { messages: [{ message: "Not found" }] } };
    expect(await rest.get(`${LIST}/13`)).toMatchObject({ status: 404, body: node });
    expect(await rest.get("/topics/messages/1.1")).toMatchObject({ status: 404, body: node });
    const java = { _status: { messages: [{ message: "Not Found", detail: "Topic not found" }] } };
    expect(await rest.get("/topics/0.0.9999")).toMatchObject({ status: 404, body: java });
  });
});
