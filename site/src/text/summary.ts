import type { Decoded } from "../../../lib/festival/entry/decode.ts";
import type { Body, Entry, EntryName } from "../../../lib/festival/entry/entry.ts";
import type { Criterion } from "../../../lib/festival/state.ts";
import { formatUnits } from "../../../lib/hedera/amount.ts";
import { formatTinybars, formatTokens, type TokenForm } from "./amount.ts";
import { plural } from "./count.ts";
import { formatMillis, formatSeconds } from "./time.ts";

/** The tokens that amounts of a log are in, where they are known. */
export interface LogTokens {
  /** What payments are made in. */
  readonly payment: TokenForm | null;
  /** What the fund trades HBAR against. */
  readonly market: TokenForm | null;
}

type Summaries = { readonly [Name in EntryName]: (body: Body<Name>, tokens: LogTokens) => string };

const SUMMARIES: Summaries = {
  manifest: ({ payload }) => {
    const roles = Object.values(payload.roles);
    const agents = roles.reduce((sum, role) => sum + Object.keys(role).length, 0);
    return `${payload.festival.name}: ${plural(agents, "agent")} in ${plural(roles.length, "role")}`;
  },
  pause: ({ payload }) => payload?.reason ?? "no new assignments and trades",
  resume: ({ payload }) => payload?.reason ?? "work goes on",
  festival_plan: ({ payload: { edition, name, tasks, part, parts } }) =>
    `edition ${edition}: ${name}, ${plural(tasks, "task")}${parts > 1 ? ` (part ${part} of ${parts})` : ""}`,
  task_planned: ({ payload }, { payment }) =>
    `${payload.name}, for ${payload.role}, ${formatTokens(payload.reward, payment)}`,
  task_assignment: ({ to, payload }) =>
    `to ${to}, attempt ${payload.attempt}, lease ${formatSeconds(payload.lease_seconds)}`,
  task_reassigned: ({ to, payload }) => `to ${to}, attempt ${payload.attempt}: ${payload.reason}`,
  status_update: ({ payload }) => payload.message ?? "in progress",
  task_result: ({ payload }) => summariseResult(payload),
  quality_gate: ({ payload }) => `attempt ${payload.attempt} failed: ${failedOf(payload.criteria)}`,
  payment_settled: ({ to, payload }, { payment }) =>
    `${formatTokens(payload.amount, payment)} to ${to}, ${plural(payload.criteria.length, "check")} passed`,
  payment_scheduled: ({ to, payload }, { payment }) =>
    `${formatTokens(payload.amount, payment)} to ${to} waits for the owner's signature on ${payload.schedule_id}`,
  payment_approved: ({ payload }) => `the owner signed ${payload.schedule_id}`,
  payment_failed: ({ payload }) => `${payload.status}, again in ${formatSeconds(payload.retry_seconds)}`,
  task_failed: ({ payload }) => payload.reason,
  forecast_scored: ({ payload }) =>
    `${payload.horizon_hours} h forecast of #${payload.result}: ${payload.covered ? "inside" : "outside"} its interval, loss ${basisPoints(payload.pinball_ppb)} bps, random walk ${basisPoints(payload.random_walk_ppb)}`,
  tick: () => "time passes",
  quote_requested: ({ to, payload }) => `${to}: ${payload.side} ${formatTinybars(payload.hbar)}?`,
  quote: ({ payload }, { market }) =>
    "declined" in payload
      ? `declined: ${payload.declined}`
      : `${payload.side} ${formatTinybars(payload.hbar)} for ${formatTokens(payload.tokens, market)}`,
  risk_check_requested: ({ payload }) => `schedule ${payload.schedule_id}`,
  risk_check_approved: ({ payload }) =>
    `schedule ${payload.schedule_id}, ${plural(payload.checks.length, "limit")} kept`,
  risk_check_denied: ({ payload }) => `schedule ${payload.schedule_id}: ${failedOf(payload.checks)}`,
  trade_settled: ({ payload: { side, hbar, tokens } }, { market }) =>
    `${side === "buy" ? "bought" : "sold"} ${formatTinybars(hbar)} for ${formatTokens(tokens, market)}`,
  trade_failed: ({ payload }) => payload.reason,
  task_withdrawn: ({ payload }) => payload?.reason ?? "it is not to be done",
  festival_commit: ({ payload: { edition, tasks, amount } }, { payment }) =>
    `edition ${edition}: ${tasks.paid} of ${plural(tasks.planned, "task")} paid, ${formatTokens(amount, payment)}`,
  checkpoint: ({ payload: { sequence, part, parts } }) =>
    `the log's state at #${sequence}, part ${part} of ${parts}`,
  heartbeat: ({ payload }) => `${payload.agent_id} is ${payload.status}`,
  agent_started: ({ payload }) => `${payload.agent_id} started`,
  agent_stopped: ({ payload }) => `${payload.agent_id} stopped`,
  agent_error: ({ payload }) => `${payload.agent_id}: ${payload.message}`,
  pnl_report: ({ payload }) =>
    `${plural(payload.trades, "trade")} gained ${formatUnits(payload.trading, 6)} USD, the desk ${formatUnits(payload.desk, 6)}`,
  agent_lost: ({ payload }) => `${payload.agent_id} is lost, says the network`,
};

/** What an entry says, on one line and for people. */
export function summarise(entry: Entry, tokens: LogTokens): string {
  return summariseBody(entry.name, entry.body, tokens);
}

function summariseBody<Name extends EntryName>(name: Name, body: Body<Name>, tokens: LogTokens): string {
  return SUMMARIES[name](body, tokens);
}

/** What a message says, on one line, also where it is no entry. */
export function summariseMessage(decoded: Decoded, tokens: LogTokens): string {
  switch (decoded.kind) {
    case "entry":
      return summarise(decoded.entry, tokens);
    case "unknown":
      return "a type that this page does not know";
    case "malformed":
      return decoded.problem;
  }
}

function summariseResult({ status, error, metrics, duration_ms }: Body<"task_result">["payload"]): string {
  if (status === "failed") return `failed: ${error ?? "no reason given"}`;
  const time = duration_ms === undefined ? "" : ` in ${formatMillis(duration_ms)}`;
  const shown = Object.entries(metrics ?? {}).map(([name, value]) => `${name} ${value}`);
  return [`completed${time}`, ...shown].join(", ");
}

/** Billionths as basis points, for people. */
function basisPoints(billionths: bigint): string {
  return (Number(billionths) / 100_000).toFixed(2);
}

function failedOf(criteria: readonly Criterion[]): string {
  const failed = criteria.filter(({ passed }) => !passed).map(({ name }) => name);
  return failed.join(", ") || "no reason given";
}
