import { afterAll, describe, expect, test } from "bun:test";
import { formatTimestamp } from "../../hedera/timestamp.ts";
import { fixedRate } from "../rate/fixed.ts";
import { SAMPLE, sampleItem, sampleSchedule, sampleTime, sampleTokenTransfer } from "../store/sample.ts";
import { restApp } from "./rest.ts";
import { openRest, pageThrough } from "./rest-fixture.ts";

const rest = openRest([
  [sampleItem(1), sampleTokenTransfer(2, 3n, 10n, 3n)],
  [sampleTokenTransfer(3, 4n, 6n, 7n)],
  [
    sampleItem(
      4,
      {},
      { changes: [{ kind: "schedule", entity: sampleSchedule({ executed: sampleTime(4) }) }] },
    ),
  ],
]);
afterAll(() => rest.close());

const at = (n: number) => formatTimestamp(sampleTime(n));

describe("every answer", () => {
  test("may be read by any site", async () => {
    const { headers } = await rest.get("/blocks", { Origin: "https://example.org" });
    expect(headers.get("Access-Control-Allow-Origin")).toBe("*");
  });

  test("of an error may be read by any site and is not cached", async () => {
    const { status, headers } = await rest.get("/blocks/77", { Origin: "https://example.org" });
    expect([status, headers.get("Access-Control-Allow-Origin"), headers.get("Cache-Control")]).toEqual([
      404,
      "*",
      null,
    ]);
  });

  test("is not sent again to a client that has it", async () => {
    const first = await rest.get("/blocks");
    const etag = first.headers.get("ETag") ?? "";
    const second = await rest.get("/blocks", { "If-None-Match": etag });
    expect([second.status, second.text, second.headers.get("ETag")]).toEqual([304, "", etag]);
    expect((await rest.get("/blocks", { "If-None-Match": 'W/"other"' })).status).toBe(200);
  });

  test("reads parameter names in any case", async () => {
    expect((await rest.get("/blocks?LIMIT=1&Order=ASC")).body).toMatchObject({ blocks: [{ number: 0 }] });
  });
});

test("a page of any site may ask before it asks", async () => {
  const app = restApp({ store: rest.store, now: () => 0n, rate: fixedRate(1, 1), nodes: [] });
  const headers = { Origin: "https://example.org", "Access-Control-Request-Headers": "x-mine" };
  const response = await app.request("/api/v1/blocks", { method: "OPTIONS", headers });
  expect(response.status).toBe(204);
  expect(response.headers.get("Access-Control-Allow-Headers")).toBe("x-mine");
});

test("an unknown path is answered with 404", async () => {
  expect(await rest.get("/nothing")).toMatchObject({
    status: 404,
    body: { _status: { messages: [{ message: "Not found" }] } },
  });
});

test("a parameter repeated more than a hundred times is refused", async () => {
  const query = Array.from({ length: 101 }, (_, n) => `account.id=${n}`).join("&");
  const message = "Parameter values count exceeds maximum number allowed: account.id count: 101 max: 100";
  expect(await rest.get(`/accounts?${query}`)).toMatchObject({
    status: 400,
    body: { _status: { messages: [{ message }] } },
  });
});

test("a failure of the store is a 500, never an empty answer", async () => {
  const broken = openRest();
  broken.close();
  const app = restApp({ store: broken.store, now: () => 0n, rate: fixedRate(1, 1), nodes: [] });
  const response = await app.request("/api/v1/blocks");
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ _status: { messages: [{ message: "Internal error" }] } });
});

describe("blocks", () => {
  test.each([
    ["limit=1", [2, 1, 0]],
    ["order=asc&limit=2", [0, 1, 2]],
    ["block.number=gte:1", [2, 1]],
    ["block.number=0x1", [1]],
    [`timestamp=lte:${at(3)}`, [1, 0]],
  ])("with %p are paged through without a gap or a repeat", async (query, expected) => {
    const pages = await pageThrough(rest, `/blocks?${query}`, "blocks");
    expect(pages.flat()).toMatchObject(expected.map((number) => ({ number })));
  });

  test("are found by number and by either form of their hash, and chained", async () => {
    const { body } = await rest.get("/blocks/1");
    const hash = rest.store.lastBlock?.previousHash.toHex() ?? "";
    expect(body).toMatchObject({
      number: 1,
      count: 1,
      hash: `0x${hash}`,
      name: "2023-11-14T22_13_20.003000000Z.rcd",
    });
    expect((await rest.get(`/blocks/${hash}`)).body).toEqual(body);
    expect((await rest.get(`/blocks/0x${hash.slice(0, 64)}`)).body).toEqual(body);
    expect((await rest.get("/blocks/2")).body).toMatchObject({ previous_hash: `0x${hash}` });
  });

  test("with another name are refused", async () => {
    expect((await rest.get("/blocks/latest")).status).toBe(400);
  });
});

