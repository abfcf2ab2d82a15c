import type { AccountId, TokenId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { Entry } from "../entry/entry.ts";
import type { State, Trade } from "../state.ts";
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
  /** The account whose balances are the desk's; absent: the desk's own. */
  readonly pool?: AccountId | undefined;
}

/** What a trade moves between the fund and a desk: what the fund buys it gets, and pays for. */
export function swapLegs(
  { side, hbar, tokens, account }: Pick<Trade, "side" | "hbar" | "tokens" | "account">,
  { fund, token, pool }: Market,
): readonly Leg[] {
  const direction = side === "buy" ? 1n : -1n;
  const desk = pool ?? account;
  return [
    { account: fund, token: null, amount: direction * hbar },
    { account: desk, token: null, amount: -direction * hbar },
    { account: fund, token, amount: -direction * tokens },
    { account: desk, token, amount: direction * tokens },
  ];
}

/** What the mirror node must show for a settled trade to be real: both legs, at the fund and at the desk. */
export function swapOf({ trade }: TradeRecord, market: Market): Expectation | null {
  if (trade.transaction === null) return null;
  return { transaction: trade.transaction, scheduled: true, legs: swapLegs(trade, market) };
}
