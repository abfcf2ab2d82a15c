/** What the desk does: give firm prices, and sign the schedules that keep to them. */
import { taskOf } from "../../festival/decision/assignment.ts";
import type { Body } from "../../festival/entry/entry.ts";
import { describeError, FestError } from "../../hedera/error.ts";
import { deskQuote, quoteExpiry } from "../../market/desk.ts";
import { MirrorError } from "../../mirror/error.ts";
import type { Duty, Performers } from "../duty.ts";
import { marketOf } from "../work/context.ts";
import { priceAt } from "../work/rates.ts";
import { quotedTrade, scheduleFault } from "./terms.ts";

/** The desk's performers. */
export const quoting: Performers = {
  quote: async (duty) => {
    const task = taskOf(duty.state, duty.obligation);
    if (!task?.trade) return { kind: "wait", reason: "nothing was asked" };
    const payload = await priceOf(duty, task.trade, task.leaseSeconds);
    return duty.say({ v: 1, type: "quote", re: duty.obligation.id, task_id: task.id, payload });
  },
  countersign: async (duty) => {
    const quoted = quotedTrade(duty);
    const id = quoted?.trade.schedule;
    if (!quoted || !id) return { kind: "wait", reason: "there is no schedule" };
    const schedule = await duty.mirror.schedule(id);
    if (schedule === null) return { kind: "wait", reason: "the mirror node does not have the schedule yet" };
    const fault = scheduleFault(quoted, schedule);
    if (fault !== null) return { kind: "wait", reason: `the schedule is not what was quoted: ${fault}` };
    return duty.send({ kind: "scheduleSign", schedule: id });
  },
};

async function priceOf(
  duty: Duty,
  { side, hbar }: { side: "buy" | "sell"; hbar: bigint },
  leaseSeconds: number,
): Promise<Body<"quote">["payload"]> {
  const { mirror, state, obligation } = duty;
  const now = duty.now();
  const balance = await mirror.balance(obligation.payer);
  if (balance === null) return { declined: "the desk's account is not known" };
  const { token } = marketOf(state);
  const tokens = balance.tokens.find((held) => held.token === token)?.balance ?? 0n;
  const inventory = { hbar: balance.hbar, tokens };
  try {
    const { tokens: price } = deskQuote({ inventory, reference: await priceAt(mirror, now), side, hbar });
    return { side, hbar, tokens: price, expires: quoteExpiry(now, leaseSeconds) };
  } catch (error) {
    if (error instanceof MirrorError || !(error instanceof FestError)) throw error;
    return { declined: describeError(error).slice(0, 200) };
  }
}
