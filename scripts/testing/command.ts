/** Runs this project's commands for tests, as a person would. */
import type { Party } from "../../lib/agent/setup/deployment.ts";
import { environmentOf } from "../../lib/agent/setup/environment.ts";
import type { Stage } from "./stage.ts";

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs `scripts/NAME.ts` with a party's environment, to its end.
 *
 * @param kill ends it before, as by `kill -9`
 */
export async function runCommand(
  stage: Stage,
  script: string,
  args: readonly string[],
  party: Party = "owner",
  kill?: AbortSignal,
): Promise<Ended> {
  const { network, deployment, festival } = stage;
  const env = { PATH: process.env.PATH ?? "", ...environmentOf(party, network, deployment, festival) };
  const argv = [process.execPath, `${import.meta.dir}/../${script}.ts`, ...args];
  const child = Bun.spawn(argv, {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    ...(kill === undefined ? {} : { signal: kill, killSignal: "SIGKILL" }),
  });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, err };
}
