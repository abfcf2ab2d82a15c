import { FestError } from "../hedera/error.ts";
import { type Body, encodeEntry, MAX_ENTRY_BYTES } from "./entry/entry.ts";
import type { Criterion } from "./state.ts";

/** Letters of a text that are kept when room is short. */
const SHORT = 32;

/** How to say a criterion in ever fewer words; what passed is shortened before what did not. */
const FORMS: readonly ((criterion: Criterion) => Criterion)[] = [
  (criterion) => criterion,
  shorten,
  (criterion) => (criterion.passed ? withoutLimit(criterion) : shorten(criterion)),
];

/**
 * Writes a verdict so that its entry fits: with everything that was looked at
 * where there is room for it, else in short, and at last only as many criteria
 * as fit, those that failed first. A verdict that could not be sent would hold
 * its task for ever.
 *
 * @param write makes the entry from criteria
 * @param maxBytes most bytes of the entry
 */
export function fitCriteria<B extends Body>(
  criteria: readonly Criterion[],
  write: (criteria: Criterion[]) => B,
  maxBytes: number = MAX_ENTRY_BYTES,
): B {
  for (const form of FORMS) {
    const body = write(criteria.map(form));
    if (fits(body, maxBytes)) return body;
  }
  const partly = criteria.map((criterion) =>
    criterion.passed ? withoutLimit(criterion) : shorten(criterion),
  );
  // What passed loses its figures one after the other, the last one first.
  for (let index = partly.length - 1; index >= 0; index--) {
    const criterion = partly[index];
    if (criterion?.passed) partly[index] = bare(criterion);
    const body = write([...partly]);
    if (fits(body, maxBytes)) return body;
  }
  const bareBody = write(criteria.map(bare));
  if (fits(bareBody, maxBytes)) return bareBody;
  const failedFirst = criteria.map(bare).toSorted((a, b) => Number(a.passed) - Number(b.passed));
  while (failedFirst.length > 1 && !fits(write(failedFirst), maxBytes)) failedFirst.pop();
  return write(failedFirst);
}

function shorten({ name, passed, value, limit }: Criterion): Criterion {
  return {
    name: cut(name),
    passed,
    ...(value === undefined ? {} : { value: typeof value === "string" ? cut(value) : value }),
    ...(limit === undefined ? {} : { limit: cut(limit) }),
  };
}

function withoutLimit(criterion: Criterion): Criterion {
  const { limit: _limit, ...rest } = shorten(criterion);
  return rest;
}

function bare({ name, passed }: Criterion): Criterion {
  return { name: cut(name), passed };
}

function cut(text: string): string {
  return text.length <= SHORT ? text : `${text.slice(0, SHORT - 1)}…`;
}

function fits(body: Body, maxBytes: number): boolean {
  try {
    return encodeEntry(body).length <= maxBytes;
  } catch (error) {
    if (error instanceof FestError) return false;
    throw error;
  }
}
