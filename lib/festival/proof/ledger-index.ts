import type { AccountId, TokenId, TopicId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import { formatTransactionId, type TransactionId } from "../../hedera/transaction-id.ts";
import type { MirrorTransaction } from "../../mirror/transaction.ts";

/** What an account held after a transaction. */
interface Holding {
  readonly at: Timestamp;
  readonly hbar: bigint;
  readonly tokens: ReadonlyMap<TokenId, bigint>;
}

/**
 * The transactions of a festival's accounts, kept by what is asked of them. They
 * may be given several times and in any order of accounts, but each account's in
 * the order of consensus.
 */
export class LedgerIndex {
  readonly #log: TopicId;
  /** By consensus time. */
  readonly #messages = new Map<Timestamp, MirrorTransaction>();
  readonly #transfers = new Map<string, MirrorTransaction[]>();
  readonly #holdings = new Map<AccountId, Holding[]>();

  constructor(log: TopicId) {
    this.#log = log;
  }

  /** Takes transactions that the mirror node listed for an account. */
  take(account: AccountId, transactions: readonly MirrorTransaction[]): void {
    for (const one of transactions) {
      if (one.result !== "SUCCESS") continue;
      if (one.type === "CONSENSUSSUBMITMESSAGE" && one.entity === this.#log)
        this.#messages.set(one.timestamp, one);
      if (one.type === "CRYPTOTRANSFER") this.#noteTransfer(one);
    }
    this.#hold(account, transactions);
  }

  /** The transaction that put a message into the log at that time. */
  messageAt(time: Timestamp): MirrorTransaction | null {
    return this.#messages.get(time) ?? null;
  }

  /** When messages were put into the log. */
  messageTimes(): Iterable<Timestamp> {
    return this.#messages.keys();
  }

  /** The transfers that executed under an id. */
  transfersOf(id: TransactionId): readonly MirrorTransaction[] {
    return this.#transfers.get(formatTransactionId(id)) ?? [];
  }

  /** Every transfer that executed. */
  *transfers(): Iterable<MirrorTransaction> {
    for (const some of this.#transfers.values()) yield* some;
  }

  /** What an account held at a time, by all that it ever gained and lost; null if none of it is known. */
  heldAt(account: AccountId, time: Timestamp): Omit<Holding, "at"> | null {
    const holdings = this.#holdings.get(account);
    return holdings?.findLast(({ at }) => at <= time) ?? null;
  }

  #noteTransfer(one: MirrorTransaction): void {
    const id = formatTransactionId(one.id);
    const known = this.#transfers.get(id) ?? [];
    if (known.some(({ timestamp }) => timestamp === one.timestamp)) return;
    this.#transfers.set(id, [...known, one]);
  }

  #hold(account: AccountId, transactions: readonly MirrorTransaction[]): void {
    const holdings = this.#holdings.get(account) ?? [];
    this.#holdings.set(account, holdings);
    for (const { timestamp: at, transfers, tokenTransfers } of transactions) {
      const last = holdings.at(-1);
      if (last !== undefined && at <= last.at) continue;
      const hbar = transfers.reduce(
        (sum, one) => (one.account === account ? sum + one.amount : sum),
        last?.hbar ?? 0n,
      );
      const tokens = new Map(last?.tokens);
      for (const one of tokenTransfers)
        if (one.account === account) tokens.set(one.token, (tokens.get(one.token) ?? 0n) + one.amount);
      holdings.push({ at, hbar, tokens });
    }
  }
}
