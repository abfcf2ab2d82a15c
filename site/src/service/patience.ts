import { backoffMs } from "../../../lib/mirror/backoff.ts";
import { type Clock, systemClock } from "../../../lib/mirror/clock.ts";
import { MirrorError } from "../../../lib/mirror/error.ts";

const BACKOFF = { firstMs: 1_000, maxMs: 30_000 };

/**
 * Reads until there is an answer, or null once `signal` is aborted.
 *
 * @param read is tried again after every {@link MirrorError}
 * @param onFailure is told each
 */
export async function persist<T>(
  read: () => Promise<T>,
  signal: AbortSignal,
  clock: Clock = systemClock,
  onFailure: (error: MirrorError) => void = () => undefined,
): Promise<{ readonly answer: T } | null> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      return { answer: await read() };
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof MirrorError)) throw error;
      onFailure(error);
      await clock.sleep(backoffMs(BACKOFF, attempt, clock), signal);
    }
  }
  return null;
}
