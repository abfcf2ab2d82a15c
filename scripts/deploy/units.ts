import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { FestError } from "../../lib/hedera/error.ts";
import { systemctl } from "./systemctl.ts";

/** Where this host wants its units and what they name. */
export interface UnitOptions {
  /** What the units in the repository call `/opt/fest-agents`. */
  readonly root: string;
  /** What they call `/etc/fest-agents`. */
  readonly config: string;
  readonly systemd: number;
  /** Whether the agents are single files. */
  readonly compiled: boolean;
  /** The git commit of the release's sources; null where it is not known. */
  readonly commit: string | null;
}

/** Where the administrator's units lie. */
const UNIT_FOLDER = "/etc/systemd/system";
/** From this version on systemd itself waits longer after each crash. */
const RESTART_STEPS_SINCE = 254;
const AGENT = "fest-agent@.service";
/** Everything that a release installs begins like this. */
const OURS = /^fest-/;

/** A single file knows neither its plans' folder nor a script to run. */
const COMPILED = `# The agents of this release are single files.
[Service]
Environment=FEST_PLAN=/opt/fest-agents/current/agents/plans/hbar-desk
ExecStart=
ExecStart=/usr/bin/env -- /opt/fest-agents/current/bin/\${FEST_ROLE}
`;

/** The unit files of a release as this host wants them, by their path below {@link UNIT_FOLDER}. */
export async function renderUnits(
  release: string,
  options: UnitOptions,
): Promise<ReadonlyMap<string, string>> {
  const folder = join(release, "systemd");
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join("/");
    if (entry.isFile() && OURS.test(name)) files.set(name, await readFile(path, "utf8"));
  }
  const agent = files.get(AGENT);
  if (agent === undefined) {
    throw new FestError("UNITS_MISSING", `${folder} holds no ${AGENT}`, {
      fix: "Deploy a whole checkout.",
    });
  }
  files.set(AGENT, naming(agent, options.commit));
  if (options.systemd >= RESTART_STEPS_SINCE) {
    const steps = await readFile(join(folder, "dropins/restart-steps.conf"), "utf8");
    files.set(`${AGENT}.d/20-restart-steps.conf`, steps);
  }
  if (options.compiled) files.set(`${AGENT}.d/30-compiled.conf`, COMPILED);
  return new Map([...files].map(([name, text]) => [name, placed(text, options)]));
}

/**
 * Installs a release's units in place of another's; what the administrator put
 * beside them stays.
 *
 * @param before the units of the release that was current, to know which of them are gone
 * @returns whether anything changed
 */
export async function installUnits(
  units: ReadonlyMap<string, string>,
  before: Iterable<string>,
  folder = UNIT_FOLDER,
): Promise<boolean> {
  let changed = false;
  for (const [name, text] of units) {
    const path = join(folder, name);
    if (existsSync(path) && (await readFile(path, "utf8")) === text) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode: 0o644 });
    changed = true;
  }
  for (const name of before) {
    if (units.has(name) || !existsSync(join(folder, name))) continue;
    await rm(join(folder, name));
    changed = true;
  }
  if (changed && folder === UNIT_FOLDER) await systemctl("daemon-reload");
  return changed;
}

/**
 * The unit of a stand-in: the same agent of a certain release beside the one
 * that runs, while that one is replaced. It has no port, no limit of starts and
 * no alarm of its own, and goes with the next boot.
 */
export function standInOf(agentUnit: string, release: string, link: string): string {
  return agentUnit
    .replaceAll(link, release)
    .replace(/^(Description=.*)$/m, "$1, stand-in while it is replaced")
    .replace(/^(PartOf|OnFailure|WantedBy|StartLimit\w+)=.*\n/gm, "")
    .replace(/^RuntimeDirectory.*\n/gm, "")
    .replace(/^Restart=.*$/m, "Restart=no")
    .replace(/^\[Install\]\n?/m, "")
    .replace(/^\[Service\]$/m, "[Service]\nUnsetEnvironment=FEST_HEALTH_PORT");
}

/** The agents' unit with the commit that the coordinator names on the ledger; an environment file's goes before it. */
function naming(agentUnit: string, commit: string | null): string {
  if (commit === null) return agentUnit;
  return agentUnit.replace(/^\[Service\]$/m, `[Service]\nEnvironment=FEST_GIT_COMMIT=${commit}`);
}

function placed(text: string, { root, config }: UnitOptions): string {
  return text.replaceAll("/opt/fest-agents", root).replaceAll("/etc/fest-agents", config);
}
