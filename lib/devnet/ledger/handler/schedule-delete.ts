import { need } from "../refusal.ts";
import { scheduleIdOf } from "../wire/id.ts";
import { defineHandler } from "./handler.ts";
import { pendingSchedule } from "./schedule.ts";

/** `ScheduleDelete`: only a schedule with an admin key can be deleted. */
export const SCHEDULE_DELETE = defineHandler("scheduleDelete", {
  type: "SCHEDULEDELETE",
  entity: (op) => scheduleIdOf(op.scheduleID),

  pureChecks(op) {
    need(Boolean(op.scheduleID), "INVALID_SCHEDULE_ID");
  },

  preHandle(op, context) {
    const schedule = pendingSchedule(context.state, op.scheduleID, null);
    context.requireEntityKey(schedule.adminKey, "SCHEDULE_IS_IMMUTABLE");
  },

  handle(op, { state, consensusNow, consensusTimestamp }) {
    const schedule = pendingSchedule(state, op.scheduleID, consensusNow);
    state.putSchedule({ ...schedule, deleted: consensusTimestamp });
  },
});
