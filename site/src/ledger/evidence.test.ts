import { expect, test } from "bun:test";
import { ACCOUNTS, MANIFEST, TestLog } from "../../../lib/festival/testing/log.ts";
import { begin, play } from "../../../lib/festival/testing/player.ts";
import { entriesAbout, manifestFor } from "./evidence.ts";
import { EMPTY_LOG, entryAt, type FeedEntry, readOn, taskOf } from "./feed.ts";

const log = new TestLog();
begin(log);
while (log.state.commits < 2) play(log, { pick: 0, way: 0, wait: 1 });
log.say(MANIFEST, ACCOUNTS.owner);
log.say({ v: 1, type: "tick" }, ACCOUNTS.coordinator);
const view = readOn(EMPTY_LOG, log.messages);

const types = (entries: readonly FeedEntry[]) =>
  entries.map(({ decoded }) => (decoded.kind === "entry" ? decoded.entry.name : decoded.kind));
const paid = view.entries.filter((one) => types([one])[0] === "payment_settled" && taskOf(one) === "1.1.1");

test("an entry about a task comes with all that its edition says of that task, and with nothing else", () => {
  const [first, second] = paid.map((one) => entriesAbout(view, one));
  expect(types(first ?? [])).toEqual(types(second ?? []));
  expect(types(first ?? [])).toEqual([
    "task_planned",
    "task_assignment",
    "status_update",
    "task_result",
    "payment_settled",
  ]);
  expect(first?.at(-1)).toBe(paid[0]);
  expect(second?.at(-1)).toBe(paid[1]);
});

test("an entry about no task comes alone", () => {
  const tick = entryAt(view, log.messages.length);
  expect(types(tick === null ? [] : entriesAbout(view, tick))).toEqual(["tick"]);
});

test("the manifest is the one that was in force when the entry was said", () => {
  const [payment, tick] = [paid[0], entryAt(view, log.messages.length)];
  expect(payment && manifestFor(view, payment)).toBe(1);
  expect(tick && manifestFor(view, tick)).toBe(log.messages.length - 1);
});
