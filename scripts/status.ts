/** How a festival and its agents do, from the ledger alone. */
import { Command } from "commander";
import { type AgentStatus, type FestivalStatus, readStatus } from "../lib/agent/status.ts";
import { formatHbar } from "../lib/hedera/amount.ts";
import { describeError, FestError } from "../lib/hedera/error.ts";
import { parseTopicId } from "../lib/hedera/id.ts";
import { networkFromEnv } from "../lib/hedera/network-env.ts";
import { formatTimestamp, fromMillis } from "../lib/hedera/timestamp.ts";
import { createMirror } from "../lib/mirror/client.ts";

const options = new Command("status")
  .description(
    "Every agent's state, lag, balance, spend and runway, and the edition's progress, from the mirror node alone.",
  )
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK")
  .helpOption("--help", "show this")
  .allowExcessArguments(false)
  .parse()
  .opts<{ json?: true; log?: string; mirror?: string }>();

try {
  const log = options.log ?? process.env.FEST_LOG;
  if (!log) throw new FestError("LOG_MISSING", "no log is named", { fix: "Give --log or set FEST_LOG." });
  const baseUrl = options.mirror ?? networkFromEnv(process.env).mirror;
  const status = await readStatus(createMirror({ baseUrl }), parseTopicId(log), fromMillis(Date.now()));
  console.log(options.json ? toJson(status) : describe(status));
  process.exit(0);
} catch (error) {
  console.error(`status: ${describeError(error)}`);
  process.exit(1);
}

function toJson({ state, agents }: FestivalStatus): string {
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
  return JSON.stringify(body, (_, value) => (typeof value === "bigint" ? value.toString() : value));
}

function describe({ state, agents }: FestivalStatus): string {
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
