import { type Filter, OPERATORS, type Parameters, type Query } from "./parameters.ts";
import { RestError, type RestMessage } from "./rest-error.ts";

/** How often one parameter may be repeated. */
const MAX_REPEATED = 100;

/** The query of a request: lower-case names in the order of their first appearance, with all their values. */
export type RawQuery = ReadonlyMap<string, readonly string[]>;

/** Splits the query of a URL. */
export function rawQuery(url: URL): RawQuery {
  const query = new Map<string, string[]>();
  for (const [name, value] of url.searchParams) {
    const key = name.toLowerCase();
    const values = query.get(key);
    if (values === undefined) query.set(key, [value]);
    else values.push(value);
  }
  return query;
}

/**
 * Reads a query as its endpoint declares it.
 *
 * @throws RestError 400 that names every unknown, invalid or too often repeated parameter
 */
export function readQuery<P extends Parameters>(raw: RawQuery, parameters: P): Query<P> {
  const problems: RestMessage[] = [];
  for (const [name, values] of raw) {
    if (!Object.hasOwn(parameters, name)) problems.push({ message: `Unknown query parameter: ${name}` });
    else if (values.length > MAX_REPEATED) {
      const count = `${name} count: ${values.length} max: ${MAX_REPEATED}`;
      problems.push({ message: `Parameter values count exceeds maximum number allowed: ${count}` });
    }
  }
  const query: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const values = (raw.get(name) ?? []).map(splitOperator);
    const complete = values.filter((value) => value !== null);
    const value = complete.length === values.length ? parameter.read(complete) : null;
    // A default may be null too, but then nothing was given that could be wrong.
    if (value === null && values.length > 0) problems.push({ message: `Invalid parameter: ${name}` });
    query[name] = value;
  }
  if (problems.length > 0) throw new RestError(400, problems);
  // Each parameter of P was read by its own reader, which is what Query<P> says.
  return query as Query<P>;
}

function splitOperator(text: string): Filter<string> | null {
  const [first = "", second, ...more] = text.split(":");
  if (more.length > 0) return null;
  if (second === undefined) return { operator: "eq", value: first };
  const operator = OPERATORS.find((known) => known === first);
  return operator === undefined ? null : { operator, value: second };
}
