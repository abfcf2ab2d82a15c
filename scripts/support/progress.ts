import { describeError, FestError } from "../../lib/hedera/error.ts";

/** One line on the terminal that is written over; nothing where nobody looks. */
export class ProgressLine {
  readonly #shown: boolean;
  #at = 0;

  /** @param wanted false where standard output is for a program */
  constructor(wanted: boolean) {
    this.#shown = wanted && process.stderr.isTTY === true;
  }

  /** Shows a line, at most ten times a second. */
  say(text: string): void {
    const now = performance.now();
    if (!this.#shown || now - this.#at < 100) return;
    this.#at = now;
    process.stderr.write(`\r\u001b[K  ${text}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) process.stderr.write("\r\u001b[K");
  }
}

/** What a command with a list of findings says in JSON where it could not even begin. */
export function failureJson(list: "problems" | "findings" | "checks", error: unknown): string {
  const fix = error instanceof FestError ? (error.fix ?? "") : "";
  const name = error instanceof FestError ? error.code.toLowerCase() : "failed";
  return JSON.stringify({
    ok: false,
    [list]: [{ name, severity: "error", message: describeError(error), fix }],
  });
}
