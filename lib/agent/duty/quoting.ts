/** What the desk does: give firm prices, and sign the schedules that keep to them. */
import { taskOf } from "../../festival/decision/assignment.ts";
import type { Body } from "../../festival/entry/entry.ts";
import type { Task } from "../../festival/state.ts";
import { quoteWaits } from "../../festival/trades.ts";
import { describeError, FestError } from "../../hedera/error.ts";
import { quoteExpiry } from "../../market/desk.ts";
import { deskVenue } from "../../market/venue.ts";
import type { Duty, Performed, Performers } from "../duty.ts";
import { holdingsOf, requireUpTo } from "../work/balance.ts";
import { marketOf } from "../work/context.ts";
import { poolAccount, poolFee } from "../work/pool.ts";
import { quotedTrade, scheduleFault } from "./terms.ts";

/**
 * The desk's performers: prices of its pool as its reserves are, one firm quote
 * at a time.
 *
 * @param quiet whether nothing of the desk's own process moves the pool just now
 */
export function quoting(quiet: () => boolean = () => true): Performers {
  return { quote: (duty) => quote(duty, quiet), countersign };
}

async function quote(duty: Duty, quiet: () => boolean): Promise<Performed> {
  const task = taskOf(duty.state, duty.obligation);
  if (!task?.trade) return { kind: "wait", reason: "nothing was asked" };
  const waits = quoteWaits(duty.state, duty.obligation);
  if (waits !== null) return { kind: "wait", reason: waits };
  if (!quiet()) return { kind: "wait", reason: "a trade with the pool is under way" };
  const payload = await priceOf(duty, task);
  return duty.say({ v: 1, type: "quote", re: duty.obligation.id, task_id: task.id, payload });
}

/** Signs a schedule that is exactly what was quoted. */
async function countersign(duty: Duty): Promise<Performed> {
  const quoted = quotedTrade(duty);
  const id = quoted?.trade.schedule;
  if (!quoted || !id) return { kind: "wait", reason: "there is no schedule" };
  const schedule = await duty.mirror.schedule(id);
  if (schedule === null) return { kind: "wait", reason: "the mirror node does not have the schedule yet" };
  const fault = scheduleFault(quoted, schedule);
  if (fault !== null) return { kind: "wait", reason: `the schedule is not what was quoted: ${fault}` };
  return duty.send({ kind: "scheduleSign", schedule: id });
}

/** The pool's price from its reserves on the ledger, not older than the log that was read. @throws MirrorUnavailable */
async function priceOf(duty: Duty, { trade, leaseSeconds }: Task): Promise<Body<"quote">["payload"]> {
  const { mirror, state } = duty;
  await requireUpTo(mirror, state.head?.timestamp ?? 0n);
  const pool = poolAccount(state);
  const balance = pool === null ? null : await mirror.balance(pool);
  if (trade === null || balance === null) return { declined: "the desk's pool is not known" };
  const { side, hbar } = trade;
  const venue = deskVenue({ ...holdingsOf(balance, marketOf(state).token), feeBps: poolFee(state) });
  try {
    const { tokens } = venue.quote(side, hbar);
    return { side, hbar, tokens, expires: quoteExpiry(duty.now(), leaseSeconds) };
  } catch (error) {
    if (!(error instanceof FestError)) throw error;
    return { declined: describeError(error).slice(0, 200) };
  }
}
