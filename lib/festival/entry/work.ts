/** What is said of a task on its way from assignment to payment. */
import * as z from "zod/mini";
import {
  agentId,
  amount,
  count,
  json,
  obligationId,
  scheduleId,
  seconds,
  sha256Hex,
  taskId,
  text,
  tokenId,
  topicId,
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

const word = z.string().check(z.minLength(1), z.maxLength(64));

/** Who made a result, from what, and at which cost; `provenance.ts` says what is hashed. */
export const provenance = z.object({
  engine: word,
  model: word,
  version: word,
  input_sha256: sha256Hex,
  output_sha256: sha256Hex,
  /** What others charged for it, in micro-USD. */
  cost_micro_usd: z.optional(amount),
  /** Of a language model: tokens read and written. */
  tokens_in: z.optional(count),
  tokens_out: z.optional(count),
});

/** Where an output is that no entry has room for: an HCS-1 file, and the SHA-256 of its bytes. */
const outputRef = z.object({ topic: topicId, sha256: sha256Hex });

/** `task_result`: what came of the work, or why nothing did. */
export const taskResult = z.object({
  ...head,
  type: z.literal("task_result"),
  payload: z.object({
    status: z.enum(["completed", "failed"]),
    output: z.optional(json),
    /** In place of `output`, where that is too large for an entry. */
    output_ref: z.optional(outputRef),
    metrics: z.optional(z.record(z.string(), z.union([z.number(), z.boolean(), text]))),
    duration_ms: z.optional(count),
    error: z.optional(text),
    provenance: z.optional(provenance),
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

/**
 * `payment_scheduled`: the result passed, and its reward is one that the owner
 * signs for. The transfer is a schedule without an admin key, which the
 * coordinator has signed, the owner pays for, and the network forgets when it expires.
 */
export const paymentScheduled = z.object({
  ...head,
  type: z.literal("payment_scheduled"),
  to: agentId,
  payload: z.object({
    amount,
    token_id: tokenId,
    schedule_id: scheduleId,
    /** The id under which the transfer executes once the owner has signed. */
    transfer: transactionId,
    criteria: z.array(criterion),
  }),
});

/** `payment_approved`: the owner signed the schedule of a payment, and says so. */
export const paymentApproved = z.object({
  v: z.literal(1),
  type: z.literal("payment_approved"),
  task_id: taskId,
  payload: z.object({ schedule_id: scheduleId }),
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
