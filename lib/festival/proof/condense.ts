import { type Problem, problem } from "./problem.ts";

/** Warnings of one name that are told one by one. */
const TOLD = 20;

/**
 * All errors, and of each kind of warning the first few: whoever may submit could
 * say thousands of things that count for nothing.
 */
export function condensed(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map<string, number>();
  const told = problems.filter(({ name, severity }) => {
    if (severity === "error") return true;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count <= TOLD;
  });
  const left = problems.length - told.length;
  return left === 0 ? told : [...told, problem("refused", null, `${left} more that count for nothing`)];
}
