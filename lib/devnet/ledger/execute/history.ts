import { addSeconds, type Timestamp } from "../../../hedera/timestamp.ts";
import { LIMITS } from "../limits.ts";
import type { TransactionRecord } from "../record.ts";
import { type FullTransactionId, transactionIdKey } from "../wire/transaction-id.ts";

/** Results that say that a node should not have submitted the transaction; they leave its id unused (`RecordCache`). */
const NODE_FAILURES: ReadonlySet<string> = new Set(["INVALID_NODE_ACCOUNT", "INVALID_PAYER_SIGNATURE"]);

/** What is known of a transaction id: all records under it, in consensus order; none while it is in flight. */
export type IdHistory = readonly TransactionRecord[];

/**
 * The transaction ids of the last three minutes: which ones the node has taken
 * in (so that it refuses a second submission), and the records of those that
 * reached consensus (so that a duplicate is recognised there, whoever submitted
 * it, and receipts can be answered).
 */
export class History {
  /** Ids that this node has taken in, and when they may be forgotten; oldest first. */
  readonly #submitted = new Map<string, Timestamp>();
  readonly #records = new Map<string, TransactionRecord[]>();
  /** The same records in consensus order; those before `#oldest` are forgotten. */
  #queue: TransactionRecord[] = [];
  #oldest = 0;

  /** Another history of the same, which goes its own way. */
  copy(): History {
    const copy = new History();
    for (const [key, until] of this.#submitted) copy.#submitted.set(key, until);
    for (const [key, records] of this.#records) copy.#records.set(key, [...records]);
    copy.#queue = this.#queue.slice(this.#oldest);
    return copy;
  }

  /** Remembers that the node took in an id. */
  submit(id: FullTransactionId, now: Timestamp): void {
    this.#submitted.set(transactionIdKey(id), addSeconds(now, LIMITS.maxValidSeconds));
  }

  /** Whether the node took in the id before. */
  isSubmitted(id: FullTransactionId): boolean {
    return this.#submitted.has(transactionIdKey(id));
  }

  /** Remembers a record. */
  add(record: TransactionRecord): void {
    const key = transactionIdKey(record);
    const records = this.#records.get(key);
    if (records) records.push(record);
    else this.#records.set(key, [record]);
    this.#queue.push(record);
  }

  /** Remembers a record from before a restart; its id cannot be submitted again (`RecordCacheImpl`). */
  restore(record: TransactionRecord): void {
    this.add(record);
    this.submit(record, record.consensusTimestamp);
  }

  /** Whether a transaction with this id has reached consensus. */
  isUsed(id: FullTransactionId): boolean {
    return this.#records.get(transactionIdKey(id))?.some(({ result }) => !NODE_FAILURES.has(result)) === true;
  }

  /** What is known of an id; null where it was never seen, or so long ago that it is forgotten. */
  find(id: Omit<FullTransactionId, "nonce">): IdHistory | null {
    const key = transactionIdKey(id);
    return this.#records.get(key) ?? (this.#submitted.has(key) ? [] : null);
  }

  /** Forgets what is older than the longest validity: by then its id cannot be used again. */
  purge(now: Timestamp): void {
    for (const [key, until] of this.#submitted) {
      if (until >= now) break;
      this.#submitted.delete(key);
    }
    const horizon = addSeconds(now, -LIMITS.maxValidSeconds);
    for (let record = this.#queue[this.#oldest]; record && record.consensusTimestamp < horizon; ) {
      this.#forget(record);
      record = this.#queue[++this.#oldest];
    }
    if (this.#oldest > 1_000 && this.#oldest * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#oldest);
      this.#oldest = 0;
    }
  }

  #forget(record: TransactionRecord): void {
    const key = transactionIdKey(record);
    const rest = this.#records.get(key)?.filter((other) => other !== record) ?? [];
    if (rest.length === 0) this.#records.delete(key);
    else this.#records.set(key, rest);
  }
}

/** The record that answers for an id: the first that was not the node's fault, else the first. */
export function priorityRecord(history: IdHistory): TransactionRecord | undefined {
  const own = history.filter(({ nonce }) => nonce === 0);
  return own.find(({ result }) => !NODE_FAILURES.has(result)) ?? own[0];
}
