import { describe, expect, test } from "bun:test";
import { foldAll } from "../../../lib/festival/fold.ts";
import { ACCOUNTS, TestLog } from "../../../lib/festival/testing/log.ts";
import { begin, play } from "../../../lib/festival/testing/player.ts";
import { addresseeOf, EMPTY_LOG, type LogView, prettyTextOf, readOn, taskOf, typeOf } from "./feed.ts";

/** Two editions of the test festival, played straight on: `way` 0 passes everything and trades nothing, 1 trades. */
function played(way: number): TestLog {
  const log = new TestLog();
  begin(log);
  for (let move = 0; move < 400 && log.state.commits < 2; move++) play(log, { pick: move, way, wait: 1 });
  return log;
}

function readAll(log: TestLog, batch: number): LogView {
  let view = EMPTY_LOG;
  for (let at = 0; at < log.messages.length; at += batch)
    view = readOn(view, log.messages.slice(at, at + batch));
  return view;
}

describe("reading the log", () => {
  test("gives the same view in whatever batches it comes", () => {
    const log = played(1);
    expect(readAll(log, 7)).toEqual(readAll(log, 1_000));
  });

  test("folds to the state of the fold, and keeps every message", () => {
    const log = played(1);
    const view = readAll(log, 100);
    expect(view.state).toEqual(foldAll(log.messages));
    expect(view.entries.map(({ message }) => message)).toEqual(log.messages);
  });

  test("leaves the view before as it was", () => {
    const log = played(0);
    const before = readOn(EMPTY_LOG, log.messages.slice(0, 5));
    readOn(before, log.messages.slice(5));
    expect(before.entries).toHaveLength(5);
  });

  test("knows the payments of every edition, not of the current one alone", () => {
    const { payments, state } = readAll(played(0), 100);
    expect(payments.map(({ edition }) => edition)).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    expect(
      payments.filter(({ edition }) => edition === 2).reduce((sum, { amount }) => sum + amount, 0n),
    ).toBe(state.edition?.amount ?? -1n);
    expect(payments[0]).toMatchObject({ agent: "inference-001", account: ACCOUNTS.inference, amount: 10n });
  });

  test("knows each trade once, with its latest stage", () => {
    const { trades } = readAll(played(1), 3);
    expect(trades.map(({ edition, trade }) => [edition, trade.stage])).toEqual([
      [1, "settled"],
      [2, "settled"],
    ]);
    expect(trades[0]?.trade).toMatchObject({ side: "buy", hbar: 500n, tokens: 90n });
  });

  test("keeps the trades of an edition whose tasks are gone", () => {
    const log = new TestLog();
    begin(log);
    for (let move = 0; move < 400 && log.state.commits < 1; move++)
      play(log, { pick: move, way: 1, wait: 1 });
    const after = readAll(log, 100);
    expect(after.trades).toHaveLength(1);
    expect(readAll(played(1), 100).trades.slice(0, 1)).toEqual([...after.trades]);
  });
});

describe("an entry", () => {
  test("is said by an agent, by the owner, or by an account that the manifest does not know", () => {
    const log = played(0);
    log.submit(new TextEncoder().encode('{"v":1,"type":"tick"}'), ACCOUNTS.stranger);
    const { entries } = readAll(log, 100);
    expect(entries[0]?.by).toBe("owner");
    expect(entries[1]?.by).toBe("coordinator");
    expect(entries.at(-1)?.by).toBe(ACCOUNTS.stranger);
    expect(entries.at(-1)?.verdict.kind).toBe("unauthorised");
  });

  test("has a type, a task and an addressee where it says so", () => {
    const { entries } = readAll(played(0), 100);
    const assignment = entries.find((entry) => typeOf(entry) === "task_assignment");
    const [manifest] = entries;
    if (!assignment || !manifest) throw new Error("the log has neither");
    expect([taskOf(assignment), addresseeOf(assignment)]).toEqual(["1.1.1", "inference-001"]);
    expect([taskOf(manifest), addresseeOf(manifest)]).toEqual([null, null]);
  });

  test("is shown as its JSON, indented, or as its text where it is none", () => {
    const log = new TestLog();
    log.submit(new TextEncoder().encode('{"v":1}'), ACCOUNTS.owner);
    log.submit(Uint8Array.of(0x3c, 0xff, 0x3e), ACCOUNTS.owner);
    expect(log.messages.map(prettyTextOf)).toEqual(['{\n  "v": 1\n}', "<\ufffd>"]);
  });
});
