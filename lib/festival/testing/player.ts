/** Plays a festival for property tests: discharges obligations at random, and makes trouble. */
import type { ScheduleId } from "../../hedera/id.ts";
import { addSeconds, secondsOf, type Timestamp } from "../../hedera/timestamp.ts";
import { checkpointPart } from "../decision/checkpoint.ts";
import { scoreForecast } from "../decision/scoring.ts";
import type { Body } from "../entry/entry.ts";
import { effectId, FAILURE_PART, type Obligation, windowAt } from "../obligation.ts";
import { APPROVAL_PART } from "../rules/approval.ts";
import { commitOf } from "../rules/plan.ts";
import { PROPOSAL_PART } from "../rules/trade.ts";
import { attemptsLeft, SETTLED_PART, TRANSFER_PART } from "../rules/work.ts";
import { HOUR_SECONDS } from "../score.ts";
import type { Task, Trade } from "../state.ts";
import { ACCOUNTS, MANIFEST, START, type TestLog } from "./log.ts";

/** One move: which of the open obligations, and which of the ways to discharge it. */
export interface Move {
  readonly pick: number;
  readonly way: number;
  /** Seconds that pass before it. */
  readonly wait: number;
}

const SPECS: readonly Body<"task_planned">["payload"][] = [
  { name: "gather", kind: "gather", role: "inference", reward: 10n },
  { name: "forecast", kind: "forecast", role: "inference", uses: { rates: "1.1.1" }, reward: 20n },
  {
    name: "size",
    kind: "size",
    role: "defi",
    uses: { forecast: "1.1.2" },
    reward: 30n,
    deadline_seconds: 600,
  },
  { name: "trade", kind: "trade", role: "defi", depends_on: ["1.1.3"], reward: 40n },
  { name: "report", kind: "report", role: "inference", depends_on: ["1.1.2", "1.1.4"], reward: 5n },
];

/** What the owner adds to the plan, or changes in it. */
const AMENDMENTS: readonly (readonly [string, Body<"task_planned">["payload"]])[] = [
  ["1.2.1", { name: "look", kind: "manual", role: "owner", reward: 15n }],
  ["1.2.2", { name: "large", kind: "gather", role: "inference", reward: 9_000n, approval: "owner" }],
  ["1.2.3", { name: "late", kind: "gather", role: "inference", depends_on: ["1.1.5", "1.2.1"], reward: 1n }],
  ["1.1.2", { name: "other", kind: "gather", role: "inference", depends_on: ["1.2.1"], reward: 21n }],
];

const NO_SCHEDULE: ScheduleId = "0.0.1";

/** Begins the festival. */
export function begin(log: TestLog): void {
  log.say(MANIFEST, ACCOUNTS.owner);
}

/** Makes one move; with nothing owed, a tick. */
export function play(log: TestLog, { pick, way, wait }: Move): void {
  log.advance(wait);
  const now = log.state.head?.timestamp ?? START;
  const owed = [...log.state.obligations.values()].filter(({ due }) => due <= addSeconds(now, wait));
  const obligation = owed[pick % Math.max(1, owed.length)];
  if (obligation === undefined || way === 99) {
    log.say({ v: 1, type: "tick" }, ACCOUNTS.coordinator);
    return;
  }
  if (way === 98) interfere(log, pick);
  else perform(log, obligation, way);
}

/** The owner changes the plan, withdraws a task, or says that a payment is signed; what does not fit is refused. */
function interfere(log: TestLog, pick: number): void {
  const [task_id, payload] = AMENDMENTS[pick % (AMENDMENTS.length + 2)] ?? [];
  const tasks = [...(log.state.edition?.tasks.values() ?? [])];
  const waiting = tasks.find(({ approval }) => approval !== null);
  if (task_id !== undefined && payload !== undefined)
    log.say({ v: 1, type: "task_planned", task_id, payload }, ACCOUNTS.owner);
  else if (waiting?.approval) {
    const { schedule: schedule_id } = waiting.approval;
    log.say(
      { v: 1, type: "payment_approved", task_id: waiting.id, payload: { schedule_id } },
      ACCOUNTS.owner,
    );
  } else {
    const task = tasks[pick % Math.max(1, tasks.length)];
    log.say({ v: 1, type: "task_withdrawn", task_id: task?.id ?? "none" }, ACCOUNTS.owner);
  }
}

/** Discharges an obligation in one of the ways that there are; way 1 is always the one that leads on. */
export function perform(log: TestLog, obligation: Obligation, way = 1): void {
  MOVES[obligation.kind](log, obligation, way);
}

