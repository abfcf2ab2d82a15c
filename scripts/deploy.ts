/** Installs this checkout as a release and has the agents of this host run it. */
import { resolve } from "node:path";
import { describeError, FestError } from "../lib/hedera/error.ts";
import { type DeployReport, deploy } from "./deploy/deploy.ts";
import { placeHere } from "./deploy/place-here.ts";
import { failed } from "./smoke/check.ts";
import { commandLine, wholeNumber } from "./support/command-line.ts";

interface Options {
  readonly to: string;
  readonly version?: string;
  readonly config: string;
  readonly compile?: true;
  readonly devnet?: true;
  readonly dashboard?: true;
  readonly mcp?: true;
  readonly patience?: number;
  readonly json?: true;
}

const options = commandLine("deploy", "sudo bun run deploy --devnet --dashboard")
  .description(
    "Install a release, check it, replace one agent at a time, run smoke, and return to the last good release if that fails. As root, on a host with systemd 252 or newer.",
  )
  .option("--to <folder>", "where releases are kept", "/opt/fest-agents")
  .option("--version <ref>", "a commit, tag or branch; default: the checkout's files as they are")
  .option("--config <folder>", "the agents' environments and keys, as setup writes them", "/etc/fest-agents")
  .option("--compile", "make each agent a single file")
  .option("--devnet", "run a Hedera network on this host, too, and set the festival up on it")
  .option("--dashboard", "serve the page on this host, too")
  .option("--mcp", "open the assistant's door on this host, too")
  .option("--patience <seconds>", "how long smoke waits for a task to be paid", wholeNumber(1))
  .option("--json", "print one JSON object on stdout, and nothing else")
  .parse()
  .opts<Options>();

try {
  const { to, config, json } = options;
  const onStep = (step: string) => {
    if (!json) console.log(`  ${step}`);
  };
  const place = await placeHere({ to: resolve(to), config: resolve(config), onStep });
  const report = await deploy({
    ...place,
    source: resolve(import.meta.dir, ".."),
    ref: options.version ?? null,
    compile: options.compile === true,
    devnet: options.devnet === true,
    extras: [
      ...(options.dashboard ? ["fest-dashboard.service"] : []),
      ...(options.mcp ? ["fest-mcp.service"] : []),
    ],
    patience: options.patience ?? null,
  });
  console.log(json ? JSON.stringify(report) : describe(report));
  process.exit(report.ok ? 0 : 1);
} catch (error) {
  const fix = error instanceof FestError ? (error.fix ?? "bun run deploy --help") : "bun run deploy --help";
  if (options.json) {
    console.log(JSON.stringify({ ok: false, checks: [failed("deploy", describeError(error), fix)] }));
  } else console.error(`deploy: ${describeError(error)}`);
  process.exit(1);
}

function describe({ ok, version, previous, returned, checks, healthyMs, pruned }: DeployReport): string {
  const problems = checks
    .filter(({ status }) => status === "fail")
    .flatMap(({ name, message, fix }) => [`  FAIL  ${name}: ${message}`, `        fix: ${fix}`]);
  const notes = checks
    .filter(({ status }) => status === "skip")
    .map(({ name, message }) => `  -     ${name}: ${message}`);
  const verdict = ok
    ? `${version} ${healthyMs === null ? "is installed" : `is healthy after ${(healthyMs / 1_000).toFixed(1)} s`}`
    : `${version} is not good; ${returned === null ? `${previous ?? "nothing"} was running before` : `${returned} runs again`}`;
  return [
    ...problems,
    ...notes,
    ...(pruned.length > 0 ? [`  removed ${pruned.join(", ")}`] : []),
    verdict,
  ].join("\n");
}
