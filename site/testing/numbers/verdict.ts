/** How an entry counts, by who paid for it: as a stranger judges who has only read the list of who may say what. */
import type { Said, Wire } from "./ledger.ts";

/** How an entry was taken, and why not where it was not. */
export interface Taken {
  readonly kind: "accepted" | "unknown" | "malformed" | "unauthorised";
  readonly problem: string | null;
}

const SPEAKERS: Readonly<Record<string, string>> = {
  manifest: "owner",
  festival_plan: "coordinator",
  task_planned: "planner",
  task_assignment: "coordinator",
  status_update: "worker",
  task_result: "doer",
  quality_gate: "coordinator",
  payment_settled: "coordinator",
  payment_failed: "coordinator",
  task_failed: "coordinator",
  task_reassigned: "coordinator",
  forecast_scored: "coordinator",
  quote_requested: "defi",
  quote: "desk",
  risk_check_requested: "defi",
  risk_check_approved: "coordinator",
  risk_check_denied: "coordinator",
  trade_settled: "defi",
  trade_failed: "defi",
  festival_commit: "coordinator",
  checkpoint: "coordinator",
  tick: "coordinator",
};

/** The roles that may speak as one. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  planner: ["coordinator"],
  worker: ["inference", "defi"],
  doer: ["inference", "defi"],
};

/** How an entry was taken. @param manifest what the manifest says that is in force; null before the first */
export function takenAs({ body, payer }: Said, manifest: Wire | null, owner: string | null): Taken {
  if (body === null || typeof body !== "object" || typeof body.type !== "string")
    return { kind: "malformed", problem: "not JSON in UTF-8" };
  const speaker = SPEAKERS[body.type];
  if (speaker === undefined) return { kind: "unknown", problem: null };
  if (owner === null || payer === owner) {
    if (["owner", "planner", "doer"].includes(speaker)) return { kind: "accepted", problem: null };
  }
  const accounts = (ROLES[speaker] ?? [speaker]).flatMap((role) =>
    Object.values(manifest?.roles[role] ?? {}),
  );
  if (accounts.includes(payer)) return { kind: "accepted", problem: null };
  return { kind: "unauthorised", problem: `${body.type} is for ${speaker}, not for ${payer}` };
}
