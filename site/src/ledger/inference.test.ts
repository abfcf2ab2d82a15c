import { describe, expect, test } from "bun:test";
import { EMPTY_STATE } from "../../../lib/festival/state.ts";
import { timestampOf } from "../../../lib/hedera/timestamp.ts";
import { forecastsOf, kindsOf, scoresBy, skillsOf } from "./inference.ts";
import type { ResultRecord } from "./results.ts";
import type { ScoreRecord } from "./scores.ts";

const AS_OF = 1_700_000_000 - (1_700_000_000 % 3_600);
const OUTPUT = {
  engine: "embedded",
  model: "ewma-t5",
  version: "1",
  as_of: AS_OF,
  horizon_hours: 6,
  last_micro_usd: "70000",
  q10_micro_usd: "69000",
  q50_micro_usd: "70000",
  q90_micro_usd: "71000",
  walk_q10_micro_usd: "68000",
  walk_q90_micro_usd: "72000",
  coverage_80: 0.75,
  pinball: 9,
  pinball_random_walk: 10,
};

function result(sequence: number, output: Record<string, unknown>): ResultRecord {
  const timestamp = timestampOf(BigInt(AS_OF + sequence));
  const payload = { status: "completed", output } as const;
  return {
    sequence,
    timestamp,
    edition: 1,
    task: "1.1.2",
    kind: "forecast",
    agent: "inference-001",
    payload,
  };
}

function score(of: number): ScoreRecord {
  const hour = timestampOf(BigInt(AS_OF + 6 * 3_600));
  return { sequence: 90, result: of, hour, horizonHours: 6, price: 70_500n, covered: true };
}

describe("forecasts of the log", () => {
  test("are what results say of an hour to come, with their own figures of the past", () => {
    const [forecast, ...others] = forecastsOf([result(10, OUTPUT), result(11, { rates: [] })]);
    expect(others).toEqual([]);
    expect(forecast).toMatchObject({ sequence: 10, low: 69_000n, high: 71_000n, coverage: 0.75 });
    expect(forecast?.until).toBe(timestampOf(BigInt(AS_OF + 6 * 3_600)));
    expect(forecast?.skill).toBeCloseTo(0.1);
  });

  test("that said the same share the score of the first", () => {
    const forecasts = forecastsOf([
      result(10, OUTPUT),
      result(20, OUTPUT),
      result(30, { ...OUTPUT, q90_micro_usd: "71001" }),
    ]);
    const scoreOf = scoresBy(forecasts, [score(10)]);
    expect(forecasts.map((one) => scoreOf(one)?.price ?? null)).toEqual([70_500n, 70_500n, null]);
  });

  test("are not scored before their hour", () => {
    const forecasts = forecastsOf([result(10, OUTPUT)]);
    expect(forecasts.map(scoresBy(forecasts, []))).toEqual([null]);
  });
});

describe("a model's skill", () => {
  test("is what its scores come to beside the random walk's", () => {
    const { engine, model, version } = OUTPUT;
    const tally = { engine, model, version, horizonHours: 6, count: 4, covered: 3, walkCovered: 4 };
    const scores = new Map([["one", { ...tally, pinball: 3_000_000n, randomWalk: 4_000_000n }]]);
    expect(skillsOf({ ...EMPTY_STATE, scores })).toMatchObject([
      { name: "one", count: 4, skill: 0.25, coverage: 0.75, pinballBps: 7.5 },
    ]);
    expect(skillsOf(EMPTY_STATE)).toEqual([]);
  });
});

describe("jobs of a kind", () => {
  const job = (payload: Partial<ResultRecord["payload"]>): ResultRecord => ({
    ...result(10, OUTPUT),
    payload: { status: "completed", ...payload },
  });
  const made = { engine: "llm", model: "m", version: "1", input_sha256: "0", output_sha256: "1" };

  test("are counted, with how long they took and what they cost in all", () => {
    const jobs = [
      job({ duration_ms: 30, provenance: { ...made, cost_micro_usd: 1_500n } }),
      job({ duration_ms: 10, provenance: { ...made, cost_micro_usd: 250n } }),
      job({ duration_ms: 20, provenance: made }),
      job({ status: "failed" }),
    ];
    expect(kindsOf(jobs)).toEqual([
      { kind: "forecast", done: 3, failed: 1, medianMs: 20, slowestMs: 30, cost: 1_750n },
    ]);
  });

  test("that say neither have neither", () => {
    expect(kindsOf([job({})])).toMatchObject([{ medianMs: null, slowestMs: null, cost: null }]);
  });
});
