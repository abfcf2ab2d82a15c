/** What this host tells by itself, since the ledger does not know of it. */
import type { Alarm } from "../../lib/festival/alarm/alarm.ts";
import type { Notice } from "../../lib/festival/alarm/notice.ts";
import { systemClock } from "../../lib/mirror/clock.ts";
import { type Origin, RUNBOOK } from "./body.ts";
import { send, webhookOf } from "./webhook.ts";

/** The variables that say where to tell it, as in `fest.env` and `watch.env` of a host. */
export interface HostVariables {
  readonly FEST_LOG?: string | undefined;
  readonly FEST_WEBHOOK_URL?: string | undefined;
  readonly FEST_WEBHOOK_FORMAT?: string | undefined;
}

/** An alarm of this host, as a notice that begins now, and where it comes from. */
export function hostNotice(alarm: Alarm, env: HostVariables): { notice: Notice; origin: Origin } {
  const now = systemClock.now();
  const notice = { ...alarm, kind: "firing", since: now, at: now } as const;
  return { notice, origin: { festival: "this host", log: env.FEST_LOG ?? "unknown", runbook: RUNBOOK } };
}

/**
 * Sends an alarm of this host to its webhook.
 *
 * @returns false where it has none
 * @throws FestError `WEBHOOK_INVALID`, `FORMAT_UNKNOWN`, `WEBHOOK_FAILED`
 */
export async function tellOfHost(alarm: Alarm, env: HostVariables): Promise<boolean> {
  const webhook = webhookOf(env.FEST_WEBHOOK_URL, env.FEST_WEBHOOK_FORMAT);
  if (webhook === null) return false;
  const { notice, origin } = hostNotice(alarm, env);
  await send(webhook, notice, origin);
  return true;
}
