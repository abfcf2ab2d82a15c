import type { AccountId } from "../hedera/id.ts";
import { NANOS_PER_SECOND } from "../hedera/timestamp.ts";
import type { Speaker } from "./entry/entry.ts";
import type { State } from "./state.ts";

/** An agent as the manifest names it. */
export interface Agent {
  readonly id: string;
  readonly role: string;
  readonly account: AccountId;
}

/** The agents of each manifest that was asked for: every message asks for them, several times. */
const known = new WeakMap<NonNullable<State["manifest"]>, readonly Agent[]>();

/** Every agent of the manifest, in its order. */
export function agentsOf({ manifest }: State): readonly Agent[] {
  if (manifest === null) return [];
  const found = known.get(manifest);
  if (found !== undefined) return found;
  const agents = Object.entries(manifest.roles).flatMap(([role, named]) =>
    Object.entries(named).map(([id, account]) => ({ id, role, account })),
  );
  known.set(manifest, agents);
  return agents;
}

/** The agent of that name, if the manifest has one. */
export function agentOf(state: State, id: string): Agent | undefined {
  return agentsOf(state).find((agent) => agent.id === id);
}

/** The account that speaks for the coordinator (replicas share it). */
export function coordinatorOf(state: State): Agent | undefined {
  return agentsOf(state).find((agent) => agent.role === "coordinator");
}

/** Whether the account may say what `speaker` may say. Before the first manifest anyone may be the owner. */
export function maySpeak(state: State, payer: AccountId, speaker: Speaker): boolean {
  if (speaker === "owner") return state.owner === null || state.owner === payer;
  if ((speaker === "planner" || speaker === "doer") && state.owner === payer) return true;
  return agentsOf(state).some(({ account, role }) => account === payer && plays(role, speaker));
}

function plays(role: string, speaker: Exclude<Speaker, "owner">): boolean {
  if (speaker === "agent") return true;
  if (speaker === "planner") return role === "coordinator";
  if (speaker === "worker" || speaker === "doer") return role !== "coordinator" && role !== "desk";
  return role === speaker;
}

/** An agent that let a lease run out is passed over for so long, unless it is heard again. */
const PASSED_OVER = 600n * NANOS_PER_SECOND;

/**
 * Whom the next attempt goes to: the agent of the role with the least open work,
 * of equals the one with the fewest tasks in this edition, then the first. One
 * that let a lease run out lately is chosen only if there is no other.
 *
 * @param except is chosen only if there is nobody else
 * @param turn how many others are being chosen for the role at the same time, before this one
 */
export function chooseAgent(
  state: State,
  role: string,
  except: string | null = null,
  turn = 0,
): Agent | undefined {
  const open = new Map<string, number>();
  for (const { kind, agent } of state.obligations.values()) {
    if (kind === "execute") open.set(agent, (open.get(agent) ?? 0) + 1);
  }
  const given = new Map<string, number>();
  for (const { agent } of state.edition?.tasks.values() ?? []) {
    if (agent !== null) given.set(agent, (given.get(agent) ?? 0) + 1);
  }
  const byLoad = (counts: ReadonlyMap<string, number>, a: Agent, b: Agent) =>
    (counts.get(a.id) ?? 0) - (counts.get(b.id) ?? 0);
  const candidates = agentsOf(state).filter((agent) => agent.role === role);
  const others = candidates.filter((agent) => agent.id !== except);
  const heard = others.filter(({ id }) => !isSilent(state, id));
  const left = [heard, others, candidates].find((some) => some.length > 0) ?? [];
  const choice = left.toSorted((a, b) => byLoad(open, a, b) || byLoad(given, a, b));
  return choice[turn % choice.length];
}

function isSilent({ silent, head }: State, agent: string): boolean {
  const since = silent.get(agent);
  return since !== undefined && (head?.timestamp ?? since) - since < PASSED_OVER;
}
