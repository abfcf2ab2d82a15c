import { describeError, FestError } from "../../lib/hedera/error.ts";

/** What was looked at after a start, and how it was. */
export interface Check {
  readonly name: string;
  /** `skip`: there was nothing to look at, which is no fault. */
  readonly status: "pass" | "fail" | "skip";
  readonly message: string;
  /** What to do, as a command where there is one; null where nothing is to be done. */
  readonly fix: string | null;
}

/** A check that passed. */
export function passed(name: string, message: string): Check {
  return { name, status: "pass", message, fix: null };
}

/** A check that failed, and what to do. */
export function failed(name: string, message: string, fix: string): Check {
  return { name, status: "fail", message, fix };
}

/** A check that did not apply. */
export function skipped(name: string, message: string): Check {
  return { name, status: "skip", message, fix: null };
}

/** Runs a check; one that throws has failed, with the error's own words. */
export async function guarded(name: string, fix: string, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    return failed(name, describeError(error), (error instanceof FestError ? error.fix : undefined) ?? fix);
  }
}
