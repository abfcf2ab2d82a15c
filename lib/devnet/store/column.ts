import { FestError } from "../../hedera/error.ts";
import {
  type EntityId,
  entityId,
  entityNum,
  parseAccountId,
  parseScheduleId,
  parseTokenId,
  parseTopicId,
} from "../../hedera/id.ts";

/** A value as SQLite stores it; integers always come back as bigint. */
export type SqlValue = bigint | string | Uint8Array | null;

/** How one field of a row is stored: its SQLite type and the two directions. */
export interface Column<T> {
  readonly type: "INTEGER" | "TEXT" | "BLOB";
  readonly nullable: boolean;
  write(value: T): SqlValue;
  /** @throws FestError `STORE_CORRUPT` where the stored value has another type */
  read(value: unknown): T;
}

function corrupt(expected: string, value: unknown): never {
  throw new FestError("STORE_CORRUPT", `the store holds ${String(value)} where ${expected} belongs`);
}

function readInteger(value: unknown): bigint {
  return typeof value === "bigint" ? value : corrupt("an integer", value);
}

function readText(value: unknown): string {
  return typeof value === "string" ? value : corrupt("a text", value);
}

/** A 64-bit integer: an amount, a timestamp in nanoseconds, a sequence number. */
export const integer: Column<bigint> = {
  type: "INTEGER",
  nullable: false,
  write: (value) => value,
  read: readInteger,
};

/** A small count that is a JavaScript number in the row. */
export const count: Column<number> = {
  type: "INTEGER",
  nullable: false,
  write: (value) => BigInt(value),
  read: (value) => Number(readInteger(value)),
};

/** A boolean, stored as 0 or 1. */
export const flag: Column<boolean> = {
  type: "INTEGER",
  nullable: false,
  write: (value) => (value ? 1n : 0n),
  read: (value) => readInteger(value) === 1n,
};

/** A text. */
export const text: Column<string> = {
  type: "TEXT",
  nullable: false,
  write: (value) => value,
  read: readText,
};

/** Bytes. */
export const bytes: Column<Uint8Array> = {
  type: "BLOB",
  nullable: false,
  write: (value) => value,
  read: (value) => (value instanceof Uint8Array ? value : corrupt("bytes", value)),
};

function idColumn<Id extends EntityId>(parse: (text: string) => Id): Column<Id> {
  return {
    type: "INTEGER",
    nullable: false,
    write: (value) => entityNum(value),
    read: (value) => parse(`0.0.${readInteger(value)}`),
  };
}

/** The id of an account, stored as its number. */
export const accountId = idColumn(parseAccountId);
/** The id of a topic, stored as its number. */
export const topicId = idColumn(parseTopicId);
/** The id of a token, stored as its number. */
export const tokenId = idColumn(parseTokenId);
/** The id of a schedule, stored as its number. */
export const scheduleId = idColumn(parseScheduleId);
/** The id of an entity of any kind, stored as its number. */
export const anyId = idColumn<EntityId>((text) => entityId(BigInt(text.slice(4))));

/** One of a few words. */
export function oneOf<const Words extends readonly string[]>(words: Words): Column<Words[number]> {
  return {
    type: "TEXT",
    nullable: false,
    write: (value) => value,
    read: (value) => words.find((word) => word === value) ?? corrupt(words.join(" or "), value),
  };
}

/** The same column, or NULL. */
export function nullable<T>(column: Column<T>): Column<T | null> {
  return {
    type: column.type,
    nullable: true,
    write: (value) => (value === null ? null : column.write(value)),
    read: (value) => (value === null ? null : column.read(value)),
  };
}

/** A structure that has a text form of its own. */
export function encoded<T>(write: (value: T) => string, read: (text: string) => T): Column<T> {
  return { type: "TEXT", nullable: false, write, read: (value) => read(readText(value)) };
}
