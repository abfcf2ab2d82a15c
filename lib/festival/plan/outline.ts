import { type Body, encodeEntry, MAX_ENTRY_BYTES } from "../entry/entry.ts";
import { type Plan, type PlanStep, planHash } from "./plan.ts";

type Outline = Body<"festival_plan">["payload"];

/** Room left for the largest obligation id, edition and part numbers. */
const RESERVE = 64;

/**
 * The outline of an edition as the payloads of its `festival_plan` entries, in
 * as many parts as it needs. A function of the plan alone but for the edition.
 */
export function outlineOf(plan: Plan, edition: number): readonly Outline[] {
  const base: Outline = {
    edition,
    part: 1,
    parts: 1,
    name: plan.name,
    tasks: plan.tasks.length,
    plan_sha256: planHash(plan),
    ...(plan.everySeconds === null ? {} : { every_seconds: plan.everySeconds }),
    phases: [],
    sequences: [],
  };
  const parts: { phases: PlanStep[]; sequences: PlanStep[] }[] = [{ phases: [], sequences: [] }];
  const put = (list: "phases" | "sequences", step: PlanStep): void => {
    const last = parts.at(-1);
    if (last !== undefined && fits({ ...base, ...last, [list]: [...last[list], step] }))
      last[list].push(step);
    else parts.push({ phases: [], sequences: [], [list]: [step] });
  };
  for (const phase of plan.phases) put("phases", phase);
  for (const sequence of plan.sequences) put("sequences", sequence);
  return parts.map((part, index) => ({ ...base, ...part, part: index + 1, parts: parts.length }));
}

function fits(payload: Outline): boolean {
  const body = { v: 1 as const, type: "festival_plan" as const, re: "1.1", payload };
  try {
    return encodeEntry(body).length <= MAX_ENTRY_BYTES - RESERVE;
  } catch {
    return false;
  }
}
