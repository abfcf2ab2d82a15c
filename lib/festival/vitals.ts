import { NANOS_PER_SECOND, type Timestamp } from "../hedera/timestamp.ts";
import type { Message } from "../mirror/message.ts";
import { decode } from "./entry/decode.ts";
import type { Body, Entry } from "./entry/entry.ts";
import { agentOf } from "./roles.ts";
import type { State } from "./state.ts";

/** The types of entries on the vitals topic. */
export const VITALS = ["heartbeat", "agent_started", "agent_stopped", "agent_error", "agent_lost"] as const;

/** A vital sign. */
export type Vital = Entry<(typeof VITALS)[number]>;

/** What an agent said last on the vitals topic. */
export interface Signs {
  /** The newest of any type. */
  readonly newest: Vital;
  readonly heartbeat: Entry<"heartbeat"> | null;
  readonly error: Entry<"agent_error"> | null;
}

/**
 * How an agent does: `alive` while it is heard of; `silent` after three
 * heartbeats that were missed; `stopped` in an orderly way; `lost` once the
 * network has said so; `unknown` before the first sign.
 */
export type Life = "alive" | "silent" | "stopped" | "lost" | "unknown";

/** Heartbeats that may be missed before an agent counts as silent. */
const MISSED = 3;
/** An agent that may not spend says so by `error`, and beats only every so many intervals. */
export const SLOW_BEATS = 10;

/** Reads a message of the vitals topic: a vital sign if the agent that it names paid for it itself, else null. */
export function vitalOf(state: State, message: Message): Vital | null {
  const decoded = decode(message);
  if (decoded.kind !== "entry" || !isVital(decoded.entry)) return null;
  const { entry } = decoded;
  return agentOf(state, entry.body.payload.agent_id)?.account === message.payer ? entry : null;
}

/** An agent's signs with one that is older than all of them. */
export function withOlder(signs: Signs | undefined, older: Vital): Signs {
  return {
    newest: signs?.newest ?? older,
    heartbeat: signs?.heartbeat ?? (older.name === "heartbeat" ? older : null),
    error: signs?.error ?? (older.name === "agent_error" ? older : null),
  };
}

/** Whole seconds of consensus time since the agent itself was heard of; null if it never was. */
export function silenceOf(signs: Signs | undefined, now: Timestamp): number | null {
  if (signs === undefined) return null;
  const heard = signs.newest.name === "agent_lost" ? signs.heartbeat : signs.newest;
  return heard === null ? null : Number((now - heard.stamp.timestamp) / NANOS_PER_SECOND);
}

/** How an agent does: its newest sign decides, so that an `agent_lost` that a sign of life follows counts no more. */
export function lifeOf(signs: Signs | undefined, heartbeatSeconds: number, now: Timestamp): Life {
  if (signs === undefined) return "unknown";
  if (signs.newest.name === "agent_lost") return "lost";
  if (signs.newest.name === "agent_stopped") return "stopped";
  const slow = problemOf(signs) === null ? 1 : SLOW_BEATS;
  return (silenceOf(signs, now) ?? 0) <= MISSED * slow * heartbeatSeconds ? "alive" : "silent";
}

/** Why an agent does not do its work, as it says itself, while it says so. */
export function problemOf({ newest, heartbeat, error }: Signs): Body<"agent_error">["payload"] | null {
  const ongoing = newest.name === "agent_error" || heartbeat?.body.payload.status === "error";
  return ongoing ? (error?.body.payload ?? null) : null;
}

function isVital(entry: Entry): entry is Vital {
  return VITALS.some((name) => name === entry.name);
}
