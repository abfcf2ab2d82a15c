import type { Tinybar, TokenUnits } from "../hedera/amount.ts";
import type { AccountId, ScheduleId, TokenId, TopicId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import type { TransactionId } from "../hedera/transaction-id.ts";

/** Seconds for which an effect's transaction id is valid: Hedera's maximum. */
export const VALID_SECONDS = 180;
/** No effect is sent in the last seconds of its window: it could hardly reach consensus in time. */
export const QUIET_SECONDS = 20;
/** Bytes that a message may have without being chunked. */
export const MAX_MESSAGE_BYTES = 1_024;
/** Bytes that a transaction's memo may have. */
export const MAX_MEMO_BYTES = 100;

/**
 * One transaction that discharges an obligation. Performed twice, by whoever,
 * it is the same transaction id, so that the network executes it once.
 */
export interface Effect {
  /** Derived from the obligation by the caller; of a batch, the outer transaction's. */
  readonly id: TransactionId;
  /** At most 100 bytes; names log, obligation and window, and tells ours from a foreign transaction. */
  readonly memo: string;
  readonly action: Action;
}

/** What an effect does. */
export type Action = Message | Payment | Transfer | ScheduleTransfer | ScheduleSign;

/** Says something on a topic: one ConsensusSubmitMessage with chunk info 1 of 1. */
export interface Message {
  readonly kind: "message";
  readonly topic: TopicId;
  /** 1 to 1,024 bytes. */
  readonly message: Uint8Array;
}

/**
 * Pays tokens and says so, or neither: one atomic batch (HIP-551) of the
 * transfer, whose id is the outer one plus 1 ns, and the message, plus 2 ns.
 */
export interface Payment {
  readonly kind: "payment";
  readonly token: TokenId;
  /** Default: the ledger's own account. Another one must be guarded by the same key. */
  readonly from?: AccountId;
  readonly to: AccountId;
  /** Above zero. */
  readonly amount: TokenUnits;
  readonly topic: TopicId;
  /** 1 to 1,024 bytes. */
  readonly message: Uint8Array;
}

/** Who gives and who gets in one atomic transfer of HBAR and tokens. */
export interface TransferLegs {
  /** Sums to zero. */
  readonly hbar: readonly { readonly account: AccountId; readonly amount: Tinybar }[];
  /** Sums to zero for each token. */
  readonly tokens: readonly {
    readonly token: TokenId;
    readonly account: AccountId;
    readonly amount: TokenUnits;
  }[];
}

/** Moves HBAR and tokens at once, with no signature but the ledger's own key. */
export interface Transfer extends TransferLegs {
  readonly kind: "transfer";
}

/**
 * Schedules one atomic transfer of HBAR and tokens, which executes as soon as
 * every debited account's key has signed. No admin key: nobody can withdraw it.
 */
export interface ScheduleTransfer extends TransferLegs {
  readonly kind: "scheduleTransfer";
  /** When the schedule lapses. */
  readonly expiration: Timestamp;
  /** At most 100 bytes; part of what makes two schedules identical. */
  readonly scheduleMemo: string;
  /** Who pays for the scheduled transfer; default: the ledger's own account. */
  readonly payer?: AccountId;
}

/** Adds the ledger's own signature to a schedule. */
export interface ScheduleSign {
  readonly kind: "scheduleSign";
  readonly schedule: ScheduleId;
}

/** What became of an effect. */
export type Outcome =
  | {
      /** It is in effect: by this transaction, or because it was so already (`already`). */
      readonly kind: "executed";
      readonly already: boolean;
      /** The schedule that it created, or that was identical. */
      readonly schedule?: ScheduleId;
      /** The id under which that schedule's transfer executes. */
      readonly scheduledTransaction?: TransactionId;
      /** The message's sequence number, of a message outside a batch. */
      readonly sequence?: bigint;
    }
  | {
      /** It reached consensus and failed; the id is used up. Of a batch, the status is the failing member's. */
      readonly kind: "failed";
      readonly status: string;
    }
  | {
      /** Not known yet: perform the same effect again. */
      readonly kind: "pending";
      readonly status: string;
    }
  /** The window is over, and this id did not execute as far as the network knows: wait for the next window. */
  | { readonly kind: "expired" }
  | {
      /** The id was executed by a transaction that isn't ours. */
      readonly kind: "foreign";
      readonly memo: string;
    }
  | {
      /** A node refused it before consensus: retrying does not help, unless `curable`, when an account wants funds. */
      readonly kind: "refused";
      readonly status: string;
      readonly curable: boolean;
    };
