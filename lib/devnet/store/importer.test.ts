import { afterEach, beforeEach, expect, test } from "bun:test";
import { Importer } from "./importer.ts";
import { SAMPLE_START, sampleItem, sampleTime } from "./sample.ts";
import { TRANSACTION } from "./schema.ts";
import { Store } from "./store.ts";

let store: Store;
beforeEach(() => {
  store = new Store(null);
});
afterEach(() => store.close());

const stored = () => store.rows(TRANSACTION, "").length;
const journaled = () => store.raw("SELECT * FROM journal").length;

test("what is appended in one turn becomes one block in the next", async () => {
  const importer = new Importer({ store, lagMs: 0 });
  const blocks: [bigint, number][] = [];
  importer.onBlock((block, items) => void blocks.push([block.number, items.length]));
  importer.append(sampleItem(1));
  importer.append(sampleItem(2));
  expect(stored()).toBe(0);
  await new Promise(setImmediate);
  importer.append(sampleItem(3));
  await new Promise(setImmediate);
  expect(blocks).toEqual([
    [0n, 2],
    [1n, 1],
  ]);
  importer.stop();
});

test("persist makes everything durable at once, so that a receipt can be given", () => {
  const importer = new Importer({ store, lagMs: 0 });
  importer.append(sampleItem(1));
  importer.persist();
  expect(stored()).toBe(1);
  importer.stop();
});

test("with a lag a record is journaled at once and visible later", async () => {
  const importer = new Importer({ store, lagMs: 20 });
  const visible = new Promise<void>((done) => {
    importer.onBlock(() => done());
  });
  importer.append(sampleItem(1));
  importer.persist();
  expect([stored(), journaled()]).toEqual([0, 1]);
  await visible;
  expect([stored(), journaled()]).toEqual([1, 0]);
  importer.stop();
});

test("visibleUntil never runs past what is still waiting", () => {
  const importer = new Importer({ store, lagMs: 60_000 });
  const later = SAMPLE_START + 10n ** 12n;
  expect(importer.visibleUntil(later)).toBe(later);
  importer.append(sampleItem(1));
  expect(importer.visibleUntil(later)).toBe(sampleTime(1));
  importer.stop();
  expect(stored()).toBe(1);
});

test("a listener that left hears nothing more", () => {
  const importer = new Importer({ store, lagMs: 0 });
  let heard = 0;
  const leave = importer.onBlock(() => void heard++);
  importer.append(sampleItem(1));
  importer.persist();
  leave();
  importer.append(sampleItem(2));
  importer.persist();
  expect(heard).toBe(1);
  importer.stop();
});
