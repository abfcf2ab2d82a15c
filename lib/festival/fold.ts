import { FestError } from "../hedera/error.ts";
import type { Message } from "../mirror/message.ts";
import { Draft, Refused, refuse } from "./draft.ts";
import { type Decoded, decode, stampOf } from "./entry/decode.ts";
import { ENTRY_TYPES, type Entry, type EntryName } from "./entry/entry.ts";
import { maySpeak } from "./roles.ts";
import * as amendment from "./rules/amendment.ts";
import * as approval from "./rules/approval.ts";
import * as boundary from "./rules/checkpoint.ts";
import * as governance from "./rules/governance.ts";
import * as plan from "./rules/plan.ts";
import * as score from "./rules/score.ts";
import * as trade from "./rules/trade.ts";
import * as work from "./rules/work.ts";
import { EMPTY_STATE, type State } from "./state.ts";

type Rules = { readonly [Name in EntryName]: (draft: Draft, entry: Entry<Name>) => void };

const elsewhere = (): never => refuse("it belongs on the vitals topic");

/** What each type of entry does to the state. */
const RULES: Rules = {
  manifest: governance.manifest,
  pause: governance.pause,
  resume: governance.resume,
  festival_plan: plan.festivalPlan,
  task_planned: plan.taskPlanned,
  task_withdrawn: amendment.taskWithdrawn,
  festival_commit: plan.festivalCommit,
  checkpoint: boundary.checkpoint,
  task_assignment: work.taskAssignment,
  task_reassigned: work.taskReassigned,
  status_update: work.statusUpdate,
  task_result: work.taskResult,
  quality_gate: work.qualityGate,
  payment_settled: work.paymentSettled,
  payment_scheduled: approval.paymentScheduled,
  payment_approved: approval.paymentApproved,
  payment_failed: work.paymentFailed,
  task_failed: work.taskFailed,
  forecast_scored: score.forecastScored,
  quote_requested: trade.quoteRequested,
  quote: trade.quote,
  risk_check_requested: trade.riskCheckRequested,
  risk_check_approved: trade.riskCheckApproved,
  risk_check_denied: trade.riskCheckDenied,
  trade_settled: trade.tradeSettled,
  trade_failed: trade.tradeFailed,
  tick: () => undefined,
  heartbeat: elsewhere,
  agent_started: elsewhere,
  agent_stopped: elsewhere,
  agent_error: elsewhere,
  pnl_report: elsewhere,
  agent_lost: elsewhere,
};

/**
 * The state after one more message of the log. A pure function of messages and
 * their consensus times; total over content: what is unknown, malformed,
 * unauthorised or out of place is counted in `counts`, explained in `verdict`,
 * and changes nothing else.
 *
 * @param decoded what the message says, where that was read already
 * @throws FestError `LOG_GAP` if the message is not the next one; the host must read again
 */
export function fold(state: State, message: Message, decoded: Decoded = decode(message)): State {
  const expected = (state.head?.sequence ?? 0) + 1;
  if (message.sequence !== expected) {
    throw new FestError(
      "LOG_GAP",
      `message ${expected} of ${message.topic} is next, not ${message.sequence}`,
    );
  }
  const stamp = stampOf(message);
  const after =
    decoded.kind === "entry" ? apply(state, decoded.entry) : new Draft(state, stamp).finish(decoded);
  return boundary.atBoundary(after, message);
}

/** Folds messages in order. */
export function foldAll(messages: Iterable<Message>, from: State = EMPTY_STATE): State {
  let state = from;
  for (const message of messages) state = fold(state, message);
  return state;
}

function apply<Name extends EntryName>(state: State, entry: Entry<Name>): State {
  const draft = new Draft(state, entry.stamp);
  const { by } = ENTRY_TYPES[entry.name];
  if (!maySpeak(state, entry.stamp.payer, by)) {
    return draft.finish({
      kind: "unauthorised",
      problem: `${entry.name} is for ${by}, not for ${entry.stamp.payer}`,
    });
  }
  const rule: Rules[Name] = RULES[entry.name];
  try {
    rule(draft, entry);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return new Draft(state, entry.stamp).finish({ kind: "refused", problem: error.message });
  }
  return draft.finish({ kind: "accepted" });
}
