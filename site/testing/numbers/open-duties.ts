import type { Said } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import type { Edition, Task } from "./story.ts";
import { clockText } from "./wording.ts";

/** An obligation of a task that nobody has met yet. */
export interface OpenDuty {
  /** `<number of the entry that created it>.<n>` */
  readonly id: string;
  readonly kind: string;
  readonly owedBy: string;
  /** When it is due, where the viewer is. */
  readonly due: string;
}

/** What is open of a task that is worked on or may begin, save trades: what its last entry created, in the order of the rules. */
export function openDutiesOf({ story, ledger }: Moment, edition: Edition, task: Task): readonly OpenDuty[] {
  const { state, agent, assigned, sign, result, lease } = task;
  const worker = agent ?? "";
  const duty = (from: Said, n: number, kind: string, owedBy: string, seconds = 0): OpenDuty => {
    const [whole = "0"] = from.timestamp.split(".");
    const due = clockText(`${Number(whole) + seconds}.0`);
    return { id: `${from.sequence}.${n}`, kind, owedBy, due };
  };
  if (state === "pending") {
    // Which of an entry's duties it is, the entry that meets it later says itself.
    const later = ledger.entries.find(
      ({ at, body }) => at > edition.plan.at && body?.task_id === task.id && body.type === "task_assignment",
    );
    const [number, n] = (later?.body.re ?? "0.0").split(".");
    const from = story.entries.find(({ sequence }) => sequence === Number(number));
    return from === undefined ? [] : [duty(from, Number(n), "assign", "coordinator")];
  }
  if (state === "review" && result !== null) return [duty(result, 1, "settle", "coordinator")];
  if (assigned === null || sign === null) return [];
  if (state === "assigned")
    return [
      duty(assigned, 1, "start", worker),
      duty(assigned, 2, "execute", worker),
      duty(assigned, 3, "watch", "coordinator", lease),
    ];
  if (state !== "in_progress") return [];
  return [
    duty(assigned, 2, "execute", worker),
    duty(sign, 1, "watch", "coordinator", lease),
    duty(sign, 2, "start", worker, Math.floor(lease / 2)),
  ];
}
