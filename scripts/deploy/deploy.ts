import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describeError, FestError } from "../../lib/hedera/error.ts";
import { type Check, failed, passed, skipped } from "../smoke/check.ts";
import { run } from "./command.ts";
import { installCredential } from "./credential.ts";
import { type Instance, instancesIn, writeHostFiles } from "./host-config.ts";
import { type Place, putInPlace, runRelease } from "./place.ts";
import { tellReleaseFailed } from "./release-alarm.ts";
import type { Release } from "./releases.ts";
import { type Answer, askScript } from "./script.ts";
import { stage } from "./stage.ts";
import { releasesInUse } from "./switch.ts";
import { systemctl, unitState } from "./systemctl.ts";

/** What to deploy, and where. */
export interface DeployOptions extends Place {
  /** The checkout. */
  readonly source: string;
  /** A commit, tag or branch of it; null: its files as they are. */
  readonly ref: string | null;
  /** Make each agent a single file. */
  readonly compile: boolean;
  /** Run a Hedera network on this host too, and set the festival up on it. */
  readonly devnet: boolean;
  /** Further units to run: `fest-dashboard.service`, `fest-mcp.service`. */
  readonly extras: readonly string[];
  /** Seconds that smoke waits for a task to be paid; null: as smoke does. */
  readonly patience: number | null;
}

/** What came of it. */
export interface DeployReport {
  readonly ok: boolean;
  readonly version: string;
  /** What ran before; null: nothing. */
  readonly previous: string | null;
  /** The release that was returned to, since the new one is not good. */
  readonly returned: string | null;
  readonly checks: readonly Check[];
  /** Milliseconds from the start to a release that passed smoke. */
  readonly healthyMs: number | null;
  readonly pruned: readonly string[];
}

const TIMERS = ["fest-watch.timer", "fest-archive.timer"];
const DEVNET = "fest-devnet.service";
const LAG_ATTEMPTS = 5;
const LAG_MS = 1_000;

/**
 * Installs a checkout as a release and has the agents run it: checks first, one
 * agent at a time, smoke last. What is not good is taken back to the last release
 * that was.
 *
 * @throws FestError of {@link stage}; what fails later is in the report
 */
export async function deploy(options: DeployOptions): Promise<DeployReport> {
  const { releases, config, onStep } = options;
  const begun = Date.now();
  const previous = await releases.current();
  const release = await stage(releases, options);
  const { version } = release;
  const checks: Check[] = [passed("release", `${version}: lock file and checksums hold`)];
  const report = (ok: boolean, rest: Partial<DeployReport> = {}): DeployReport => {
    const nothing = { returned: null, healthyMs: null, pruned: [] };
    return { version, previous, checks, ...nothing, ...rest, ok };
  };
  const isNew = options.devnet && (await prepareDevnet(options, release));
  const instances = await instancesIn(config);
  if (instances.length === 0) {
    if (previous === null) await putInPlace(options, release);
    const next = `sudo bun run setup --out ${config}, then deploy again`;
    checks.push(
      skipped("agents", `${config} has no agent's environment: installed, nothing started; ${next}`),
    );
    return report(true);
  }
  checks.push(await installKeys(config, instances));
  onStep("ask doctor");
  const found = await askDoctor(releases.folderOf(version), config, isNew ? LAG_ATTEMPTS : 1);
  checks.push(...found.checks);
  if (!found.ok) return report(false);
  if (await tryRelease(options, release, instances, checks)) {
    await releases.save({ ...release, good: new Date().toISOString() });
    await systemctl("enable", "--now", "--quiet", ...TIMERS, ...options.extras);
    const pruned = await releases.prune(await releasesInUse());
    return report(true, { healthyMs: Date.now() - begun, pruned });
  }
  const returned = await takeBack(options, version, instances, checks);
  checks.push(await tellReleaseFailed(config, { version, returned, checks }));
  return report(false, { returned });
}

/** Asks again where a mirror node may not yet show what set-up has just made. */
async function askDoctor(release: string, config: string, attempts: number): Promise<Answer> {
  const found = await askScript(release, "doctor", ["--env", config]);
  if (found.ok || attempts <= 1) return found;
  await Bun.sleep(LAG_MS);
  return askDoctor(release, config, attempts - 1);
}

/** @returns whether the release is good */
async function tryRelease(
  options: DeployOptions,
  release: Release,
  instances: readonly Instance[],
  checks: Check[],
): Promise<boolean> {
  const { releases, config, onStep, patience } = options;
  try {
    await runRelease(options, release, instances);
    await startExtras(options);
    onStep("smoke");
    const words = ["--config", config, ...(patience === null ? [] : ["--patience", String(patience)])];
    const found = await askScript(releases.folderOf(release.version), "smoke", words);
    checks.push(...found.checks);
    return found.ok;
  } catch (error) {
    checks.push(failed("agents", describeError(error), "systemctl status fest-agents"));
    return false;
  }
}

/** @returns the version that runs again; null if there is none to return to */
async function takeBack(
  options: DeployOptions,
  bad: string,
  instances: readonly Instance[],
  checks: Check[],
): Promise<string | null> {
  const { releases, onStep } = options;
  const good = await releases.lastGood(bad);
  if (good === null) {
    checks.push(
      failed("return", "there is no good release to return to", "sudo bun run deploy --version REF"),
    );
    return null;
  }
  onStep(`return to ${good.version}`);
  try {
    await runRelease(options, good, instances, true);
    checks.push(passed("return", `${good.version} is running again`));
    return good.version;
  } catch (error) {
    checks.push(failed("return", describeError(error), "sudo bun run rollback"));
    return null;
  }
}

/**
 * Starts the host's own network, and sets the festival up on it where that was not done.
 *
 * @returns whether the festival is new
 */
async function prepareDevnet(options: DeployOptions, release: Release): Promise<boolean> {
  const { releases, config, onStep } = options;
  if ((await releases.current()) === null) await putInPlace(options, release);
  if ((await unitState(DEVNET)).active !== "active") {
    onStep("start devnet");
    await systemctl("enable", "--now", "--quiet", DEVNET);
  }
  if ((await instancesIn(config)).length > 0) return false;
  onStep("set the festival up on devnet");
  await mkdir(config, { recursive: true, mode: 0o700 });
  const folder = releases.folderOf(release.version);
  const words = ["--network", "devnet", "--out", config, "--json"];
  const { code, out, problem } = await run([join(folder, "bin/bun"), "scripts/setup.ts", ...words], {
    cwd: folder,
  });
  if (code === 0) return true;
  throw new FestError("SETUP_FAILED", `setup: ${problem.trim() || out.trim()}`, {
    fix: `sudo bun run setup --network devnet --out ${config}`,
  });
}

async function installKeys(config: string, instances: readonly Instance[]): Promise<Check> {
  await writeHostFiles(config, instances);
  const kinds: string[] = [];
  for (const { name, keyFile } of instances) {
    if (keyFile !== null) kinds.push(`${name} ${await installCredential(name, keyFile)}`);
  }
  return passed("credentials", kinds.length === 0 ? "as they were" : kinds.join(", "));
}

async function startExtras({ extras, releases }: DeployOptions): Promise<void> {
  const there = extras.filter((unit) => existsSync(join(releases.link, "systemd", unit)));
  if (there.length > 0) await systemctl("enable", "--now", "--quiet", ...there);
}
