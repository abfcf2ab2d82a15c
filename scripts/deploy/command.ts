import { FestError } from "../../lib/hedera/error.ts";

/** What a command said, and how it ended. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly problem: string;
}

/** How a command is run. */
export interface RunOptions {
  readonly cwd?: string;
  /** Its whole environment; without it, this process's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
}

/** Runs a command to its end, whatever that is. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Said> {
  const child = Bun.spawn([...argv], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    // What a child says to systemd would count as said by this process.
    env: { ...(options.env ?? process.env), NOTIFY_SOCKET: undefined },
    stdin: options.input ?? "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, problem] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, problem };
}

/** The same for a command that has to succeed. @returns its standard output @throws FestError `COMMAND_FAILED` with its own words */
export async function need(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, out, problem } = await run(argv, options);
  if (code === 0) return out;
  const said = problem.trim() || out.trim();
  const words = said.length > 800 ? `${said.slice(0, 500)} ... ${said.slice(-300)}` : said;
  throw new FestError("COMMAND_FAILED", `${argv.join(" ")} ended with ${code}: ${words}`);
}
