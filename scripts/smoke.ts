/** After a start: does everything work? */
import { type Check, failed } from "./smoke/check.ts";
import { smoke } from "./smoke/smoke.ts";
import { subjectOf } from "./smoke/subject.ts";
import { commandLine, wholeNumber } from "./support/command-line.ts";
import { describeFailure } from "./support/failure.ts";

const options = commandLine("smoke", "bun run smoke --config /etc/fest-agents")
  .description(
    "Every agent's heartbeat is newer than its start, health endpoints answer, one of the plan's own tasks goes through assignment, gate and payment, the page shows it, verify passes. Exit code 0 exactly when nothing failed.",
  )
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option(
    "--config <folder>",
    "the agents' environments; without such a folder, this environment",
    "/etc/fest-agents",
  )
  .option("--url <url>", "the page; default FEST_DASHBOARD_URL, or that of fest-dashboard.service")
  .option(
    "--patience <seconds>",
    "how long to wait for a task to be paid; default 60 on devnet, else 600",
    wholeNumber(1),
  )
  .parse()
  .opts<{ json?: true; config: string; url?: string; patience?: number }>();

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));
const checks = await look();
const ok = checks.every(({ status }) => status !== "fail");
if (options.json) console.log(JSON.stringify({ ok, checks }));
else
  console.log(
    ok ? "All is well." : `${checks.filter(({ status }) => status === "fail").length} checks failed.`,
  );
process.exit(ok ? 0 : 1);

async function look(): Promise<readonly Check[]> {
  try {
    const subject = await subjectOf(options.config, process.env, options.url);
    const patienceSeconds = options.patience ?? (subject.network.name === "devnet" ? 60 : 600);
    return await smoke(subject, { patienceSeconds, onCheck: show });
  } catch (error) {
    const check = failed("configuration", describeFailure(error), "bun run doctor");
    show(check);
    return [check];
  }
}

function show({ name, status, message, fix }: Check): void {
  if (options.json) return;
  const mark = { pass: "ok  ", fail: "FAIL", skip: "-   " }[status];
  console.log(`${mark}  ${name.padEnd(22)}  ${message}${fix === null ? "" : `\n      fix: ${fix}`}`);
}
