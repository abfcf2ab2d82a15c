import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FestError } from "../../lib/hedera/error.ts";

/** What a copy of a plan has that its original has not. */
export interface PlanChanges {
  /** Seconds from one edition's commit to the next edition. */
  readonly everySeconds?: number;
  /** Seconds until a task whose agent says nothing is given to another; a trade keeps its own, which bounds the quote. */
  readonly leaseSeconds?: number;
}

/** Copies a plan's folder and changes the copy. @throws FestError `PLAN_UNCHANGED` if the plan has no such field */
export async function copyPlan(from: string, to: string, changes: PlanChanges): Promise<void> {
  await cp(from, to, { recursive: true });
  const { everySeconds, leaseSeconds } = changes;
  if (everySeconds !== undefined) {
    await rewrite(join(to, "fest.yaml"), /every_seconds: \d+/, `every_seconds: ${everySeconds}`);
  }
  if (leaseSeconds === undefined) return;
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !entry.name.endsWith(".md")) continue;
    if (!/^kind: (?!trade$)/m.test(await readFile(path, "utf8"))) continue;
    await rewrite(path, /^(kind: .*)$/m, `$1\nlease_seconds: ${leaseSeconds}`);
  }
}

async function rewrite(path: string, field: RegExp, text: string): Promise<void> {
  const before = await readFile(path, "utf8");
  const after = before.replace(field, text);
  if (after === before) throw new FestError("PLAN_UNCHANGED", `${path} has no field that fits ${field}`);
  await writeFile(path, after);
}
