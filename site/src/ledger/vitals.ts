import { type Report, reportOf } from "../../../lib/festival/alarm/drawdown.ts";
import type { Body } from "../../../lib/festival/entry/entry.ts";
import type { State } from "../../../lib/festival/state.ts";
import { type Vital, vitalOf } from "../../../lib/festival/vitals.ts";
import type { Tinybar } from "../../../lib/hedera/amount.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { Message } from "../../../lib/mirror/message.ts";

/** What a heartbeat says. */
export type Heartbeat = Body<"heartbeat">["payload"];

/** One heartbeat of a bar. */
export interface Beat {
  readonly timestamp: Timestamp;
  readonly status: Heartbeat["status"];
  /** In tinybars, if it was said. */
  readonly balance: Tinybar | null;
}

/** What the vitals topic says of one agent. */
export interface AgentVitals {
  /** Its last heartbeat, and when that reached consensus. */
  readonly last: { readonly timestamp: Timestamp; readonly beat: Heartbeat } | null;
  /** The last heartbeats' consensus times, oldest first. */
  readonly beats: readonly Beat[];
  readonly started: Timestamp | null;
  readonly stopped: Timestamp | null;
  /** When the network said that it is lost, unless it was heard of since. */
  readonly lost: Timestamp | null;
  readonly error: { readonly timestamp: Timestamp; readonly code: string; readonly message: string } | null;
}

/** What the page knows of the vitals topic. */
export interface VitalsView {
  readonly agents: ReadonlyMap<string, AgentVitals>;
  /** The fund's last reports of profit and loss, oldest first. */
  readonly reports: readonly Report[];
  /** The last message's. */
  readonly newest: Timestamp | null;
  readonly sequence: number;
  /** The last messages, from which any moment of them can be read anew. */
  readonly messages: readonly Message[];
}

/** Before the first message. */
export const NO_VITALS: VitalsView = {
  agents: new Map(),
  reports: [],
  newest: null,
  sequence: 0,
  messages: [],
};

/** Messages that are kept. */
const KEPT = 1_000;

/** The vitals as they were at a moment, as far back as messages and reports are kept. */
export function vitalsAt({ messages, reports }: VitalsView, state: State, moment: Timestamp): VitalsView {
  const seen = observe(
    NO_VITALS,
    messages.filter(({ timestamp }) => timestamp <= moment),
    state,
  );
  return { ...seen, reports: reports.filter(({ stamp }) => stamp.timestamp <= moment) };
}

/** The view with the reports among messages from before those that it is of. */
export function withOlderReports(view: VitalsView, messages: readonly Message[], state: State): VitalsView {
  const first = view.reports[0]?.stamp.sequence ?? Number.POSITIVE_INFINITY;
  const older = messages.flatMap((message) => {
    const report = message.sequence < first ? reportOf(state, message) : null;
    return report === null ? [] : [report];
  });
  return { ...view, reports: [...older, ...view.reports].slice(-REPORTS) };
}

/** Reports that are kept. */
const REPORTS = 50;
/** Heartbeats that are kept of an agent. */
export const BEATS = 60;

const NOTHING: AgentVitals = {
  last: null,
  beats: [],
  started: null,
  stopped: null,
  lost: null,
  error: null,
};

/**
 * The view after more messages of the vitals topic. One counts if the manifest
 * binds the agent that it speaks of to the account that paid for it.
 */
export function observe(view: VitalsView, messages: readonly Message[], state: State): VitalsView {
  const agents = new Map(view.agents);
  let { newest, sequence, reports } = view;
  for (const message of messages) {
    ({ timestamp: newest, sequence } = message);
    const vital = vitalOf(state, message);
    if (vital === null) {
      const report = reportOf(state, message);
      if (report !== null) reports = [...reports, report].slice(-REPORTS);
      continue;
    }
    const id = vital.body.payload.agent_id;
    agents.set(id, note(agents.get(id) ?? NOTHING, vital.body, message.timestamp));
  }
  return { agents, reports, newest, sequence, messages: [...view.messages, ...messages].slice(-KEPT) };
}

function note(agent: AgentVitals, body: Vital["body"], timestamp: Timestamp): AgentVitals {
  switch (body.type) {
    case "heartbeat": {
      const { status, balance = null } = body.payload;
      const beats = [...agent.beats, { timestamp, status, balance }].slice(-BEATS);
      return { ...agent, lost: null, last: { timestamp, beat: body.payload }, beats };
    }
    case "agent_started":
      return { ...agent, started: timestamp, stopped: null, lost: null };
    case "agent_stopped":
      return { ...agent, stopped: timestamp, lost: null };
    case "agent_lost":
      return { ...agent, lost: timestamp };
    case "agent_error": {
      const { code, message } = body.payload;
      return { ...agent, lost: null, error: { timestamp, code, message } };
    }
  }
}
