import type { proto } from "@hiero-ledger/proto";

/** No node answered: refused connection, deadline, broken stream. Ours, not Hedera's. */
export const UNREACHABLE = "UNREACHABLE";
/** A node answered with a response code that the SDK does not know. Ours, not Hedera's. */
export const UNRECOGNIZED = "UNRECOGNIZED";

/** The name of a Hedera response code (`ResponseCodeEnum`), such as `INVALID_SIGNATURE`, or one of ours. */
export type StatusName = keyof typeof proto.ResponseCodeEnum | typeof UNREACHABLE | typeof UNRECOGNIZED;

/**
 * What a node's pre-check answer asks for. Pre-check comes before consensus, so
 * the id is unused in every case but `look up`, where some node may have taken it.
 *
 * - `accepted`: on its way; wait for the receipt
 * - `again`: send the same bytes again, to the next node
 * - `early`: the same bytes again, once the network's clock has reached the valid start
 * - `look up`: one node saw this id before; its receipt tells
 * - `next window`: the validity window is over
 * - `stop`: no retry cures it; alert
 * - `fund`: nothing is wrong but the payer's balance; alert, and try again later
 */
export type PrecheckVerdict = "accepted" | "again" | "early" | "look up" | "next window" | "stop" | "fund";

/**
 * What a receipt says about an id.
 *
 * - `executed`: done
 * - `already`: this id changed nothing, since what it asks for is already so
 * - `failed`: the id is used up and nothing happened
 * - `wait`: no consensus yet; ask again
 * - `again`: a node's fault that leaves the id unused; the same bytes to another node
 * - `next window`: it reached consensus when its window was over
 */
export type ConsensusVerdict = "executed" | "already" | "failed" | "wait" | "again" | "next window";

interface Row<Verdict> {
  readonly verdict: Verdict;
  /** When the network says it, and why that verdict. */
  readonly because: string;
}

/**
 * Pre-check answers (`TransactionResponse.node_transaction_precheck_code`). What
 * is not listed is refused for good: `stop`.
 */
export const PRECHECK = {
  OK: { verdict: "accepted", because: "the node hands it to consensus" },

  BUSY: { verdict: "again", because: "this node's ingest throttle is full" },
  UNKNOWN: { verdict: "again", because: "the node could not say" },
  PLATFORM_NOT_ACTIVE: {
    verdict: "again",
    because: "this node is starting, behind, or frozen for an upgrade",
  },
  PLATFORM_TRANSACTION_NOT_CREATED: { verdict: "again", because: "this node's queue refused it" },
  CREATING_SYSTEM_ENTITIES: { verdict: "again", because: "the network is starting" },
  WAITING_FOR_LEDGER_ID: { verdict: "again", because: "the network is starting" },
  INVALID_NODE_ACCOUNT: { verdict: "again", because: "the address book is old: another node sits there now" },
  UNREACHABLE: { verdict: "again", because: "no answer; the node may have it or not" },
  UNRECOGNIZED: { verdict: "again", because: "a newer code; the window bounds the attempts" },

  INVALID_TRANSACTION_START: { verdict: "early", because: "the valid start is ahead of the node's clock" },
  DUPLICATE_TRANSACTION: { verdict: "look up", because: "this node saw the id; the first copy may be ours" },
  TRANSACTION_EXPIRED: { verdict: "next window", because: "the window is over, or has under 10 s left" },

  INSUFFICIENT_PAYER_BALANCE: { verdict: "fund", because: "the account can't pay the fee" },

  INSUFFICIENT_TX_FEE: { verdict: "stop", because: "the fee exceeds the maximum that we allow" },
  INVALID_SIGNATURE: { verdict: "stop", because: "the key is not the payer's" },
  PAYER_ACCOUNT_NOT_FOUND: { verdict: "stop", because: "no such payer: wrong network, or it was reset" },
  PAYER_ACCOUNT_DELETED: { verdict: "stop", because: "the payer was deleted" },
  ACCOUNT_DELETED: { verdict: "stop", because: "the payer was deleted" },
  INVALID_PAYER_ACCOUNT_ID: { verdict: "stop", because: "the payer can't pay for transactions" },
  INVALID_ACCOUNT_ID: { verdict: "stop", because: "malformed account" },
  INVALID_TRANSACTION: { verdict: "stop", because: "malformed transaction" },
  INVALID_TRANSACTION_BODY: { verdict: "stop", because: "malformed body" },
  INVALID_TRANSACTION_DURATION: { verdict: "stop", because: "valid duration above 180 s" },
  TRANSACTION_OVERSIZE: { verdict: "stop", because: "above 6,144 bytes" },
  TRANSACTION_HAS_UNKNOWN_FIELDS: { verdict: "stop", because: "a field that this network doesn't know" },
  KEY_PREFIX_MISMATCH: { verdict: "stop", because: "two signatures with one key prefix" },
  MEMO_TOO_LONG: { verdict: "stop", because: "memo above 100 bytes" },
  INVALID_ZERO_BYTE_IN_STRING: { verdict: "stop", because: "a NUL in a memo" },
  NOT_SUPPORTED: { verdict: "stop", because: "this network doesn't support the transaction's type" },
  UNAUTHORIZED: { verdict: "stop", because: "the payer has no key" },
  MESSAGE_SIZE_TOO_LARGE: { verdict: "stop", because: "message above 1,024 bytes" },
  INVALID_TOPIC_MESSAGE: { verdict: "stop", because: "empty message" },
  INVALID_TOPIC_ID: { verdict: "stop", because: "no topic given" },
  INVALID_CHUNK_NUMBER: { verdict: "stop", because: "malformed chunk info" },
  INVALID_CHUNK_TRANSACTION_ID: { verdict: "stop", because: "chunk info that names another transaction" },
  INVALID_ACCOUNT_AMOUNTS: { verdict: "stop", because: "HBAR legs that don't sum to zero" },
  ACCOUNT_REPEATED_IN_ACCOUNT_AMOUNTS: { verdict: "stop", because: "an account twice in one transfer list" },
  TRANSFERS_NOT_ZERO_SUM_FOR_TOKEN: { verdict: "stop", because: "token legs that don't sum to zero" },
  EMPTY_TOKEN_TRANSFER_ACCOUNT_AMOUNTS: { verdict: "stop", because: "a token without legs" },
  BATCH_LIST_EMPTY: { verdict: "stop", because: "a batch without members" },
  BATCH_LIST_CONTAINS_DUPLICATES: { verdict: "stop", because: "two members with one id" },
  MISSING_BATCH_KEY: { verdict: "stop", because: "a member without batch key" },
  INVALID_SCHEDULE_ID: { verdict: "stop", because: "no schedule given" },
} as const satisfies Partial<Record<StatusName, Row<PrecheckVerdict>>>;

