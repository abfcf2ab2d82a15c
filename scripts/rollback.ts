/** Has the agents of this host run an earlier release again. */
import { resolve } from "node:path";
import { describeError, FestError } from "../lib/hedera/error.ts";
import { instancesIn } from "./deploy/host-config.ts";
import { runRelease } from "./deploy/place.ts";
import { placeHere } from "./deploy/place-here.ts";
import { askScript } from "./deploy/script.ts";
import { type Check, failed } from "./smoke/check.ts";
import { commandLine } from "./support/command-line.ts";

interface Options {
  readonly to?: string;
  readonly dir: string;
  readonly config: string;
  readonly smoke: boolean;
  readonly json?: true;
}

const options = commandLine("rollback", "sudo bun run rollback")
  .description(
    "Run the last good release again, without a pause in the work. As root. Exit code 0 if smoke passes.",
  )
  .option("--to <version>", "another installed release")
  .option("--dir <folder>", "where releases are kept", "/opt/fest-agents")
  .option("--config <folder>", "the agents' environments", "/etc/fest-agents")
  .option("--no-smoke", "end as soon as every agent is ready")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .parse()
  .opts<Options>();

try {
  process.exit((await rollback()) ? 0 : 1);
} catch (error) {
  const fix =
    error instanceof FestError ? (error.fix ?? "bun run rollback --help") : "bun run rollback --help";
  if (options.json) {
    console.log(JSON.stringify({ ok: false, checks: [failed("rollback", describeError(error), fix)] }));
  } else console.error(`rollback: ${describeError(error)}`);
  process.exit(1);
}

async function rollback(): Promise<boolean> {
  const { to, dir, config, json } = options;
  const begun = Date.now();
  const onStep = (step: string) => {
    if (!json) console.log(`  ${step}`);
  };
  const place = await placeHere({ to: resolve(dir), config: resolve(config), onStep });
  const { releases } = place;
  const previous = await releases.current();
  const release = to === undefined ? await releases.lastGood(previous) : await releases.get(to);
  if (release === null) {
    throw new FestError("RELEASE_MISSING", "there is no other good release", { fix: "bun run deploy" });
  }
  const { version } = release;
  onStep(`${previous ?? "nothing"} -> ${version}`);
  await runRelease(place, release, await instancesIn(place.config), true);
  const readyMs = Date.now() - begun;
  const found: { ok: boolean; checks: readonly Check[] } = options.smoke
    ? await askScript(releases.folderOf(version), "smoke", ["--config", place.config])
    : { ok: true, checks: [] };
  const healthyMs = options.smoke && found.ok ? Date.now() - begun : null;
  const report = { ok: found.ok, version, previous, checks: found.checks, readyMs, healthyMs };
  if (json) console.log(JSON.stringify(report));
  else {
    for (const { name, status, message } of found.checks) {
      if (status === "fail") console.log(`  FAIL  ${name}: ${message}`);
    }
    console.log(`${version} runs, ready after ${(readyMs / 1_000).toFixed(1)} s`);
  }
  return found.ok;
}
