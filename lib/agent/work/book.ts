/** What moved the trading fund in a period, from the ledger's own transfers. */
import type { Tinybar, TokenUnits } from "../../hedera/amount.ts";
import type { AccountId, TokenId } from "../../hedera/id.ts";
import { addSeconds, secondsOf, type Timestamp, timestampOf } from "../../hedera/timestamp.ts";
import type { Deposit, ExecutedSwap } from "../../market/booking.ts";
import type { MicroUsd } from "../../market/price.ts";
import type { Holdings } from "../../market/risk.ts";
import type { Mirror } from "../../mirror/client.ts";
import type { MirrorTransaction } from "../../mirror/transaction.ts";
import { balanceAt, holdingsOf } from "./balance.ts";
import { History } from "./history.ts";
import { hourlyPrices } from "./rates.ts";

/** The fund's movements after `from` and up to `to`. */
export interface Book {
  readonly from: Timestamp;
  readonly to: Timestamp;
  /** The fund at `from`, and the network's price then. */
  readonly opening: Holdings & { readonly price: MicroUsd };
  readonly swaps: readonly ExecutedSwap[];
  readonly deposits: readonly Deposit[];
  /** The network's price at `to`. */
  readonly price: MicroUsd;
}

/** Whose book, and with whom it trades what. */
export interface BookOwner {
  readonly fund: AccountId;
  readonly pool: AccountId;
  readonly token: TokenId;
}

/** A transaction's effect on the fund and on the pool. */
interface Movement {
  readonly at: Timestamp;
  readonly fund: Holdings;
  readonly pool: Holdings;
}

/** A book covers at most so many hours. */
export const BOOK_HOURS = 24;

const histories = new WeakMap<Mirror, Map<string, History<Movement>>>();

/** When the book of a moment begins: on the full hour at least {@link BOOK_HOURS} before, or with the log. */
export function bookBegins(to: Timestamp, logBegan: Timestamp): Timestamp {
  const hour = timestampOf(secondsOf(to) - (secondsOf(to) % 3_600n));
  const earliest = addSeconds(hour, -3_600 * BOOK_HOURS);
  return earliest > logBegan ? earliest : logBegan;
}

/**
 * Reads a book. A transfer between fund and pool of HBAR one way and tokens the
 * other is a swap; whatever else moved is a deposit, or, negative, left the fund.
 *
 * @throws MirrorUnavailable while the mirror node is not as far as `to`
 */
export async function readBook(
  mirror: Mirror,
  owner: BookOwner,
  from: Timestamp,
  to: Timestamp,
): Promise<Book> {
  const movements = await historyOf(mirror, owner).between(from, to);
  const closing = holdingsOf(await balanceAt(mirror, owner.fund, to), owner.token);
  const priceOf = await hourlyPrices(mirror, to, BOOK_HOURS + 1);
  const swaps: ExecutedSwap[] = [];
  const deposits: Deposit[] = [];
  let opening = closing;
  for (const { at, fund, pool } of movements) {
    opening = { hbar: opening.hbar - fund.hbar, tokens: opening.tokens - fund.tokens };
    const price = priceOf(at);
    const swapped = fund.hbar * fund.tokens < 0n && pool.hbar === -fund.hbar && pool.tokens === -fund.tokens;
    if (!swapped) deposits.push({ at, price, ...fund });
    else if (fund.hbar > 0n) swaps.push({ at, price, side: "buy", hbar: fund.hbar, tokens: -fund.tokens });
    else swaps.push({ at, price, side: "sell", hbar: -fund.hbar, tokens: fund.tokens });
  }
  return { from, to, opening: { ...opening, price: priceOf(from) }, swaps, deposits, price: priceOf(to) };
}

function historyOf(mirror: Mirror, owner: BookOwner): History<Movement> {
  const ofMirror = histories.get(mirror) ?? new Map<string, History<Movement>>();
  histories.set(mirror, ofMirror);
  const key = [owner.fund, owner.pool, owner.token].join(" ");
  const known = ofMirror.get(key);
  if (known !== undefined) return known;
  const history = new History(mirror, owner.fund, (transaction) => movementOf(transaction, owner));
  ofMirror.set(key, history);
  return history;
}

function movementOf(transaction: MirrorTransaction, { fund, pool, token }: BookOwner): Movement | null {
  const of = (account: AccountId): Holdings => ({
    hbar: hbarOf(transaction, account),
    tokens: tokensOf(transaction, account, token),
  });
  const moved = of(fund);
  if (moved.hbar === 0n && moved.tokens === 0n) return null;
  return { at: transaction.timestamp, fund: moved, pool: of(pool) };
}

function hbarOf({ transfers }: MirrorTransaction, account: AccountId): Tinybar {
  return transfers.reduce((sum, one) => (one.account === account ? sum + one.amount : sum), 0n);
}

function tokensOf({ tokenTransfers }: MirrorTransaction, account: AccountId, token: TokenId): TokenUnits {
  return tokenTransfers.reduce(
    (sum, one) => (one.account === account && one.token === token ? sum + one.amount : sum),
    0n,
  );
}
