/** What the coordinator says of the plan: an edition's outline, its tasks, its commit. */
import * as z from "zod/mini";
import { amount, count, json, obligationId, roleName, seconds, sha256Hex, taskId, text } from "./field.ts";

/** What a metric of a result must satisfy. */
export const bound = z.object({
  min: z.optional(z.number()),
  max: z.optional(z.number()),
  equals: z.optional(z.union([z.number(), z.boolean(), text])),
  one_of: z.optional(z.array(text)),
});

/** Metric to bound; all must hold, and a metric that is absent does not. */
export const gate = z.record(z.string(), bound);

/** As long as the network lets a schedule wait at most, 62 days. */
export const approvalSeconds = z.int().check(z.positive(), z.lte(5_356_800));

const step = z.object({ id: taskId, name: text });

/**
 * `festival_plan`: a new edition. An outline too long for one entry goes on in
 * further parts, each an entry of its own.
 */
export const festivalPlan = z.object({
  v: z.literal(1),
  type: z.literal("festival_plan"),
  re: obligationId,
  payload: z.object({
    edition: z.int().check(z.positive()),
    part: z.int().check(z.positive()),
    parts: z.int().check(z.positive(), z.lte(1000)),
    name: text,
    /** How many `task_planned` follow. */
    tasks: z.int().check(z.positive(), z.lte(10_000)),
    /** SHA-256 of the plan's canonical text. */
    plan_sha256: sha256Hex,
    /** The next edition starts this long after this one's commit; absent: there is none. */
    every_seconds: z.optional(seconds),
    phases: z.array(step),
    /** Sequences carry their phase in their id: `2.1` is the first of phase `2`. */
    sequences: z.array(step),
  }),
});

/**
 * `task_planned`: one task of the edition. What it depends on was planned before
 * it. From the owner, and discharging nothing, it amends the edition that is at
 * work: a task that is new, or one that is not done yet as it is from now on.
 */
export const taskPlanned = z.object({
  v: z.literal(1),
  type: z.literal("task_planned"),
  re: z.optional(obligationId),
  task_id: taskId,
  payload: z.object({
    name: text,
    kind: z.string().check(z.regex(/^[a-z][a-z0-9_]{0,31}$/)),
    role: roleName,
    input: z.optional(json),
    /** Tasks whose results it reads, by the name that it reads them under. It depends on them. */
    uses: z.optional(z.record(z.string(), taskId)),
    /** What else must be paid before it begins. */
    depends_on: z.optional(z.array(taskId)),
    gate: z.optional(gate),
    /** In token units. */
    reward: amount,
    /** What it earns instead where the result is that there was nothing to do: at most the reward. */
    hold_reward: z.optional(amount),
    lease_seconds: z.optional(seconds),
    /** A task without a result so long after the edition's start fails. */
    deadline_seconds: z.optional(seconds),
    /** The payment waits for the owner's signature; without it no reward is over the manifest's limit. */
    approval: z.optional(z.literal("owner")),
    /** How long it waits before it is asked for again; absent: a week. */
    approval_seconds: z.optional(approvalSeconds),
    /** Phases and sequences that the outline has not, where the owner adds a task to them. */
    steps: z.optional(z.array(step)),
  }),
});

/** `task_withdrawn`: the owner wants the task no more. What has a result is beyond it. */
export const taskWithdrawn = z.object({
  v: z.literal(1),
  type: z.literal("task_withdrawn"),
  task_id: taskId,
  payload: z.optional(z.object({ reason: z.optional(text) })),
});

/** `checkpoint`: a part of the log's state at a boundary, so that nobody has to read what came before. */
export const checkpoint = z.object({
  v: z.literal(1),
  type: z.literal("checkpoint"),
  re: obligationId,
  payload: z.object({
    /** The boundary: the last message that the state contains. */
    sequence: z.int().check(z.positive()),
    part: z.int().check(z.positive()),
    parts: z.int().check(z.positive()),
    /** The log's running hash at the boundary, in hex. */
    running_hash: z.string().check(z.regex(/^[0-9a-f]{96}$/)),
    /** Of the state's text, all parts joined. */
    state_sha256: sha256Hex,
    data: z.string(),
  }),
});

/** `festival_commit`: the edition is finished. Root and totals must be what the log says. */
export const festivalCommit = z.object({
  v: z.literal(1),
  type: z.literal("festival_commit"),
  re: obligationId,
  payload: z.object({
    edition: z.int().check(z.positive()),
    /** Merkle root (RFC 9162, SHA-256) over the edition's results, payments and trades. */
    root: sha256Hex,
    git_commit: z.optional(z.string().check(z.regex(/^[0-9a-f]{7,64}$/))),
    tasks: z.object({ planned: count, paid: count, failed: count }),
    payments: count,
    /** Token units paid in all. */
    amount,
    trades: count,
  }),
});
