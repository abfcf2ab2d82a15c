/** What this host tells by itself, since the ledger does not know of it. */
import type { Alarm } from "../../lib/festival/alarm/alarm.ts";
import type { Notice } from "../../lib/festival/alarm/notice.ts";
import type { Environment } from "../../lib/hedera/config.ts";
import { systemClock } from "../../lib/mirror/clock.ts";
import { type Origin, RUNBOOK } from "./body.ts";
import { send, webhookOf } from "./webhook.ts";

/** An alarm of this host, as a notice that begins now, and where it comes from. @param env with `FEST_LOG`, where it is known */
export function hostNotice(alarm: Alarm, env: Environment): { notice: Notice; origin: Origin } {
  const now = systemClock.now();
  const notice = { ...alarm, kind: "firing", since: now, at: now } as const;
  return { notice, origin: { festival: "this host", log: env.FEST_LOG ?? "unknown", runbook: RUNBOOK } };
}

/**
 * Sends an alarm of this host to its webhook.
 *
 * @param env with `FEST_WEBHOOK_URL` and `FEST_WEBHOOK_FORMAT`, as a host's `watch.env` has them
 * @returns false where it has none
 * @throws FestError `WEBHOOK_INVALID`, `FORMAT_UNKNOWN`, `WEBHOOK_FAILED`
 */
export async function tellOfHost(alarm: Alarm, env: Environment): Promise<boolean> {
  const webhook = webhookOf(env.FEST_WEBHOOK_URL, env.FEST_WEBHOOK_FORMAT);
  if (webhook === null) return false;
  const { notice, origin } = hostNotice(alarm, env);
  await send(webhook, notice, origin);
  return true;
}
