import { join } from "node:path";
import * as z from "zod";
import type { Check } from "../smoke/check.ts";
import { run } from "./command.ts";

const item = z.object({
  name: z.string(),
  status: z.string().optional(),
  severity: z.string().optional(),
  message: z.string(),
  fix: z.string().nullish(),
});
const answer = z.object({
  ok: z.boolean(),
  checks: z.array(item).optional(),
  findings: z.array(item).optional(),
});

/** What a command of a release found. */
export interface Answer {
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** Runs a release's own `doctor` or `smoke` with `--json`, and reads what it found; an answer that it does not give is a failure. */
export async function askScript(
  release: string,
  name: "doctor" | "smoke",
  words: readonly string[],
): Promise<Answer> {
  const argv = [join(release, "bin/bun"), `scripts/${name}.ts`, "--json", ...words];
  const { out, problem } = await run(argv, { cwd: release });
  const read = answer.safeParse(jsonOf(out.trim().split("\n").at(-1) ?? ""));
  if (!read.success) {
    const message = `${name} gave no answer: ${problem.trim().slice(-400) || out.slice(-400)}`;
    return { ok: false, checks: [{ name, status: "fail", message, fix: `bun run ${name}` }] };
  }
  const items = read.data.checks ?? read.data.findings ?? [];
  return { ok: read.data.ok, checks: items.map((one) => checkOf(name, one)) };
}

/** A finding of doctor counts as failed if it is an error. */
function checkOf(script: string, { name, status, severity, message, fix }: z.output<typeof item>): Check {
  const word = status ?? severity;
  const isBad = word === "fail" || word === "error";
  const kind = isBad ? "fail" : word === "skip" ? "skip" : "pass";
  return { name: `${script}: ${name}`, status: kind, message, fix: fix ?? null };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
