/** How a festival and its agents do, in words and as JSON. */
import type { AgentStatus, FestivalStatus } from "../../lib/agent/status.ts";
import { formatHbar } from "../../lib/hedera/amount.ts";
import { formatTimestamp } from "../../lib/hedera/timestamp.ts";
import { toJson } from "../../lib/hedera/to-json.ts";

/** A status as one JSON object. */
export function statusJson({ state, agents }: FestivalStatus): string {
  const { edition, head, counts, paused, commits } = state;
  const tasks = [...(edition?.tasks.values() ?? [])];
  const body = {
    festival: state.manifest?.festival.id,
    edition: edition?.number ?? null,
    committed: edition?.committed != null,
    commits,
    paused,
    tasks: Object.fromEntries(tasks.map((task) => [task.id, task.state])),
    sequence: head?.sequence ?? 0,
    timestamp: head === null ? null : formatTimestamp(head.timestamp),
    entries: counts,
    obligations: state.obligations.size,
    agents,
  };
  return toJson(body);
}

/** A status as text for a terminal. */
export function describeStatus({ state, agents }: FestivalStatus): string {
  const tasks = [...(state.edition?.tasks.values() ?? [])];
  const paid = tasks.filter((task) => task.state === "paid").length;
  const edition =
    state.edition === null
      ? "no edition yet"
      : `edition ${state.edition.number}, ${paid} of ${state.edition.taskCount} tasks paid`;
  return [
    `${state.manifest?.festival.name}: ${edition}, ${state.commits} committed${state.paused ? ", paused" : ""}`,
    ...agents.map(describeAgent),
  ].join("\n");
}

function describeAgent(status: AgentStatus): string {
  const { silenceSeconds, balance, runwayDays, problem, heartbeat } = status;
  return [
    status.agent.padEnd(14),
    status.state.padEnd(8),
    (silenceSeconds === null ? "never heard" : `heard ${silenceSeconds} s ago`).padEnd(18),
    `lag ${status.lag ?? "?"}`.padEnd(9),
    `owes ${status.owes}`.padEnd(8),
    `${balance === null ? "?" : formatHbar(balance)} HBAR`.padEnd(24),
    `spent ${formatHbar(status.spent)} in a day`.padEnd(28),
    (runwayDays === null ? "" : `lasts ${runwayDays} days`).padEnd(20),
    problem?.message ?? heartbeat?.status ?? "",
  ]
    .join(" ")
    .trimEnd();
}
