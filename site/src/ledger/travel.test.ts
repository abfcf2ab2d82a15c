import { expect, test } from "bun:test";
import { foldAll } from "../../../lib/festival/fold.ts";
import { TestLog } from "../../../lib/festival/testing/log.ts";
import { begin, play } from "../../../lib/festival/testing/player.ts";
import { EMPTY_LOG, type LogView, logFrom, MILESTONE_EVERY, readOn } from "./feed.ts";
import { viewAt } from "./travel.ts";

const log = new TestLog();
begin(log);
for (let move = 0; move < 3 * MILESTONE_EVERY; move++) play(log, { pick: move, way: 1, wait: 1 });
const view = readOn(EMPTY_LOG, log.messages);
const timeOf = (sequence: number) => log.messages[sequence - 1]?.timestamp ?? 0n;

/** What was folded, without the entries behind it. */
const substance = ({ state, payments, trades, results, entries }: LogView) => ({
  state,
  payments,
  trades,
  results,
  entries: entries.length,
});

test.each([1, 2, MILESTONE_EVERY - 1, MILESTONE_EVERY, MILESTONE_EVERY + 1, 2 * MILESTONE_EVERY + 7])(
  "the moment of entry %p shows what was folded by then",
  (sequence) => {
    const straight = readOn(EMPTY_LOG, log.messages.slice(0, sequence));
    const past = viewAt(view, timeOf(sequence));
    expect(past && substance(past)).toEqual(substance(straight));
  },
);

test("a moment just before an entry does not show it", () => {
  expect(viewAt(view, timeOf(10) - 1n)?.state.head?.sequence).toBe(9);
});

test("a moment before the first entry shows nothing, one after the last shows all", () => {
  expect(viewAt(view, timeOf(1) - 1n)).toBe(EMPTY_LOG);
  expect(viewAt(view, timeOf(log.messages.length) + 1n)).toBe(view);
});

test("a view that begins at a checkpoint does not reach behind it", () => {
  const begun = readOn(logFrom(foldAll(log.messages.slice(0, 100))), log.messages.slice(100));
  expect(viewAt(begun, timeOf(50))).toBeNull();
  expect(viewAt(begun, timeOf(2 * MILESTONE_EVERY))?.state).toEqual(
    foldAll(log.messages.slice(0, 2 * MILESTONE_EVERY)),
  );
});
