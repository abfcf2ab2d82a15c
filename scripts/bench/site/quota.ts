/** A browser under a quota of processor time, by a control group of Linux: devtools' own throttling spares workers. */
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = "/sys/fs/cgroup";
const PERIOD_US = 100_000;

/** A group of processes that may use so much of one processor. */
export interface Quota {
  /** A program that runs another one in the group: give it to whoever starts the browser. */
  readonly executable: string;
  /** Removes the group; its processes must be gone. */
  end(): Promise<void>;
}

/** Makes a group, or gives null where this system does not let us. */
export async function startQuota(program: string, share: number): Promise<Quota | null> {
  const unified = existsSync(join(ROOT, "cgroup.controllers"));
  const group = join(ROOT, unified ? "" : "cpu", `fest-bench-${process.pid}`);
  const quota = Math.round(PERIOD_US * share);
  try {
    await mkdir(group);
    if (unified) await writeFile(join(group, "cpu.max"), `${quota} ${PERIOD_US}`);
    else {
      await writeFile(join(group, "cpu.cfs_period_us"), String(PERIOD_US));
      await writeFile(join(group, "cpu.cfs_quota_us"), String(quota));
    }
  } catch {
    // A container without the right, or a system without control groups: the caller says so.
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), "fest-quota-"));
  const executable = join(folder, "browser");
  await writeFile(executable, `#!/bin/sh\necho $$ > ${group}/cgroup.procs\nexec ${program} "$@"\n`);
  await chmod(executable, 0o755);
  return {
    executable,
    async end() {
      await rm(folder, { recursive: true });
      // Processes that have just ended leave the group a moment later.
      for (let attempt = 0; attempt < 50; attempt++) {
        try {
          return await rmdir(group);
        } catch {
          await Bun.sleep(100);
        }
      }
    },
  };
}
