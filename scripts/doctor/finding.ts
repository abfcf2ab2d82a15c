/** What doctor found. */

/** One thing that was looked at. */
export interface Finding {
  /** Stable, for programs: what was looked at. */
  readonly name: string;
  /** `error`: does not work, or is not safe. `warning`: works today. */
  readonly severity: "ok" | "warning" | "error";
  /** What is so, of whom; never a secret. */
  readonly message: string;
  /** The command that changes it; null where all is well. */
  readonly fix: string | null;
}

/** All is well. */
export function ok(name: string, message: string): Finding {
  return { name, severity: "ok", message, fix: null };
}

/** Works, and wants attention. */
export function warning(name: string, message: string, fix: string): Finding {
  return { name, severity: "warning", message, fix };
}

/** Does not work, or is not safe. */
export function error(name: string, message: string, fix: string): Finding {
  return { name, severity: "error", message, fix };
}

/** The problems, or, where there is none, that all is well. */
export function orOk(problems: readonly Finding[], name: string, message: string): readonly Finding[] {
  return problems.length > 0 ? problems : [ok(name, message)];
}
