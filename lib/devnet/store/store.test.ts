import { afterEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACCOUNT } from "./entities.ts";
import {
  SAMPLE,
  sampleAccount,
  sampleItem,
  sampleMessage,
  sampleState,
  sampleTime,
  sampleTokenTransfer,
} from "./sample.ts";
import { BLOCK, CONTRACT_LOG, MESSAGE, PARTY, TRANSACTION } from "./schema.ts";
import { Store } from "./store.ts";

const opened: (Store | string)[] = [];

function open(file: string | null = null): Store {
  const store = new Store(file);
  opened.push(store);
  return store;
}

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "fest-store-test-"));
  opened.push(path);
  return path;
}

afterEach(() => {
  for (const one of opened.splice(0).reverse()) {
    if (one instanceof Store) one.close();
    else rmSync(one, { recursive: true });
  }
});

describe("what goes in comes out", () => {
  test("every entity of every kind", () => {
    const store = open();
    store.ingestGenesis(sampleState());
    const withoutAddress = [...store.state()].map((change) => {
      if (change.kind !== "account") return change;
      return {
        kind: change.kind,
        entity: sampleAccount(change.entity.id, {
          balance: change.entity.balance,
          alias: change.entity.alias,
        }),
      };
    });
    const order = ["account", "topic", "token", "relation", "schedule"];
    const expected = sampleState().sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
    expect(withoutAddress).toEqual(expected);
  });

  test("a transaction with all its transfers, and its message", () => {
    const store = open();
    const transfer = sampleTokenTransfer(1, 2n ** 59n, 1n, 2n);
    const message = sampleMessage(2, 1);
    store.ingest([transfer, message]);
    expect(store.rows(TRANSACTION, 'ORDER BY "consensusTimestamp"')).toEqual([
      transfer.record,
      message.record,
    ]);
    expect(store.rows(MESSAGE, "")).toEqual(message.message === null ? [] : [message.message]);
  });

  test("only the last version of an entity that changed twice in a block", () => {
    const store = open();
    const versions = [5n, 6n].map((balance, n) =>
      sampleItem(n, {}, { changes: [{ kind: "account", entity: sampleAccount(SAMPLE.bob, { balance }) }] }),
    );
    store.ingest(versions);
    expect(store.rows(ACCOUNT, "").map(({ balance }) => balance)).toEqual([6n]);
  });
});

describe("blocks", () => {
  test("are numbered without gaps and chained by their hashes", () => {
    const store = open();
    for (const n of [0, 1, 2]) store.ingest([sampleItem(2 * n), sampleItem(2 * n + 1)]);
    const blocks = store.rows(BLOCK, 'ORDER BY "number"');
    expect(blocks.map(({ number }) => number)).toEqual([0n, 1n, 2n]);
    expect(blocks[0]?.previousHash).toEqual(new Uint8Array(48));
    expect(blocks[1]?.previousHash).toEqual(blocks[0]?.hash ?? new Uint8Array());
    expect(blocks[2]?.previousHash).toEqual(blocks[1]?.hash ?? new Uint8Array());
    expect(blocks.map(({ from, to, count }) => [from, to, count])).toEqual([
      [sampleTime(0), sampleTime(1), 2],
      [sampleTime(2), sampleTime(3), 2],
      [sampleTime(4), sampleTime(5), 2],
    ]);
  });

  test("have a hash that depends on every transaction", () => {
    const [one, other] = [open(), open()];
    one.ingest([sampleItem(0), sampleItem(1)]);
    other.ingest([sampleItem(0), sampleItem(1, { transactionHash: new Uint8Array(48) })]);
    expect(one.lastBlock?.hash).not.toEqual(other.lastBlock?.hash ?? new Uint8Array());
  });

  test("of nothing are no blocks", () => {
    expect(open().ingest([])).toBeNull();
  });
});

test("the parties of a transaction are its payer and everyone whom it moved something", () => {
  const store = open();
  store.ingest([sampleTokenTransfer(1, 5n, 0n, 5n)]);
  const parties = store.rows(PARTY, 'ORDER BY "account"');
  expect(
    parties.map(({ account, amount, payer, credit, debit }) => [account, amount, payer, credit, debit]),
  ).toEqual([
    [SAMPLE.node, 100n, false, true, false],
    [SAMPLE.alice, -100n, true, false, true],
    [SAMPLE.bob, 0n, false, true, false],
  ]);
});

