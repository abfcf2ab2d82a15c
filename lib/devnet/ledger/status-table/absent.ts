import type { Status } from "../status.ts";

/** A status in the ledger's sources that no row shows, and why. */
export interface AbsentStatus {
  readonly status: Status;
  readonly why: string;
  /** The transactions that cannot end with it; all of them unless it says otherwise. */
  readonly of?: readonly string[];
}

/** What the ledger can say and no transaction can be made to end with, or not by itself. */
export const ABSENT: readonly AbsentStatus[] = [
  { status: "TOKEN_IS_PAUSED", why: "nothing pauses a token yet (TokenPause is not supported)" },
  {
    status: "SCHEDULE_PENDING_EXPIRATION",
    why: "a schedule is gone as soon as it expires, before any transaction of that second",
  },
  {
    status: "INVALID_TREASURY_ACCOUNT_FOR_TOKEN",
    why: "a treasury stays associated with its token",
    of: ["TokenMint", "TokenBurn"],
  },
  {
    status: "INVALID_TREASURY_ACCOUNT_FOR_TOKEN",
    why: "a treasury that does not exist is `INVALID_ACCOUNT_ID` before",
    of: ["TokenUpdate"],
  },
  {
    status: "TOKEN_NOT_ASSOCIATED_TO_ACCOUNT",
    why: "the new treasury was associated right before",
    of: ["TokenUpdate"],
  },
  {
    status: "AUTORENEW_DURATION_NOT_IN_RANGE",
    why: "it becomes `INVALID_RENEWAL_PERIOD`",
    of: ["TokenCreate", "TokenUpdate"],
  },
  {
    status: "INVALID_RENEWAL_PERIOD",
    why: "it becomes `AUTORENEW_DURATION_NOT_IN_RANGE`",
    of: ["ConsensusUpdateTopic"],
  },
  {
    status: "INVALID_TOKEN_ID",
    why: "a token that does not exist is `TOKEN_NOT_ASSOCIATED_TO_ACCOUNT`",
    of: ["TokenDissociate"],
  },
  {
    status: "INVALID_TRANSFER_ACCOUNT_ID",
    why: "a receiver that signs for what it receives exists and has a key",
    of: ["CryptoTransfer"],
  },
  { status: "ACCOUNT_DELETED", why: "it becomes `INVALID_TREASURY_ACCOUNT_FOR_TOKEN`", of: ["TokenCreate"] },
  { status: "BUSY", why: "only the fault injector makes a node busy (faults.test.ts)" },
  { status: "THROTTLED_AT_CONSENSUS", why: "only the fault injector throttles (faults.test.ts)" },
  { status: "FAIL_INVALID", why: "a fault of the ledger itself (ledger.test.ts)" },
  {
    status: "REVERTED_SUCCESS",
    why: "a member that succeeded in a batch that failed (atomic-batch.test.ts)",
  },
  {
    status: "INVALID_PAYER_SIGNATURE",
    why: "a member of a batch that its own payer did not sign (atomic-batch.test.ts)",
  },
  { status: "INVALID_RECEIVING_NODE_ACCOUNT", why: "the answer to a query (answer.test.ts)" },
  { status: "RECEIPT_NOT_FOUND", why: "the answer to a query (answer.test.ts)" },
  { status: "RECORD_NOT_FOUND", why: "the answer to a query (answer.test.ts)" },
  {
    status: "INVALID_SUBMIT_KEY",
    why: "a topic's submit key is valid since its creation, so it can always be required",
  },
];
