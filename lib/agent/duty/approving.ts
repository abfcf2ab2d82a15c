/** What the coordinator does for a trade: compare the stored schedule with the quote, judge it, sign it last. */

import { bytesToHex } from "@noble/hashes/utils.js";
import { fitCriteria } from "../../festival/criteria.ts";
import type { Criterion } from "../../festival/state.ts";
import { limitsOfManifest } from "../../market/limits.ts";
import { assess } from "../../market/risk.ts";
import type { MirrorSchedule } from "../../mirror/schedule.ts";
import type { Duty, Performers } from "../duty.ts";
import { type QuotedTrade, quotedTrade, scheduleFault } from "./terms.ts";
import { tradeInputs } from "./trade-inputs.ts";

/** The coordinator's part of a trade. */
export const approving: Performers = {
  approve: async (duty) => {
    const quoted = quotedTrade(duty);
    const id = quoted?.trade.schedule;
    if (!quoted || !id) return { kind: "wait", reason: "there is no schedule" };
    const schedule = await duty.mirror.schedule(id);
    if (schedule === null && !isPast(duty, quoted))
      return { kind: "wait", reason: "the mirror node does not have the schedule yet" };
    const signed = schedule !== null && (await hasSigned(duty, quoted, schedule));
    const sound = schedule !== null && scheduleFault(quoted, schedule) === null;
    if (sound && !signed && !isPast(duty, quoted))
      return { kind: "wait", reason: "the desk has not signed yet" };
    const checks = await duty.once("checks", () => checksOf(duty, quoted, schedule, signed));
    const approved = checks.every(({ passed }) => passed);
    return duty.say(
      fitCriteria(checks, (fitting) => ({
        v: 1 as const,
        type: approved ? ("risk_check_approved" as const) : ("risk_check_denied" as const),
        re: duty.obligation.id,
        task_id: quoted.task.id,
        payload: { schedule_id: id, checks: fitting },
      })),
    );
  },
  sign: async (duty) => {
    const schedule = quotedTrade(duty)?.trade.schedule;
    if (!schedule) return { kind: "wait", reason: "there is no schedule" };
    return duty.send({ kind: "scheduleSign", schedule });
  },
};

async function checksOf(
  duty: Duty,
  quoted: QuotedTrade,
  schedule: MirrorSchedule | null,
  signed: boolean,
): Promise<readonly Criterion[]> {
  const limits = duty.state.manifest?.market?.limits;
  const fault = schedule === null ? "there is none" : scheduleFault(quoted, schedule);
  const same: Criterion = {
    name: "schedule_is_quote",
    passed: fault === null,
    ...(fault === null ? {} : { value: fault }),
  };
  const counterparty: Criterion = { name: "desk_signed", passed: signed };
  if (limits === undefined)
    return [same, counterparty, { name: "limits", passed: false, value: "the manifest has none" }];
  const { checks } = assess(limitsOfManifest(limits), await tradeInputs(duty, quoted));
  return [same, counterparty, ...checks];
}

/** Whether the desk's own key is among the schedule's signatures. */
async function hasSigned(duty: Duty, { terms }: QuotedTrade, schedule: MirrorSchedule): Promise<boolean> {
  const key = (await duty.mirror.account(terms.desk))?.key;
  if (!key) return false;
  return schedule.signatures.some(({ publicKeyPrefix }) => {
    const prefix = bytesToHex(publicKeyPrefix);
    return prefix.length > 0 && key.hex.startsWith(prefix);
  });
}

function isPast(duty: Duty, { expires }: QuotedTrade): boolean {
  return duty.now() >= expires;
}