type Play = (log: TestLog, obligation: Obligation, way: number) => void;

const MOVES: Readonly<Record<Obligation["kind"], Play>> = {
  plan: (log, { id, ...rest }) =>
    log.discharge(
      { id, ...rest },
      {
        v: 1,
        type: "festival_plan",
        re: id,
        payload: {
          edition: (log.state.edition?.number ?? 0) + 1,
          part: 1,
          parts: 1,
          name: "Test",
          tasks: SPECS.length,
          plan_sha256: "0".repeat(64),
          every_seconds: 10,
          phases: [{ id: "1", name: "One" }],
          sequences: [{ id: "1.1", name: "One" }],
        },
      },
    ),
  plan_task: (log, obligation) => {
    const payload = SPECS[obligation.index - 1];
    const task_id = `1.1.${obligation.index}`;
    if (payload)
      log.discharge(obligation, { v: 1, type: "task_planned", re: obligation.id, task_id, payload });
  },
  assign: (log, obligation) => {
    const task = taskOf(log, obligation);
    const payload = { attempt: task.attempt + 1, lease_seconds: 60 };
    log.discharge(obligation, { ...head(obligation), type: "task_assignment", to: agentFor(task), payload });
  },
  start: (log, obligation) =>
    log.discharge(obligation, {
      ...head(obligation),
      type: "status_update",
      payload: { new_status: "in_progress" },
    }),
  execute: (log, obligation, way) => {
    const task = taskOf(log, obligation);
    if (task.spec.kind === "trade" && way % 3 !== 0 && task.trade === null) {
      const payload = { side: "buy" as const, hbar: 500n };
      log.discharge(obligation, { ...head(obligation), type: "quote_requested", to: "desk-001", payload });
      return;
    }
    const output = task.spec.kind === "forecast" && way % 2 === 1 ? { output: forecastAt(log.now) } : {};
    const payload =
      way % 5 === 4
        ? { status: "failed" as const, error: "no" }
        : { status: "completed" as const, ...output };
    log.discharge(obligation, { ...head(obligation), type: "task_result", payload });
  },
  watch: (log, obligation) => {
    const task = taskOf(log, obligation);
    const attempt = task.attempt + 1;
    if (attemptsLeft(log.state, task) > 0) {
      const payload = { attempt, lease_seconds: 60, reason: "lease expired" };
      log.discharge(obligation, {
        ...head(obligation),
        type: "task_reassigned",
        to: agentFor(task),
        payload,
      });
    } else failTask(log, obligation);
  },
  settle: (log, obligation, way) => {
    const task = taskOf(log, obligation);
    const k = windowAt(obligation, log.state.head?.timestamp ?? START);
    if (way % 4 === 3) {
      const payload = { attempt: task.attempt, passed: false as const, criteria: [] };
      log.discharge(obligation, { ...head(obligation), type: "quality_gate", payload });
    } else if (way % 7 === 6) {
      const payload = { status: "INSUFFICIENT_TOKEN_BALANCE", retry_seconds: 5 };
      log.discharge(obligation, { ...head(obligation), type: "payment_failed", payload }, FAILURE_PART);
    } else if (task.spec.approval !== undefined) {
      const payload = {
        amount: task.spec.reward,
        token_id: MANIFEST.payload.token,
        schedule_id: "0.0.4002" as const,
        transfer: effectId(obligation, k),
        criteria: [],
      };
      const to = task.agent ?? "nobody";
      log.discharge(
        obligation,
        { ...head(obligation), type: "payment_scheduled", to, payload },
        APPROVAL_PART,
      );
    } else {
      const payload = {
        amount: task.spec.reward,
        token_id: MANIFEST.payload.token,
        transfer: effectId(obligation, k, TRANSFER_PART),
        criteria: [],
      };
      const to = task.agent ?? "nobody";
      log.discharge(obligation, { ...head(obligation), type: "payment_settled", to, payload }, SETTLED_PART);
    }
  },
  confirm: (log, obligation, way) => {
    const task = taskOf(log, obligation);
    if (task.approval === null) throw new Error(`no payment of task ${task.id} waits`);
    if (way % 4 === 3) {
      const payload = { status: "SCHEDULE_EXPIRED", retry_seconds: 5 };
      log.discharge(obligation, { ...head(obligation), type: "payment_failed", payload });
    } else {
      const { transfer } = task.approval;
      const paid = { amount: task.spec.reward, token_id: MANIFEST.payload.token, transfer, criteria: [] };
      const to = task.agent ?? "nobody";
      log.discharge(obligation, { ...head(obligation), type: "payment_settled", to, payload: paid });
    }
  },
  manual: (log, obligation, way) => {
    const payload =
      way % 5 === 4
        ? { status: "failed" as const, error: "no" }
        : { status: "completed" as const, metrics: { pages: way } };
    log.say({ ...head(obligation), type: "task_result", payload }, obligation.payer);
  },
  expire: (log, obligation) => failTask(log, obligation),
  fail: (log, obligation) => failTask(log, obligation),
  quote: (log, obligation, way) => {
    const { side, hbar } = tradeOf(log, obligation);
    const expires = addSeconds(log.state.head?.timestamp ?? START, 40);
    const payload = way % 4 === 3 ? { declined: "no inventory" } : { side, hbar, tokens: 90n, expires };
    log.discharge(obligation, { ...head(obligation), type: "quote", payload });
  },
  propose: (log, obligation, way) => {
    if (way % 4 === 3) log.discharge(obligation, failedTrade(obligation), PROPOSAL_PART);
    else {
      const payload = { schedule_id: "0.0.4001" as const };
      log.discharge(
        obligation,
        { ...head(obligation), type: "risk_check_requested", payload },
        PROPOSAL_PART,
      );
    }
  },
  countersign: () => undefined,
  approve: (log, obligation, way) => {
    const type = way % 4 === 3 ? "risk_check_denied" : "risk_check_approved";
    const payload = { schedule_id: tradeOf(log, obligation).schedule ?? NO_SCHEDULE, checks: [] };
    log.discharge(obligation, { ...head(obligation), type, payload });
  },
  sign: () => undefined,
  conclude: (log, obligation, way) => {
    const { side, hbar, tokens, schedule } = tradeOf(log, obligation);
    if (way % 4 === 3) log.discharge(obligation, failedTrade(obligation));
    else {
      const transaction = { payer: obligation.payer, validStart: START };
      const payload = {
        schedule_id: schedule ?? NO_SCHEDULE,
        transaction,
        executed: START,
        side,
        hbar,
        tokens,
      };
      log.discharge(obligation, { ...head(obligation), type: "trade_settled", payload });
    }
  },
  checkpoint: (log, obligation) => {
    const body = checkpointPart(log.state, obligation);
    if (body) log.discharge(obligation, body);
  },
  score: (log, obligation) => {
    const body = scoreForecast(log.state, obligation, { centEquivalent: 600_000n, hbarEquivalent: 30_000n });
    if (body) log.discharge(obligation, body);
  },
  commit: (log, obligation) => {
    const { edition } = log.state;
    if (edition)
      log.discharge(obligation, {
        v: 1,
        type: "festival_commit",
        re: obligation.id,
        payload: commitOf(edition),
      });
  },
};

