/** For each alarm two sights: one in which it fires and nothing else does, and one in which all is well again. */
import { addSeconds, NANOS_PER_SECOND, type Timestamp } from "../../hedera/timestamp.ts";
import type { AlarmName } from "../alarm/alarm.ts";
import type { Baseline } from "../alarm/baseline.ts";
import type { AgentSight, Sight } from "../alarm/sight.ts";
import type { Body } from "../entry/entry.ts";
import { agentsOf } from "../roles.ts";
import type { State } from "../state.ts";
import { vitalOf, withOlder } from "../vitals.ts";
import { ACCOUNTS, START, TestLog } from "./log.ts";
import { perform } from "./player.ts";
import { about, go, stage } from "./stage.ts";

/** When the sights are taken, unless a scenario says otherwise: soon after everybody was heard. */
export const NOW: Timestamp = addSeconds(START, 60);
const TASK = "1.1.1";
const WHO = { agent_id: "inference-001", version: "1.1.0" };
const HBAR = 100_000_000n;

/** Before and after an alarm's cause was cured. */
export interface Scenario {
  readonly bad: Sight;
  readonly well: Sight;
}

const began: Body<"agent_started"> = { v: 1, type: "agent_started", payload: WHO };
const stopped: Body<"agent_stopped"> = { v: 1, type: "agent_stopped", payload: WHO };
const broken: Body<"agent_error"> = {
  v: 1,
  type: "agent_error",
  payload: { ...WHO, code: "BALANCE_LOW", message: "the account has 0.5 HBAR" },
};

function beat(agent_id: string, status: "idle" | "error" = "idle"): Body<"heartbeat"> {
  const counts = { uptime_seconds: 1, completed_tasks: 0, failed_tasks: 0, rss_mb: 1, sequence: 1 };
  return { v: 1, type: "heartbeat", payload: { agent_id, status, ...counts } };
}

function startedAs(version: string): Body<"agent_started"> {
  return { ...began, payload: { ...WHO, version } };
}

/** The agents when inference-001 said these things, five seconds apart and up to ten seconds before now; the others beat. */
function agentsSaying(state: State, now: Timestamp, said: readonly Body[]): readonly AgentSight[] {
  const since = Number((now - START) / NANOS_PER_SECOND) - 10 - 5 * said.length;
  return agentsOf(state).map((agent) => {
    const topic = new TestLog();
    topic.advance(since);
    for (const body of agent.id === WHO.agent_id ? said : said.map(() => beat(agent.id))) {
      topic.advance(5);
      topic.say(body, agent.account);
    }
    const recent = topic.messages.toReversed().flatMap((message) => vitalOf(state, message) ?? []);
    const signs = recent.reduce<AgentSight["signs"]>((known, vital) => withOlder(known, vital), undefined);
    return { ...agent, signs, recent, balance: 100n * HBAR, spent: HBAR };
  });
}

function sightOf(
  log: TestLog,
  change: Partial<Sight> = {},
  said: readonly Body[] = [beat(WHO.agent_id)],
): Sight {
  const { state } = log;
  const now = change.now ?? NOW;
  const agents = agentsSaying(state, now, said);
  const calm = { uncounted: [], chainFault: null, keyDrift: [], drawdown: null, baseline: null };
  return { now, state, agents, ...calm, ...change };
}

function inferenceWith(sight: Sight, change: Partial<AgentSight>): Sight {
  const agents = sight.agents.map((agent) => (agent.id === WHO.agent_id ? { ...agent, ...change } : agent));
  return { ...sight, agents };
}

const RATES: Baseline = {
  v: 1,
  seconds: 3_600,
  entries_per_hour: 600,
  round_ms: { count: 100, median: 2_000, p90: 4_000 },
  tasks_per_hour: 60,
  fees_per_day: 5n * HBAR,
  heartbeat_gap_seconds: { count: 100, median: 5, p90: 6 },
};

/** Its one task is planned. */
function planned(): TestLog {
  return stage({ [TASK]: {} });
}

