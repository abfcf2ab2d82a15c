/** Vital signs, on a topic of their own that no decision reads. */
import * as z from "zod/mini";
import { agentId, amount, count, taskId, text, timestamp } from "./field.ts";

const head = { v: z.literal(1) };
const who = { agent_id: agentId, version: z.optional(text) };

/** `heartbeat`: an agent lives, and how it does. */
export const heartbeat = z.object({
  ...head,
  type: z.literal("heartbeat"),
  payload: z.object({
    ...who,
    status: z.enum(["idle", "working", "waiting", "error"]),
    active_task_id: z.optional(taskId),
    uptime_seconds: count,
    completed_tasks: count,
    failed_tasks: count,
    rss_mb: count,
    /** tinybars */
    balance: z.optional(amount),
    /** Up to which entry of the log the agent has folded. */
    sequence: count,
    /** The log's running hash there, its first 16 hex digits. */
    running_hash: z.optional(z.string().check(z.regex(/^[0-9a-f]{16}$/))),
  }),
});

/** `agent_started`. */
export const agentStarted = z.object({
  ...head,
  type: z.literal("agent_started"),
  payload: z.object(who),
});

/** `agent_stopped`: an orderly end. */
export const agentStopped = z.object({
  ...head,
  type: z.literal("agent_stopped"),
  payload: z.object({ ...who, reason: z.optional(text) }),
});

/** `agent_error`: something needs a person. */
export const agentError = z.object({
  ...head,
  type: z.literal("agent_error"),
  payload: z.object({ ...who, code: text, message: text }),
});

/**
 * `agent_lost`: said by the network in the agent's name, when a schedule expires
 * that a living agent would have deleted and renewed (HIP-423). One that is
 * followed by a sign of life was about a process that another has replaced.
 */
export const agentLost = z.object({
  ...head,
  type: z.literal("agent_lost"),
  payload: z.object({
    ...who,
    /** When the process began that scheduled this, by its own clock. */
    started: timestamp,
  }),
});
