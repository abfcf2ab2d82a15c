import type { UnitState } from "../deploy/systemctl.ts";

/** Whether every agent works, or has said what it waits for, or has given up. */
export function allSettled(agents: readonly UnitState[]): boolean {
  return agents.length > 0 && agents.every((agent) => agent.skipped || isSettled(agent));
}

/**
 * Whether every agent that is to stop has stopped. While the agents of `before`
 * have no job, nobody asked them to stop; one that was started anew has stopped.
 */
export function allStopped(agents: readonly UnitState[], before: readonly UnitState[]): boolean {
  const invocations = new Map(before.map(({ name, invocation }) => [name, invocation]));
  return agents.every(({ name, active, busy, invocation }) => {
    if (active === "inactive" || active === "failed") return true;
    if (invocation !== invocations.get(name)) return true;
    return active !== "deactivating" && !busy;
  });
}

/** All agents of this host in one line: how many are ready, and what the others say. */
export function summary(agents: readonly UnitState[]): string {
  const own = agents.filter(({ skipped }) => !skipped);
  const ready = own.filter(isReady);
  const others = own.filter((agent) => !isReady(agent));
  const count = `${ready.length} of ${own.length} agents ready`;
  return [count, ...others.map((agent) => `${nameOf(agent)} ${problemOf(agent)}`)].join("; ");
}

function isReady({ active, status }: UnitState): boolean {
  return active === "active" && !/^(waits|holds)\b/.test(status);
}

function isSettled({ active, status }: UnitState): boolean {
  return active === "active" || active === "failed" || (active === "activating" && /^waits\b/.test(status));
}

function problemOf({ active, status, result }: UnitState): string {
  if (active === "failed") return `has failed (${result})`;
  return status === "" ? `is ${active}` : status;
}

function nameOf({ name }: UnitState): string {
  return name.replace(/^fest-agent@(.*)\.service$/, "$1");
}
