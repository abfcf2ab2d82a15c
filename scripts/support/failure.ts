/** How a command says that it failed: to a person on stderr and, with `--json`, to a program on stdout. */
import { PlanError } from "../../lib/festival/plan/error.ts";
import { describeError, FestError } from "../../lib/hedera/error.ts";
import { toJson } from "../../lib/hedera/to-json.ts";
import { MirrorUnavailable } from "../../lib/mirror/error.ts";

/** What can be done about an error of the operating system. */
const ADVICE: Readonly<Record<string, string>> = {
  EISDIR: "Name a file, not a folder.",
  ENOTDIR: "Name a folder, not a file.",
  EEXIST: "Name a folder, not a file.",
  ENOENT: "See that it is there.",
  EACCES: "See that this user may read and write there.",
  EPERM: "See that this user may read and write there.",
  EROFS: "Name a place that can be written to.",
  ENOSPC: "Make room on the disk.",
  EADDRINUSE: "Stop what listens there, or choose another port.",
};

const NO_MIRROR =
  "See that the address is right and a mirror node runs there; `bun run devnet` starts one here.";

/** Ends a command that failed. @param name as it says before an error who had it */
export function fail(name: string, json: true | undefined, error: unknown): never {
  if (json) console.log(failureJson("problems", error));
  console.error(`${name}: ${describeFailure(error)}`);
  process.exit(1);
}

/** What went wrong and what to do about it, on one line. */
export function describeFailure(error: unknown): string {
  const said = describeError(error);
  const fix = fixOf(error);
  if (fix === "" || said.includes(fix)) return said;
  return `${said}${/[.?]$/.test(said) ? "" : "."} ${fix}`;
}

/** The same as one JSON object, with file and line where it is a plan's defect. */
function failureJson(list: "problems" | "findings" | "checks", error: unknown): string {
  const code = error instanceof FestError ? error.code : "FAILED";
  const place = error instanceof PlanError ? { file: error.file, line: error.line } : {};
  const message = describeFailure(error);
  const item = { name: code.toLowerCase(), severity: "error", message, fix: fixOf(error) };
  return toJson({ ok: false, code, ...place, message, [list]: [item] });
}

function fixOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error instanceof FestError && error.fix !== undefined) return error.fix;
  if (error instanceof MirrorUnavailable && error.status === null) return NO_MIRROR;
  const own = "code" in error && typeof error.code === "string" ? ADVICE[error.code] : undefined;
  return own ?? fixOf(error.cause);
}
