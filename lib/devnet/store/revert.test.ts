import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sampleItem, sampleState, sampleTime } from "./sample.ts";
import { TRANSACTION } from "./schema.ts";
import { Store } from "./store.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "fest-store-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const timesIn = (store: Store) =>
  store
    .rows(TRANSACTION, 'ORDER BY "consensusTimestamp"')
    .map(({ consensusTimestamp }) => consensusTimestamp);

test("what waited at a snapshot is not lost if the process dies right after the revert", () => {
  const file = join(directory, "ledger.db");
  const store = new Store(file);
  store.ingestGenesis(sampleState());
  store.ingest([sampleItem(1)]);
  const snapshot = store.snapshot();
  store.ingest([sampleItem(2)]);
  store.ingest([sampleItem(3)]);
  store.revert(snapshot, [sampleItem(2)]);
  expect(timesIn(store)).toEqual([sampleTime(1)]);
  store.close();
  const reopened = new Store(file);
  expect(timesIn(reopened)).toEqual([1, 2].map(sampleTime));
  reopened.close();
});

test("a revert gives block numbers and hashes out again", () => {
  const store = new Store(null);
  store.ingestGenesis(sampleState());
  store.ingest([sampleItem(1)]);
  const snapshot = store.snapshot();
  const undone = store.ingest([sampleItem(2)]);
  store.revert(snapshot, []);
  expect(store.ingest([sampleItem(2)])).toEqual(undone);
  store.close();
});

test("a copy goes its own way", () => {
  const store = new Store(null);
  store.ingestGenesis(sampleState());
  store.ingest([sampleItem(1)]);
  const copy = store.copy();
  store.ingest([sampleItem(2)]);
  expect([timesIn(store).length, timesIn(copy).length]).toEqual([2, 1]);
  copy.close();
  store.close();
});