describe("schedules", () => {
  test("are given with their signatures and times", async () => {
    const { body, headers } = await rest.get(`/schedules/${SAMPLE.schedule}`);
    expect(body).toEqual({
      admin_key: null,
      consensus_timestamp: "1700000000.000000000",
      creator_account_id: SAMPLE.alice,
      deleted: false,
      executed_timestamp: at(4),
      expiration_time: "1700001800.000000000",
      memo: "17.0",
      payer_account_id: SAMPLE.bob,
      schedule_id: SAMPLE.schedule,
      signatures: [
        {
          consensus_timestamp: "1700000000.000000000",
          public_key_prefix: new Uint8Array(32).fill(3).toBase64(),
          signature: new Uint8Array(64).fill(4).toBase64(),
          type: "ED25519",
        },
      ],
      transaction_body: "AQID",
      wait_for_expiry: false,
    });
    expect(headers.get("Cache-Control")).toBe("public, max-age=3600");
    expect((await rest.get("/schedules?account.id=1001")).body).toEqual({
      schedules: [body],
      links: { next: null },
    });
    expect((await rest.get("/schedules?account.id=1002")).body).toMatchObject({ schedules: [] });
  });

  test("that aren't there are 404", async () => {
    expect((await rest.get("/schedules/0.0.1")).status).toBe(404);
  });
});

describe("synthetic logs", () => {
  const LOGS = `/contracts/${SAMPLE.token}/results/logs`;
  const topic = (address: string) => `0x${address.padStart(64, "0")}`;

  test("are the token's transfers as ERC-20 events", async () => {
    const { body } = await rest.get(LOGS);
    expect(body).toMatchObject({
      logs: [
        { data: topic("4"), block_number: 1, transaction_index: 0, timestamp: at(3) },
        {
          address: "0x00000000000000000000000000000000000003eb",
          contract_id: SAMPLE.token,
          data: topic("3"),
          index: 0,
          topics: [
            "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
            topic("3e9"),
            topic("ab".repeat(20)),
          ],
          block_number: 0,
          transaction_index: 1,
        },
      ],
      links: { next: null },
    });
    expect((await rest.get("/contracts/results/logs")).body).toEqual(body);
  });

  test.each([["limit=1"], ["limit=1&order=asc"], [`limit=1&timestamp=gte:${at(1)}&timestamp=lt:${at(4)}`]])(
    "with %p are paged through without a gap or a repeat",
    async (query) => {
      const pages = await pageThrough(rest, `${LOGS}?${query}`, "logs");
      const times = pages.flat().map((log) => JSON.stringify(log).match(/"timestamp":"([^"]+)"/)?.[1]);
      expect(times.sort()).toEqual([at(2), at(3)]);
    },
  );

  test("can be looked for by topic within a closed range of time only", async () => {
    const range = `timestamp=gte:${at(1)}&timestamp=lte:${at(4)}`;
    const wanted = `topic2=${"ab".repeat(20)}`;
    expect((await rest.get(`${LOGS}?${wanted}&${range}`)).body).toMatchObject({ logs: [{}, {}] });
    expect((await rest.get(`${LOGS}?topic1=${"ab".repeat(20)}&${range}`)).body).toMatchObject({ logs: [] });
    const { status, text } = await rest.get(`${LOGS}?${wanted}`);
    expect([status, text]).toEqual([
      400,
      expect.stringContaining("Cannot search topics without a valid timestamp range"),
    ]);
  });

  test("are found by transaction", async () => {
    const hash = sampleItem(3).record.transactionHash.toHex().slice(0, 64);
    expect((await rest.get(`/contracts/results/logs?transaction.hash=0x${hash}`)).body).toMatchObject({
      logs: [{ timestamp: at(3) }],
    });
  });
});
