import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { proto } from "@hiero-ledger/proto";
import { HANDLERS } from "../handler/registry.ts";
import { ABSENT } from "./absent.ts";
import { statusPage } from "./page.ts";
import type { StatusRow } from "./row.ts";
import { Stage } from "./stage.ts";
import { STATUS_ROWS } from "./status-table.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

test.each(
  STATUS_ROWS.map((row): [string, string, string, StatusRow] => [
    row.transaction,
    row.status,
    row.cause,
    row,
  ]),
)("%s ends as %s where %s", async (_transaction, status, _cause, row) => {
  expect(await stage.statusOf(row)).toBe(status);
  expect(stage.fixture.faults).toEqual([]);
});

const ledger = fileURLToPath(new URL("..", import.meta.url));
const HANDLER_FILES = readdirSync(`${ledger}handler`).filter((name) => !name.endsWith(".test.ts"));
/** Words that are other things than statuses where the ledger uses them. */
const NO_STATUSES = new Set(["OK", "UNKNOWN"]);
const NAMES = new Map<string, string>(HANDLERS.map(({ field }) => [field, transactionName(field)]));

function readSource(path: string): string {
  return readFileSync(`${ledger}${path}`, "utf8");
}

/** The file's name says what its handler is of: `crypto-create.ts` is of `CryptoCreate`. */
function transactionName(field: string): string {
  const file = HANDLER_FILES.find((name) =>
    readSource(`handler/${name}`).includes(`defineHandler("${field}"`),
  );
  return (file ?? "")
    .replace(".ts", "")
    .replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

/** Every status that a source names. */
function statusesIn(source: string): string[] {
  const words = [...source.matchAll(/"([A-Z][A-Z0-9_]+)"/g)].map(([, word]) => word ?? "");
  return [...new Set(words)].filter((word) => word in proto.ResponseCodeEnum && !NO_STATUSES.has(word));
}

test("every type of transaction that the ledger executes is in the table, and nothing else", () => {
  const named = new Set(STATUS_ROWS.map(({ transaction }) => transaction));
  named.delete("Any");
  expect([...named].sort()).toEqual([...NAMES.values()].sort());
});

test("every status that a handler names is in the table for its transaction", () => {
  const missing: string[] = [];
  for (const name of HANDLER_FILES) {
    const source = readSource(`handler/${name}`);
    if (!source.includes("defineHandler(")) continue;
    const transaction = NAMES.get(/defineHandler\("(\w+)"/.exec(source)?.[1] ?? "") ?? "";
    const shown = STATUS_ROWS.filter((row) => row.transaction === transaction || row.transaction === "Any");
    const absent = ABSENT.filter(({ of }) => of === undefined || of.includes(transaction));
    const known = new Set<string>([...shown, ...absent].map(({ status }) => status));
    const unknown = statusesIn(source).filter((status) => !known.has(status));
    missing.push(...unknown.map((status) => `${transaction} ${status}`));
  }
  expect(missing).toEqual([]);
});

test("every status that the ledger names anywhere is in the table, or said not to be", () => {
  const known = new Set<string>([...STATUS_ROWS, ...ABSENT].map(({ status }) => status));
  const sources = [...new Bun.Glob("**/*.ts").scanSync(ledger)].filter(
    (path) => !/\.test\.ts$|fixture\.ts$|^status-table\//.test(path),
  );
  const named = new Set(sources.flatMap((path) => statusesIn(readSource(path))));
  expect([...named].filter((status) => !known.has(status))).toEqual([]);
});

test("docs/transactions.md says what the rows say", () => {
  const page = readFileSync(
    fileURLToPath(new URL("../../../../docs/transactions.md", import.meta.url)),
    "utf8",
  );
  // If this fails: bun scripts/write-transactions-page.ts
  expect(page).toBe(statusPage(STATUS_ROWS, ABSENT));
});
