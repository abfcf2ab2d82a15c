import { afterAll, describe, expect, test } from "bun:test";
import * as z from "zod/mini";
import { formatTimestamp } from "../../hedera/timestamp.ts";
import {
  SAMPLE,
  sampleItem,
  sampleMessage,
  sampleSchedule,
  sampleTime,
  sampleTokenTransfer,
} from "../store/sample.ts";
import { openRest, pageThrough } from "./rest-fixture.ts";

const OUTSIDER = "0.0.1002";
const rest = openRest([
  [sampleMessage(1, 1), sampleMessage(2, 2)],
  [sampleTokenTransfer(3, 2n ** 60n, 1n, 2n ** 60n)],
  [sampleItem(4, { result: "INSUFFICIENT_ACCOUNT_BALANCE" })],
  [sampleItem(5, { type: "SCHEDULECREATE", entity: SAMPLE.schedule, validStart: sampleTime(0) })],
  [
    sampleItem(6, {
      scheduled: true,
      validStart: sampleTime(0),
      node: null,
      batchKey: new Uint8Array([0x32, 0]),
    }),
  ],
  [
    sampleItem(7, {
      payer: SAMPLE.bob,
      transfers: [
        { account: SAMPLE.bob, amount: -1n },
        { account: SAMPLE.node, amount: 1n },
      ],
    }),
  ],
]);
afterAll(() => rest.close());

const Row = z.looseObject({ consensus_timestamp: z.string() });
const at = (n: number) => formatTimestamp(sampleTime(n));

/** The numbers of the sample transactions that a query finds, all its pages together. */
async function found(query: string, path = "/transactions"): Promise<number[]> {
  const pages = await pageThrough(rest, `${path}?${query}`, "transactions");
  const times = pages.flat().map((row) => Row.parse(row).consensus_timestamp);
  return times.map((time) => [1, 2, 3, 4, 5, 6, 7].find((n) => at(n) === time) ?? 0);
}

test("a transaction is given with every amount to the last unit", async () => {
  const { text, body } = await rest.get(`/transactions?timestamp=${at(3)}`);
  expect(text).toContain(`"amount":-${2n ** 60n}`);
  expect(text).toContain(`"amount":${2n ** 60n}`);
  expect(body).toMatchObject({
    transactions: [
      {
        charged_tx_fee: 100,
        consensus_timestamp: at(3),
        entity_id: null,
        max_fee: "1000",
        memo_base64: btoa("memo 3"),
        name: "CRYPTOTRANSFER",
        node: "0.0.3",
        nonce: 0,
        parent_consensus_timestamp: null,
        result: "SUCCESS",
        scheduled: false,
        token_transfers: [
          { token_id: SAMPLE.token, account: SAMPLE.alice, is_approval: false },
          { token_id: SAMPLE.token, account: SAMPLE.bob, is_approval: false },
        ],
        transaction_id: `${SAMPLE.alice}-${formatTimestamp(sampleTime(3) - 5n).replace(".", "-")}`,
        transfers: [
          { account: SAMPLE.node, amount: 100, is_approval: false },
          { account: SAMPLE.alice, amount: -100, is_approval: false },
        ],
        valid_duration_seconds: "180",
      },
    ],
    links: { next: null },
  });
});

