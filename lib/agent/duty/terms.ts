import { taskOf } from "../../festival/decision/assignment.ts";
import type { State, Task, Trade } from "../../festival/state.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import { decodeScheduledTransfer } from "../../ledger/scheduled-transfer.ts";
import { type Legs, type SwapTerms, swapFault } from "../../market/swap.ts";
import type { MirrorSchedule } from "../../mirror/schedule.ts";
import type { Duty } from "../duty.ts";
import { marketOf } from "../work/context.ts";

/** The trade that a duty is about, once it has a price. */
export interface QuotedTrade {
  readonly task: Task;
  readonly trade: Trade;
  readonly expires: Timestamp;
  readonly terms: SwapTerms;
}

/** The trade of the duty's task; null while it has none, or no price. */
export function quotedTrade(duty: Duty): QuotedTrade | null {
  const task = taskOf(duty.state, duty.obligation);
  const trade = task?.trade;
  if (!task || !trade || trade.expires === null) return null;
  return { task, trade, expires: trade.expires, terms: termsOf(duty.state, trade) };
}

/** What a trade moves: between the fund and the desk's pool, or the account of the desk where the manifest names no pool. */
export function termsOf(state: State, { side, hbar, tokens, account }: Trade): SwapTerms {
  const { fund, token, pool } = marketOf(state);
  return { side, hbar, tokens, fund, desk: pool ?? account, token };
}

/** Why a stored schedule is not exactly the quoted trade, or null if it is: read before anybody signs. */
export function scheduleFault({ terms, expires }: QuotedTrade, schedule: MirrorSchedule): string | null {
  const legs: Legs | null = decodeScheduledTransfer(schedule.body);
  if (legs === null) return "it is not a plain transfer";
  if (schedule.deleted) return "it was deleted";
  if (schedule.adminKey !== null) return "somebody could delete it";
  if (schedule.waitForExpiry) return "it would wait for its expiry";
  if (schedule.expiration !== expires) return "it expires at another time than the quote";
  return swapFault(terms, legs);
}
