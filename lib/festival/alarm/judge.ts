import { formatHbar } from "../../hedera/amount.ts";
import { addSeconds, NANOS_PER_SECOND, type Timestamp } from "../../hedera/timestamp.ts";
import { dutiesOf } from "../duty.ts";
import { agentsOf } from "../roles.ts";
import { lifeOf, problemOf, silenceOf } from "../vitals.ts";
import { type Alarm, alarm } from "./alarm.ts";
import { offBaseline } from "./baseline.ts";
import { releaseFailed, restarting } from "./release.ts";
import type { AgentSight, Sight, Thresholds } from "./sight.ts";

/** Everything that wants a person now. Pure: the same sight always gives the same alarms. */
export function judge(sight: Sight, thresholds: Thresholds): readonly Alarm[] {
  return bounded([
    ...chainAlarms(sight),
    ...sight.keyDrift.map(({ topic, message }) => alarm("submit_key_changed", topic, message)),
    ...sight.agents.flatMap((agent) => agentAlarms(agent, sight, thresholds)),
    ...taskAlarms(sight),
    ...ownerAlarms(sight),
    ...overdueAlarms(sight, thresholds),
    ...unauthorisedAlarms(sight, thresholds),
    ...drawdownAlarms(sight, thresholds),
    ...offBaseline(sight.baseline, thresholds.offBaseline),
  ]);
}

/** Alarms of a name that are told one by one; more of them have one cause, and are told as one. */
const MOST_ALIKE = 5;

function bounded(alarms: readonly Alarm[]): readonly Alarm[] {
  return [...Map.groupBy(alarms, ({ name }) => name)].flatMap(([name, alike]) => {
    if (alike.length <= MOST_ALIKE) return alike;
    const graver = alike.some(({ severity }) => severity === "critical") ? "critical" : "warning";
    const some = alike.slice(0, 3).map(({ message }) => message);
    return [alarm(name, "several", `${alike.length} at once, such as: ${some.join("; ")}`, graver)];
  });
}

function chainAlarms({ chainFault }: Sight): readonly Alarm[] {
  return chainFault === null ? [] : [alarm("chain_gap", "log", chainFault)];
}

function agentAlarms(agent: AgentSight, sight: Sight, thresholds: Thresholds): readonly Alarm[] {
  const { id, recent } = agent;
  const silence = silenceAlarm(agent, sight, thresholds);
  const problem = agent.signs === undefined ? null : problemOf(agent.signs);
  const again = restarting(recent, sight.now, thresholds.starts);
  const release = releaseFailed(recent);
  return [
    ...(silence ?? []),
    ...(problem === null ? [] : [alarm("agent_error", id, `${id}: ${problem.code}: ${problem.message}`)]),
    ...(again === null ? [] : [alarm("agent_restarting", id, `${id} ${again}`)]),
    ...(release === null ? [] : [alarm("release_failed", id, `${id} ${release}`)]),
    ...runwayAlarms(agent, thresholds),
  ];
}

function silenceAlarm({ id, signs }: AgentSight, { state, now }: Sight, { stoppedSeconds }: Thresholds) {
  const life = lifeOf(signs, state.manifest?.heartbeat_seconds ?? 0, now);
  const silence = silenceOf(signs, now);
  switch (life) {
    case "alive":
      return null;
    case "unknown":
      return [alarm("agent_silent", id, `${id} was never heard`)];
    case "silent":
      return [alarm("agent_silent", id, `${id} was last heard ${silence} s ago`)];
    case "lost":
      return [alarm("agent_silent", id, `${id} is lost: the network said so in its name`)];
    case "stopped": {
      const long = silence !== null && silence >= stoppedSeconds;
      return long ? [alarm("agent_silent", id, `${id} was stopped ${silence} s ago and is not back`)] : null;
    }
  }
}

function runwayAlarms({ id, account, balance, spent }: AgentSight, { runwayDays }: Thresholds) {
  if (balance === null)
    return [alarm("low_runway", id, `${id}'s account ${account} does not exist`, "critical")];
  if (spent === 0n || balance >= spent * BigInt(runwayDays)) return [];
  const days = balance / spent;
  const message = `${id}'s account ${account} has ${formatHbar(balance)} HBAR, which lasts ${days} days at ${formatHbar(spent)} a day`;
  return [alarm("low_runway", id, message, days === 0n ? "critical" : "warning")];
}

