/** An orderly end that was asked for, by whom or what first. */
export class Stopping {
  readonly #abort = new AbortController();
  #reason = "";

  /** Aborts when the end is asked for. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Why; empty before. */
  get reason(): string {
    return this.#reason;
  }

  /** Asks for it; the first reason counts. */
  request(reason: string): void {
    this.#reason ||= reason;
    this.#abort.abort();
  }

  /** On SIGTERM and SIGINT, and when the process at the other end of this one's channel is gone. */
  static ofProcess(): Stopping {
    const stopping = new Stopping();
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stopping.request(signal));
    // Started with a channel, a process lives no longer than who holds its other end.
    process.on("disconnect", () => stopping.request("parent gone"));
    return stopping;
  }
}
