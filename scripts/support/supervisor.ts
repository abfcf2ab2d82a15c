/** A child process that is started again when it dies, as systemd would. */
export interface Supervised {
  readonly name: string;
  /** The process that runs now. */
  readonly pid: number;
}

/** What to run. */
export interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What is added to the environment of the n-th start, from 0. */
  readonly envOfStart?: (start: number) => Readonly<Record<string, string>>;
  /** Gets the process's stderr, line by line. */
  readonly onLine?: (line: string) => void;
}

/** Longest that an orderly stop may take before it is forced. */
const STOP_MS = 10_000;
const FIRST_RESTART_MS = 100;
const LONGEST_RESTART_MS = 5_000;
/** Exit code of a process whose configuration is wrong: starting it again would change nothing. */
const EXIT_CONFIG = 78;

/**
 * Runs processes and keeps them running. They live no longer than this one: a
 * child sees the end of its channel when this process dies, however it does.
 */
export class Supervisor {
  readonly #children = new Map<string, { child: Bun.Subprocess; restarts: number; pid: number }>();
  readonly #onFailure: (name: string, problem: string) => void;
  #stopping = false;

  /** @param onFailure told of a process that died; it is started again unless its configuration is wrong */
  constructor(onFailure: (name: string, problem: string) => void) {
    this.#onFailure = onFailure;
  }

  /** Starts a process and keeps it. */
  start(command: Command): Supervised {
    this.#spawn(command, 0);
    const children = this.#children;
    return {
      name: command.name,
      get pid() {
        return children.get(command.name)?.pid ?? 0;
      },
    };
  }

  /** Process ids by name. */
  get pids(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#children].map(([name, { pid }]) => [name, pid]));
  }

  /** Stops one process for good, politely first, then by force; or at once with SIGKILL. */
  async dismiss(name: string, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const known = this.#children.get(name);
    this.#children.delete(name);
    if (known === undefined) return;
    if (signal === "SIGKILL") known.child.kill("SIGKILL");
    await end(known.child);
  }

  /** Stops every process: politely first, then by force. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#children.values()].map(({ child }) => end(child)));
  }

  #spawn(command: Command, restarts: number): void {
    const env = { ...command.env, ...command.envOfStart?.(restarts) };
    const child = Bun.spawn([...command.argv], {
      env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
      stdio: ["ignore", "ignore", "pipe"],
      ipc: () => undefined,
      onExit: (ended, code, signal) => {
        const dismissed = this.#children.get(command.name)?.child !== ended;
        if (!dismissed) this.#ended(command, restarts, code, signal);
      },
    });
    this.#children.set(command.name, { child, restarts, pid: child.pid });
    void readLines(child.stderr, command.onLine ?? (() => undefined));
  }

  #ended(command: Command, restarts: number, code: number | null, signal: number | string | null): void {
    if (this.#stopping) return;
    const problem = code === null ? `was killed by signal ${signal}` : `ended with exit code ${code}`;
    this.#onFailure(command.name, problem);
    if (code === EXIT_CONFIG) return;
    const wait = Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** restarts);
    setTimeout(() => {
      const dismissed = !this.#children.has(command.name);
      if (!this.#stopping && !dismissed) this.#spawn(command, restarts + 1);
    }, wait);
  }
}

/** Ends a process: SIGTERM, and SIGKILL if it takes too long. */
export async function end(child: Bun.Subprocess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await child.exited;
  clearTimeout(force);
}

/** Calls `onLine` for every line of a stream until it ends. */
export async function readLines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
  if (rest !== "") onLine(rest);
}
