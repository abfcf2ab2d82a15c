/** The fields that entries are made of: each a schema that reads JSON and writes it back. */
import * as z from "zod/mini";
import { type AccountId, isEntityId, type ScheduleId, type TokenId, type TopicId } from "../../hedera/id.ts";
import { formatTimestamp, parseTimestamp, type Timestamp } from "../../hedera/timestamp.ts";
import { formatTransactionId, parseTransactionId, type TransactionId } from "../../hedera/transaction-id.ts";

// As strict as what decodes it: a decoder that throws would stop every reader of the log.
const TRANSACTION_ID = /^(?:(?:0|[1-9]\d{0,18})\.){2}(?:0|[1-9]\d{0,18})@\d{1,11}\.\d{9}$/;

/** An amount in smallest units: a decimal string in JSON, because a JSON number loses digits. */
export const amount = z.codec(z.string().check(z.regex(/^(0|[1-9]\d{0,18})$/)), z.bigint(), {
  decode: (text): bigint => BigInt(text),
  encode: (units): string => units.toString(),
});

/** An amount that may be below zero, in smallest units: a decimal string in JSON. */
export const signedAmount = z.codec(z.string().check(z.regex(/^(0|-?[1-9]\d{0,29})$/)), z.bigint(), {
  decode: (text): bigint => BigInt(text),
  encode: (units): string => units.toString(),
});

/** A consensus time, `seconds.nanoseconds`. */
export const timestamp = z.codec(
  z.string().check(z.regex(/^\d{1,11}\.\d{9}$/)),
  z.custom<Timestamp>(isBigint),
  {
    decode: (text): Timestamp => parseTimestamp(text),
    encode: (time): string => formatTimestamp(time),
  },
);

/** A transaction id in the SDK's form, `0.0.2@seconds.nanoseconds`. */
export const transactionId = z.codec(
  z.string().check(z.regex(TRANSACTION_ID)),
  z.custom<TransactionId>((value) => typeof value === "object"),
  {
    decode: (text): TransactionId => parseTransactionId(text),
    encode: (id): string => formatTransactionId(id),
  },
);

/** An account id. */
export const accountId = z.custom<AccountId>(isId);
/** A topic id. */
export const topicId = z.custom<TopicId>(isId);
/** A token id. */
export const tokenId = z.custom<TokenId>(isId);
/** A schedule id. */
export const scheduleId = z.custom<ScheduleId>(isId);

/** The name of an agent, such as `inference-001`. ASCII only, so that no two look alike. */
export const agentId = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/));
/** The name of a role, such as `inference`. */
export const roleName = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,15}$/));
/** The id of a task in its plan, such as `1.2.3`. ASCII only. */
export const taskId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));
/** The id of an obligation, `<sequence number of the creating entry>.<n>`. */
export const obligationId = z.string().check(z.regex(/^[1-9]\d{0,15}\.[1-9]\d{0,5}$/));
/** Short text for people. */
export const text = z.string().check(z.maxLength(200));
/** SHA-256 in hex. */
export const sha256Hex = z.string().check(z.regex(/^[0-9a-f]{64}$/));
/** A whole number from 0 on. */
export const count = z.int().check(z.nonnegative());
/** A whole number of seconds, at least one and at most a year. */
export const seconds = z.int().check(z.positive(), z.lte(31_536_000));
/** Any JSON object. */
export const json = z.record(z.string(), z.unknown());

function isBigint(value: unknown): boolean {
  return typeof value === "bigint";
}

function isId(value: unknown): boolean {
  return typeof value === "string" && isEntityId(value);
}
