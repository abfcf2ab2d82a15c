import { FestError } from "../hedera/error.ts";

/** How long fest may take to answer. */
const TIMEOUT_MS = 8_000;
/** What a festival may be called by: a name or a path, and never an option. */
const SELECTOR = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;
/** The lists of `fest show all --json` in the order in which a festival is looked for. */
const LISTS = ["active", "ready", "planning", "ritual", "dungeon/someday"] as const;

/** How fest is called. */
export interface FestOptions {
  /** The program; default `fest` on the path. */
  readonly program?: string;
  readonly timeoutMs?: number;
  /** Where it is called; default here. */
  readonly cwd?: string;
}

/**
 * Asks the fest CLI for a festival's roadmap: what
 * `fest show --festival X --json --roadmap` prints.
 *
 * @param selector which; null: the first that fest lists as active, ready or planned
 * @throws FestError `FEST_SELECTOR_INVALID`, `FEST_MISSING`, `FEST_TIMED_OUT`, `FEST_FAILED`, `FEST_EMPTY`
 */
export async function festRoadmap(selector: string | null, options: FestOptions = {}): Promise<string> {
  const chosen = selector ?? firstOf(await call(["show", "all", "--json"], options));
  if (!SELECTOR.test(chosen)) {
    throw new FestError("FEST_SELECTOR_INVALID", `${JSON.stringify(chosen)} names no festival`, {
      fix: "Use letters, digits, dots, slashes and dashes.",
    });
  }
  return call(["show", "--festival", chosen, "--json", "--roadmap"], options);
}

function firstOf(text: string): string {
  const lists: unknown = parse(text);
  for (const name of LISTS) {
    for (const festival of festivalsOf(lists, name)) {
      for (const field of ["id", "metadata_id", "name"]) {
        const value = fieldOf(festival, field);
        // An id may be a local path, which is no name.
        if (typeof value === "string" && SELECTOR.test(value)) return value;
      }
    }
  }
  throw new FestError("FEST_EMPTY", "fest lists no festival that is not done", {
    fix: "Name one with --fest.",
  });
}

function festivalsOf(lists: unknown, name: string): readonly unknown[] {
  const festivals = fieldOf(fieldOf(lists, name), "festivals");
  return Array.isArray(festivals) ? festivals : [];
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, field)
    ? Object.entries(value).find(([key]) => key === field)?.[1]
    : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FestError("FEST_FAILED", "fest printed something that is no JSON", { cause });
  }
}

async function call(args: readonly string[], options: FestOptions): Promise<string> {
  const { program = "fest", timeoutMs = TIMEOUT_MS, cwd } = options;
  const child = spawn([program, ...args], cwd);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, timeoutMs);
  try {
    const [out, err] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    const code = await child.exited;
    if (late) throw new FestError("FEST_TIMED_OUT", `fest did not answer within ${timeoutMs} ms`);
    if (code === 0) return out;
    throw new FestError("FEST_FAILED", `fest ended with code ${code}: ${err.trim().slice(0, 200)}`);
  } finally {
    clearTimeout(timer);
  }
}

function spawn(argv: string[], cwd: string | undefined) {
  try {
    return Bun.spawn(argv, { stdin: "ignore", stdout: "pipe", stderr: "pipe", ...(cwd ? { cwd } : {}) });
  } catch (cause) {
    throw new FestError("FEST_MISSING", `${argv[0]} cannot be started`, {
      fix: "Install the fest CLI, or give the festival's folder.",
      cause,
    });
  }
}