/**
 * Receipt statuses. What is not listed reached consensus and failed: `failed`,
 * as `TOKEN_NOT_ASSOCIATED_TO_ACCOUNT`, `INSUFFICIENT_TOKEN_BALANCE`,
 * `INVALID_SIGNATURE` (a key other than the payer's is missing),
 * `THROTTLED_AT_CONSENSUS` or `INNER_TRANSACTION_FAILED`.
 */
export const CONSENSUS = {
  SUCCESS: { verdict: "executed", because: "executed" },

  IDENTICAL_SCHEDULE_ALREADY_CREATED: {
    verdict: "already",
    because: "the schedule waits; the receipt names it",
  },
  NO_NEW_VALID_SIGNATURES: {
    verdict: "already",
    because: "the schedule has our signature, or doesn't need it",
  },
  SCHEDULE_ALREADY_EXECUTED: { verdict: "already", because: "the last signature came before ours" },

  OK: { verdict: "wait", because: "no consensus yet" },
  UNKNOWN: { verdict: "wait", because: "the node saw it, consensus is pending" },
  RECEIPT_NOT_FOUND: {
    verdict: "wait",
    because: "this node doesn't know the id, or has forgotten it (3 min)",
  },
  BUSY: { verdict: "wait", because: "the node is too busy to answer" },
  PLATFORM_NOT_ACTIVE: { verdict: "wait", because: "the node can't answer now" },
  DUPLICATE_TRANSACTION: {
    verdict: "wait",
    because: "the receipt of a copy; the original's is still to come",
  },
  UNREACHABLE: { verdict: "wait", because: "no answer" },
  UNRECOGNIZED: { verdict: "wait", because: "a newer code that only a newer SDK can read" },

  INVALID_NODE_ACCOUNT: { verdict: "again", because: "the node's fault: it leaves the id unused" },
  INVALID_PAYER_SIGNATURE: {
    verdict: "again",
    because: "the node's fault: pre-check should have refused it",
  },

  TRANSACTION_EXPIRED: { verdict: "next window", because: "consensus came after the window's end" },
} as const satisfies Partial<Record<StatusName, Row<ConsensusVerdict>>>;

/** The verdict on a pre-check answer. */
export function precheckVerdict(status: string): PrecheckVerdict {
  const table: Readonly<Record<string, Row<PrecheckVerdict>>> = PRECHECK;
  return Object.hasOwn(table, status) ? (table[status]?.verdict ?? "stop") : "stop";
}

/** The verdict on a receipt's status. */
export function consensusVerdict(status: string): ConsensusVerdict {
  const table: Readonly<Record<string, Row<ConsensusVerdict>>> = CONSENSUS;
  return Object.hasOwn(table, status) ? (table[status]?.verdict ?? "failed") : "failed";
}
