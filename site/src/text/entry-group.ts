import type { EntryName } from "../../../lib/festival/entry/entry.ts";
import { isEntryName } from "../../../lib/festival/entry/entry.ts";

/** What an entry is about, for a colour at its side. */
export type EntryGroup = "rule" | "plan" | "work" | "money" | "trade" | "trouble" | "other";

const GROUPS: Readonly<Record<EntryName, EntryGroup>> = {
  manifest: "rule",
  pause: "rule",
  resume: "rule",
  festival_plan: "plan",
  task_planned: "plan",
  task_withdrawn: "plan",
  festival_commit: "plan",
  checkpoint: "rule",
  task_assignment: "work",
  status_update: "work",
  task_result: "work",
  quality_gate: "trouble",
  task_reassigned: "trouble",
  task_failed: "trouble",
  forecast_scored: "work",
  payment_settled: "money",
  payment_scheduled: "money",
  payment_approved: "money",
  payment_failed: "trouble",
  quote_requested: "trade",
  quote: "trade",
  risk_check_requested: "trade",
  risk_check_approved: "trade",
  risk_check_denied: "trouble",
  trade_settled: "trade",
  trade_failed: "trouble",
  tick: "other",
  heartbeat: "other",
  agent_started: "other",
  agent_stopped: "other",
  agent_error: "trouble",
  agent_lost: "trouble",
  pnl_report: "other",
};

/** What a type of entry is about; `other` for a type that is not known. */
export function groupOf(type: string | null): EntryGroup {
  return type !== null && isEntryName(type) ? GROUPS[type] : "other";
}
