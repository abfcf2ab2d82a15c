import { NANOS_PER_SECOND } from "../../hedera/timestamp.ts";
import { type Draft, refuse } from "../draft.ts";
import type { Entry } from "../entry/entry.ts";
import type { Obligation } from "../obligation.ts";
import { type Agent, agentsOf, chooseAgent, coordinatorOf } from "../roles.ts";
import { renewLease } from "./work.ts";

/** The owner binds roles to accounts; what an account that left still owed goes to its successor. */
export function manifest(draft: Draft, entry: Entry<"manifest">): void {
  const { payload } = entry.body;
  refuseUnsound(draft, payload);
  draft.change({
    owner: entry.stamp.payer,
    manifest: payload,
    manifestSequence: entry.stamp.sequence,
    silent: new Map(),
  });
  for (const obligation of [...draft.obligations.values()]) handOver(draft, obligation);
  const coordinator = coordinatorOf(draft.state);
  const planning = [...draft.obligations.values()].some(({ kind }) => kind === "plan");
  if (coordinator !== undefined && draft.edition === null && !planning) draft.open("plan", coordinator);
}

/** No new assignments and trades. */
export function pause(draft: Draft): void {
  if (draft.state.manifest === null) refuse("there is no manifest");
  draft.change({ paused: true });
}

/** Work goes on, every lease anew: nobody could renew one in time while assignments were held. */
export function resume(draft: Draft): void {
  if (!draft.state.paused) refuse("there is no pause");
  draft.change({ paused: false });
  for (const { kind, taskId } of [...draft.obligations.values()]) {
    if (kind === "watch") renewLease(draft, draft.task(taskId));
  }
}

function refuseUnsound(draft: Draft, { roles, token }: Entry<"manifest">["body"]["payload"]): void {
  const names = Object.values(roles).flatMap((agents) => Object.keys(agents));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(`agent ${twice} is named in two roles`);
  const { manifest: before, edition } = draft.state;
  // A payment that is under way would move one token and count for none.
  if (edition?.committed === null && before?.token !== token) {
    refuse(`edition ${edition.number} is paid in ${before?.token}`);
  }
}

/** Leaves an obligation with its account while that plays its role, else creates it anew for whoever does. */
function handOver(draft: Draft, obligation: Obligation): void {
  if (obligation.kind === "manual") return;
  const role = roleOf(draft, obligation);
  const successor = successorOf(draft, obligation, role);
  if (successor === undefined) return;
  if (successor.account === obligation.payer) {
    if (successor.id === obligation.agent) return;
    draft.rename(obligation, successor);
  } else {
    const wait = obligation.due - draft.stamp.timestamp;
    const delaySeconds = wait <= 0n ? 0 : Number((wait + NANOS_PER_SECOND - 1n) / NANOS_PER_SECOND);
    draft.close(obligation);
    const task = obligation.taskId === null ? {} : { task: obligation.taskId };
    draft.open(obligation.kind, successor, { ...task, index: obligation.index, delaySeconds });
  }
  follow(draft, obligation, successor);
}

/** Who owes it now: the same account, by whatever name; else the same name; else anyone of the role. */
function successorOf(draft: Draft, obligation: Obligation, role: string): Agent | undefined {
  const candidates = agentsOf(draft.state).filter((agent) => agent.role === role);
  // All that is owed for one task goes the same way.
  const name = isWork(obligation) ? draft.task(obligation.taskId).agent : obligation.agent;
  const holders = candidates.filter((agent) => agent.account === obligation.payer);
  return (
    holders.find((agent) => agent.id === name) ??
    holders[0] ??
    candidates.find((agent) => agent.id === name) ??
    chooseAgent(draft.state, role)
  );
}

/** The role that owes obligations of a kind. */
function roleOf(draft: Draft, obligation: Obligation): string {
  if (isWork(obligation)) return draft.task(obligation.taskId).spec.role;
  return obligation.kind === "quote" || obligation.kind === "countersign" ? "desk" : "coordinator";
}

function isWork({ kind }: Obligation): boolean {
  return kind === "start" || kind === "execute" || kind === "propose" || kind === "conclude";
}

/** A task goes with the work that is owed for it, and a trade without a price with its desk. */
function follow(draft: Draft, obligation: Obligation, { id, account }: Agent): void {
  if (isWork(obligation)) draft.putTask({ ...draft.task(obligation.taskId), agent: id });
  if (obligation.kind !== "quote") return;
  const task = draft.task(obligation.taskId);
  if (task.trade !== null) draft.putTask({ ...task, trade: { ...task.trade, desk: id, account } });
}
