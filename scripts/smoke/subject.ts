import { existsSync } from "node:fs";
import type { Environment } from "../../lib/hedera/config.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { parseTopicId, type TopicId } from "../../lib/hedera/id.ts";
import type { Network } from "../../lib/hedera/network.ts";
import { networkFromEnv } from "../../lib/hedera/network-env.ts";
import { fromMillis, type Timestamp } from "../../lib/hedera/timestamp.ts";
import { instancesIn, wholeEnvironment } from "../deploy/host-config.ts";
import { unitStates } from "../deploy/systemctl.ts";

/** An agent of this machine. */
export interface LocalAgent {
  readonly agent: string;
  /** Its unit, where systemd runs it. */
  readonly unit: string | null;
  /** When it was started; null if that is not known. */
  readonly startedAt: Timestamp | null;
  /** URL of its health endpoints; null: none. */
  readonly health: string | null;
}

/** What smoke looks at. */
export interface Subject {
  readonly network: Network;
  readonly log: TopicId;
  /** The agents that run here; empty: any of the manifest's, from the ledger alone. */
  readonly agents: readonly LocalAgent[];
  readonly dashboard: string | null;
  readonly now: Timestamp;
}

/** Where the page is when `fest-dashboard` serves it. */
const DASHBOARD_UNIT = "fest-dashboard.service";
const DASHBOARD_URL = "http://127.0.0.1:5173/";

/**
 * What runs on this machine by its configuration folder, or, where there is no
 * such folder, by the environment alone.
 *
 * @throws FestError `LOG_MISSING`; ConfigError
 */
export async function subjectOf(config: string, env: Environment, dashboard?: string): Promise<Subject> {
  const instances = existsSync(config) ? await instancesIn(config) : [];
  const environment: Environment = instances[0]?.env ?? env;
  const log = environment.FEST_LOG;
  if (!log) {
    throw new FestError("LOG_MISSING", `neither ${config} nor the environment names a log`, {
      fix: "Set FEST_LOG, or run bun run setup.",
    });
  }
  const units = await unitsOf(instances.map(({ name }) => name));
  const agents = instances.map(async (instance): Promise<LocalAgent> => {
    const whole = await wholeEnvironment(config, instance);
    const unit = units.get(`fest-agent@${instance.name}.service`);
    const startedAt = unit?.startedAt ?? null;
    return {
      agent: whole.FEST_AGENT ?? instance.name,
      unit: unit?.name ?? null,
      startedAt: startedAt === null ? null : fromMillis(startedAt),
      health: whole.FEST_HEALTH_PORT ? `http://127.0.0.1:${whole.FEST_HEALTH_PORT}` : null,
    };
  });
  const served = units.get(DASHBOARD_UNIT)?.active === "active" ? DASHBOARD_URL : null;
  return {
    network: networkFromEnv(environment),
    log: parseTopicId(log),
    agents: await Promise.all(agents),
    dashboard: dashboard ?? env.FEST_DASHBOARD_URL ?? served,
    now: fromMillis(Date.now()),
  };
}

/** The units of this machine by name; none where systemd does not run. */
async function unitsOf(instances: readonly string[]) {
  const names = [...instances.map((name) => `fest-agent@${name}.service`), DASHBOARD_UNIT];
  const states = await unitStates(...names).catch(() => []);
  return new Map(states.filter(({ active }) => active !== "inactive").map((unit) => [unit.name, unit]));
}
