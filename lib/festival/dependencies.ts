/** A task and the ids of what it waits for. */
export interface Dependent {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/** Everything that a planned task waits for, once each: what it uses, and what it names beside. */
export function dependenciesOf(spec: {
  readonly uses?: Readonly<Record<string, string>> | undefined;
  readonly depends_on?: readonly string[] | undefined;
}): readonly string[] {
  return [...new Set([...Object.values(spec.uses ?? {}), ...(spec.depends_on ?? [])])];
}

/** The ids of the tasks that can ever begin: those not behind an unknown task or in a circle. */
export function reachable(tasks: readonly Dependent[]): ReadonlySet<string> {
  const waiting = new Map(tasks.map((task) => [task.id, new Set(task.dependsOn)]));
  const dependants = new Map<string, string[]>();
  for (const task of tasks) {
    for (const id of task.dependsOn) dependants.set(id, [...(dependants.get(id) ?? []), task.id]);
  }
  const reached = new Set<string>();
  const queue = tasks.filter((task) => task.dependsOn.length === 0).map((task) => task.id);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    reached.add(id);
    for (const dependant of dependants.get(id) ?? []) {
      const open = waiting.get(dependant);
      if (open?.delete(id) && open.size === 0) queue.push(dependant);
    }
  }
  return reached;
}
