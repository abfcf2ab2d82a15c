import type { AccountId, TokenId } from "../../hedera/id.ts";
import { formatTimestamp, type Timestamp } from "../../hedera/timestamp.ts";
import type { Holdings } from "../../market/risk.ts";
import type { AccountBalance } from "../../mirror/account.ts";
import type { Mirror } from "../../mirror/client.ts";
import { MirrorUnavailable } from "../../mirror/error.ts";
import { itemsFrom } from "../../mirror/page.ts";

/**
 * What an account held at a consensus time, to the tinybar: what it holds now
 * less everything that moved since. A mirror node's own `timestamp=` answers from
 * snapshots that are up to 15 minutes old.
 *
 * @throws MirrorUnavailable while the mirror node does not know the account, is
 * not that far, or has the account change while it is read
 */
export async function balanceAt(mirror: Mirror, account: AccountId, at: Timestamp): Promise<AccountBalance> {
  await requireUpTo(mirror, at);
  const before = await balanceNow(mirror, account);
  let { hbar } = before;
  const tokens = new Map(before.tokens.map(({ token, balance }) => [token, balance]));
  const since = await mirror.transactions({ account, after: at, limit: 100 });
  for await (const { transfers, tokenTransfers } of itemsFrom(since)) {
    for (const one of transfers) if (one.account === account) hbar -= one.amount;
    for (const { account: party, token, amount } of tokenTransfers) {
      if (party === account) tokens.set(token, (tokens.get(token) ?? 0n) - amount);
    }
  }
  if (!same(before, await balanceNow(mirror, account))) {
    throw new MirrorUnavailable(`the balance of ${account} changed while it was read`);
  }
  return { hbar, tokens: [...tokens].map(([token, balance]) => ({ token, balance })), timestamp: at };
}

/** Makes sure that the mirror node is as far as a consensus time. @throws MirrorUnavailable if it is not */
export async function requireUpTo(mirror: Mirror, at: Timestamp): Promise<void> {
  const block = await mirror.latestBlock();
  if (block !== null && block.to >= at) return;
  throw new MirrorUnavailable(`the mirror node is not as far as ${formatTimestamp(at)}`);
}

async function balanceNow(mirror: Mirror, account: AccountId): Promise<AccountBalance> {
  const balance = await mirror.balance(account);
  if (balance === null) throw new MirrorUnavailable(`the mirror node does not know ${account} yet`);
  return balance;
}

function same(a: AccountBalance, b: AccountBalance): boolean {
  const held = ({ hbar, tokens }: AccountBalance) =>
    [hbar, ...tokens.map(({ token, balance }) => `${token} ${balance}`).toSorted()].join();
  return held(a) === held(b);
}

/** The part of a balance that the market trades. */
export function holdingsOf({ hbar, tokens }: AccountBalance, token: TokenId): Holdings {
  return { hbar, tokens: tokens.find((held) => held.token === token)?.balance ?? 0n };
}
