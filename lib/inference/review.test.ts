import { expect, test } from "bun:test";
import { timestampOf } from "../hedera/timestamp.ts";
import { type ReviewedTask, review } from "./review.ts";

const at = timestampOf(1_700_000_090n);
const task = (task_id: string, changes: Partial<ReviewedTask> = {}): ReviewedTask => ({
  task_id,
  state: "paid",
  agent: "inference-001",
  attempt: 1,
  missed: [],
  changed: timestampOf(1_700_000_010n),
  duration_ms: 20,
  paid: 5n,
  ...changes,
});
const inputs = {
  self: "9.9.9",
  started: timestampOf(1_700_000_000n),
  at,
  tasks: [
    task("1.1.1"),
    task("1.1.2", { attempt: 3, missed: ["inference-002"] }),
    task("1.1.3", {
      state: "failed",
      attempt: 3,
      missed: ["inference-002", "inference-002", "inference-001"],
    }),
    task("1.1.4", { changed: at + 1n }),
    task("1.1.5", { state: "in_progress", changed: timestampOf(1_700_000_050n) }),
    task("9.9.9", { state: "in_progress" }),
  ],
  agents: [
    { agent: "inference-001", fees: 700n },
    { agent: "inference-002", fees: 300n },
    { agent: "defi-001", fees: 0n },
  ],
};

test("a review says what each agent did, was late with, and cost", () => {
  const { agents, fees, rewards, seconds } = review(inputs);
  expect(agents).toEqual([
    {
      agent: "inference-001",
      paid: 2,
      failed: 1,
      late: 1,
      rejected: 1,
      workMs: 40,
      rewards: 10n,
      fees: 700n,
    },
    { agent: "inference-002", paid: 0, failed: 0, late: 3, rejected: 0, workMs: 0, rewards: 0n, fees: 300n },
    { agent: "defi-001", paid: 0, failed: 0, late: 0, rejected: 0, workMs: 0, rewards: 0n, fees: 0n },
  ]);
  expect({ fees, rewards, seconds }).toEqual({ fees: 1_000n, rewards: 10n, seconds: 90 });
});

test("a review names what was out of order, itself aside", () => {
  expect(review(inputs).findings).toEqual([
    { what: "late", where: "1.1.2" },
    { what: "rejected", where: "1.1.2" },
    { what: "failed", where: "1.1.3" },
    { what: "late", where: "1.1.3" },
    { what: "open", where: "1.1.4" },
    { what: "open", where: "1.1.5" },
    { what: "idle", where: "defi-001" },
  ]);
});

test("what changes after its time changes no review", () => {
  const later = inputs.tasks.map((one) =>
    one.task_id === "1.1.5" ? task("1.1.5", { attempt: 2, changed: at + 5n }) : one,
  );
  expect(review({ ...inputs, tasks: later })).toEqual(review(inputs));
});
