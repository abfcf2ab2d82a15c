import { createHash } from "node:crypto";
import { secondsOf } from "../../../hedera/timestamp.ts";
import { LIMITS } from "../limits.ts";
import type { Schedule } from "../record.ts";

/**
 * A text that two schedules share exactly when Hedera calls them identical:
 * same transaction, memo, admin key, `wait_for_expiry` and asked-for expiration,
 * whoever created them (`ScheduleCreateHandler.areIdentical`).
 *
 * A schedule does not say whether its expiration was asked for; one that is the
 * default lifetime after its creation is taken as not asked for.
 */
export function scheduleIdentity(schedule: Schedule): string {
  const expiration = secondsOf(schedule.expiration);
  const asked = expiration - secondsOf(schedule.created) === LIMITS.scheduleDefaultSeconds ? 0n : expiration;
  return createHash("sha384")
    .update(
      `${schedule.waitForExpiry}/${asked}/${schedule.adminKey?.length ?? 0}/${Buffer.byteLength(schedule.memo)}/`,
    )
    .update(schedule.adminKey ?? "")
    .update(schedule.memo)
    .update(schedule.body)
    .digest("base64");
}
