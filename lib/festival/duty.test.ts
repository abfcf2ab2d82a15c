import { describe, expect, test } from "bun:test";
import { addSeconds, type Timestamp } from "../hedera/timestamp.ts";
import { dutiesOf, needsTick, openingOf } from "./duty.ts";
import { type Obligation, windowEnd } from "./obligation.ts";
import { EMPTY_STATE, type State } from "./state.ts";
import { ACCOUNTS, type TestLog } from "./testing/log.ts";
import { perform } from "./testing/player.ts";
import { go, stage } from "./testing/stage.ts";

const BASE: Timestamp = 1_700_000_000_000_000_000n;
const OWED: Obligation = {
  id: "1.1",
  kind: "assign",
  agent: "coordinator",
  payer: ACCOUNTS.coordinator,
  taskId: null,
  index: 1,
  due: BASE,
  base: BASE,
};
const after = (seconds: number, nanos = 0n) => addSeconds(BASE, seconds) + nanos;

describe("an effect may be sent", () => {
  const start = after(-60);
  test.each([
    ["not before its valid start", start, after(-1), "early", undefined],
    ["not at its valid start, which must be past at consensus", start, after(0), "early", undefined],
    ["from a nanosecond after it", start, after(0, 1n), "open", 0],
    ["until 20 seconds before the window's end", start, after(160, -1n), "open", 0],
    ["not in the last 20 seconds", start, after(160), "over", 0],
    ["not after the end, as long as the log has not passed it", start, after(1_000), "over", 0],
    ["not after the end, the log standing at it exactly", after(180), after(181), "over", 0],
    ["again once the log has passed the end by a nanosecond", after(180, 1n), after(181), "open", 1],
    ["by the log's time, even if the clock is behind it", after(400), after(10), "open", 2],
    ["not in the last 20 seconds of a later window", after(200), after(340), "over", 1],
  ] as const)("%s", (_, logTime, now, kind, window) => {
    const opening = openingOf(OWED, logTime, now);
    expect(opening.kind).toBe(kind);
    expect("window" in opening ? opening.window : undefined).toBe(window);
  });

  test("early ones say when, those that are over what the log has to pass", () => {
    expect(openingOf(OWED, start, start)).toEqual({ kind: "early", until: BASE });
    expect(openingOf(OWED, after(200), after(400))).toEqual({ kind: "over", window: 1, end: after(360) });
  });
});

/** A log with a task that is to be assigned, one that is under way, one to be settled, one that trades. */
function busy(): TestLog {
  const log = stage({ "1.1.1": {}, "1.1.2": {}, "1.1.3": {}, "1.1.4": { kind: "trade", role: "defi" } });
  go(log, "1.1.2", "assign", "start");
  go(log, "1.1.3", "assign", "start", "execute");
  return go(log, "1.1.4", "assign", "start", "execute", "quote", "propose");
}
const kindsOf = (state: State, agent: string) => dutiesOf(state, agent).map(({ kind }) => kind);

describe("what an agent has to do", () => {
  test("is what it owes itself, the oldest first", () => {
    const { state } = busy();
    expect(kindsOf(state, "inference-001")).toEqual(["execute", "start"]);
    expect(kindsOf(state, "desk-001")).toEqual(["countersign"]);
    expect(kindsOf(state, "nobody")).toEqual([]);
    const created = dutiesOf(state, "coordinator").map(({ id }) => Number.parseFloat(id));
    expect(created).toEqual(created.toSorted((a, b) => a - b));
  });

  test("is in a pause neither assignments nor trades, but everything else, settlements above all", () => {
    const log = busy();
    expect(new Set(kindsOf(log.state, "coordinator"))).toEqual(
      new Set(["assign", "settle", "watch", "approve"]),
    );
    log.say({ v: 1, type: "pause" }, ACCOUNTS.owner);
    expect(kindsOf(log.state, "coordinator")).toEqual(["settle"]);
    expect(kindsOf(log.state, "inference-001")).toEqual(["execute", "start"]);
    log.say({ v: 1, type: "resume" }, ACCOUNTS.owner);
    expect(kindsOf(log.state, "coordinator")).toContain("approve");
  });
});

describe("a tick", () => {
  const log = stage({ "1.1.1": {} });
  const end = windowEnd(log.the("assign"), 0);

  test("is needed once the clock has passed a window that the log has not", () => {
    expect(needsTick(log.state, log.now)).toBe(false);
    expect(needsTick(log.state, end)).toBe(false);
    expect(needsTick(log.state, end + 1n)).toBe(true);
  });

  test("moves the log on, and is not needed again before the next window ends", () => {
    const ticked = stage({ "1.1.1": {} });
    ticked.advance(181);
    ticked.say({ v: 1, type: "tick" }, ACCOUNTS.coordinator);
    expect(needsTick(ticked.state, addSeconds(end, 179))).toBe(false);
    expect(needsTick(ticked.state, addSeconds(end, 181))).toBe(true);
  });

  test("is needed in a pause for what a pause does not hold, and only for that", () => {
    const paused = (run: TestLog) => run.say({ v: 1, type: "pause" }, ACCOUNTS.owner);
    const late = addSeconds(end, 1_000);
    expect(needsTick(paused(stage({ "1.1.1": {} })), late)).toBe(false);
    const settling = go(stage({ "1.1.1": {} }), "1.1.1", "assign", "start", "execute");
    expect(needsTick(paused(settling), late)).toBe(true);
  });

  test("is not needed where nothing is owed, nor for what is due only later", () => {
    expect(needsTick(EMPTY_STATE, after(9_000))).toBe(false);
    const done = stage({ "1.1.1": {} }, undefined, { every_seconds: 10_000 });
    go(done, "1.1.1", "assign", "start", "execute", "settle");
    perform(done, done.the("commit"));
    const next = done.the("plan").base;
    expect(needsTick(done.state, addSeconds(next, 180))).toBe(false);
    expect(needsTick(done.state, addSeconds(next, 181))).toBe(true);
  });
});
