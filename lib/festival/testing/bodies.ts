/** One entry of every type, with every field that it can have. */
import { timestampOf } from "../../hedera/timestamp.ts";
import type { Body, EntryName } from "../entry/entry.ts";
import { MANIFEST } from "./log.ts";

const about = { v: 1, re: "12.3", task_id: "1.1.1" } as const;
const who = { agent_id: "inference-001", version: "0.1.0" };
const criteria = [
  { name: "completed", passed: true },
  { name: "mape", passed: false, value: 30.25, limit: "at most 25" },
  { name: "ordered", passed: true, value: true, limit: "is true" },
  { name: "outcome", passed: true, value: "held" },
];
const swap = { side: "buy", hbar: 5_000_000_000n, tokens: 450_000_000n } as const;
const transaction = { payer: "0.0.1002", validStart: timestampOf(1_700_000_000n, 7n) } as const;
const limits = {
  max_trade: 1n,
  max_position: 9_999_999_999_999_999_999n,
  min_balance: 0n,
  max_deviation_bps: 200,
  max_signal_age: 900,
};

/** Complete examples of what each type can say. */
export const BODIES: { readonly [Name in EntryName]: Body<Name> } = {
  manifest: {
    ...MANIFEST,
    payload: { ...MANIFEST.payload, market: { fund: "0.0.1006", token: "0.0.2002", limits } },
  },
  pause: { v: 1, type: "pause", payload: { reason: "look" } },
  resume: { v: 1, type: "resume", payload: { reason: "seen" } },
  festival_plan: {
    v: 1,
    type: "festival_plan",
    re: "1.1",
    payload: {
      edition: 2,
      part: 1,
      parts: 1,
      name: "Größe: 大",
      tasks: 3,
      plan_sha256: "ab".repeat(32),
      every_seconds: 86_400,
      phases: [{ id: "1", name: "One" }],
      sequences: [{ id: "1.1", name: "One" }],
    },
  },
  task_planned: {
    v: 1,
    type: "task_planned",
    re: "2.1",
    task_id: "1.1.1",
    payload: {
      name: "Forecast",
      kind: "forecast",
      role: "inference",
      input: { horizon_hours: 1, deep: [{ a: null }] },
      uses: { rates: "1.1.2" },
      depends_on: ["1.1.3"],
      gate: {
        mape: { min: 0, max: 25 },
        ordered: { equals: true },
        outcome: { one_of: ["settled", "held"] },
      },
      reward: 100n,
      lease_seconds: 60,
      deadline_seconds: 600,
      approval: "owner",
      approval_seconds: 86_400,
      steps: [{ id: "4.1", name: "Later" }],
    },
  },
  task_withdrawn: { v: 1, type: "task_withdrawn", task_id: "1.1.1", payload: { reason: "too late" } },
  checkpoint: {
    v: 1,
    type: "checkpoint",
    re: "1000.900001",
    payload: {
      sequence: 1000,
      part: 1,
      parts: 2,
      running_hash: "ab".repeat(48),
      state_sha256: "cd".repeat(32),
      data: '{"$n":"12"',
    },
  },
  festival_commit: {
    v: 1,
    type: "festival_commit",
    re: "9.1",
    payload: {
      edition: 1,
      root: "cd".repeat(32),
      git_commit: "0123abc",
      tasks: { planned: 3, paid: 2, failed: 1 },
      payments: 2,
      amount: 200n,
      trades: 0,
    },
  },
  task_assignment: {
    ...about,
    type: "task_assignment",
    to: "inference-001",
    payload: { attempt: 1, lease_seconds: 60 },
  },
  status_update: {
    ...about,
    type: "status_update",
    payload: { new_status: "in_progress", message: "half of it" },
  },
  task_result: {
    ...about,
    type: "task_result",
    payload: {
      status: "failed",
      output: { rates: [1.5, "x"] },
      metrics: { mape: 1.25, ordered: true, outcome: "held" },
      duration_ms: 12,
      error: "no",
      output_ref: { topic: "0.0.5001", sha256: "ab".repeat(32) },
      provenance: {
        engine: "embedded",
        model: "ewma-t5",
        version: "1",
        input_sha256: "ab".repeat(32),
        output_sha256: "cd".repeat(32),
        cost_micro_usd: 12n,
        tokens_in: 900,
        tokens_out: 80,
      },
    },
  },
  quality_gate: { ...about, type: "quality_gate", payload: { attempt: 1, passed: false, criteria } },
  payment_settled: {
    ...about,
    type: "payment_settled",
    to: "inference-001",
    payload: { amount: 100n, token_id: "0.0.2001", transfer: transaction, criteria },
  },
  payment_scheduled: {
    ...about,
    type: "payment_scheduled",
    to: "inference-001",
    payload: { amount: 100n, token_id: "0.0.2001", schedule_id: "0.0.4001", transfer: transaction, criteria },
  },
  payment_approved: {
    v: 1,
    type: "payment_approved",
    task_id: "1.1.1",
    payload: { schedule_id: "0.0.4001" },
  },
  payment_failed: {
    ...about,
    type: "payment_failed",
    payload: { status: "INSUFFICIENT_TOKEN_BALANCE", retry_seconds: 5 },
  },
  task_reassigned: {
    ...about,
    type: "task_reassigned",
    to: "inference-002",
    payload: { attempt: 2, lease_seconds: 60, reason: "lease expired" },
  },
  task_failed: { ...about, type: "task_failed", payload: { attempt: 0, reason: "it needs 1.1.2" } },
  forecast_scored: {
    v: 1,
    type: "forecast_scored",
    re: "40.2",
    payload: {
      result: 38,
      horizon_hours: 6,
      hour: 1_700_006_400,
      cent_equivalent: 600_123,
      hbar_equivalent: 30_000,
      pinball_ppb: 3_225_660n,
      random_walk_ppb: 3_210_730n,
      covered: true,
    },
  },
  tick: { v: 1, type: "tick" },
  quote_requested: {
    ...about,
    type: "quote_requested",
    to: "desk-001",
    payload: { side: "sell", hbar: 5_000_000_000n },
  },
  quote: { ...about, type: "quote", payload: { ...swap, expires: timestampOf(1_700_000_060n) } },
  risk_check_requested: { ...about, type: "risk_check_requested", payload: { schedule_id: "0.0.4001" } },
  risk_check_approved: {
    ...about,
    type: "risk_check_approved",
    payload: { schedule_id: "0.0.4001", checks: criteria },
  },
  risk_check_denied: {
    ...about,
    type: "risk_check_denied",
    payload: { schedule_id: "0.0.4001", checks: criteria },
  },
  trade_settled: {
    ...about,
    type: "trade_settled",
    payload: { ...swap, schedule_id: "0.0.4001", transaction, executed: timestampOf(1_700_000_050n, 1n) },
  },
  trade_failed: { ...about, type: "trade_failed", payload: { reason: "expired" } },
  heartbeat: {
    v: 1,
    type: "heartbeat",
    payload: {
      ...who,
      status: "working",
      active_task_id: "1.1.1",
      uptime_seconds: 3,
      completed_tasks: 1,
      failed_tasks: 0,
      rss_mb: 80,
      balance: 100_000_000n,
      sequence: 12,
      running_hash: "0123456789abcdef",
    },
  },
  agent_started: { v: 1, type: "agent_started", payload: who },
  agent_stopped: { v: 1, type: "agent_stopped", payload: { ...who, reason: "SIGTERM" } },
  agent_error: { v: 1, type: "agent_error", payload: { ...who, code: "X", message: "y" } },
  agent_lost: { v: 1, type: "agent_lost", payload: { ...who, started: timestampOf(1_700_000_000n) } },
};
