/** What each entry says, on one line. */
import type { Ledger, Said, Token, Wire } from "./ledger.ts";
import { agentsOf } from "./story.ts";
import { amountText, manyText, millisText, secondsText } from "./wording.ts";

/** An amount of a token, with its symbol. */
export function tokensText(units: bigint | string, token: Token | null): string {
  return token === null
    ? `${amountText(units, 0)} units`
    : `${amountText(units, token.decimals)} ${token.symbol}`;
}

/** The one line of an entry. */
export function entryText(entry: Said, ledger: Ledger): string {
  const { body } = entry;
  if (body === null) return "not JSON in UTF-8";
  const said = LINES[body.type];
  return said === undefined ? "a type that this page does not know" : said(body, ledger);
}

const hbar = (tinybars: string) => `${amountText(tinybars, 8)} ℏ`;

const LINES: Readonly<Record<string, (body: Wire, ledger: Ledger) => string>> = {
  manifest: ({ payload }) => {
    const roles = Object.keys(payload.roles).length;
    const agents = agentsOf({ manifest: payload }).length;
    return `${payload.festival.name}: ${manyText(agents, "agent")} in ${manyText(roles, "role")}`;
  },
  festival_plan: ({ payload: { edition, name, tasks, part, parts } }) =>
    `edition ${edition}: ${name}, ${manyText(tasks, "task")}${parts > 1 ? ` (part ${part} of ${parts})` : ""}`,
  task_planned: ({ payload }, { payment }) =>
    `${payload.name}, for ${payload.role}, ${tokensText(payload.reward, payment)}`,
  task_assignment: ({ to, payload }) =>
    `to ${to}, attempt ${payload.attempt}, lease ${secondsText(payload.lease_seconds)}`,
  task_reassigned: ({ to, payload }) => `to ${to}, attempt ${payload.attempt}: ${payload.reason}`,
  status_update: ({ payload }) => payload.message ?? "in progress",
  task_result: ({ payload: { status, error, metrics, duration_ms } }) => {
    if (status === "failed") return `failed: ${error}`;
    const figures = Object.entries(metrics ?? {}).map(([name, value]) => `${name} ${value}`);
    const time = duration_ms === undefined ? "" : ` in ${millisText(duration_ms)}`;
    return [`completed${time}`, ...figures].join(", ");
  },
  quality_gate: ({ payload }) => `attempt ${payload.attempt} failed: ${failedIn(payload.criteria)}`,
  payment_settled: ({ to, payload }, { payment }) =>
    `${tokensText(payload.amount, payment)} to ${to}, ${manyText(payload.criteria.length, "check")} passed`,
  payment_failed: ({ payload }) => `${payload.status}, again in ${secondsText(payload.retry_seconds)}`,
  task_failed: ({ payload }) => payload.reason,
  forecast_scored: ({ payload }) =>
    `${payload.horizon_hours} h forecast of #${payload.result}: ${payload.covered ? "inside" : "outside"} its interval, loss ${lossText(payload.pinball_ppb)} bps, random walk ${lossText(payload.random_walk_ppb)}`,
  tick: () => "time passes",
  quote_requested: ({ to, payload }) => `${to}: ${payload.side} ${hbar(payload.hbar)}?`,
  quote: ({ payload }, { market }) =>
    payload.declined === undefined
      ? `${payload.side} ${hbar(payload.hbar)} for ${tokensText(payload.tokens, market)}`
      : `declined: ${payload.declined}`,
  risk_check_requested: ({ payload }) => `schedule ${payload.schedule_id}`,
  risk_check_approved: ({ payload }) =>
    `schedule ${payload.schedule_id}, ${manyText(payload.checks.length, "limit")} kept`,
  risk_check_denied: ({ payload }) => `schedule ${payload.schedule_id}: ${failedIn(payload.checks)}`,
  trade_settled: ({ payload }, { market }) =>
    `${payload.side === "buy" ? "bought" : "sold"} ${hbar(payload.hbar)} for ${tokensText(payload.tokens, market)}`,
  trade_failed: ({ payload }) => payload.reason,
  festival_commit: ({ payload: { edition, tasks, amount } }, { payment }) =>
    `edition ${edition}: ${tasks.paid} of ${manyText(tasks.planned, "task")} paid, ${tokensText(amount, payment)}`,
};

function failedIn(criteria: readonly Wire[]): string {
  return criteria
    .filter(({ passed }) => !passed)
    .map(({ name }) => name)
    .join(", ");
}

/** Billionths, in basis points. */
function lossText(billionths: string | number): string {
  return (Number(billionths) / 100_000).toFixed(2);
}
