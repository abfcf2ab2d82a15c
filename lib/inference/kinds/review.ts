/** `review`: the audit of an edition, agent by agent. */
import * as z from "zod/mini";
import { agentId, amount, count, taskId, timestamp } from "../../festival/entry/field.ts";
import { review as reviewEdition } from "../review.ts";
import { provenance, provenanceOf } from "./field.ts";
import { kindOf } from "./kind.ts";

const positive = z.int().check(z.positive());

/** Input of `review`: the edition as the log has it, see `ReviewInputs`. Times are consensus times, `fees` tinybars. */
const reviewInput = z.object({
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
 * Output of `review`: for each agent tasks paid, milliseconds of work, rewards in token units, fees in
 * tinybars, and, where there are any, tasks failed, leases that ran out (`late`) and results that were
 * sent back (`rejected`); and whatever was out of order.
 */
const reviewOutput = z.object({
  ...provenance,
  edition: count,
  seconds: count,
  rewards: amount,
  fees: amount,
  agents: z.array(
    z.object({
      agent: agentId,
      paid: count,
      failed: z.optional(positive),
      late: z.optional(positive),
      rejected: z.optional(positive),
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
      agents: found.agents.map(({ agent, paid, failed, late, rejected, workMs, rewards, fees }) => ({
        agent,
        paid,
        ...(failed > 0 ? { failed } : {}),
        ...(late > 0 ? { late } : {}),
        ...(rejected > 0 ? { rejected } : {}),
        work_ms: workMs,
        rewards,
        fees,
      })),
      findings: found.findings.map((finding) => ({ ...finding })),
    };
  },
  metrics: ({ agents, findings }) => ({
    findings: findings.length,
    late: agents.reduce((sum, { late = 0 }) => sum + late, 0),
    failed: findings.filter(({ what }) => what === "failed").length,
  }),
});
