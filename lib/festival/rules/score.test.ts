import { describe, expect, test } from "bun:test";
import { addSeconds, timestampOf } from "../../hedera/timestamp.ts";
import { checkpointOf, restoreState, stateHash } from "../checkpoint/checkpoint.ts";
import { scoreForecast } from "../decision/scoring.ts";
import { dutiesOf, needsTick, openingOf } from "../duty.ts";
import { ACCOUNTS, type TestLog } from "../testing/log.ts";
import { forecastAt, perform } from "../testing/player.ts";
import { about, go, manifestWith, stage } from "../testing/stage.ts";

const FORECAST = { kind: "forecast" };
const RATE = { centEquivalent: 606_600n, hbarEquivalent: 30_000n };

/** Delivers a forecast and has it paid. */
function pay(log: TestLog, id: string, changes: Readonly<Record<string, unknown>> = {}): TestLog {
  go(log, id, "assign", "start");
  const owed = log.the("execute", id);
  const output = forecastAt(log.now, changes);
  log.discharge(owed, { ...about(owed), type: "task_result", payload: { status: "completed", output } });
  return go(log, id, "settle");
}

/** Says the score of the only open forecast. */
function score(log: TestLog, changes: object = {}) {
  const owed = log.the("score");
  const body = scoreForecast(log.state, owed, RATE);
  if (body === null) throw new Error("there is a forecast");
  log.discharge(owed, { ...body, payload: { ...body.payload, ...changes } });
  return log.outcome;
}

describe("a forecast that was paid", () => {
  test("owes its score a minute after the hour that it is about, and nothing before", () => {
    const log = pay(stage({ "1.1.1": FORECAST }), "1.1.1");
    const owed = log.the("score");
    const hour = timestampOf(1_699_999_200 + 3_600);
    const [sequence] = [...log.state.forecasts.keys()];
    expect(owed).toMatchObject({ agent: "coordinator", taskId: null, index: sequence });
    expect(owed.due - addSeconds(hour, 60)).toBeLessThanOrEqual(1_000_000_000n);
    expect(owed.due >= addSeconds(hour, 60)).toBe(true);
    expect(openingOf(owed, log.now, addSeconds(log.now, 600)).kind).toBe("early");
  });

  test("holds up neither the commit nor the next edition, and asks for no tick", () => {
    const log = pay(stage({ "1.1.1": FORECAST }, undefined, { every_seconds: 10 }), "1.1.1");
    perform(log, log.the("commit"));
    expect(log.outcome).toBe("accepted");
    const plan = log.the("plan");
    perform(log, plan);
    expect(log.state.edition?.number).toBe(2);
    const onlyScore = { ...log.state, obligations: new Map([[log.the("score").id, log.the("score")]]) };
    expect(needsTick(onlyScore, addSeconds(log.now, 2_000))).toBe(false);
  });

  test("goes on to be owed in the next edition, whose tasks have the same names", () => {
    const log = pay(stage({ "1.1.1": FORECAST }, undefined, { every_seconds: 10 }), "1.1.1");
    perform(log, log.the("commit"));
    perform(log, log.the("plan"));
    log.advance(4_000);
    expect(score(log)).toBe("accepted");
    expect(log.owed("score")).toEqual([]);
  });

  test("owes one score, however many results say the same", () => {
    const ids = ["1.1.1", "1.1.2", "1.1.3"];
    const log = stage(Object.fromEntries(ids.map((id) => [id, FORECAST])));
    for (const id of ids) pay(log, id);
    expect(log.owed("score")).toHaveLength(1);
    expect([...log.state.forecasts.values()]).toMatchObject([{ results: 3 }]);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["another quantile", { q90_micro_usd: "202001" }],
    ["another horizon", { horizon_hours: 2 }],
    ["another model", { model: "garch" }],
  ])("owes a score of its own if it says %s", (_, changes) => {
    const log = stage({ "1.1.1": FORECAST, "1.1.2": FORECAST });
    pay(pay(log, "1.1.1"), "1.1.2", changes);
    expect(log.owed("score")).toHaveLength(2);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["names no hour, as those of older logs", { as_of: undefined }],
    ["was said when its hour was already there", { as_of: 1_699_999_200 - 3_600 }],
    ["has crossed quantiles", { q10_micro_usd: "300000" }],
  ])("owes none if it %s", (_, changes) => {
    const log = pay(stage({ "1.1.1": FORECAST }), "1.1.1", changes);
    expect(log.owed("score")).toEqual([]);
  });

  test("owes none as the result of another kind of task", () => {
    expect(pay(stage({ "1.1.1": { kind: "gather" } }), "1.1.1").owed("score")).toEqual([]);
  });
});

