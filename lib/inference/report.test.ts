import { describe, expect, test } from "bun:test";
import { addSeconds, timestampOf } from "../hedera/timestamp.ts";
import { type ReportedTask, type ReportInputs, reportOn } from "./report.ts";

const started = timestampOf(1_700_000_000);
const at = addSeconds(started, 90);
const done = (task_id: string, changed: Partial<ReportedTask> = {}): ReportedTask => ({
  task_id,
  kind: "forecast",
  state: "paid",
  attempt: 1,
  lease_seconds: 30,
  changed: addSeconds(started, 10),
  duration_ms: 20,
  paid: 5n,
  ...changed,
});
const inputs: ReportInputs = {
  self: "9.9.9",
  edition: 1,
  started,
  at,
  planned: 3,
  tasks: [
    done("1.1.1"),
    done("1.1.2", { duration_ms: 70 }),
    done("9.9.9", { state: "in_progress", attempt: 1 }),
  ],
  fees: 1_234n,
};

describe("a report", () => {
  test("on an edition in order finds nothing wrong", () => {
    expect(reportOn(inputs)).toEqual({
      paid: 2,
      failed: 0,
      open: 0,
      missing: 0,
      attempts: 2,
      seconds: 90,
      workMs: 90,
      slowest: "1.1.2",
      rewards: 10n,
      fees: 1_234n,
      skill: null,
      trade: null,
      anomalies: [],
    });
  });

  test.each<[string, Partial<ReportedTask>, string[]]>([
    ["failed", { state: "failed", paid: undefined }, ["failed"]],
    ["took two attempts", { attempt: 2 }, ["retried"]],
    ["failed at the third attempt", { state: "failed", attempt: 3 }, ["failed", "retried"]],
    ["was never assigned", { state: "pending", attempt: 0 }, ["open"]],
    ["is at work within its lease", { state: "in_progress", changed: addSeconds(at, -30) }, ["open"]],
    ["is at work past its lease", { state: "in_progress", changed: addSeconds(at, -31) }, ["late"]],
    ["was assigned and not heard of", { state: "assigned" }, ["late"]],
    ["waits for its verdict", { state: "review" }, ["open"]],
  ])("names a task that %s", (_, changed, whats) => {
    const report = reportOn({ ...inputs, tasks: [...inputs.tasks.slice(1), done("1.1.1", changed)] });
    expect(report.anomalies).toEqual(
      whats.map((what) => expect.objectContaining({ what, task_id: "1.1.1" })),
    );
    expect(report.paid + report.failed + report.open).toBe(2);
  });

  test("misses tasks that the plan announced and the log doesn't have", () => {
    expect(reportOn({ ...inputs, planned: 5 })).toMatchObject({ missing: 2, paid: 2, anomalies: [] });
  });

  test("says of the forecast what it is worth, less than nothing too", () => {
    const forecast = { pinball: 12, pinball_random_walk: 10, coverage_80: 0.7 };
    expect(reportOn({ ...inputs, forecast }).skill).toBeCloseTo(-0.2, 12);
  });

  test("on no work names no slowest task", () => {
    expect(reportOn({ ...inputs, tasks: [], planned: 0 })).toMatchObject({
      slowest: null,
      workMs: 0,
      rewards: 0n,
    });
  });
});