function taskAlarms({ state }: Sight): readonly Alarm[] {
  const { edition } = state;
  if (edition === null) return [];
  return [...edition.tasks.values()].flatMap(({ id, state: at, reason, failedPayments }) => {
    const about = `${edition.number} ${id}`;
    const why = reason === null ? "" : `: ${reason}`;
    if (at === "failed")
      return [alarm("task_blocked", about, `task ${id} of edition ${edition.number} failed${why}`)];
    if (failedPayments === 0 || at === "paid") return [];
    const times = failedPayments === 1 ? "once" : `${failedPayments} times`;
    return [alarm("payment_failed", about, `the payment of task ${id} failed ${times}${why}`)];
  });
}

/** What only a person can do: manual tasks, and payments that are large enough to want the owner's signature. */
function ownerAlarms({ state }: Sight): readonly Alarm[] {
  const { edition, obligations } = state;
  if (edition === null) return [];
  const manual = [...obligations.values()].flatMap(({ kind, taskId }) =>
    kind === "manual" && taskId !== null ? (edition.tasks.get(taskId) ?? []) : [],
  );
  const unsigned = [...edition.tasks.values()].flatMap(({ id, state: at, approval }) =>
    at === "complete" && approval !== null ? [{ id, schedule: approval.schedule }] : [],
  );
  return [
    ...manual.map(({ id, spec }) =>
      alarm("owner_wanted", `${edition.number} ${id}`, `task ${id} waits for the owner: ${spec.name}`),
    ),
    ...unsigned.map(({ id, schedule }) => {
      const message = `the payment of task ${id} waits for the owner's signature on ${schedule}`;
      return alarm("owner_wanted", `${edition.number} ${id}`, message);
    }),
  ];
}

/** What is held up by a pause is nobody's fault; what is about a long task has its lease on top. */
function overdueAlarms({ state, now }: Sight, { overdueSeconds }: Thresholds): readonly Alarm[] {
  return agentsOf(state)
    .flatMap(({ id }) => dutiesOf(state, id))
    .flatMap(({ id, kind, agent, taskId, due }) => {
      const task = taskId === null ? undefined : state.edition?.tasks.get(taskId);
      const late = lateness(now, addSeconds(due, overdueSeconds + (task?.leaseSeconds ?? 0)));
      if (late <= 0n) return [];
      const what = taskId === null ? kind : `${kind} of task ${taskId}`;
      const since = (now - due) / NANOS_PER_SECOND;
      return [alarm("obligation_overdue", id, `${agent} owes ${what} (${id}) since ${since} s`)];
    });
}

function lateness(now: Timestamp, limit: Timestamp): bigint {
  return now - limit;
}

/** By account, so that one who writes much is one alarm. */
function unauthorisedAlarms({ uncounted }: Sight, { unauthorised }: Thresholds): readonly Alarm[] {
  const strange = uncounted.filter(({ verdict }) => verdict.kind === "unauthorised");
  return [...Map.groupBy(strange, ({ payer }) => payer)].flatMap(([payer, entries]) => {
    const last = entries.at(-1);
    if (last === undefined || entries.length < unauthorised) return [];
    const problem = "problem" in last.verdict ? last.verdict.problem : "";
    const count = entries.length === 1 ? "an entry" : `${entries.length} entries`;
    return [
      alarm(
        "unauthorised_entries",
        payer,
        `${payer} wrote ${count} in an hour that it may not; #${last.sequence}: ${problem}`,
      ),
    ];
  });
}

function drawdownAlarms({ drawdown }: Sight, { drawdownBps }: Thresholds): readonly Alarm[] {
  if (drawdown === null || drawdown.bps < drawdownBps) return [];
  const percent = `${Math.trunc(drawdown.bps / 100)}.${String(drawdown.bps % 100).padStart(2, "0")}`;
  const message = `the fund is ${percent} % below its highest value, says #${drawdown.sequence} of vitals`;
  return [alarm("drawdown", "fund", message)];
}
