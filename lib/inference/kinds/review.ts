/** `review`: the audit of an edition, agent by agent. */
import * as z from "zod/mini";
import { agentId, amount, count, taskId, timestamp } from "../../festival/entry/field.ts";
import { review as reviewEdition } from "../review.ts";
import { provenance, provenanceOf } from "./field.ts";
import { kindOf } from "./kind.ts";

/** Input of `review`: the edition as the log has it, see `ReviewInputs`. Times are consensus times, `fees` tinybars. */
export const reviewInput = z.object({
  self: taskId,
  edition: z.int().check(z.positive()),
  started: timestamp,
  at: timestamp,
  tasks: z.array(
    z.object({
      task_id: taskId,
      state: z.enum(["pending", "assigned", "in_progress", "review", "complete", "paid", "failed"]),
      agent: z.nullable(agentId),
      attempt: count,
      missed: z.array(agentId),
      changed: timestamp,
      duration_ms: z.optional(count),
      paid: z.optional(amount),
    }),
  ),
  agents: z.array(z.object({ agent: agentId, fees: amount })),
});

/**
 * Output of `review`: for each agent tasks paid and failed, leases that ran out (`late`), results
 * that were sent back, milliseconds of work, rewards in token units, fees in tinybars; and whatever was out of order.
 */
export const reviewOutput = z.object({
  ...provenance,
  edition: count,
  seconds: count,
  rewards: amount,
  fees: amount,
  agents: z.array(
    z.object({
      agent: agentId,
      paid: count,
      failed: count,
      late: count,
      rejected: count,
      work_ms: count,
      rewards: amount,
      fees: amount,
    }),
  ),
  findings: z.array(
    z.object({ what: z.enum(["failed", "late", "rejected", "open", "idle"]), where: z.string() }),
  ),
});

/** The kind `review`. Metrics: `findings`, `late`, `failed`. */
export const review = kindOf<z.output<typeof reviewInput>, z.output<typeof reviewOutput>>({
  name: "review",
  input: reviewInput,
  output: reviewOutput,
  work(input) {
    const found = reviewEdition(input);
    return {
      ...provenanceOf({ model: "edition-review", version: "1" }),
      edition: input.edition,
      seconds: found.seconds,
      rewards: found.rewards,
      fees: found.fees,
      agents: found.agents.map(({ workMs, ...agent }) => ({ ...agent, work_ms: workMs })),
      findings: found.findings.map((finding) => ({ ...finding })),
    };
  },
  metrics: ({ agents, findings }) => ({
    findings: findings.length,
    late: agents.reduce((sum, { late }) => sum + late, 0),
    failed: findings.filter(({ what }) => what === "failed").length,
  }),
});
