/** What the defi agent does for a trade: ask, schedule what was quoted, say how it ended. */
import { taskOf } from "../../festival/decision/assignment.ts";
import { effectMemo } from "../../festival/obligation.ts";
import { agentsOf } from "../../festival/roles.ts";
import { PROPOSAL_PART } from "../../festival/rules/trade.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import { limitsOfManifest } from "../../market/limits.ts";
import { assess } from "../../market/risk.ts";
import { swapLegs } from "../../market/swap.ts";
import type { MirrorSchedule } from "../../mirror/schedule.ts";
import type { MirrorTransaction } from "../../mirror/transaction.ts";
import type { Duty, Performed, Performers } from "../duty.ts";
import { TRADE, type Work } from "../work/kinds.ts";
import { describeTrade, NOT_ACCEPTABLE, tradeIntent } from "../work/trade.ts";
import { hasLapsed } from "./lapse.ts";
import { type QuotedTrade, quotedTrade } from "./terms.ts";
import { tradeInputs } from "./trade-inputs.ts";
import { report, working } from "./working.ts";

/** The defi agent's performers: the work of its kinds, and trades. */
export function trading(kinds: ReadonlyMap<string, Work>): Performers {
  const work = working(kinds);
  return {
    ...work,
    execute: async (duty) => {
      const task = taskOf(duty.state, duty.obligation);
      if (task?.spec.kind !== TRADE) return work.execute?.(duty) ?? { kind: "wait", reason: "nothing to do" };
      return task.trade === null
        ? begin(duty)
        : report(duty, async () => describeTrade(task.trade ?? ended()));
    },
    propose,
    conclude,
  };
}

async function begin(duty: Duty): Promise<Performed> {
  const { state, mirror, signal, obligation } = duty;
  const task = taskOf(state, obligation);
  if (task === undefined) return { kind: "wait", reason: "there is no such task" };
  const intent = tradeIntent({ state, task, mirror, signal });
  if (intent.kind === "done") return report(duty, async () => intent.result);
  const desk = agentsOf(state).find(({ role }) => role === "desk");
  if (desk === undefined) return { kind: "wait", reason: "the manifest has no desk" };
  const payload = { side: intent.side, hbar: intent.hbar };
  return duty.say({
    v: 1,
    type: "quote_requested",
    re: obligation.id,
    task_id: task.id,
    to: desk.id,
    payload,
  });
}

/** Schedules the quoted swap and says so, or says why not: the same id for either, so that only one lands. */
async function propose(duty: Duty): Promise<Performed> {
  const quoted = quotedTrade(duty);
  if (quoted === null) return { kind: "wait", reason: "there is no quote" };
  const head = { v: 1 as const, re: duty.obligation.id, task_id: quoted.task.id };
  const objection = await duty.once("objection", () => objectionTo(duty, quoted));
  if (objection !== null)
    return duty.say({ ...head, type: "trade_failed", payload: { reason: objection } }, PROPOSAL_PART);
  const scheduled = await duty.send({
    kind: "scheduleTransfer",
    ...swapLegs(quoted.terms),
    expiration: quoted.expires,
    scheduleMemo: effectMemo(duty.log, duty.obligation, 0),
  });
  if (scheduled.kind === "failed") {
    const reason = `the schedule was not created: ${scheduled.status}`;
    return duty.say({ ...head, type: "trade_failed", payload: { reason } }, PROPOSAL_PART);
  }
  if (scheduled.kind !== "executed") return scheduled;
  if (scheduled.schedule === undefined) return { kind: "wait", reason: "the schedule's id is not known yet" };
  const payload = { schedule_id: scheduled.schedule };
  return duty.say({ ...head, type: "risk_check_requested", payload }, PROPOSAL_PART);
}

/** Why the fund would not take the quote, by its own limits; null if it would. */
async function objectionTo(duty: Duty, quoted: QuotedTrade): Promise<string | null> {
  const limits = duty.state.manifest?.market?.limits;
  if (limits === undefined) return "the manifest has no limits";
  const { approved, checks } = assess(limitsOfManifest(limits), await tradeInputs(duty, quoted));
  const failed = checks
    .filter(({ passed }) => !passed)
    .map(({ name, value, limit }) => `${name} ${value} ${limit}`);
  return approved ? null : `${NOT_ACCEPTABLE}: ${failed.join(", ")}`.slice(0, 200);
}

/** Says how an approved trade ended, from the scheduled transaction's own record. */
async function conclude(duty: Duty): Promise<Performed> {
  const quoted = quotedTrade(duty);
  const id = quoted?.trade.schedule;
  if (!quoted || !id) return { kind: "wait", reason: "there is no schedule" };
  const schedule = await duty.mirror.schedule(id);
  if (schedule === null) return { kind: "wait", reason: "the mirror node does not have the schedule yet" };
  const head = { v: 1 as const, re: duty.obligation.id, task_id: quoted.task.id };
  if (schedule.executed === null) {
    if (!(await isOver(duty, quoted, schedule)))
      return { kind: "wait", reason: "the schedule has not executed yet" };
    return duty.say({
      ...head,
      type: "trade_failed",
      payload: { reason: "the quote expired before all had signed" },
    });
  }
  const executed = await executionOf(duty, schedule);
  if (executed === null) return { kind: "wait", reason: "the mirror node does not have the trade yet" };
  if (executed.result !== "SUCCESS") {
    return duty.say({
      ...head,
      type: "trade_failed",
      payload: { reason: `the transfer failed: ${executed.result}` },
    });
  }
  const { side, hbar, tokens } = quoted.trade;
  const payload = {
    schedule_id: id,
    transaction: executed.id,
    executed: executed.timestamp,
    side,
    hbar,
    tokens,
  };
  return duty.say({ ...head, type: "trade_settled", payload });
}

/** Whether the quote has expired for sure. */
async function isOver(
  duty: Duty,
  { expires, terms }: QuotedTrade,
  { creator, created, payer }: MirrorSchedule,
): Promise<boolean> {
  if (duty.now() < expires) return false;
  const { items } = await duty.mirror.transactions({ account: creator, ...around(created) });
  const creation = items.find(({ timestamp }) => timestamp === created);
  if (creation === undefined) return false;
  return hasLapsed(duty, { id: creation.id, expires, parties: [payer, terms.desk, terms.fund] });
}

/** The scheduled transaction: it was submitted by the schedule's creation, and executed at the schedule's time. */
async function executionOf(duty: Duty, schedule: MirrorSchedule): Promise<MirrorTransaction | null> {
  const at = schedule.executed ?? 0n;
  const { items } = await duty.mirror.transactions({ account: schedule.payer, ...around(at) });
  return items.find(({ scheduled, timestamp }) => scheduled && timestamp === at) ?? null;
}

/** The bounds, which exclude themselves, of a single moment. */
function around(at: Timestamp): { readonly after: Timestamp; readonly before: Timestamp } {
  return { after: at - 1n, before: at + 1n };
}

function ended(): never {
  throw new Error("a trade that is over is not there");
}
