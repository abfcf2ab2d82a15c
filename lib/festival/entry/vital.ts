/** Vital signs, on a topic of their own that no decision reads. */
import * as z from "zod/mini";
import { agentId, amount, count, signedAmount, taskId, text, timestamp } from "./field.ts";

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

/**
 * `pnl_report`: profit and loss of the trading fund, recomputed from the ledger
 * alone. Money in micro-USD, HBAR in tinybars, tokens in smallest units.
 */
export const pnlReport = z.object({
  ...head,
  type: z.literal("pnl_report"),
  payload: z.object({
    ...who,
    /** After the one and up to the other, in consensus time. */
    from: timestamp,
    to: timestamp,
    /** The fund at `from`, and the network's price of the full hour before it. */
    opening: z.object({ hbar: amount, tokens: amount, price: amount }),
    /** The fund at `to`, and the network's price of the full hour before it. */
    closing: z.object({ hbar: amount, tokens: amount, price: amount }),
    trades: count,
    sales: count,
    /** Sales that brought more than what was sold had cost: the hit rate is `wins` of `sales`. */
    wins: count,
    /** First in, first out. */
    realised: signedAmount,
    unrealised: signedAmount,
    turnover: amount,
    venue_fees: amount,
    /** What the network charged the trading agents for everything they did in this time, in tinybars. */
    network_fees: amount,
    /** Realised and unrealised, less the network's fees at the closing price. */
    net: signedAmount,
    /** What the opening balance would have gained untouched. */
    holding: signedAmount,
    /** What the swaps alone gained, and the desk's result of them. */
    trading: signedAmount,
    desk: signedAmount,
    max_drawdown_bps: count,
    trading_drawdown_bps: count,
    /** Whether realised profit exceeds the network's fees. */
    is_self_sustaining: z.boolean(),
  }),
});
