import type { Entry } from "../../../lib/festival/entry/entry.ts";
import type { State, Trade } from "../../../lib/festival/state.ts";
import { HBAR_DECIMALS } from "../../../lib/hedera/amount.ts";
import type { AccountId, TokenId } from "../../../lib/hedera/id.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { Expectation, Leg } from "./legs.ts";

/** A trade as far as the log has it, settled or not. */
export interface TradeRecord {
  /** The sequence number of the entry that asked for the quote. */
  readonly sequence: number;
  /** When it last changed. */
  readonly timestamp: Timestamp;
  readonly edition: number;
  readonly task: string;
  readonly agent: string | null;
  readonly trade: Trade;
}

/** The trades after one more accepted entry. */
export function noteTrade(
  trades: readonly TradeRecord[],
  entry: Entry,
  state: State,
): readonly TradeRecord[] {
  const { edition } = state;
  const task = "task_id" in entry.body ? edition?.tasks.get(entry.body.task_id) : undefined;
  if (!edition || !task?.trade) return trades;
  const { sequence, timestamp } = entry.stamp;
  const record = { timestamp, edition: edition.number, task: task.id, agent: task.agent, trade: task.trade };
  if (entry.name === "quote_requested") return [...trades, { ...record, sequence }];
  const at = trades.findLastIndex((one) => one.edition === edition.number && one.task === task.id);
  const known = trades[at];
  if (known === undefined || known.trade === task.trade) return trades;
  return trades.with(at, { ...record, agent: known.agent, sequence: known.sequence });
}

/** What the fund of the festival is, and what it trades HBAR against. */
export interface Market {
  readonly fund: AccountId;
  readonly token: TokenId;
}

/** What the mirror node must show for a settled trade to be real: both legs, at the fund. */
export function swapOf({ trade }: TradeRecord, { fund, token }: Market): Expectation | null {
  if (trade.transaction === null) return null;
  const direction = trade.side === "buy" ? 1n : -1n;
  const legs: readonly Leg[] = [
    { account: fund, token: null, amount: direction * trade.hbar },
    { account: fund, token, amount: -direction * trade.tokens },
  ];
  return { transaction: trade.transaction, scheduled: true, legs };
}

/** Micro-USD for one HBAR at which a trade was quoted, where the market's token is a dollar; null until then. */
export function microUsdOf({ hbar, tokens }: Trade, decimals: number): bigint | null {
  if (hbar === 0n || tokens === 0n) return null;
  return (tokens * 10n ** BigInt(HBAR_DECIMALS + 6)) / (hbar * 10n ** BigInt(decimals));
}

/** What settled trades brought the fund in all: tinybars and token units, below zero for what it gave. */
export function flowOf(settled: readonly TradeRecord[]): { readonly hbar: bigint; readonly tokens: bigint } {
  let hbar = 0n;
  let tokens = 0n;
  for (const { trade } of settled) {
    const sign = trade.side === "buy" ? 1n : -1n;
    hbar += sign * trade.hbar;
    tokens -= sign * trade.tokens;
  }
  return { hbar, tokens };
}
