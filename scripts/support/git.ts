import { FestError } from "../../lib/hedera/error.ts";

/** Asks git in a working copy. @returns what it printed, without the last line feed. @throws FestError `GIT_FAILED` */
export async function git(repo: string, ...args: readonly string[]): Promise<string> {
  const child = Bun.spawn(["git", "-C", repo, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) === 0) return out.replace(/\n$/, "");
  throw new FestError("GIT_FAILED", `git ${args[0]} failed: ${err.trim() || out.trim()}`);
}

/** What ties a git commit to the ledger: the trailers of its message. */
export interface FestTrailers {
  readonly network: string;
  readonly log: string;
  readonly sequence: string;
  readonly root: string;
}

const NAMES = {
  network: "Fest-Network",
  log: "Fest-Log",
  sequence: "Fest-Sequence",
  root: "Fest-Root",
} as const;

/** The paragraph of a commit message that names a festival's commit. */
export function trailerText(trailers: FestTrailers): string {
  const { network, log, sequence, root } = NAMES;
  return [
    `${network}: ${trailers.network}`,
    `${log}: ${trailers.log}`,
    `${sequence}: ${trailers.sequence}`,
    `${root}: ${trailers.root}`,
  ].join("\n");
}

/** Reads the trailers of a commit. @throws FestError `TRAILER_MISSING`, `GIT_FAILED` */
export async function readTrailers(repo: string, commit: string): Promise<FestTrailers> {
  const read = async (name: string) => {
    const format = `--format=%(trailers:key=${name},valueonly,separator=%x2C)`;
    const value = (await git(repo, "log", "-1", format, commit)).trim();
    if (value !== "" && !value.includes(",")) return value;
    throw new FestError("TRAILER_MISSING", `commit ${commit} has no one trailer ${name}`, {
      fix: "`bun run fest:commit` makes commits that have it.",
    });
  };
  return {
    network: await read(NAMES.network),
    log: await read(NAMES.log),
    sequence: await read(NAMES.sequence),
    root: await read(NAMES.root),
  };
}
