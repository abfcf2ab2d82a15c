import type { Message } from "../mirror/message.ts";
import { dependenciesOf } from "./dependencies.ts";
import { decode } from "./entry/decode.ts";
import type { Entry } from "./entry/entry.ts";
import { fold } from "./fold.ts";
import type { Obligation } from "./obligation.ts";
import { EMPTY_STATE, type State, type Task, type Verdict } from "./state.ts";

/** How an obligation ended: discharged by its own entry, closed by another that took it away, or not at all yet. */
export type End = { readonly kind: "open" } | { readonly kind: "discharged" | "closed"; readonly by: Entry };

/** One obligation of a task: what caused it, and what became of it. */
export interface Step {
  readonly obligation: Obligation;
  /** Sequence number of the entry that created it. */
  readonly cause: number;
  readonly end: End;
}

/** An entry about a task that did not count, and why. */
export interface Uncounted {
  readonly entry: Entry;
  readonly verdict: Verdict;
}

/** The causal chain of a task in one edition. */
export interface Why {
  readonly edition: number;
  /** As it stood at the edition's end, or stands now. */
  readonly task: Task;
  /** The tasks that it waits for. */
  readonly needs: readonly Task[];
  /** In the order in which the obligations were created. */
  readonly steps: readonly Step[];
  readonly uncounted: readonly Uncounted[];
}

/**
 * Why a task stands where it does: every obligation that the log created for it,
 * with the entry that created it and the one that ended it.
 *
 * @param messages the log from its beginning, or from `from` on
 * @param edition which one; default the last that has the task
 * @param from the state that the messages continue
 * @returns null if there is no such task
 * @throws FestError `LOG_GAP`
 */
export function whyTask(
  messages: Iterable<Message>,
  taskId: string,
  edition?: number,
  from: State = EMPTY_STATE,
): Why | null {
  let state = from;
  let chain = new Chain(taskId);
  let found: Why | null = null;
  const conclude = (at: State) => {
    if (edition === undefined || at.edition?.number === edition) found = chain.at(at) ?? found;
  };
  for (const message of messages) {
    const before = state;
    state = fold(before, message);
    if (state.edition?.number !== before.edition?.number) {
      conclude(before);
      chain = new Chain(taskId);
    }
    chain.note(before, state, message);
  }
  conclude(state);
  return found;
}

class Chain {
  readonly #taskId: string;
  readonly #steps: Step[] = [];
  readonly #uncounted: Uncounted[] = [];

  constructor(taskId: string) {
    this.#taskId = taskId;
  }

  /** Takes note of a message, and of the states before and after it. */
  note(before: State, after: State, message: Message): void {
    const decoded = decode(message);
    if (decoded.kind !== "entry") return;
    const { entry } = decoded;
    const { verdict } = after;
    const isAbout = "task_id" in entry.body && entry.body.task_id === this.#taskId;
    if (isAbout && verdict !== null && verdict.kind !== "accepted") this.#uncounted.push({ entry, verdict });
    if (after.obligations === before.obligations) return;
    this.#end(after, entry);
    // Until it is planned, a task has no name: what was owed for it is found by what discharged it.
    if (isAbout && entry.name === "task_planned") {
      const obligation = before.obligations.get(entry.body.re ?? "");
      if (obligation !== undefined) this.#begin(obligation, { kind: "discharged", by: entry });
    }
    for (const obligation of after.obligations.values()) {
      const isNew = obligation.taskId === this.#taskId && !before.obligations.has(obligation.id);
      if (isNew) this.#begin(obligation, { kind: "open" });
    }
  }

  /** The chain as it is in a state; null if its edition has no such task. */
  at({ edition }: State): Why | null {
    const task = edition?.tasks.get(this.#taskId);
    if (!edition || !task) return null;
    const needs = dependenciesOf(task.spec).flatMap((id) => edition.tasks.get(id) ?? []);
    const { number } = edition;
    return { edition: number, task, needs, steps: [...this.#steps], uncounted: [...this.#uncounted] };
  }

  #begin(obligation: Obligation, end: End): void {
    const [cause] = obligation.id.split(".");
    this.#steps.push({ obligation, cause: Number(cause), end });
  }

  #end(after: State, entry: Entry): void {
    for (const [index, step] of this.#steps.entries()) {
      if (step.end.kind !== "open") continue;
      const { id } = step.obligation;
      const obligation = after.obligations.get(id);
      const discharged = "re" in entry.body && entry.body.re === id;
      this.#steps[index] =
        obligation === undefined
          ? { ...step, end: { kind: discharged ? "discharged" : "closed", by: entry } }
          : { ...step, obligation };
    }
  }
}