/** A forecast of the next full hour, as an output says it. */
export function forecastAt(now: Timestamp, changes: Readonly<Record<string, unknown>> = {}) {
  const seconds = Number(secondsOf(now));
  return {
    engine: "test",
    model: "flat",
    version: "1",
    horizon_hours: 1,
    as_of: seconds - (seconds % HOUR_SECONDS),
    last_micro_usd: "200000",
    q10_micro_usd: "198000",
    q50_micro_usd: "200000",
    q90_micro_usd: "202000",
    walk_q10_micro_usd: "197000",
    walk_q90_micro_usd: "203000",
    ...changes,
  };
}

function head(obligation: Obligation) {
  return { v: 1 as const, re: obligation.id, task_id: obligation.taskId ?? "none" };
}

function taskOf(log: TestLog, obligation: Obligation): Task {
  const task = log.state.edition?.tasks.get(obligation.taskId ?? "");
  if (task === undefined) throw new Error(`no task for ${obligation.id}`);
  return task;
}

function tradeOf(log: TestLog, obligation: Obligation): Trade {
  const { trade } = taskOf(log, obligation);
  if (trade === null) throw new Error(`no trade for ${obligation.id}`);
  return trade;
}

function agentFor(task: Task): string {
  return `${task.spec.role}-001`;
}

function failTask(log: TestLog, obligation: Obligation): void {
  const payload = { attempt: taskOf(log, obligation).attempt, reason: "over" };
  log.discharge(obligation, { ...head(obligation), type: "task_failed", payload });
}

function failedTrade(obligation: Obligation) {
  return { ...head(obligation), type: "trade_failed" as const, payload: { reason: "over" } };
}
