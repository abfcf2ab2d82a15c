import { mkdir, writeFile } from "node:fs/promises";
import { needIntact } from "./checksums.ts";
import { need, run } from "./command.ts";
import type { Instance } from "./host-config.ts";
import type { Release, Releases } from "./releases.ts";
import { agentsRun, replaceAgents, startAgents } from "./switch.ts";
import { installUnits, renderUnits } from "./units.ts";

/** A host and its releases. */
export interface Place {
  readonly releases: Releases;
  /** Folder of the agents' environments and keys. */
  readonly config: string;
  /** Version of its systemd. */
  readonly systemd: number;
  readonly onStep: (step: string) => void;
}

/**
 * Makes a release the current one: its units, and the link. Nothing is started.
 *
 * @returns the units as installed
 * @throws FestError `RELEASE_DAMAGED`
 */
export async function putInPlace(place: Place, release: Release): Promise<ReadonlyMap<string, string>> {
  const { releases, config, systemd } = place;
  await needIntact(releases.folderOf(release.version));
  await ensureUser();
  const unitsOf = ({ version, compiled, commit }: Release) =>
    renderUnits(releases.folderOf(version), { root: releases.root, config, systemd, compiled, commit });
  const units = await unitsOf(release);
  const current = await releases.current();
  const before = (await releases.list()).find(({ version }) => version === current);
  const known = before === undefined ? [] : (await unitsOf(before)).keys();
  await installUnits(units, known);
  await releases.activate(release.version);
  return units;
}

/**
 * Makes a release the current one and has every agent run it.
 *
 * @param together see {@link replaceAgents}; for a release that was good before
 * @throws FestError `AGENT_NOT_READY`
 */
export async function runRelease(
  place: Place,
  release: Release,
  instances: readonly Instance[],
  together = false,
): Promise<void> {
  const { releases, onStep } = place;
  const units = await putInPlace(place, release);
  const options = {
    release: releases.folderOf(release.version),
    link: releases.link,
    agentUnit: units.get("fest-agent@.service") ?? "",
    instances: instances.map(({ name }) => name),
    together,
    onStep,
  };
  if (await agentsRun()) await replaceAgents(options);
  else await startAgents(options);
}

/** The user of the units that only look on. */
async function ensureUser(): Promise<void> {
  if ((await run(["id", "-u", "fest-agents"])).code === 0) return;
  await mkdir("/etc/sysusers.d", { recursive: true });
  await writeFile("/etc/sysusers.d/fest-agents.conf", 'u fest-agents - "fest-agents, looking on" /\n');
  await need(["systemd-sysusers", "/etc/sysusers.d/fest-agents.conf"]);
}
