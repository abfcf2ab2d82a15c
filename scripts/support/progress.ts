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
