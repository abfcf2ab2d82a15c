import { NANOS_PER_SECOND } from "../../hedera/timestamp.ts";
import type { Draft } from "../draft.ts";
import type { Entry } from "../entry/entry.ts";
import type { Obligation } from "../obligation.ts";
import { type Agent, agentOf, agentsOf, chooseAgent, coordinatorOf } from "../roles.ts";

/** The owner binds roles to accounts; what an account that left still owed goes to its successor. */
export function manifest(draft: Draft, entry: Entry<"manifest">): void {
  const before = draft.state;
  draft.change({ owner: entry.stamp.payer, manifest: entry.body.payload });
  for (const obligation of [...draft.obligations.values()]) {
    const role = agentsOf(before).find((agent) => agent.id === obligation.agent)?.role;
    const successor = successorOf(draft, obligation, role);
    if (successor !== undefined) handOver(draft, obligation, successor);
  }
  const coordinator = coordinatorOf(draft.state);
  const planning = [...draft.obligations.values()].some(({ kind }) => kind === "plan");
  if (coordinator !== undefined && draft.edition === null && !planning) draft.open("plan", coordinator);
}

/** No new assignments and trades. */
export function pause(draft: Draft): void {
  draft.change({ paused: true });
}

/** Work goes on. */
export function resume(draft: Draft): void {
  draft.change({ paused: false });
}

function successorOf(draft: Draft, obligation: Obligation, role: string | undefined): Agent | undefined {
  const same = agentOf(draft.state, obligation.agent);
  if (same?.account === obligation.payer) return undefined;
  return same ?? (role === undefined ? undefined : chooseAgent(draft.state, role));
}

function handOver(draft: Draft, obligation: Obligation, successor: Agent): void {
  const wait = obligation.due - draft.stamp.timestamp;
  const delaySeconds = wait <= 0n ? 0 : Number((wait + NANOS_PER_SECOND - 1n) / NANOS_PER_SECOND);
  draft.close(obligation);
  const task = obligation.taskId === null ? {} : { task: obligation.taskId };
  draft.open(obligation.kind, successor, { ...task, index: obligation.index, delaySeconds });
  if (obligation.kind === "execute") draft.putTask({ ...draft.task(obligation.taskId), agent: successor.id });
}
