import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FestError } from "../../lib/hedera/error.ts";

/** What a copy of a plan has that its original has not. */
export interface PlanChanges {
  /** Seconds from one edition's commit to the next edition. */
  readonly everySeconds?: number;
  /** Seconds until a task whose agent says nothing is given to another; a trade keeps its own, which bounds the quote. */
  readonly leaseSeconds?: number;
  /** Makes the payment of the only task of a kind one that waits for the owner's signature. */
  readonly approval?: { readonly kind: string; readonly reward: bigint; readonly seconds: number };
}

/** Copies a plan's folder and changes the copy. @throws FestError `PLAN_UNCHANGED` if the plan has no such field */
export async function copyPlan(from: string, to: string, changes: PlanChanges): Promise<void> {
  await cp(from, to, { recursive: true });
  const { everySeconds, leaseSeconds, approval } = changes;
  if (everySeconds !== undefined) {
    await rewrite(join(to, "fest.yaml"), /every_seconds: \d+/, `every_seconds: ${everySeconds}`);
  }
  if (leaseSeconds !== undefined) {
    for (const path of await tasksOf(to, /^kind: (?!trade$)/m))
      await rewrite(path, /^(kind: .*)$/m, `$1\nlease_seconds: ${leaseSeconds}`);
  }
  if (approval !== undefined) {
    const { kind, reward, seconds } = approval;
    const fields = `reward: ${reward}\napproval: owner\napproval_seconds: ${seconds}`;
    for (const path of await tasksOf(to, new RegExp(`^kind: ${kind}$`, "m")))
      await rewrite(path, /^reward: \d+$/m, fields);
  }
}

/** The files of a plan whose text fits. */
async function tasksOf(folder: string, fits: RegExp): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !entry.name.endsWith(".md")) continue;
    if (fits.test(await readFile(path, "utf8"))) paths.push(path);
  }
  return paths;
}

async function rewrite(path: string, field: RegExp, text: string): Promise<void> {
  const before = await readFile(path, "utf8");
  const after = before.replace(field, text);
  if (after === before) throw new FestError("PLAN_UNCHANGED", `${path} has no field that fits ${field}`);
  await writeFile(path, after);
}
