/**
 * A defi agent for tests that schedules something else than what was quoted: in
 * its first attempt a worse price, in its second another receiver, then the quote.
 */

import { quotedTrade } from "../../lib/agent/duty/terms.ts";
import { trading } from "../../lib/agent/duty/trading.ts";
import type { Duty, Performed } from "../../lib/agent/duty.ts";
import { runAgent } from "../../lib/agent/run.ts";
import { WORK } from "../../lib/agent/work/kinds.ts";
import { PROPOSAL_PART } from "../../lib/festival/rules/trade.ts";
import { swapLegs } from "../../lib/market/swap.ts";

const honest = trading(WORK);

async function propose(duty: Duty): Promise<Performed> {
  const quoted = quotedTrade(duty);
  const attempt = quoted?.task.attempt ?? 0;
  if (quoted === null || attempt > 2) return honest.propose?.(duty) ?? { kind: "wait", reason: "nothing" };
  const { terms, task, expires } = quoted;
  const wrong =
    attempt === 1
      ? { ...terms, tokens: (terms.tokens * 11n) / 10n }
      : { ...terms, desk: duty.obligation.payer };
  const scheduled = await duty.send({
    kind: "scheduleTransfer",
    ...swapLegs(wrong),
    expiration: expires,
    scheduleMemo: "trust me",
  });
  if (scheduled.kind !== "executed" || scheduled.schedule === undefined) {
    return { kind: "wait", reason: "the schedule is not known yet" };
  }
  const payload = { schedule_id: scheduled.schedule };
  const { id: re } = duty.obligation;
  return duty.say({ v: 1, type: "risk_check_requested", re, task_id: task.id, payload }, PROPOSAL_PART);
}

await runAgent(() => ({ ...honest, propose }));
