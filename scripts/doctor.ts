/** Examines what is set up on this machine before anything is started. */
import { compare } from "./doctor/compare.ts";
import { type Diagnosis, examine } from "./doctor/doctor.ts";
import type { Finding } from "./doctor/finding.ts";
import { readTarget } from "./doctor/target.ts";
import { commandLine } from "./support/command-line.ts";
import { describeFailure } from "./support/failure.ts";

const options = commandLine("doctor", "bun run doctor --env .fest/state")
  .description(
    "Environment, keys, clock, network, certificates, topics, tokens, balances and the machine itself. Changes nothing. Exit code 0 exactly when nothing is wrong.",
  )
  .option(
    "--env <path>",
    "a folder with <role>.env files, or one such file; default: this environment, /etc/fest-agents, or .fest/state",
  )
  .option("--compare <paths...>", "two folders or files instead: what one has and the other has not")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .parse()
  .opts<{ env?: string; compare?: readonly string[]; json?: true }>();

try {
  const diagnosis = await diagnosisOf();
  console.log(options.json ? JSON.stringify(diagnosis) : table(diagnosis));
  process.exit(diagnosis.ok ? 0 : 1);
} catch (error) {
  if (options.json) {
    const finding = {
      name: "env-file",
      severity: "error",
      message: describeFailure(error),
      fix: "bun run doctor --help",
    };
    console.log(JSON.stringify({ ok: false, findings: [finding] }));
  } else console.error(`doctor: ${describeFailure(error)}`);
  process.exit(1);
}

async function diagnosisOf(): Promise<Diagnosis> {
  if (options.compare === undefined) return examine({ path: options.env, env: process.env });
  const [a, b, ...more] = options.compare;
  if (a === undefined || b === undefined || more.length > 0) {
    const finding: Finding = {
      name: "compare",
      severity: "error",
      message: `--compare takes two folders or files, not ${options.compare.length}`,
      fix: "bun run doctor --compare A B",
    };
    return { ok: false, findings: [finding] };
  }
  return compare(readTarget(a, process.env), readTarget(b, process.env), [a, b]);
}

function table({ ok, findings }: Diagnosis): string {
  const width = Math.max(0, ...findings.map(({ name }) => name.length));
  const marks = { ok: "ok     ", warning: "WARNING", error: "ERROR  " };
  const lines = findings.flatMap(({ name, severity, message, fix }) => [
    `${marks[severity]}  ${name.padEnd(width)}  ${message}`,
    ...(fix === null ? [] : [`${" ".repeat(width + 11)}fix: ${fix}`]),
  ]);
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const verdict = ok ? "nothing is wrong" : `${count("error")} errors`;
  return [...lines, `${verdict}, ${count("warning")} warnings, ${count("ok")} checks passed`].join("\n");
}
