import type { Tinybar } from "../../hedera/amount.ts";
import type { AccountId, ScheduleId, TokenId, TopicId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { ExchangeRate } from "./exchange-rate.ts";
import type {
  Account,
  EntityChange,
  RecordItem,
  Schedule,
  Token,
  TokenRelation,
  Topic,
  TransactionRecord,
} from "./record.ts";
import type { Status } from "./status.ts";

/** What a {@link Ledger} is made of. */
export interface LedgerOptions {
  /** The clock; consensus timestamps never run behind it and always increase. */
  readonly now: () => Timestamp;
  /** The exchange rate in force at a time, for fees and receipts. */
  readonly rate: (at: Timestamp) => ExchangeRate;
  /** Called for every record, in consensus order, before `handle` returns. */
  readonly onRecord: (item: RecordItem) => void;
  /** The state to start from: `genesis(now)` of a new network, or everything that a store holds (latest version of each entity). */
  readonly state: Iterable<EntityChange>;
  /** Records of at least the last 6 minutes in consensus order, for duplicates and receipts after a restart. */
  readonly records?: Iterable<TransactionRecord>;
}

/** The answer of pre-check, Hedera's `TransactionResponse` and what to hand to `handle`. */
export interface Precheck {
  /** `OK`, or why the transaction was refused. */
  readonly status: Status;
  /** The fee that it needs, where the refusal is `INSUFFICIENT_TX_FEE` or `INSUFFICIENT_PAYER_BALANCE`, else 0. */
  readonly cost: Tinybar;
  /** What goes to consensus; null unless the status is `OK`. */
  readonly transaction: CheckedTransaction | null;
}

/** A transaction that passed pre-check. */
export interface CheckedTransaction {
  readonly payer: AccountId;
  readonly validStart: Timestamp;
}

/**
 * A Hedera network's ledger as one synchronous object: no sockets, no timers,
 * no I/O. A transaction that fails is a record with its status, never an
 * exception.
 */
export declare class Ledger {
  constructor(options: LedgerOptions);

  /** Pre-check of a protobuf `Transaction`; remembers the id as submitted when it answers `OK`. */
  precheck(transaction: Uint8Array): Precheck;
  /** Brings a checked transaction to consensus: one `onRecord` for each resulting record. */
  handle(transaction: CheckedTransaction): void;
  /** Does what time does: executes or expires schedules that are due. Call it at least every second. */
  tick(): void;
  /** Answers a protobuf `Query` with a protobuf `Response`. */
  query(query: Uint8Array): Uint8Array;

  readonly accounts: ReadonlyMap<AccountId, Account>;
  readonly topics: ReadonlyMap<TopicId, Topic>;
  readonly tokens: ReadonlyMap<TokenId, Token>;
  readonly schedules: ReadonlyMap<ScheduleId, Schedule>;
  /** Keyed `<account>/<token>`. */
  readonly relations: ReadonlyMap<string, TokenRelation>;
}
