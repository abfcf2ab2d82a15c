import { describe, expect, test } from "bun:test";
import * as z from "zod/mini";
import { addSeconds } from "../../hedera/timestamp.ts";
import { fold } from "../fold.ts";
import { EMPTY_STATE } from "../state.ts";
import { SCENARIOS } from "../testing/alarms.ts";
import { START, type TestLog } from "../testing/log.ts";
import { go, stage } from "../testing/stage.ts";
import { type Baseline, baselineSchema, Gauge, offBaseline } from "./baseline.ts";

/** One task after the other, with half a minute before each entry. */
function slowly(): TestLog {
  const log = stage({ "1.1.1": {}, "1.1.2": {} });
  for (const task of ["1.1.1", "1.1.2"]) {
    for (const kind of ["assign", "start", "execute", "settle"] as const) {
      log.advance(30);
      go(log, task, kind);
    }
  }
  return log;
}

function measured(log: TestLog, since = START): Baseline {
  const gauge = new Gauge(since);
  let state = EMPTY_STATE;
  for (const message of log.messages) {
    const before = state;
    state = fold(before, message);
    gauge.note(before, state);
  }
  return gauge.measure([], 7n);
}

test("rates and rounds are those of the log", () => {
  const rates = measured(slowly());
  expect(rates).toMatchObject({ v: 1, seconds: 240, tasks_per_hour: 30, fees_per_day: 7n });
  expect(rates.entries_per_hour).toBe(Math.round((slowly().messages.length * 3_600) / 240));
  // A task's work is due with its assignment, and takes two entries.
  expect(rates.round_ms.p90).toBe(60_000);
  expect(rates.round_ms.median).toBe(30_000);
});

test("what was before the time that is measured does not count", () => {
  const late = measured(slowly(), addSeconds(START, 130));
  expect(late.tasks_per_hour).toBe(30);
  expect(late.seconds).toBe(120);
  expect(measured(slowly(), addSeconds(START, 9_999))).toMatchObject({ seconds: 0, entries_per_hour: 0 });
});

test("gaps between heartbeats are told for each agent by itself", () => {
  const { agents } = SCENARIOS.agent_silent.well;
  const beats = agents.flatMap(({ recent }) => recent);
  expect(new Gauge(START).measure(beats, 0n).heartbeat_gap_seconds.count).toBe(0);
  const twice = SCENARIOS.agent_error.bad.agents.flatMap(({ recent }) => recent);
  expect(new Gauge(START).measure(twice, 0n).heartbeat_gap_seconds).toMatchObject({ median: 5, p90: 5 });
});

test("a baseline is the same after it was written and read", () => {
  const rates = measured(slowly());
  expect(z.decode(baselineSchema, JSON.parse(JSON.stringify(z.encode(baselineSchema, rates))))).toEqual(
    rates,
  );
});

describe("a system that goes worse than its baseline", () => {
  const { baseline } = SCENARIOS.off_baseline.well;
  const was = baseline?.was ?? measured(slowly());
  const off = (change: Partial<Baseline>) =>
    offBaseline({ was, is: { ...was, ...change } }, 3).map(({ about }) => about);

  test("is told by what is worse", () => {
    expect(off({})).toEqual([]);
    expect(off({ round_ms: { count: 10, median: was.round_ms.median * 3, p90: 0 } })).toEqual(["round time"]);
    expect(off({ heartbeat_gap_seconds: { count: 10, median: 0, p90: 18 } })).toEqual(["heartbeat gap"]);
    expect(off({ fees_per_day: was.fees_per_day * 3n })).toEqual(["fees per day"]);
    expect(off({ tasks_per_hour: was.tasks_per_hour / 3 })).toEqual(["tasks per hour"]);
  });

  test("is not told by a few samples, nor by an idle hour", () => {
    expect(off({ round_ms: { count: 9, median: 99_999, p90: 0 } })).toEqual([]);
    expect(off({ tasks_per_hour: 0 })).toEqual([]);
  });
});