describe("a score", () => {
  const ready = () => {
    const log = pay(stage({ "1.1.1": FORECAST }), "1.1.1");
    log.advance(4_000);
    return log;
  };

  test("adds to what its model came to", () => {
    const log = ready();
    expect(score(log)).toBe("accepted");
    expect(log.state.forecasts.size).toBe(0);
    const [[name, tally] = []] = log.state.scores;
    expect(name).toBe("test/flat/1 1h");
    // The price came out at 202,200 for quantiles 198,000, 200,000 and 202,000.
    expect(tally).toMatchObject({ count: 1, covered: 0, walkCovered: 1, pinball: 2_833_333n });
  });

  test.each<[string, object, string]>([
    ["a better figure", { pinball_ppb: 1n }, "its figures are not what the rate comes to"],
    ["a worse random walk", { random_walk_ppb: 9_999_999n }, "its figures are not what the rate comes to"],
    ["a hit that was none", { covered: true }, "its figures are not what the rate comes to"],
    ["another rate", { cent_equivalent: 600_000 }, "its figures are not what the rate comes to"],
    ["another hour", { hour: 0 }, "it is not about the forecast of entry"],
    ["another result", { result: 1 }, "it is not about the forecast of entry"],
  ])("with %s is refused", (_, changes, problem) => {
    const log = ready();
    expect(score(log, changes)).toStartWith(`refused: ${problem}`);
    expect(log.state.scores.size).toBe(0);
  });

  test("counts once", () => {
    const log = ready();
    const owed = log.the("score");
    const body = scoreForecast(log.state, owed, RATE);
    score(log);
    if (body) log.discharge(owed, body);
    expect(log.outcome).toStartWith("refused");
    expect([...log.state.scores.values()]).toMatchObject([{ count: 1 }]);
  });

  test("is the successor's to say when the coordinator changes hands", () => {
    const log = ready();
    log.say(manifestWith({ coordinator: { coordinator: ACCOUNTS.stranger } }), ACCOUNTS.owner);
    expect(log.the("score").payer).toBe(ACCOUNTS.stranger);
    expect(score(log)).toBe("accepted");
  });

  test("is owed during a pause, too", () => {
    const log = ready();
    log.say({ v: 1, type: "pause" }, ACCOUNTS.owner);
    expect(dutiesOf(log.state, "coordinator").map(({ kind }) => kind)).toContain("score");
  });
});

test("a day of editions, one every ten seconds, leaves a checkpoint small", () => {
  const log = stage({ "1.1.1": FORECAST });
  const [forecast] = [...pay(log, "1.1.1").state.forecasts.values()];
  if (forecast === undefined) throw new Error("there is a forecast");
  // 360 editions an hour say the same; what stands open is one forecast an hour and horizon.
  const hours = [1, 6, 24].flatMap((horizonHours) =>
    Array.from({ length: horizonHours }, (_, hour) => ({ ...forecast, horizonHours, hour: hour * 3_600 })),
  );
  const owed = log.the("score");
  const state = {
    ...log.state,
    forecasts: new Map(hours.map((one, index) => [index, one])),
    obligations: new Map(hours.map((_, index) => [`1.${index}`, { ...owed, id: `1.${index}`, index }])),
  };
  const checkpoint = checkpointOf(state, new Uint8Array(48));
  expect(hours).toHaveLength(31);
  expect(checkpoint?.parts.length).toBeLessThan(30);
  const restored = restoreState(checkpoint?.parts ?? [], checkpoint?.hash ?? "");
  expect(restored && stateHash(restored)).toBe(stateHash(state));
});