test("a token transfer leaves a synthetic log", () => {
  const store = open();
  store.ingest([sampleItem(0), sampleTokenTransfer(1, 5n, 0n, 5n)]);
  expect(store.rows(CONTRACT_LOG, "")).toMatchObject([
    {
      from: SAMPLE.alice,
      to: SAMPLE.bob,
      token: SAMPLE.token,
      amount: 5n,
      blockNumber: 0n,
      transactionIndex: 1,
    },
  ]);
});

test("a record that cannot be stored leaves no trace of its block", () => {
  const store = open();
  const broken = sampleItem(1, { maxFee: 2n ** 70n });
  expect(() => store.ingest([sampleMessage(0, 1), broken])).toThrow();
  expect(store.rows(TRANSACTION, "")).toEqual([]);
  expect(store.rows(MESSAGE, "")).toEqual([]);
  expect(store.lastBlock).toBeNull();
});

describe("a file", () => {
  test("carries on where it was left", () => {
    const file = join(directory(), "data", "ledger.db");
    const first = new Store(file);
    first.ingestGenesis(sampleState());
    first.ingest([sampleItem(0)]);
    const last = first.lastBlock;
    first.close();
    const second = open(file);
    expect(second.isEmpty).toBe(false);
    expect(second.lastBlock).toEqual(last);
    expect(second.recentRecords(1)).toEqual([sampleItem(0).record]);
    expect(second.ingest([sampleItem(1)])?.number).toBe(1n);
  });

  test("belongs to one process at a time", () => {
    const file = join(directory(), "ledger.db");
    open(file);
    expect(() => new Store(file)).toThrow(expect.objectContaining({ code: "STORE_IN_USE" }));
  });

  test("of another version is refused", () => {
    const file = join(directory(), "ledger.db");
    const store = new Store(file);
    store.raw("PRAGMA user_version = 99");
    store.close();
    expect(() => new Store(file)).toThrow(expect.objectContaining({ code: "STORE_VERSION" }));
  });

  test("makes visible what was only journaled when the process died", () => {
    const file = join(directory(), "ledger.db");
    const first = new Store(file);
    first.ingestGenesis(sampleState());
    first.journal([sampleMessage(0, 1), sampleMessage(1, 2)]);
    expect(first.rows(MESSAGE, "")).toEqual([]);
    first.close();
    const second = open(file);
    expect(second.rows(MESSAGE, "").map(({ sequenceNumber }) => sequenceNumber)).toEqual([1n, 2n]);
    expect(second.raw("SELECT * FROM journal")).toEqual([]);
  });
});

test("without a file it leaves nothing in the temporary directory", () => {
  const before = new Set(readdirSync(tmpdir()));
  const store = open();
  store.ingest([sampleItem(0)]);
  const left = readdirSync(tmpdir()).filter((name) => name.startsWith("fest-devnet-") && !before.has(name));
  expect(left.filter((name) => existsSync(join(tmpdir(), name, "ledger.db")))).toEqual([]);
});

test.each([
  [
    'SELECT * FROM "message" INDEXED BY messageByTime WHERE "topic" = ? AND "consensusTimestamp" > ? ORDER BY "consensusTimestamp" DESC LIMIT 5',
  ],
  ['SELECT * FROM "message" WHERE "topic" = ? AND "sequenceNumber" >= ? ORDER BY "sequenceNumber" LIMIT 1'],
  ['SELECT * FROM "transaction" WHERE "payer" = ? AND "validStart" = ?'],
  [
    'SELECT * FROM "contractLog" WHERE "token" = ? AND "consensusTimestamp" > ? ORDER BY "consensusTimestamp", "index" LIMIT 5',
  ],
  ['SELECT * FROM "account" WHERE "evmAddress" = ? AND 1 = ?'],
])("is answered from an index, without sorting: %s", (sql) => {
  const plan = open()
    .raw(`EXPLAIN QUERY PLAN ${sql}`, [1n, 1n])
    .map(({ detail }) => String(detail));
  expect(plan.join("; ")).toContain("USING INDEX");
  expect(plan.join("; ")).not.toContain("SCAN");
  expect(plan.join("; ")).not.toContain("TEMP B-TREE");
});
