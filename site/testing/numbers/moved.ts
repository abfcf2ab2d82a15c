/** Whether what the log says was moved was moved, by the transactions themselves. */
import type { Wire } from "./ledger.ts";
import type { Moment } from "./moment.ts";

/** Of how many that there are, how many are as the log says. */
export interface Matches {
  readonly payments: { readonly total: number; readonly matched: number };
  readonly trades: { readonly total: number; readonly matched: number };
}

/** Compares every payment and every settled trade with its transaction. */
export function matchesOf({ story, ledger }: Moment): Matches {
  const { moved } = ledger;
  const paid = story.payments.filter(({ payer, body: { to, payload } }) => {
    const account = accountOf(story.manifest, to);
    return (moved.get(payload.transfer) ?? []).some(
      (transaction) =>
        transaction.result === "SUCCESS" &&
        hasLeg(transaction.token_transfers, payload.token_id, payer, -BigInt(payload.amount)) &&
        hasLeg(transaction.token_transfers, payload.token_id, account, BigInt(payload.amount)),
    );
  });
  const settled = story.trades.filter(({ transaction }) => transaction !== null);
  const swapped = settled.filter(({ transaction, side, hbar, tokens }) => {
    const { fund, token, pool } = story.manifest.market;
    const sign = side === "buy" ? 1n : -1n;
    return (moved.get(transaction ?? "") ?? []).some(
      (one) =>
        one.scheduled === true &&
        one.result === "SUCCESS" &&
        hasLeg(one.transfers, undefined, fund, sign * hbar) &&
        hasLeg(one.transfers, undefined, pool, -sign * hbar) &&
        hasLeg(one.token_transfers, token, fund, -sign * tokens) &&
        hasLeg(one.token_transfers, token, pool, sign * tokens),
    );
  });
  return {
    payments: { total: story.payments.length, matched: paid.length },
    trades: { total: settled.length, matched: swapped.length },
  };
}

/** The account of an agent. */
export function accountOf(manifest: Wire, agent: string): string {
  const all = Object.values<Record<string, string>>(manifest.roles).flatMap((agents) =>
    Object.entries(agents),
  );
  return all.find(([id]) => id === agent)?.[1] ?? "";
}

function hasLeg(legs: readonly Wire[], token: string | undefined, account: string, amount: bigint): boolean {
  return legs.some(
    (leg) => leg.account === account && leg.token_id === token && BigInt(leg.amount) === amount,
  );
}
