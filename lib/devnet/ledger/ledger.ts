import { proto } from "@hiero-ledger/proto";
import type { AccountId, ScheduleId, TokenId, TopicId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { ExchangeRate } from "./exchange-rate.ts";
import type { RunEnvironment } from "./execute/dispatch.ts";
import { History } from "./execute/history.ts";
import { type Precheck, precheck } from "./execute/precheck.ts";
import { type Received, received } from "./execute/received.ts";
import { Run } from "./execute/run.ts";
import { scheduledTransaction, type Transaction } from "./execute/transaction.ts";
import { LIMITS } from "./limits.ts";
import { answerQuery } from "./query/answer.ts";
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
import { Refusal } from "./refusal.ts";
import { State } from "./state/state.ts";

/** What a {@link Ledger} is made of. */
export interface LedgerOptions {
  /** The clock; consensus timestamps never run behind it and always increase. */
  readonly now: () => Timestamp;
  /** The exchange rate in force at a time, for fees and receipts. */
  readonly rate: (at: Timestamp) => ExchangeRate;
  /** Called for every record, in consensus order, before `handle` returns. */
  readonly onRecord: (item: RecordItem) => void;
  /** What to start from: `genesis(now)` of a new network, or the latest version of each entity that a store holds. */
  readonly state: Iterable<EntityChange>;
  /** Records of at least the last 3 minutes in consensus order, for duplicates and receipts after a restart. */
  readonly records?: Iterable<TransactionRecord>;
  /** Whether one more transaction is too many for consensus, and ends as `THROTTLED_AT_CONSENSUS`; default never. */
  readonly isThrottled?: () => boolean;
  /** Told of a fault of the ledger itself, whose transaction ends as `FAIL_INVALID`. */
  readonly onFault?: (error: unknown) => void;
}

/** A transaction that passed pre-check. */
export type CheckedTransaction = Transaction;

/** Everything that a {@link Ledger} knew at a moment; nothing that happens later changes it. */
export interface LedgerSnapshot {
  readonly state: State;
  readonly history: History;
  readonly last: Timestamp;
}

/**
 * A Hedera network's ledger as one synchronous object: no sockets, no timers,
 * no I/O. A transaction that fails is a record with its status, never an
 * exception.
 *
 * @example
 * const ledger = new Ledger({ now, rate, state: genesis(now()), onRecord: (item) => store.add(item) });
 * const { status, transaction } = ledger.precheck(bytes);
 * if (transaction) ledger.handle(transaction);
 */
export class Ledger {
  readonly #options: LedgerOptions;
  #state: State;
  #history = new History();
  #env: RunEnvironment;
  /** The last consensus timestamp that was given out. */
  #last: Timestamp = 0n;
  /** No schedule expires before. */
  #nextExpiration: Timestamp = 0n;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#state = new State(options.state);
    this.#env = this.#environment();
    for (const record of options.records ?? []) {
      this.#history.restore(record);
      this.#last = record.consensusTimestamp;
    }
  }

  /** Pre-check of a protobuf `Transaction`; remembers the id as submitted when it answers `OK`. */
  precheck(transaction: Uint8Array | Received): Precheck {
    const now = this.#options.now();
    const wire = transaction instanceof Uint8Array ? received(transaction) : transaction;
    const result = precheck(this.#env, wire, now);
    if (result.transaction) this.#history.submit(result.transaction.id, now);
    return result;
  }

  /** Brings a checked transaction to consensus: one `onRecord` for each resulting record. */
  handle(transaction: CheckedTransaction): void {
    this.tick();
    this.#emit(new Run(this.#env, this.#nextTimestamp()).execute(transaction));
  }

  /** Does what time does: executes or expires schedules that are due. Call it at least every second. */
  tick(): void {
    const now = this.#options.now();
    this.#history.purge(now);
    if (now < this.#nextExpiration) return;
    const due = this.#state.schedules.entities.values().filter(({ expiration }) => expiration <= now);
    for (const schedule of [...due].sort((a, b) => Number(a.expiration - b.expiration)))
      this.#expire(schedule);
    this.#nextExpiration = LIMITS.maxInt64;
    for (const { expiration } of this.#state.schedules.entities.values()) this.#expectExpiration(expiration);
  }

  /** Answers a protobuf `Query` with a protobuf `Response`. @throws FestError `QUERY_INVALID` */
  query(query: Uint8Array): Uint8Array {
    const rate = () => this.#options.rate(this.#options.now());
    return answerQuery(query, { state: this.#state, history: this.#history, rate }, (payment) => {
      const { status, transaction } = this.precheck(proto.Transaction.encode(payment).finish());
      if (!transaction) throw new Refusal(status);
      return () => this.handle(transaction);
    });
  }

  /** When the next schedule expires, at the earliest: `tick` does nothing about schedules before. */
  get nextExpiration(): Timestamp {
    return this.#nextExpiration;
  }

  /** Remembers everything, to go back to. */
  snapshot(): LedgerSnapshot {
    return { state: this.#state.copy(), history: this.#history.copy(), last: this.#last };
  }

  /** Goes back to a snapshot, as often as wanted; what was checked since and is not handled yet must be dropped. */
  revert(snapshot: LedgerSnapshot): void {
    this.#state = snapshot.state.copy();
    this.#history = snapshot.history.copy();
    this.#env = this.#environment();
    this.#last = snapshot.last;
    this.#nextExpiration = 0n;
  }

  get accounts(): ReadonlyMap<AccountId, Account> {
    return this.#state.accounts.entities;
  }

  get topics(): ReadonlyMap<TopicId, Topic> {
    return this.#state.topics.entities;
  }

  get tokens(): ReadonlyMap<TokenId, Token> {
    return this.#state.tokens.entities;
  }

  /** Keyed `<account>/<token>`; dissociated ones stay, with `associated` false. */
  get relations(): ReadonlyMap<string, TokenRelation> {
    return this.#state.relations.entities;
  }

  /** Those that have not expired yet, executed and deleted ones among them. */
  get schedules(): ReadonlyMap<ScheduleId, Schedule> {
    return this.#state.schedules.entities;
  }

  #environment(): RunEnvironment {
    const { rate, onFault = () => {}, isThrottled = () => false } = this.#options;
    return { state: this.#state, history: this.#history, rate, onFault, isThrottled };
  }

  #nextTimestamp(): Timestamp {
    const now = this.#options.now();
    return later(now, this.#last + LIMITS.consensusSeparationNanos);
  }

  #emit(items: readonly RecordItem[]): void {
    for (const item of items) {
      this.#last = item.record.consensusTimestamp;
      this.#history.add(item.record);
      for (const change of item.changes) {
        if (change.kind === "schedule") this.#expectExpiration(change.entity.expiration);
      }
      this.#options.onRecord(item);
    }
  }

  #expectExpiration(at: Timestamp): void {
    if (at < this.#nextExpiration) this.#nextExpiration = at;
  }

  /**
   * Ends a schedule: one that waited for its expiry executes now, and fails where a
   * signature is missing (`ScheduleServiceImpl.PurgingIterator`); any other just goes.
   */
  #expire(schedule: Schedule): void {
    const pending = schedule.executed === null && schedule.deleted === null;
    if (pending && schedule.waitForExpiry) {
      const at = this.#nextTimestamp();
      const executed = { ...schedule, executed: at };
      const changes: EntityChange[] = [{ kind: "schedule", entity: executed }];
      this.#emit(new Run(this.#env, at).execute(scheduledTransaction(executed), changes));
    }
    this.#state.purgeSchedule(schedule);
  }
}

function later(a: Timestamp, b: Timestamp): Timestamp {
  if (a > b) return a;
  return b;
}
