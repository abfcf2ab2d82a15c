import { type Check, failed, guarded, passed, skipped } from "./check.ts";
import type { LocalAgent } from "./subject.ts";

const TIMEOUT_MS = 3_000;
/** An agent that was just started may still be folding. */
const ATTEMPTS = 20;
const PAUSE_MS = 500;

/** Whether each agent's `/healthz` and `/readyz` answer that all is well. */
export async function checkHealth(agents: readonly LocalAgent[]): Promise<readonly Check[]> {
  return Promise.all(agents.map((agent) => checkOne(agent)));
}

async function checkOne({ agent, health, unit }: LocalAgent): Promise<Check> {
  const name = `health ${agent}`;
  if (health === null) return skipped(name, "it has no FEST_HEALTH_PORT");
  const fix = unit === null ? `curl ${health}/readyz` : `systemctl status ${unit}; curl ${health}/readyz`;
  return guarded(name, fix, async () => {
    let said = "";
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const [live, ready] = await Promise.all([ask(`${health}/healthz`), ask(`${health}/readyz`)]);
      if (live.ok && ready.ok) return passed(name, `${health} is live and ready`);
      said = `/healthz ${live.said}; /readyz ${ready.said}`;
      await Bun.sleep(PAUSE_MS);
    }
    return failed(name, said, fix);
  });
}

async function ask(url: string): Promise<{ ok: boolean; said: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { ok: response.ok, said: `${response.status} ${(await response.text()).slice(0, 300)}` };
  } catch (error) {
    return { ok: false, said: error instanceof Error ? error.message : String(error) };
  }
}
