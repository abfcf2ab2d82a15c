import type { Timestamp } from "../../hedera/timestamp.ts";
import type { Account, Schedule, ScheduleSignature, Token, TokenRelation, Topic } from "../ledger/record.ts";
import {
  accountId,
  bytes,
  count,
  encoded,
  flag,
  integer,
  nullable,
  oneOf,
  scheduleId,
  text,
  tokenId,
  topicId,
} from "./column.ts";
import { readSignatories, writeSignatories } from "./signatories.ts";
import { defineTable } from "./table.ts";

/** An account with the EVM address that it can be found by. */
export interface AccountRow extends Account {
  /** 20 bytes, or null where only the long-zero address leads to it. */
  readonly evmAddress: Uint8Array | null;
}

/** The latest version of every account. */
export const ACCOUNT = defineTable<AccountRow>("account", ["id"], {
  id: accountId,
  key: nullable(bytes),
  memo: text,
  balance: integer,
  alias: nullable(bytes),
  receiverSigRequired: flag,
  maxAutomaticAssociations: count,
  autoRenewSeconds: integer,
  expiry: integer,
  deleted: flag,
  created: integer,
  evmAddress: nullable(bytes),
});

/** The latest version of every topic. */
export const TOPIC = defineTable<Topic>("topic", ["id"], {
  id: topicId,
  memo: text,
  adminKey: nullable(bytes),
  submitKey: nullable(bytes),
  autoRenewAccount: nullable(accountId),
  autoRenewSeconds: integer,
  expiry: integer,
  sequenceNumber: integer,
  runningHash: bytes,
  deleted: flag,
  created: integer,
  modified: integer,
});

/** The latest version of every token. */
export const TOKEN = defineTable<Token>("token", ["id"], {
  id: tokenId,
  name: text,
  symbol: text,
  memo: text,
  decimals: count,
  initialSupply: integer,
  totalSupply: integer,
  supplyType: oneOf(["INFINITE", "FINITE"]),
  maxSupply: integer,
  treasury: accountId,
  adminKey: nullable(bytes),
  kycKey: nullable(bytes),
  freezeKey: nullable(bytes),
  wipeKey: nullable(bytes),
  supplyKey: nullable(bytes),
  feeScheduleKey: nullable(bytes),
  pauseKey: nullable(bytes),
  metadataKey: nullable(bytes),
  freezeDefault: flag,
  paused: flag,
  autoRenewAccount: nullable(accountId),
  autoRenewSeconds: integer,
  expiry: integer,
  deleted: flag,
  created: integer,
  modified: integer,
});

/** The latest version of every association of an account with a token. */
export const RELATION = defineTable<TokenRelation>("relation", ["account", "token"], {
  account: accountId,
  token: tokenId,
  balance: integer,
  frozen: flag,
  kycGranted: flag,
  automatic: flag,
  associated: flag,
  created: integer,
});

/** A schedule with the id that it executes under in two columns. */
export interface ScheduleRow extends Omit<Schedule, "transactionId"> {
  readonly transactionPayer: Account["id"];
  readonly transactionValidStart: Timestamp;
}

/** The latest version of every schedule. */
export const SCHEDULE = defineTable<ScheduleRow>("schedule", ["id"], {
  id: scheduleId,
  creator: accountId,
  payer: accountId,
  memo: text,
  adminKey: nullable(bytes),
  waitForExpiry: flag,
  expiration: integer,
  body: bytes,
  transactionPayer: accountId,
  transactionValidStart: integer,
  signatories: encoded<readonly ScheduleSignature[]>(writeSignatories, readSignatories),
  executed: nullable(integer),
  deleted: nullable(integer),
  created: integer,
});
