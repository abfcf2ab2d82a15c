import { type Report, reportOf } from "../festival/alarm/drawdown.ts";
import type { Body } from "../festival/entry/entry.ts";
import { foldAll } from "../festival/fold.ts";
import { type Agent, agentsOf } from "../festival/roles.ts";
import type { State } from "../festival/state.ts";
import {
  type Life,
  lifeOf,
  problemOf,
  type Signs,
  silenceOf,
  type Vital,
  vitalOf,
  withOlder,
} from "../festival/vitals.ts";
import type { Tinybar } from "../hedera/amount.ts";
import { FestError } from "../hedera/error.ts";
import type { AccountId, TopicId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import type { Mirror } from "../mirror/client.ts";
import { allItems, itemsFrom } from "../mirror/page.ts";
import { runwayDays, spentInADay } from "./spending.ts";

/** How an agent does, by its own vital signs and by the ledger. */
export interface AgentStatus {
  readonly agent: string;
  readonly role: string;
  readonly account: AccountId;
  readonly state: Life;
  /** Why it does not do its work, while it says so. */
  readonly problem: { readonly code: string; readonly message: string } | null;
  readonly heartbeat: Body<"heartbeat">["payload"] | null;
  /** Seconds since it was heard of. */
  readonly silenceSeconds: number | null;
  /** Entries between what it has folded and the log's head. */
  readonly lag: number | null;
  readonly balance: Tinybar | null;
  /** Fees charged in the last 24 hours. */
  readonly spent: Tinybar;
  /** Whole days for which the balance lasts at that. */
  readonly runwayDays: number | null;
  /** Open obligations. */
  readonly owes: number;
}

/** A festival at a glance, from the ledger alone. */
export interface FestivalStatus {
  readonly state: State;
  readonly agents: readonly AgentStatus[];
}

/** Vital signs that are read back at most to hear of every agent: days of them on a public network. */
const MOST_VITALS = 10_000;

/** Reads a festival's log and vitals, and how its agents do. @throws FestError `LOG_EMPTY`; MirrorError */
export async function readStatus(mirror: Mirror, log: TopicId, now: Timestamp): Promise<FestivalStatus> {
  const messages = await allItems(await mirror.topicMessages({ topic: log, limit: 100, order: "asc" }));
  const state = foldAll(messages);
  if (state.manifest === null) {
    throw new FestError("LOG_EMPTY", `topic ${log} has no manifest`, { fix: "Name the festival's log." });
  }
  return { state, agents: await readAgents(mirror, state, now) };
}

/** How the agents of a state that was read do. @throws MirrorError */
export async function readAgents(
  mirror: Mirror,
  state: State,
  now: Timestamp,
): Promise<readonly AgentStatus[]> {
  if (state.manifest === null) return [];
  const { signs } = await readVitals(mirror, state, state.manifest.vitals);
  return Promise.all(
    agentsOf(state).map((agent) => statusOf(mirror, state, agent, signs.get(agent.id), now)),
  );
}

/** What was read of a vitals topic. */
export interface VitalsRead {
  /** What each agent said last. */
  readonly signs: ReadonlyMap<string, Signs>;
  /** Every vital sign that was read, newest first. */
  readonly vitals: readonly Vital[];
  /** Every report of profit and loss that was read, newest first. */
  readonly reports: readonly Report[];
}

/**
 * Reads the vitals back until every agent's heartbeat is among them, and what is
 * wrong where it says that something is; with `since`, at least back to there.
 *
 * @throws MirrorError
 */
export async function readVitals(
  mirror: Pick<Mirror, "topicMessages">,
  state: State,
  topic: TopicId,
  since?: Timestamp,
): Promise<VitalsRead> {
  const signs = new Map<string, Signs>();
  const vitals: Vital[] = [];
  const reports: Report[] = [];
  const missing = new Set(agentsOf(state).map(({ id }) => id));
  let read = 0;
  const newest = await mirror.topicMessages({ topic, limit: 100, order: "desc" });
  for await (const message of itemsFrom(newest)) {
    const vital = vitalOf(state, message);
    const report = vital === null ? reportOf(state, message) : null;
    if (report !== null) reports.push(report);
    if (vital !== null) {
      const id = vital.body.payload.agent_id;
      const known = withOlder(signs.get(id), vital);
      signs.set(id, known);
      vitals.push(vital);
      if (isWhole(known)) missing.delete(id);
    }
    read += 1;
    const isBack = since === undefined || message.timestamp < since;
    if ((missing.size === 0 && isBack) || read === MOST_VITALS) break;
  }
  return { signs, vitals, reports };
}

function isWhole({ heartbeat, error }: Signs): boolean {
  return heartbeat !== null && (heartbeat.body.payload.status !== "error" || error !== null);
}

async function statusOf(
  mirror: Mirror,
  state: State,
  { id, role, account }: Agent,
  signs: Signs | undefined,
  now: Timestamp,
): Promise<AgentStatus> {
  const heartbeat = signs?.heartbeat?.body.payload ?? null;
  const balance = (await mirror.balance(account))?.hbar ?? null;
  const spent = await spentInADay(mirror, account, now);
  const problem = signs === undefined ? null : problemOf(signs);
  return {
    agent: id,
    role,
    account,
    state: lifeOf(signs, state.manifest?.heartbeat_seconds ?? 0, now),
    problem: problem && { code: problem.code, message: problem.message },
    heartbeat,
    silenceSeconds: silenceOf(signs, now),
    lag: heartbeat === null ? null : (state.head?.sequence ?? 0) - heartbeat.sequence,
    balance,
    spent,
    runwayDays: balance === null ? null : runwayDays(balance, spent),
    owes: [...state.obligations.values()].filter(({ agent }) => agent === id).length,
  };
}