function paying(): TestLog {
  const log = go(planned(), TASK, "assign", "start", "execute");
  const settle = log.the("settle", TASK);
  const payload = { status: "TOKEN_NOT_ASSOCIATED_TO_ACCOUNT", retry_seconds: 1 };
  log.discharge(settle, { ...about(settle), type: "payment_failed", payload }, 9);
  return log;
}

function waitingForOwner(): TestLog {
  return stage({ [TASK]: { kind: "manual", role: "owner" } });
}

function doneByOwner(): TestLog {
  const log = waitingForOwner();
  perform(log, log.the("manual", TASK));
  return log;
}

function failed(): TestLog {
  const log = stage({ [TASK]: { deadline_seconds: 5 } }, undefined, { every_seconds: 1 });
  log.advance(10);
  const expire = log.the("expire", TASK);
  const payload = { attempt: 0, reason: "its deadline passed" };
  log.discharge(expire, { ...about(expire), type: "task_failed", payload });
  return log;
}

/** The next edition has begun. */
function again(): TestLog {
  const log = failed();
  perform(log, log.the("commit"));
  log.advance(5);
  perform(log, log.the("plan"));
  return log;
}

const calm = sightOf(planned());
const errors = [began, broken, beat(WHO.agent_id, "error")];
const crashes = [began, began, began, began];

/** Every alarm that a sight can show. */
export const SCENARIOS: Readonly<Record<Exclude<AlarmName, "ledger_unreadable">, Scenario>> = {
  agent_silent: { bad: inferenceWith(calm, { signs: undefined, recent: [] }), well: calm },
  agent_error: {
    bad: sightOf(planned(), {}, errors),
    well: sightOf(planned(), {}, [...errors, beat(WHO.agent_id)]),
  },
  agent_restarting: {
    bad: sightOf(planned(), {}, crashes),
    well: sightOf(
      planned(),
      {},
      crashes.flatMap((start) => [stopped, start]),
    ),
  },
  task_blocked: { bad: sightOf(failed()), well: sightOf(again()) },
  payment_failed: { bad: sightOf(paying()), well: sightOf(go(paying(), TASK, "settle")) },
  obligation_overdue: {
    bad: sightOf(planned(), { now: addSeconds(START, 900) }),
    well: sightOf(go(planned(), TASK, "assign", "start", "execute", "settle"), {
      now: addSeconds(START, 300),
    }),
  },
  owner_wanted: { bad: sightOf(waitingForOwner()), well: sightOf(doneByOwner()) },
  low_runway: {
    bad: inferenceWith(calm, { balance: 3n * HBAR }),
    well: inferenceWith(calm, { balance: 7n * HBAR }),
  },
  unauthorised_entries: {
    bad: {
      ...calm,
      uncounted: [
        {
          sequence: 9,
          timestamp: START,
          payer: ACCOUNTS.stranger,
          verdict: { kind: "unauthorised", problem: "pause is for owner" },
        },
      ],
    },
    well: calm,
  },
  chain_gap: { bad: { ...calm, chainFault: "messages are missing after #4" }, well: calm },
  drawdown: {
    bad: { ...calm, drawdown: { bps: 1_250, sequence: 7 } },
    well: { ...calm, drawdown: { bps: 999, sequence: 9 } },
  },
  submit_key_changed: {
    bad: { ...calm, keyDrift: [{ topic: "0.0.3001", message: "desk-001 cannot write to 0.0.3001" }] },
    well: calm,
  },
  release_failed: {
    bad: sightOf(planned(), {}, [startedAs("1.1.0"), stopped, startedAs("1.0.0"), beat(WHO.agent_id)]),
    well: sightOf(planned(), {}, [
      startedAs("1.1.0"),
      stopped,
      startedAs("1.0.0"),
      stopped,
      startedAs("1.2.0"),
      beat(WHO.agent_id),
    ]),
  },
  off_baseline: {
    bad: {
      ...calm,
      baseline: { was: RATES, is: { ...RATES, round_ms: { count: 50, median: 6_000, p90: 9_000 } } },
    },
    well: { ...calm, baseline: { was: RATES, is: RATES } },
  },
};