describe("the list", () => {
  test.each([
    ["", [7, 6, 5, 4, 3, 2, 1]],
    ["order=asc&limit=3", [1, 2, 3, 4, 5, 6, 7]],
    ["limit=1", [7, 6, 5, 4, 3, 2, 1]],
    ["account.id=0.0.1001&order=asc&limit=2", [1, 2, 3, 4, 5, 6]],
    [`account.id=${OUTSIDER}`, [7, 3]],
    [`account.id=${OUTSIDER}&type=credit`, [3]],
    [`account.id=${OUTSIDER}&type=debit`, [7]],
    ["account.id=0.0.1001&account.id=0.0.1002&limit=2&order=asc", [1, 2, 3, 4, 5, 6, 7]],
    ["account.id=gte:1002&limit=1", [7, 3]],
    ["account.id=0.0.5", []],
    ["result=fail", [4]],
    ["result=success&transactiontype=cryptotransfer", [7, 6, 3]],
    ["transactiontype=CONSENSUSSUBMITMESSAGE&transactiontype=SCHEDULECREATE&order=asc&limit=1", [1, 2, 5]],
    ["account.id=0.0.1001&transactiontype=CRYPTOTRANSFER&limit=2", [6, 4, 3]],
    ["account.id=0.0.1001&transactiontype=CONSENSUSSUBMITMESSAGE", [2, 1]],
    ["account.id=0.0.1001&result=fail", [4]],
    [`timestamp=gte:${at(2)}&timestamp=lt:${at(5)}&limit=1`, [4, 3, 2]],
    [`timestamp=ne:${at(7)}&limit=4`, [6, 5, 4, 3, 2, 1]],
    [`timestamp=${at(2)}`, [2]],
    ["type=credit&type=debit", []],
    ["type=debit&limit=6", [7, 6, 5, 4, 3, 2, 1]],
  ])("with %p pages through exactly the right transactions", async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  test.each([
    ["timestamp=gt:1&timestamp=gte:2", "Multiple gt or gte operators not permitted for timestamp param"],
    ["timestamp=lt:1&timestamp=lte:2", "Multiple lt or lte operators not permitted for timestamp param"],
    ["timestamp=1&timestamp=lt:2", "Cannot combine eq with ne, gt, gte, lt, or lte for timestamp param"],
    ["transactiontype=GIVE", "Invalid parameter: transactiontype"],
    ["account.id=alice", "Invalid parameter: account.id"],
    ["entity.id=0.0.1", "Unknown query parameter: entity.id"],
  ])("refuses %p", async (query, message) => {
    const body = { _status: { messages: [{ message }] } };
    expect(await rest.get(`/transactions?${query}`)).toMatchObject({ status: 400, body });
  });

  test("cuts a limit above 100 to 100, and has 25 where none is given", async () => {
    const many = openRest([Array.from({ length: 120 }, (_, n) => sampleItem(n))]);
    expect(
      (await pageThrough(many, "/transactions?limit=100000", "transactions")).map((page) => page.length),
    ).toEqual([100, 20]);
    expect((await pageThrough(many, "/transactions", "transactions"))[0]).toHaveLength(25);
    many.close();
  });

  test("shows what the network added to an account whom it moved something, but not to the payer alone", async () => {
    const added = { nonce: 1, transfers: [{ account: SAMPLE.bob, amount: 1n }] };
    const other = openRest([
      [
        sampleItem(1),
        sampleItem(2, added),
        sampleItem(3, { ...added, parentConsensusTimestamp: sampleTime(1) }),
      ],
    ]);
    const count = async (query: string) =>
      (await pageThrough(other, `/transactions?${query}`, "transactions")).flat().length;
    expect([await count(""), await count("account.id=0.0.1001"), await count("account.id=0.0.1002")]).toEqual(
      [3, 2, 2],
    );
    other.close();
  });
});

describe("by id", () => {
  const id = `${SAMPLE.alice}-${formatTimestamp(sampleTime(0)).replace(".", "-")}`;

  test("gives a schedule's creation and its execution, which share the id", async () => {
    const { body } = await rest.get(`/transactions/${id}`);
    const both = [
      { name: "SCHEDULECREATE", scheduled: false },
      { name: "CRYPTOTRANSFER", scheduled: true },
    ];
    expect(body).toMatchObject({ transactions: both });
    expect(body).not.toHaveProperty("links");
  });

  test("and scheduled or nonce gives one of them", async () => {
    const { body } = await rest.get(`/transactions/${id}?scheduled=true`);
    expect(body).toMatchObject({ transactions: [{ scheduled: true }] });
    expect((await rest.get(`/transactions/${id}?nonce=1`)).status).toBe(404);
  });

  test("may be cached for long only once nothing more can come of it", async () => {
    expect((await rest.get(`/transactions/${id}`)).headers.get("Cache-Control")).toBe("public, max-age=5");
    rest.store.ingest([
      sampleItem(
        8,
        {},
        { changes: [{ kind: "schedule", entity: sampleSchedule({ executed: sampleTime(6) }) }] },
      ),
    ]);
    expect((await rest.get(`/transactions/${id}`)).headers.get("Cache-Control")).toBe("public, max-age=600");
  });

  test("takes the transaction's hash in hex and in base64url", async () => {
    const { transactionHash } = sampleItem(3).record;
    const hex = transactionHash.toHex();
    const forms = [hex, `0x${hex}`, transactionHash.toBase64({ alphabet: "base64url" })];
    for (const form of forms) {
      expect((await rest.get(`/transactions/${form}`)).body).toMatchObject({
        transactions: [{ consensus_timestamp: at(3) }],
      });
    }
  });

  test.each(["0.0.2@1.2", "0.0.2-1", "x", "0.0.2-99999999999999999999-1"])("refuses %p", async (form) => {
    const message =
      'Invalid Transaction id. Please use "shard.realm.num-sss-nnn" format where sss are seconds and nnn are nanoseconds';
    const body = { _status: { messages: [{ message }] } };
    expect(await rest.get(`/transactions/${form}`)).toMatchObject({ status: 400, body });
  });

  test("answers 404 until it has been imported", async () => {
    expect((await rest.get("/transactions/0.0.2-1-1")).status).toBe(404);
  });
});
