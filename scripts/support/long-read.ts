import { fail } from "./failure.ts";
import { ProgressLine } from "./progress.ts";

/** What a command that reads a whole log is given. */
export interface LongRead {
  /** Aborted when somebody stops the command. */
  readonly signal: AbortSignal;
  /** Shows how far it is, where somebody looks. */
  readonly onProgress: (what: string, done: number) => void;
}

/** What it comes to. */
export interface Verdict {
  readonly ok: boolean;
  /** What to print. */
  readonly answer: string;
}

/**
 * Runs a command that reads a whole log to its end, and exits: 0 if all is well, 1 if not, 130 if it was stopped.
 *
 * @param name what it is called, which says before an error who had it
 */
export async function longRead(
  name: string,
  json: true | undefined,
  read: (reading: LongRead) => Promise<Verdict>,
): Promise<never> {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
  const progress = new ProgressLine(!json);
  const onProgress = (what: string, done: number) => progress.say(`${done.toLocaleString("en")} ${what}`);
  try {
    const { ok, answer } = await read({ signal: stopping.signal, onProgress });
    progress.clear();
    console.log(answer);
    process.exit(ok ? 0 : 1);
  } catch (error) {
    progress.clear();
    if (stopping.signal.aborted) process.exit(130);
    fail(name, json, error);
  }
}
