/** What is said of a task on its way from assignment to payment. */
import * as z from "zod/mini";
import {
  agentId,
  amount,
  count,
  json,
  obligationId,
  seconds,
  taskId,
  text,
  tokenId,
  transactionId,
} from "./field.ts";

/** One criterion of a verdict, with the evidence that it was computed from. */
export const criterion = z.object({
  name: text,
  passed: z.boolean(),
  value: z.optional(z.union([z.number(), z.boolean(), text])),
  limit: z.optional(text),
});

const head = { v: z.literal(1), re: obligationId, task_id: taskId };
const attempt = z.int().check(z.positive());

/** `task_assignment`: an agent is to do a task before its lease runs out. */
export const taskAssignment = z.object({
  ...head,
  type: z.literal("task_assignment"),
  to: agentId,
  payload: z.object({ attempt, lease_seconds: seconds }),
});

/** `status_update`: the task was started, or long work goes on. Renews the lease. */
export const statusUpdate = z.object({
  ...head,
  type: z.literal("status_update"),
  payload: z.object({ new_status: z.literal("in_progress"), message: z.optional(text) }),
});

/** `task_result`: what came of the work, or why nothing did. */
export const taskResult = z.object({
  ...head,
  type: z.literal("task_result"),
  payload: z.object({
    status: z.enum(["completed", "failed"]),
    output: z.optional(json),
    metrics: z.optional(z.record(z.string(), z.union([z.number(), z.boolean(), text]))),
    duration_ms: z.optional(count),
    error: z.optional(text),
  }),
});

/** `quality_gate`: the result was judged and failed. */
export const qualityGate = z.object({
  ...head,
  type: z.literal("quality_gate"),
  payload: z.object({ attempt, passed: z.literal(false), criteria: z.array(criterion) }),
});

/** `payment_settled`: the result passed and was paid, in one atomic batch with the transfer. */
export const paymentSettled = z.object({
  ...head,
  type: z.literal("payment_settled"),
  to: agentId,
  payload: z.object({
    amount,
    token_id: tokenId,
    /** The transfer's transaction id. */
    transfer: transactionId,
    criteria: z.array(criterion),
  }),
});

/** `payment_failed`: the result passed, the transfer did not execute; it will be tried again. */
export const paymentFailed = z.object({
  ...head,
  type: z.literal("payment_failed"),
  payload: z.object({
    /** Hedera's status, such as `TOKEN_NOT_ASSOCIATED_TO_ACCOUNT`. */
    status: text,
    retry_seconds: seconds,
  }),
});

/** `task_reassigned`: the lease ran out; somebody (perhaps the same agent) is to try again. */
export const taskReassigned = z.object({
  ...head,
  type: z.literal("task_reassigned"),
  to: agentId,
  payload: z.object({ attempt, lease_seconds: seconds, reason: text }),
});

/** `task_failed`: the task will not be done in this edition. */
export const taskFailed = z.object({
  ...head,
  type: z.literal("task_failed"),
  payload: z.object({ attempt: count, reason: text }),
});

/** `tick`: nothing but a consensus time, so that windows move on in a quiet log. */
export const tick = z.object({ v: z.literal(1), type: z.literal("tick") });
