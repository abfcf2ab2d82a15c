/** What a {@link FestError} is made of. */
export interface FestErrorOptions {
  /** The error or rejection that led to this one. */
  cause?: unknown;
  /** What the reader can do about it, as one imperative sentence. */
  fix?: string;
}

/**
 * The base of every error that this project throws. Callers decide by class or
 * by `code`, never by text.
 *
 * @example
 * throw new FestError("TOPIC_ID_INVALID", `"0.0" is not a topic id`, { fix: "Write it as 0.0.N." });
 */
export class FestError extends Error {
  override readonly name: string = "FestError";
  /** Stable, upper case, for programs. */
  readonly code: string;
  /** What to do about it, if anything can be done. */
  readonly fix: string | undefined;

  constructor(code: string, message: string, options: FestErrorOptions = {}) {
    super(
      options.fix === undefined ? message : `${message}. ${options.fix}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.fix = options.fix;
  }
}

/** The message of anything that was thrown, on one line, for logs and terminals. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` (${describeError(error.cause)})`;
  return `${error.message}${cause}`.replaceAll(/\s*\n\s*/g, " ");
}
