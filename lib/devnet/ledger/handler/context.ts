import type { proto } from "@hiero-ledger/proto";
import type { AccountId, EntityId } from "../../../hedera/id.ts";
import type { Timestamp } from "../../../hedera/timestamp.ts";
import type { Tinycent } from "../fee/schedule.ts";
import type { Key } from "../key/key.ts";
import type { KeyVerifier, Signatures } from "../key/signatures.ts";
import type { Account, KeyBytes, Schedule, TopicMessage } from "../record.ts";
import type { State } from "../state/state.ts";
import type { Status } from "../status.ts";
import type { SignedTransaction } from "../wire/transaction.ts";
import type { FullTransactionId } from "../wire/transaction-id.ts";

/** Where a transaction comes from. */
export type TransactionCategory = "USER" | "BATCH_INNER" | "SCHEDULED" | "PRECEDING";

/** What `preHandle` sees: state to read, and the place to say which keys must have signed. */
export interface PreHandleContext {
  readonly state: State;
  readonly payer: AccountId;
  readonly scheduling: Scheduling;
  /** Wants a key's signature. @throws Refusal with `status` where the key is none or not valid */
  requireKey(key: Key | null, status: Status): void;
  /** Wants the signature of an entity's key. @throws Refusal with `status` where it has none */
  requireEntityKey(key: KeyBytes, status: Status): void;
  /** Wants the signature of an account's key. @throws Refusal with `status` where there is no such account or key */
  requireAccountKey(id: AccountId | null, status: Status): Account;
  /** Wants the signature of the ECDSA key of an EVM address. */
  requireAddress(address: Uint8Array): void;
  /** Wants it only where the account asks for signatures on what it receives. @throws Refusal with `status` */
  requireReceiverKey(id: AccountId | null, status: Status): void;
}

/** What the handlers of schedules need to know of other transaction types. */
export interface Scheduling {
  /** Whether a schedule may hold the transaction that this one holds. */
  isSchedulable(schedule: Schedule): boolean;
  /**
   * The keys that must sign before a schedule executes, its payer's first.
   *
   * @throws Refusal `UNRESOLVABLE_REQUIRED_SIGNERS`, or what the transaction's pure checks say
   */
  requiredKeys(schedule: Schedule): Key[];
}

/** What a transaction leaves beside state, for its record and receipt. */
export interface Outcome {
  entity: EntityId | null;
  receipt: proto.ITransactionReceipt;
  message: TopicMessage | null;
}

/** What `handle` sees: state to change, times, and what it may set off. */
export interface HandleContext {
  readonly state: State;
  readonly category: TransactionCategory;
  readonly id: FullTransactionId;
  readonly payer: AccountId;
  /** The consensus time of the top-level transaction; rules and running hashes go by it. */
  readonly consensusNow: Timestamp;
  /** The transaction's own consensus timestamp. */
  readonly consensusTimestamp: Timestamp;
  /** The transaction's signatures; null where a schedule executes it. */
  readonly signatures: Signatures | null;
  readonly verifier: KeyVerifier;
  readonly scheduling: Scheduling;
  readonly outcome: Outcome;
  /** Charges more to the payer, beside the transaction's fees. @throws Refusal `INSUFFICIENT_PAYER_BALANCE` */
  chargePayer(amount: Tinycent): void;
  /**
   * Creates the accounts of aliases before the transaction, at its payer's cost; they are gone if it fails.
   *
   * @throws Refusal that says why one cannot be created
   */
  createBefore(creations: readonly proto.ICryptoCreateTransactionBody[]): void;
  /** Executes a member of a batch and returns its status. Change nothing else after the first. */
  dispatchInner(member: SignedTransaction): Status;
  /** Executes what is scheduled; the outcome is in the record of its own. Change nothing else after it. */
  dispatchScheduled(schedule: Schedule): void;
}
