/** How long a coordinator takes from its start to the head of a short log and of a long one. */
import { join, resolve } from "node:path";
import { median } from "../process.ts";
import { LongLog } from "./long-log.ts";
import { round } from "./one-edition.ts";

const AGENT = join(resolve(import.meta.dir, "../../.."), "agents/coordinator.ts");
const SHORT = 1_000;
const LONG = 100_000;
/** Almost as far behind the last checkpoint as a log can be. */
const FAR = LONG + 900;
const STARTS = 5;
const LOOK_MS = 5;

/** Medians of five starts each, which took turns, in milliseconds from the process's start to `/readyz`. */
export interface ColdStartFigures {
  readonly cold_start_ratio: number;
  readonly cold_start_ms: { readonly short: number; readonly long: number; readonly far: number };
  readonly cold_start_entries: { readonly short: number; readonly long: number; readonly far: number };
}

/** Fills two logs and starts coordinators on them. @throws FestError; Error if one never gets ready */
export async function measureColdStart(say: (line: string) => void): Promise<ColdStartFigures> {
  const short = await LongLog.open();
  const long = await LongLog.open();
  try {
    await short.fill(SHORT);
    say(`fill a log with ${LONG} entries`);
    await long.fill(LONG);
    const atLong = long.length;
    const times = { short: [] as number[], long: [] as number[], far: [] as number[] };
    for (let start = 0; start < STARTS; start++) {
      times.short.push(await startOn(short));
      times.long.push(await startOn(long));
    }
    await long.fill(FAR);
    for (let start = 0; start < STARTS; start++) times.far.push(await startOn(long));
    const ms = { short: median(times.short), long: median(times.long), far: median(times.far) };
    return {
      cold_start_ratio: round(ms.long / ms.short, 3),
      cold_start_ms: { short: round(ms.short, 0), long: round(ms.long, 0), far: round(ms.far, 0) },
      cold_start_entries: { short: short.length, long: atLong, far: long.length },
    };
  } finally {
    await short.close();
    await long.close();
  }
}

/** Milliseconds until a coordinator has folded to the head; then it is killed, before it writes anything. */
async function startOn(log: LongLog): Promise<number> {
  const port = freePort();
  const begun = performance.now();
  const child = Bun.spawn([process.execPath, AGENT], {
    env: { PATH: process.env.PATH ?? "", ...log.environment, FEST_HEALTH_PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
    ipc: () => undefined,
  });
  try {
    while (child.exitCode === null) {
      if (await isReady(port)) return performance.now() - begun;
      await Bun.sleep(LOOK_MS);
    }
    throw new Error(`the coordinator ended with exit code ${child.exitCode}`);
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
}

/** Nobody answers until the process serves. */
async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  return answer?.ok === true;
}

function freePort(): number {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port } = server;
  void server.stop(true);
  return port ?? 0;
}
