import { expect, test } from "bun:test";
import fc from "fast-check";
import { SAMPLE, sampleItem, sampleMessage, sampleTokenTransfer } from "../store/sample.ts";
import { openRest } from "./rest-fixture.ts";

const SEED = 20_261_121;
/** With the transactions and queries to the ledger (`fuzz.test.ts`), 100,000 in all. */
const RUNS = 20_000;
const TIMEOUT_MS = 60_000;

const paths = [
  "/accounts",
  `/accounts/${SAMPLE.alice}`,
  `/accounts/${SAMPLE.alice}/tokens`,
  "/balances",
  "/blocks",
  "/contracts/results/logs",
  `/contracts/${SAMPLE.token}/results/logs`,
  "/network/exchangerate",
  "/network/fees",
  "/network/nodes",
  "/network/supply",
  "/schedules",
  "/tokens",
  `/tokens/${SAMPLE.token}`,
  `/tokens/${SAMPLE.token}/balances`,
  `/topics/${SAMPLE.topic}/messages`,
  "/transactions",
];
const names = [
  "account.id",
  "account.balance",
  "account.publickey",
  "balance",
  "block.number",
  "encoding",
  "index",
  "limit",
  "name",
  "node.id",
  "order",
  "result",
  "sequencenumber",
  "timestamp",
  "token.id",
  "topic0",
  "transactiontype",
  "transactions",
  "type",
];
const operators = ["", "eq:", "ne:", "gt:", "gte:", "lt:", "lte:", "xx:", "gt:lt:"];
const values = [
  "0",
  "1",
  "3",
  "1001",
  "0.0.1002",
  "1700000000.002",
  "9223372036854775807",
  "asc",
  "true",
  "fail",
  "credit",
  "0x1",
  "CRYPTOTRANSFER",
];

const value = fc
  .tuple(
    fc.constantFrom(...operators),
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...values) }, fc.string()),
  )
  .map(([operator, text]) => operator + text);
const query = fc.array(
  fc.tuple(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.string()), value),
  { maxLength: 4 },
);
const segment = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...paths) },
  fc.string().map((text) => `/topics/${encodeURIComponent(text)}`),
  fc.string().map((text) => `/accounts/${encodeURIComponent(text)}`),
  fc.string().map((text) => `/transactions/${encodeURIComponent(text)}`),
);

test(
  "whatever is asked is answered with a proper status, and every 200 keeps to the specification",
  async () => {
    const rest = openRest([[sampleItem(1), sampleMessage(2, 1)], [sampleTokenTransfer(3, 5n, 1n, 5n)]]);
    await fc.assert(
      fc.asyncProperty(segment, query, async (path, pairs) => {
        const { status } = await rest.get(`${path}?${new URLSearchParams(pairs)}`);
        expect([200, 400, 404]).toContain(status);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    rest.close();
  },
  TIMEOUT_MS,
);
