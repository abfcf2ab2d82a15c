import * as z from "zod/mini";
import { FestError } from "../../hedera/error.ts";
import type { AccountId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { TransactionId } from "../../hedera/transaction-id.ts";
import * as governance from "./governance.ts";
import * as plan from "./plan.ts";
import * as score from "./score.ts";
import * as trade from "./trade.ts";
import * as vital from "./vital.ts";
import * as work from "./work.ts";

/**
 * Who may say something: the owner, an agent in the named role, a `worker`
 * (any role but coordinator and desk), or any `agent` at all; a `planner` is the
 * coordinator or the owner, a `doer` a worker or the owner.
 */
export type Speaker = "owner" | "coordinator" | "defi" | "desk" | "worker" | "agent" | "planner" | "doer";

interface EntryType {
  readonly by: Speaker;
  readonly topic: "log" | "vitals";
  readonly schema: z.ZodMiniType;
}

/** Every type of entry: who may say it, on which topic, and its form. */
export const ENTRY_TYPES = {
  manifest: { by: "owner", topic: "log", schema: governance.manifest },
  pause: { by: "owner", topic: "log", schema: governance.pause },
  resume: { by: "owner", topic: "log", schema: governance.resume },
  festival_plan: { by: "coordinator", topic: "log", schema: plan.festivalPlan },
  task_planned: { by: "planner", topic: "log", schema: plan.taskPlanned },
  task_withdrawn: { by: "owner", topic: "log", schema: plan.taskWithdrawn },
  festival_commit: { by: "coordinator", topic: "log", schema: plan.festivalCommit },
  checkpoint: { by: "coordinator", topic: "log", schema: plan.checkpoint },
  task_assignment: { by: "coordinator", topic: "log", schema: work.taskAssignment },
  status_update: { by: "worker", topic: "log", schema: work.statusUpdate },
  task_result: { by: "doer", topic: "log", schema: work.taskResult },
  quality_gate: { by: "coordinator", topic: "log", schema: work.qualityGate },
  payment_settled: { by: "coordinator", topic: "log", schema: work.paymentSettled },
  payment_scheduled: { by: "coordinator", topic: "log", schema: work.paymentScheduled },
  payment_approved: { by: "owner", topic: "log", schema: work.paymentApproved },
  payment_failed: { by: "coordinator", topic: "log", schema: work.paymentFailed },
  task_reassigned: { by: "coordinator", topic: "log", schema: work.taskReassigned },
  task_failed: { by: "coordinator", topic: "log", schema: work.taskFailed },
  forecast_scored: { by: "coordinator", topic: "log", schema: score.forecastScored },
  tick: { by: "coordinator", topic: "log", schema: work.tick },
  quote_requested: { by: "defi", topic: "log", schema: trade.quoteRequested },
  quote: { by: "desk", topic: "log", schema: trade.quote },
  risk_check_requested: { by: "defi", topic: "log", schema: trade.riskCheckRequested },
  risk_check_approved: { by: "coordinator", topic: "log", schema: trade.riskCheckApproved },
  risk_check_denied: { by: "coordinator", topic: "log", schema: trade.riskCheckDenied },
  trade_settled: { by: "defi", topic: "log", schema: trade.tradeSettled },
  trade_failed: { by: "defi", topic: "log", schema: trade.tradeFailed },
  heartbeat: { by: "agent", topic: "vitals", schema: vital.heartbeat },
  agent_started: { by: "agent", topic: "vitals", schema: vital.agentStarted },
  agent_stopped: { by: "agent", topic: "vitals", schema: vital.agentStopped },
  agent_error: { by: "agent", topic: "vitals", schema: vital.agentError },
  pnl_report: { by: "defi", topic: "vitals", schema: vital.pnlReport },
  agent_lost: { by: "agent", topic: "vitals", schema: vital.agentLost },
} as const satisfies Record<string, EntryType>;

/** The name of a type of entry. */
export type EntryName = keyof typeof ENTRY_TYPES;

/** What an entry says: the message's JSON, parsed. Fields that the schema does not know are ignored. */
export type Body<Name extends EntryName = EntryName> = z.output<(typeof ENTRY_TYPES)[Name]["schema"]>;

/** What consensus says of an entry, and the entry does not repeat. */
export interface Stamp {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly payer: AccountId;
  /** The id of the transaction that carried it, from its chunk info; null if the message had none. */
  readonly transactionId: TransactionId | null;
  /** The message itself. */
  readonly bytes: Uint8Array;
}

/** A decoded message: what it says, and what consensus says of it. */
export type Entry<Name extends EntryName = EntryName> = {
  [N in Name]: { readonly name: N; readonly body: Body<N>; readonly stamp: Stamp };
}[Name];

/** The most bytes that a message may have without being chunked. */
export const MAX_ENTRY_BYTES = 1_024;

/** Whether `name` is a type of entry that this version knows. */
export function isEntryName(name: string): name is EntryName {
  return Object.hasOwn(ENTRY_TYPES, name);
}

/**
 * Writes an entry as the bytes of a message.
 *
 * @throws FestError `ENTRY_INVALID` if it does not fit its schema, `ENTRY_TOO_LONG` over 1,024 bytes
 */
export function encodeEntry(body: Body): Uint8Array {
  const schema: z.ZodMiniType = ENTRY_TYPES[body.type].schema;
  const encoded = z.safeEncode(schema, body);
  if (!encoded.success) {
    throw new FestError(
      "ENTRY_INVALID",
      `${body.type} does not fit its schema: ${describeIssues(encoded.error)}`,
    );
  }
  const bytes = new TextEncoder().encode(JSON.stringify(encoded.data));
  if (bytes.length > MAX_ENTRY_BYTES) {
    throw new FestError("ENTRY_TOO_LONG", `${body.type} has ${bytes.length} bytes, over ${MAX_ENTRY_BYTES}`, {
      fix: "Say less, or point to it by reference and hash.",
    });
  }
  return bytes;
}

/** The issues of a failed parse on one line: which field, and what is wrong with it. */
export function describeIssues(error: z.core.$ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join(".") || "entry"}: ${issue.message}`)
    .join("; ");
}
