import type { Timestamp } from "../../hedera/timestamp.ts";
import type {
  Account,
  Schedule,
  ScheduleSignature,
  Token,
  TokenRelation,
  Topic,
  TopicMessage,
  TransactionRecord,
} from "../ledger/record.ts";
import {
  accountId,
  anyId,
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
import {
  readChunkInfo,
  readTokenTransfers,
  readTransfers,
  writeChunkInfo,
  writeTokenTransfers,
  writeTransfers,
} from "./transfers.ts";

/** Every transaction, in consensus order. */
export const TRANSACTION = defineTable<TransactionRecord>("transaction", ["consensusTimestamp"], {
  consensusTimestamp: integer,
  payer: accountId,
  validStart: integer,
  scheduled: flag,
  nonce: count,
  parentConsensusTimestamp: nullable(integer),
  type: text,
  result: text,
  node: nullable(accountId),
  memo: bytes,
  maxFee: integer,
  chargedFee: integer,
  validDurationSeconds: count,
  transactionHash: bytes,
  entity: nullable(anyId),
  transfers: encoded(writeTransfers, readTransfers),
  tokenTransfers: encoded(writeTokenTransfers, readTokenTransfers),
  batchKey: nullable(bytes),
  receipt: bytes,
});

/** Every message, in consensus order. */
export const MESSAGE = defineTable<TopicMessage>("message", ["consensusTimestamp"], {
  consensusTimestamp: integer,
  topic: topicId,
  sequenceNumber: integer,
  payer: accountId,
  message: bytes,
  runningHash: bytes,
  chunkInfo: nullable(encoded(writeChunkInfo, readChunkInfo)),
});

/** That an account took part in a transaction: paid for it, or sent or received HBAR or tokens. */
export interface Party {
  readonly account: Account["id"];
  readonly consensusTimestamp: Timestamp;
  /** Tinybars that the account gained (or lost) by it. */
  readonly amount: bigint;
  readonly type: TransactionRecord["type"];
  readonly payer: boolean;
  readonly credit: boolean;
  readonly debit: boolean;
}

/** The accounts of every transaction; also the history of HBAR balances. */
export const PARTY = defineTable<Party>("party", ["account", "consensusTimestamp"], {
  account: accountId,
  consensusTimestamp: integer,
  amount: integer,
  type: text,
  payer: flag,
  credit: flag,
  debit: flag,
});

/** What an account gained or lost of a token in one transaction. */
export interface TokenMovement {
  readonly token: Token["id"];
  readonly account: Account["id"];
  readonly consensusTimestamp: Timestamp;
  readonly amount: bigint;
}

/** Every movement of tokens: the history of token balances. */
export const TOKEN_MOVEMENT = defineTable<TokenMovement>(
  "tokenMovement",
  ["token", "account", "consensusTimestamp"],
  { token: tokenId, account: accountId, consensusTimestamp: integer, amount: integer },
);

/** A synthetic ERC-20 `Transfer` event of a token transfer. */
export interface ContractLog {
  readonly consensusTimestamp: Timestamp;
  /** Position within the transaction, from 0. */
  readonly index: number;
  readonly token: Token["id"];
  /** Null for a mint. */
  readonly from: Account["id"] | null;
  /** Null for a burn. */
  readonly to: Account["id"] | null;
  readonly amount: bigint;
  readonly blockNumber: bigint;
  readonly transactionIndex: number;
  readonly transactionHash: Uint8Array;
}

/** The synthetic logs of all token transfers. */
export const CONTRACT_LOG = defineTable<ContractLog>("contractLog", ["consensusTimestamp", "index"], {
  consensusTimestamp: integer,
  index: count,
  token: tokenId,
  from: nullable(accountId),
  to: nullable(accountId),
  amount: integer,
  blockNumber: integer,
  transactionIndex: count,
  transactionHash: bytes,
});

/** A block: the transactions that were imported together. */
export interface Block {
  readonly number: bigint;
  /** SHA-384, 48 bytes. */
  readonly hash: Uint8Array;
  readonly previousHash: Uint8Array;
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly count: number;
}

/** The chain of blocks. */
export const BLOCK = defineTable<Block>("block", ["number"], {
  number: integer,
  hash: bytes,
  previousHash: bytes,
  from: integer,
  to: integer,
  count,
});

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

/** Every table of the store. */
export const TABLES = [
  TRANSACTION,
  MESSAGE,
  PARTY,
  TOKEN_MOVEMENT,
  CONTRACT_LOG,
  BLOCK,
  ACCOUNT,
  TOPIC,
  TOKEN,
  RELATION,
  SCHEDULE,
] as const;

/** The result codes of a transaction that did what it was asked (the mirror node's `result=success`). */
export const SUCCESS_RESULTS = [
  "SUCCESS",
  "FEE_SCHEDULE_FILE_PART_UPLOADED",
  "SUCCESS_BUT_MISSING_EXPECTED_OPERATION",
] as const;

/** True of a failed transaction; SQLite uses `transactionFailed` only where a query says it in these words. */
export const FAILED_CONDITION = `"result" NOT IN (${SUCCESS_RESULTS.map((result) => `'${result}'`).join(", ")})`;

/** The type of most transactions of a festival. */
export const COMMON_TYPE = "CONSENSUSSUBMITMESSAGE";
/** True of every other type, which may be far apart; SQLite uses `partyByType` only where a query says it in these words. */
export const RARE_TYPE_CONDITION = `"type" <> '${COMMON_TYPE}'`;

/** An index on one column is in consensus order within it, because the rowid follows. */
export const INDEXES = [
  `CREATE INDEX IF NOT EXISTS transactionById ON "transaction" ("payer", "validStart")`,
  `CREATE INDEX IF NOT EXISTS transactionByHash ON "transaction" (substr("transactionHash", 1, 8))`,
  `CREATE INDEX IF NOT EXISTS transactionByType ON "transaction" ("type")`,
  `CREATE INDEX IF NOT EXISTS transactionFailed ON "transaction" ("consensusTimestamp") WHERE ${FAILED_CONDITION}`,
  `CREATE INDEX IF NOT EXISTS partyByType ON "party" ("account", "type") WHERE ${RARE_TYPE_CONDITION}`,
  `CREATE INDEX IF NOT EXISTS messageByTime ON "message" ("topic")`,
  `CREATE UNIQUE INDEX IF NOT EXISTS messageByNumber ON "message" ("topic", "sequenceNumber")`,
  `CREATE INDEX IF NOT EXISTS contractLogByToken ON "contractLog" ("token", "consensusTimestamp", "index")`,
  `CREATE INDEX IF NOT EXISTS blockByHash ON "block" ("hash")`,
  `CREATE INDEX IF NOT EXISTS blockByEnd ON "block" ("to")`,
  `CREATE INDEX IF NOT EXISTS accountByKey ON "account" ("key")`,
  `CREATE INDEX IF NOT EXISTS accountByAlias ON "account" ("alias") WHERE "alias" IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS accountByAddress ON "account" ("evmAddress") WHERE "evmAddress" IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS relationByToken ON "relation" ("token", "account")`,
] as const;
