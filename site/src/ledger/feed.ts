import { type Decoded, decode } from "../../../lib/festival/entry/decode.ts";
import { fold } from "../../../lib/festival/fold.ts";
import { agentsOf } from "../../../lib/festival/roles.ts";
import { EMPTY_STATE, type State, type Verdict } from "../../../lib/festival/state.ts";
import type { AccountId } from "../../../lib/hedera/id.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import { type PaymentRecord, paymentIn } from "./payments.ts";
import { noteTrade, type TradeRecord } from "./trades.ts";

/** A message of the log, what it says, and how the fold took it. */
export interface FeedEntry {
  readonly message: Message;
  readonly decoded: Decoded;
  readonly verdict: Verdict;
  /** Who spoke, by the manifest of that moment: an agent's name, `owner`, or an account. */
  readonly by: string;
}

/** All that the page knows of the log: the fold, and what the fold keeps no history of. */
export interface LogView {
  readonly state: State;
  /** Every message in order. */
  readonly entries: readonly FeedEntry[];
  /** Every settled payment of every edition, in order. */
  readonly payments: readonly PaymentRecord[];
  /** Every trade of every edition, in the order in which they were requested. */
  readonly trades: readonly TradeRecord[];
}

/** Before the first message. */
export const EMPTY_LOG: LogView = { state: EMPTY_STATE, entries: [], payments: [], trades: [] };

/**
 * The view after more messages.
 *
 * @throws FestError `LOG_GAP` if they are not the next ones
 */
export function readOn(view: LogView, messages: readonly Message[]): LogView {
  let { state, trades } = view;
  const entries = [...view.entries];
  const payments = [...view.payments];
  for (const message of messages) {
    const decoded = decode(message);
    const before = state;
    state = fold(state, message);
    const verdict = state.verdict ?? { kind: "accepted" };
    // A manifest binds its own sender; everybody else is known from before.
    entries.push({
      message,
      decoded,
      verdict,
      by: speakerOf(before.manifest ? before : state, message.payer),
    });
    if (decoded.kind !== "entry" || verdict.kind !== "accepted") continue;
    const payment = paymentIn(decoded.entry, state);
    if (payment !== null) payments.push(payment);
    trades = noteTrade(trades, decoded.entry, state);
  }
  return { state, entries, payments, trades };
}

/** The name of who spoke: an agent of the manifest, the owner, or just an account. */
export function speakerOf(state: State, payer: AccountId): string {
  const agent = agentsOf(state).find(({ account }) => account === payer);
  return agent?.id ?? (payer === state.owner ? "owner" : payer);
}

/** What type of entry a message claims to be, or null if that cannot be told. */
export function typeOf({ decoded }: FeedEntry): string | null {
  if (decoded.kind === "entry") return decoded.entry.name;
  return decoded.kind === "unknown" ? decoded.name : null;
}

/** Which task an entry is about, if it is about one. */
export function taskOf({ decoded }: FeedEntry): string | null {
  if (decoded.kind !== "entry" || !("task_id" in decoded.entry.body)) return null;
  return decoded.entry.body.task_id;
}

/** Whom an entry is addressed to, if to anybody. */
export function addresseeOf({ decoded }: FeedEntry): string | null {
  return decoded.kind === "entry" && "to" in decoded.entry.body ? decoded.entry.body.to : null;
}

const utf8 = new TextDecoder();

/** A message's bytes as text, whatever they are. */
export function textOf({ bytes }: Message): string {
  return utf8.decode(bytes);
}

/** A message's JSON, indented, or its text if it is none. */
export function prettyTextOf(message: Message): string {
  const text = textOf(message);
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
