import type { Timestamp } from "../../hedera/timestamp.ts";
import type { Account, Token, TopicMessage, TransactionRecord } from "../ledger/record.ts";
import {
  accountId,
  anyId,
  bytes,
  count,
  encoded,
  flag,
  integer,
  nullable,
  text,
  tokenId,
  topicId,
} from "./column.ts";
import { ACCOUNT, RELATION, SCHEDULE, TOKEN, TOPIC } from "./entities.ts";
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

/** The tables of what happened, by consensus time. */
export const HISTORY_TABLES = [TRANSACTION, MESSAGE, PARTY, TOKEN_MOVEMENT, CONTRACT_LOG] as const;

/** The tables of what there is: the latest version of every entity. */
export const ENTITY_TABLES = [ACCOUNT, TOPIC, TOKEN, RELATION, SCHEDULE] as const;

/** Every table of the store. */
export const TABLES = [...HISTORY_TABLES, BLOCK, ...ENTITY_TABLES] as const;

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
/** True of every other type, which may be far apart; SQLite uses `partyByType` and `transactionByType` only where a query says it in these words. */
export const RARE_TYPE_CONDITION = `"type" <> '${COMMON_TYPE}'`;

/** An index on one column is in consensus order within it, because the rowid follows. */
export const INDEXES = [
  `CREATE INDEX IF NOT EXISTS transactionById ON "transaction" ("payer", "validStart")`,
  `CREATE INDEX IF NOT EXISTS transactionByHash ON "transaction" (substr("transactionHash", 1, 8))`,
  `CREATE INDEX IF NOT EXISTS transactionByType ON "transaction" ("type") WHERE ${RARE_TYPE_CONDITION}`,
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
