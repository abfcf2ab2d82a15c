import { NANOS_PER_SECOND, type Timestamp } from "../../hedera/timestamp.ts";
import { readEntityNumber, readEntityNumberOrAddress } from "./entity-number.ts";

/** The comparison operators of the REST API, written before the value as in `gt:5`. */
export const OPERATORS = ["eq", "ne", "gt", "gte", "lt", "lte"] as const;
/** A comparison operator. */
export type Operator = (typeof OPERATORS)[number];

/** A value with its operator; `eq` where none was written. */
export interface Filter<Value> {
  readonly operator: Operator;
  readonly value: Value;
}

/** How one query parameter is read: from all its values in the order of the query to `T`, or null if one is invalid. */
export interface Parameter<T> {
  read(values: readonly Filter<string>[]): T | null;
}

/** The query parameters of an endpoint, by lower-case name. */
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** What the query of an endpoint is read to. */
export type Query<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends Parameter<infer T> ? T : never;
};

/** `asc` or `desc`. */
export type Order = "asc" | "desc";

type Read<Value> = (text: string) => Value | null;

/** A parameter that may be repeated and compared with the given operators; all values are kept. */
export function filters<Value>(
  read: Read<Value>,
  operators: readonly Operator[] = OPERATORS,
): Parameter<readonly Filter<Value>[]> {
  return {
    read(values) {
      const result: Filter<Value>[] = [];
      for (const { operator, value } of values) {
        const parsed = read(value);
        if (parsed === null || !operators.includes(operator)) return null;
        result.push({ operator, value: parsed });
      }
      return result;
    },
  };
}

/** A parameter of which the last value counts, with a default. */
export function single<Value, const Default>(
  read: Read<Value>,
  fallback: Default,
): Parameter<Value | Default> {
  return {
    read(values) {
      let last: Value | Default = fallback;
      for (const { operator, value } of values) {
        const parsed = read(value);
        if (parsed === null || operator !== "eq") return null;
        last = parsed;
      }
      return last;
    },
  };
}

/** One of a few words in any case. */
export function word<const Words extends readonly string[]>(words: Words): Read<Words[number]> {
  return (text) => words.find((known) => known.toLowerCase() === text.toLowerCase()) ?? null;
}

const MAX_LONG = 2n ** 63n - 1n;

/** A whole number of at most 63 bits, at least `minimum`. */
export function long(minimum: bigint): Read<bigint> {
  return (text) => {
    if (!/^\d{1,19}$/.test(text)) return null;
    const value = BigInt(text);
    return value >= minimum && value <= MAX_LONG ? value : null;
  };
}

/** Seconds, or seconds with a fraction of at most nine digits, padded on the right. */
export function readTimestamp(text: string): Timestamp | null {
  const match = /^(\d{1,10})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return null;
  return BigInt(match[1] ?? 0) * NANOS_PER_SECOND + BigInt((match[2] ?? "").padEnd(9, "0"));
}

const PUBLIC_KEY = /^(?:0x)?(?:302a300506032b6570032100)?([0-9a-f]{64}|[0-9a-f]{66})$/i;

/** A public key in hex: 32 bytes (ED25519, also with its DER prefix) or 33 bytes (ECDSA); gives the raw key in lower case. */
export function readPublicKey(text: string): string | null {
  return PUBLIC_KEY.exec(text)?.[1]?.toLowerCase() ?? null;
}

const RANGE_OPERATORS: readonly Operator[] = ["eq", "gt", "gte", "lt", "lte"];

/** `limit`: at most `max`, a greater number is cut to it. */
export function limit(fallback = 25, max = 100): Parameter<number> {
  return single((text) => {
    const value = long(1n)(text);
    return value === null ? null : Math.min(Number(value), max);
  }, fallback);
}

/** `order` with the endpoint's default. */
export function order(fallback: Order): Parameter<Order> {
  return single(word(["asc", "desc"]), fallback);
}

/** A filter on consensus timestamps. */
export function timestamp(operators?: readonly Operator[]): Parameter<readonly Filter<Timestamp>[]> {
  return filters(readTimestamp, operators);
}

/** A filter on entity ids. */
export function entityFilter(
  operators: readonly Operator[] = RANGE_OPERATORS,
): Parameter<readonly Filter<bigint>[]> {
  return filters(readEntityNumber, operators);
}

/** A filter on token ids, which may be long-zero EVM addresses. */
export function tokenFilter(): Parameter<readonly Filter<bigint>[]> {
  return filters(readEntityNumberOrAddress, RANGE_OPERATORS);
}

/** A filter on amounts, block numbers and other whole numbers from 0. */
export function numberFilter(
  operators: readonly Operator[] = RANGE_OPERATORS,
): Parameter<readonly Filter<bigint>[]> {
  return filters(long(0n), operators);
}

/** `true` or `false`, with a default. */
export function flag<const Default>(fallback: Default): Parameter<boolean | Default> {
  return single((text) => {
    const value = word(["true", "false"])(text);
    return value === null ? null : value === "true";
  }, fallback);
}
