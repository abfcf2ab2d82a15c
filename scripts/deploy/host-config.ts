/** What a host's configuration folder (`/etc/fest-agents`) holds: each agent's environment and key, as `setup` wrote them. */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FestError } from "../../lib/hedera/error.ts";
import { parseEnvFile } from "../support/env-file.ts";

/** An agent that this host runs. */
export interface Instance {
  /** Of the unit: `coordinator` in `fest-agent@coordinator`. */
  readonly name: string;
  /** Its environment, without the host's own additions. */
  readonly env: Readonly<Record<string, string>>;
  /** Where its key lies in clear, readable for root alone; null if it lies there no more. */
  readonly keyFile: string | null;
}

/** Variables of an agent's environment that concern everybody: the network and the festival, no account, no key. */
const PUBLIC = /^(HEDERA_(NETWORK|NODES|PORT_BASE|MIRROR_\w+|RELAY_\w+)|FEST_(LOG|VITALS))$/;
/** What is this host's, and not setup's. */
const HOST = "host";
/** Health endpoints of a host's agents, from here on. */
const FIRST_HEALTH_PORT = 8701;

/** The agents that a folder has environments for, by name; none where there is no folder. */
export async function instancesIn(config: string): Promise<readonly Instance[]> {
  if (!existsSync(config)) return [];
  const names = (await readdir(config))
    .filter((name) => name.endsWith(".env"))
    .map((name) => name.slice(0, -".env".length))
    .sort();
  const all = await Promise.all(names.map((name) => readInstance(config, name)));
  return all.filter(({ env }) => env.FEST_AGENT !== undefined);
}

/**
 * Writes what the units read besides, below `host/`: `fest.env`, the network and
 * the festival for those that only read, and each agent's `<name>.env` with its
 * health port, which is left as it is where there is one.
 */
export async function writeHostFiles(config: string, instances: readonly Instance[]): Promise<void> {
  const [first] = instances;
  if (first === undefined) return;
  const folder = join(config, HOST);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const shared = Object.entries(first.env).filter(([name]) => PUBLIC.test(name));
  await writeFile(
    join(folder, "fest.env"),
    `# Written by bun run deploy from ${first.name}.env.\n${linesOf(shared)}`,
  );
  for (const [index, { name }] of instances.entries()) {
    const path = join(folder, `${name}.env`);
    if (existsSync(path)) continue;
    const port = FIRST_HEALTH_PORT + index;
    const text = `# This host's own; bun run deploy leaves it alone.\nFEST_HEALTH_PORT=${port}\n`;
    await writeFile(path, text, { mode: 0o600 });
  }
}

/** An agent's environment with this host's additions, as its unit has it. */
export async function wholeEnvironment(
  config: string,
  { name, env }: Instance,
): Promise<Readonly<Record<string, string>>> {
  const path = join(config, HOST, `${name}.env`);
  return { ...env, ...(existsSync(path) ? parseEnvFile(await readFile(path, "utf8")).env : {}) };
}

/** What fest-watch and fest-alarm are given: the festival, and the webhook of those who are to be told. */
export async function watchEnvironment(config: string): Promise<Readonly<Record<string, string>>> {
  const paths = ["fest.env", "watch.env"].map((name) => join(config, HOST, name)).filter(existsSync);
  const files = await Promise.all(paths.map((path) => readFile(path, "utf8")));
  return Object.assign({}, ...files.map((text) => parseEnvFile(text).env));
}

async function readInstance(config: string, name: string): Promise<Instance> {
  const path = join(config, `${name}.env`);
  try {
    const { env } = parseEnvFile(await readFile(path, "utf8"));
    const keyFile = join(config, `${name}.key`);
    return { name, env, keyFile: existsSync(keyFile) ? keyFile : null };
  } catch (cause) {
    throw new FestError("CONFIG_UNREADABLE", `${path} cannot be read`, { fix: "Run this as root.", cause });
  }
}

function linesOf(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([name, value]) => `${name}=${value}\n`).join("");
}
