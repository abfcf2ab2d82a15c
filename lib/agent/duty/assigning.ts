import { assignTask, failTask, replaceAgent } from "../../festival/decision/assignment.ts";
import type { Performers } from "../duty.ts";

/** Gives tasks to agents, to other agents when a lease runs out, and up when nothing helps. */
export const assigning: Performers = {
  assign: (duty) => duty.sayOrWait(assignTask(duty.state, duty.obligation), "no agent plays the task's role"),
  watch: (duty) =>
    duty.sayOrWait(replaceAgent(duty.state, duty.obligation), "no agent plays the task's role"),
  expire: (duty) => duty.sayOrWait(failTask(duty.state, duty.obligation), "there is no such task"),
  fail: (duty) => duty.sayOrWait(failTask(duty.state, duty.obligation), "there is no such task"),
};
