import { type AccountId, compareIds, type TokenId } from "../../hedera/id.ts";
import type { TokenTransfers } from "./transfers.ts";

/** One ERC-20 `Transfer` event: null stands for the zero address of a mint or a burn. */
export interface TokenEvent {
  readonly token: TokenId;
  readonly from: AccountId | null;
  readonly to: AccountId | null;
  readonly amount: bigint;
}

interface Side {
  readonly account: AccountId;
  left: bigint;
}

/**
 * The ERC-20 `Transfer` events that a mirror node synthesises of a record's
 * token transfers (`TransferEventsGenerator`): per token, senders and receivers
 * sorted by amount, largest first, then by id, and paired greedily. What is
 * left over was minted or burnt.
 */
export function tokenEvents(transfers: TokenTransfers): TokenEvent[] {
  const events: TokenEvent[] = [];
  for (const token of new Set(transfers.map((transfer) => transfer.token))) {
    const own = transfers.filter((transfer) => transfer.token === token);
    const senders = sides(own.filter(({ amount }) => amount < 0n));
    const receivers = sides(own.filter(({ amount }) => amount > 0n));
    while (senders.length > 0 || receivers.length > 0) {
      const [from, to] = [senders[0], receivers[0]];
      const amount = smaller(from?.left ?? null, to?.left ?? null);
      events.push({ token, from: from?.account ?? null, to: to?.account ?? null, amount });
      take(senders, amount);
      take(receivers, amount);
    }
  }
  return events;
}

function sides(transfers: TokenTransfers): Side[] {
  return transfers
    .map(({ account, amount }) => ({ account, left: amount < 0n ? -amount : amount }))
    .sort((a, b) => (a.left === b.left ? compareIds(a.account, b.account) : a.left > b.left ? -1 : 1));
}

function smaller(a: bigint | null, b: bigint | null): bigint {
  if (a === null) return b ?? 0n;
  return b === null || a < b ? a : b;
}

function take(queue: Side[], amount: bigint): void {
  const first = queue[0];
  if (first === undefined) return;
  first.left -= amount;
  if (first.left === 0n) queue.shift();
}
