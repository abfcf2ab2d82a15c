import { FestError, type FestErrorOptions } from "../hedera/error.ts";

/** The base of everything that can go wrong when reading from a mirror node. */
export class MirrorError extends FestError {
  override readonly name: string = "MirrorError";
}

/**
 * The mirror node could not answer now: no connection, a timeout, HTTP 408, 429
 * or 5xx. The same question may succeed later. Code `MIRROR_UNAVAILABLE`.
 */
export class MirrorUnavailable extends MirrorError {
  override readonly name = "MirrorUnavailable";
  /** HTTP status, or null if there was no answer at all. */
  readonly status: number | null;
  /** How long the mirror node asked us to wait (`Retry-After`), in milliseconds, if it did. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    options: FestErrorOptions & { status?: number | null; retryAfterMs?: number | null } = {},
  ) {
    super("MIRROR_UNAVAILABLE", message, options);
    this.status = options.status ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/**
 * The mirror node refused the question (HTTP 4xx other than 408 and 429): our
 * mistake, or not a mirror node. Code `MIRROR_REJECTED`.
 */
export class MirrorRejected extends MirrorError {
  override readonly name = "MirrorRejected";
  /** HTTP status. */
  readonly status: number;

  constructor(message: string, status: number, options: FestErrorOptions = {}) {
    super("MIRROR_REJECTED", message, options);
    this.status = status;
  }
}

/** The answer is not what a mirror node answers; the message names the field. Code `MIRROR_MALFORMED`. */
export class MirrorMalformed extends MirrorError {
  override readonly name = "MirrorMalformed";

  constructor(message: string, options: FestErrorOptions = {}) {
    super("MIRROR_MALFORMED", message, options);
  }
}
