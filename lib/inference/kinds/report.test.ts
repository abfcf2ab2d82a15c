import { expect, test } from "bun:test";
import { report } from "./report.ts";

const task = {
  task_id: "1.1.1",
  kind: "forecast",
  state: "paid",
  attempt: 2,
  lease_seconds: 30,
  changed: "1700000010.000000000",
  duration_ms: 20,
  paid: "5",
};
const input = {
  self: "3.2.1",
  edition: 4,
  started: "1700000000.000000000",
  at: "1700000090.500000000",
  planned: 13,
  tasks: [task],
  fees: "1234",
  forecast: { pinball: 28.4938, pinball_random_walk: 30.7967, coverage_80: 0.964286 },
  trade: { outcome: "settled", side: "buy", hbar: "4987619604", tokens: "7162" },
};

test("a report is these bytes", () => {
  expect(JSON.stringify(report.run(input))).toBe(
    '{"output":{"engine":"embedded","model":"audit","version":"1","edition":4,"planned":13,"paid":1,"failed":0,"open":0,"missing":12,"attempts":2,"seconds":90,"work_ms":20,"slowest":"1.1.1","rewards":"5","fees":"1234","skill":0.0747775,"coverage_80":0.964286,"trade":{"outcome":"settled","side":"buy","hbar":"4987619604","tokens":"7162"},"anomalies":[{"what":"retried","task_id":"1.1.1"}],"anomalies_total":13},"metrics":{"paid":1,"failed":0,"anomalies":13,"skill":0.0747775}}',
  );
});

test("a report on an edition without forecast and trade says null", () => {
  const { output, metrics } = report.run({ ...input, forecast: undefined, trade: undefined });
  expect(output).toMatchObject({ skill: null, coverage_80: null, trade: null });
  expect(metrics).not.toHaveProperty("skill");
});

test("a report names five anomalies at most, counts them all, and fits into an entry", () => {
  const long = "x".repeat(64);
  const tasks = Array.from({ length: 20 }, (_, i) => ({
    ...task,
    task_id: `${long.slice(2)}${i + 10}`,
    state: "failed",
  }));
  const { output } = report.run({ ...input, tasks });
  expect(output.anomalies).toHaveLength(5);
  expect(output.anomalies_total).toBe(40);
  expect(JSON.stringify(output).length).toBeLessThan(950);
});
