import { type Decoded, decode } from "../../../lib/festival/entry/decode.ts";
import { fold } from "../../../lib/festival/fold.ts";
import { type PaymentRecord, paymentIn } from "../../../lib/festival/proof/payments.ts";
import { noteTrade, type TradeRecord } from "../../../lib/festival/proof/trades.ts";
import { agentsOf } from "../../../lib/festival/roles.ts";
import { EMPTY_STATE, type State, type Verdict } from "../../../lib/festival/state.ts";
import type { AccountId } from "../../../lib/hedera/id.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import { type ResultRecord, resultIn } from "./results.ts";
import { type ScoreRecord, scoreIn } from "./scores.ts";

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
  /** Every result of every edition, in order. */
  readonly results: readonly ResultRecord[];
  /** Every score of a forecast, in order. */
  readonly scores: readonly ScoreRecord[];
  /** The fold at every so many messages, from which any moment can be folded anew. */
  readonly milestones: readonly Milestone[];
}

/** The fold at one message, and how much of the view's lists was there by then. */
export interface Milestone {
  readonly state: State;
  readonly trades: readonly TradeRecord[];
  readonly payments: number;
  readonly results: number;
  readonly scores: number;
}

/** Messages between milestones. */
export const MILESTONE_EVERY = 250;

/** Before the first message. */
export const EMPTY_LOG: LogView = {
  state: EMPTY_STATE,
  entries: [],
  payments: [],
  trades: [],
  results: [],
  scores: [],
  milestones: [],
};

/** A view that begins after a checkpoint: what came before is not in it. */
export function logFrom(state: State): LogView {
  return { ...EMPTY_LOG, state, milestones: [{ state, trades: [], payments: 0, results: 0, scores: 0 }] };
}

/** The entry of that number, or null if the view does not hold it. */
export function entryAt({ entries }: LogView, sequence: number): FeedEntry | null {
  const first = entries[0]?.message.sequence ?? 1;
  return entries[sequence - first] ?? null;
}

/**
 * The view after more messages.
 *
 * @throws FestError `LOG_GAP` if they are not the next ones
 */
export function readOn(view: LogView, messages: readonly Message[]): LogView {
  let { state, trades } = view;
  const entries = [...view.entries];
  const payments: PaymentRecord[] = [];
  const results: ResultRecord[] = [];
  const scores: ScoreRecord[] = [];
  const milestones: Milestone[] = [];
  for (const message of messages) {
    const decoded = decode(message);
    const before = state;
    state = fold(state, message, decoded);
    const verdict = state.verdict ?? { kind: "accepted" };
    // A manifest binds its own sender; everybody else is known from before.
    entries.push({
      message,
      decoded,
      verdict,
      by: speakerOf(before.manifest ? before : state, message.payer),
    });
    if (decoded.kind === "entry" && verdict.kind === "accepted") {
      const { entry } = decoded;
      put(payments, paymentIn(entry, state));
      put(results, resultIn(entry, state));
      put(scores, scoreIn(entry));
      trades = noteTrade(trades, entry, state);
    }
    if (message.sequence % MILESTONE_EVERY === 0) {
      milestones.push({
        state,
        trades,
        payments: view.payments.length + payments.length,
        results: view.results.length + results.length,
        scores: view.scores.length + scores.length,
      });
    }
  }
  return {
    state,
    entries,
    trades,
    payments: joined(view.payments, payments),
    results: joined(view.results, results),
    scores: joined(view.scores, scores),
    milestones: joined(view.milestones, milestones),
  };
}

function put<T>(list: T[], record: T | null): void {
  if (record !== null) list.push(record);
}

/** The same list where nothing is new, so that what was computed of it still holds. */
function joined<T>(list: readonly T[], more: readonly T[]): readonly T[] {
  return more.length === 0 ? list : [...list, ...more];
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
