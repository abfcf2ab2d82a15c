/** A swap of HBAR for tokens between the fund and the desk, as the ledger's transfers. */

import type { Tinybar, TokenUnits } from "../hedera/amount.ts";
import { FestError } from "../hedera/error.ts";
import { type AccountId, compareIds, type TokenId } from "../hedera/id.ts";

/** Which way the fund trades HBAR. */
export type Side = "buy" | "sell";

/** A swap's amounts, both positive: `side` is the fund's, or whoever trades with the desk. */
export interface SwapAmounts {
  readonly side: Side;
  readonly hbar: Tinybar;
  readonly tokens: TokenUnits;
}

/** What two parties agreed on: the fund buys or sells `hbar` for `tokens`. Both amounts are positive. */
export interface SwapTerms extends SwapAmounts {
  readonly fund: AccountId;
  readonly desk: AccountId;
  readonly token: TokenId;
}

/** One account's part of a transfer of HBAR (`AccountAmount`): negative is sent, positive received. */
export interface HbarLeg {
  readonly account: AccountId;
  readonly amount: Tinybar;
}

/** One account's part of a transfer of a token. */
export interface TokenLeg {
  readonly token: TokenId;
  readonly account: AccountId;
  readonly amount: TokenUnits;
}

/** The transfers of one transaction (`CryptoTransferTransactionBody`): HBAR sums to zero, and so does each token. */
export interface Legs {
  readonly hbar: readonly HbarLeg[];
  readonly tokens: readonly TokenLeg[];
}

/**
 * The four legs of a swap, by account number, the same for every reader.
 *
 * @throws FestError `SWAP_INVALID` if an amount isn't positive or both parties are one account
 */
export function swapLegs(terms: SwapTerms): Legs {
  if (terms.hbar <= 0n || terms.tokens <= 0n || terms.fund === terms.desk) {
    throw new FestError(
      "SWAP_INVALID",
      `${terms.hbar} tinybars for ${terms.tokens} token units between ${terms.fund} and ${terms.desk} is not a swap`,
    );
  }
  const sign = terms.side === "buy" ? 1n : -1n;
  const legs = (units: bigint) =>
    [
      { account: terms.fund, amount: sign * units },
      { account: terms.desk, amount: -sign * units },
    ].sort((a, b) => compareIds(a.account, b.account));
  return {
    hbar: legs(terms.hbar),
    tokens: legs(-terms.tokens).map((leg) => ({ token: terms.token, ...leg })),
  };
}

/**
 * Why `legs` are not exactly this swap, or `null` if they are: as a stored
 * schedule must be before anyone signs it. The order of legs doesn't matter; a
 * leg too many, too few, twice or of zero does.
 */
export function swapFault(terms: SwapTerms, legs: Legs): string | null {
  const expected = swapLegs(terms);
  return (
    faultOf("tinybars", expected.hbar.map(hbarLine), legs.hbar.map(hbarLine)) ??
    faultOf("token units", expected.tokens.map(tokenLine), legs.tokens.map(tokenLine))
  );
}

/** Whether `legs` are exactly this swap and nothing else. */
export function sameSwap(terms: SwapTerms, legs: Legs): boolean {
  return swapFault(terms, legs) === null;
}

/** What a network charged for a transaction, and whom. */
export interface Charge {
  readonly payer: AccountId;
  readonly fee: Tinybar;
}

/**
 * Why the transfers of an executed transaction are not this swap, or `null` if
 * they are. A record's HBAR transfers also hold the network's fee: the payer
 * sends exactly `charge.fee`, accounts that are no party only receive, and
 * nobody but they receives it.
 */
export function executedSwapFault(terms: SwapTerms, legs: Legs, charge: Charge): string | null {
  const net = new Map<AccountId, bigint>();
  for (const leg of legs.hbar) net.set(leg.account, (net.get(leg.account) ?? 0n) + leg.amount);
  net.set(charge.payer, (net.get(charge.payer) ?? 0n) + charge.fee);

  const parties: HbarLeg[] = [];
  let collected = 0n;
  for (const [account, amount] of net) {
    if (account === terms.fund || account === terms.desk) parties.push({ account, amount });
    else if (account === charge.payer && amount !== 0n)
      return `${account} did not pay ${charge.fee} tinybars`;
    else if (amount < 0n) return `${account} sent ${-amount} tinybars and is no party`;
    else collected += amount;
  }
  if (collected !== charge.fee) return `${collected} tinybars went to others, the fee was ${charge.fee}`;
  return swapFault(terms, { hbar: parties, tokens: legs.tokens });
}

function hbarLine(leg: HbarLeg): string {
  return `${leg.account} ${leg.amount}`;
}

function tokenLine(leg: TokenLeg): string {
  return `${leg.account} ${leg.amount} of ${leg.token}`;
}

function faultOf(unit: string, expected: readonly string[], actual: readonly string[]): string | null {
  const missing = expected.find((line) => !actual.includes(line));
  if (missing !== undefined) return `${unit}: no leg ${missing}`;
  const foreign = actual.find((line, index) => !expected.includes(line) || actual.indexOf(line) !== index);
  return foreign === undefined ? null : `${unit}: unexpected leg ${foreign}`;
}
