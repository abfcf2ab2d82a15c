import { compare, type Expectation, type Finding, keyOf } from "../../../lib/festival/proof/legs.ts";
import { backoffMs } from "../../../lib/mirror/backoff.ts";
import { MirrorError } from "../../../lib/mirror/error.ts";
import type { ProofMirror } from "../../../lib/mirror/proof-client.ts";

/** Looks transactions up on the mirror node, each until it is found. */
export interface Lookups {
  /** Looks these up if they are not known yet, the first ones first. */
  want(expectations: readonly Expectation[]): void;
}

/** Requests at once; a public mirror node allows 50 a second. */
const CONCURRENCY = 2;
/** Between two publications, in milliseconds. */
const PUBLISH_MS = 50;
const BACKOFF = { firstMs: 1_000, maxMs: 60_000 };

/**
 * Starts looking up. Mirror nodes lag, so what is not found is looked for again,
 * less and less often; what is found, or is different, stays so.
 *
 * @param publish is told all findings soon after each new one
 */
export function startLookups(
  mirror: ProofMirror,
  signal: AbortSignal,
  publish: (findings: ReadonlyMap<string, Finding>) => void,
): Lookups {
  const findings = new Map<string, Finding>();
  const queue: { expectation: Expectation; attempt: number }[] = [];
  let running = 0;
  let due = false;

  /** Many answers come one after another; each publication is a copy of all. */
  const publishSoon = () => {
    if (due) return;
    due = true;
    void mirror.clock.sleep(PUBLISH_MS, signal).then(() => {
      due = false;
      if (!signal.aborted) publish(new Map(findings));
    });
  };

  async function lookUp(expectation: Expectation, attempt: number): Promise<void> {
    const finding = await findingOf(mirror, expectation, signal);
    if (signal.aborted) return;
    findings.set(keyOf(expectation), finding);
    publishSoon();
    if (finding !== "not found" && finding !== "unknown") return;
    void mirror.clock.sleep(backoffMs(BACKOFF, attempt, mirror.clock), signal).then(() => {
      if (signal.aborted) return;
      queue.push({ expectation, attempt: attempt + 1 });
      work();
    });
  }

  function work(): void {
    while (running < CONCURRENCY) {
      const next = queue.shift();
      if (next === undefined) return;
      running += 1;
      void lookUp(next.expectation, next.attempt).finally(() => {
        running -= 1;
        work();
      });
    }
  }

  return {
    want(expectations) {
      const unknown = expectations.filter((one) => !findings.has(keyOf(one)));
      if (unknown.length === 0) return;
      for (const one of unknown) findings.set(keyOf(one), "checking");
      publish(new Map(findings));
      queue.push(...unknown.map((expectation) => ({ expectation, attempt: 1 })));
      work();
    },
  };
}

async function findingOf(
  mirror: ProofMirror,
  expectation: Expectation,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    const scheduled = expectation.scheduled ? { scheduled: true } : {};
    const transactions = await mirror.transaction(expectation.transaction, {
      ...scheduled,
      signal,
      retries: 0,
    });
    return compare(expectation, transactions);
  } catch (error) {
    if (signal.aborted || error instanceof MirrorError) return "unknown";
    throw error;
  }
}
