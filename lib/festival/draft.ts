import type { AccountId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import type { Entry, Stamp } from "./entry/entry.ts";
import {
  allocateBase,
  dueTime,
  isReserved,
  type Obligation,
  type ObligationKind,
  partOf,
  slotOf,
} from "./obligation.ts";
import type { Agent } from "./roles.ts";
import type { Edition, State, Task, Verdict } from "./state.ts";

/** Thrown by a rule that does not accept an entry; the fold then keeps the state as it was. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** Ends a rule: the entry is refused, for this reason. */
export function refuse(problem: string): never {
  throw new Refused(problem);
}

/** What a new obligation is about. */
export interface Debt {
  readonly task?: string;
  readonly index?: number;
  readonly delaySeconds?: number;
  /** Which obligation of the entry it is, if that is not the next one's turn. */
  readonly number?: number;
}

type Changes = Partial<
  Pick<
    State,
    | "owner"
    | "manifest"
    | "manifestSequence"
    | "paused"
    | "commits"
    | "silent"
    | "forecasts"
    | "scores"
    | "checkpoint"
    | "lastCheckpoint"
  >
>;

/**
 * The next state while one entry is applied to it. Nothing of the state before
 * is touched, so a refused entry leaves no trace.
 */
export class Draft {
  readonly before: State;
  readonly stamp: Stamp;
  #changes: Changes = {};
  #edition: Edition | null;
  #tasks: Map<string, Task> | null = null;
  #obligations: Map<string, Obligation> | null = null;
  #closed: Obligation[] = [];
  #opened = 0;
  #slots = new Map<AccountId, Set<bigint>>();
  #last = new Map<string, { readonly due: Timestamp; readonly base: Timestamp }>();

  constructor(before: State, stamp: Stamp) {
    this.before = before;
    this.stamp = stamp;
    this.#edition = before.edition;
  }

  /** The state as it would be now. */
  get state(): State {
    return { ...this.before, ...this.#changes, edition: this.edition, obligations: this.obligations };
  }

  get edition(): Edition | null {
    if (this.#edition === null || this.#tasks === null) return this.#edition;
    return { ...this.#edition, tasks: this.#tasks };
  }

  get obligations(): ReadonlyMap<string, Obligation> {
    return this.#obligations ?? this.before.obligations;
  }

  /** Changes what the owner decides, or the number of commits. */
  change(changes: Changes): void {
    this.#changes = { ...this.#changes, ...changes };
  }

  /** Begins an edition, in place of the last. */
  beginEdition(edition: Edition): void {
    this.#edition = edition;
    this.#tasks = null;
  }

  /** Changes the current edition, its tasks aside. */
  changeEdition(changes: Omit<Partial<Edition>, "tasks">): void {
    const edition = this.currentEdition();
    this.#edition = { ...edition, ...changes };
  }

  /** The edition that is at work; refuses the entry if there is none. */
  currentEdition(): Edition {
    const edition = this.edition;
    if (edition === null || edition.committed !== null) refuse("there is no edition at work");
    return edition;
  }

  /** A task of the edition at work; refuses the entry if there is no such task. */
  task(id: string | null): Task {
    const task = id === null ? undefined : this.currentEdition().tasks.get(id);
    return task ?? refuse(`there is no task ${id}`);
  }

  /** Puts a task in, new or changed. */
  putTask(task: Omit<Task, "changed">): void {
    this.#tasks ??= new Map(this.currentEdition().tasks);
    this.#tasks.set(task.id, { ...task, changed: this.stamp.timestamp });
  }

  /** Puts all tasks in, in a new order. */
  reorderTasks(tasks: Iterable<Task>): void {
    this.#tasks = new Map([...tasks].map((task) => [task.id, task]));
  }

  /** Creates an obligation of an agent, with the next free base of its account. */
  open(kind: ObligationKind, agent: Agent, debt: Debt = {}): Obligation {
    this.#opened += 1;
    const due = dueTime(this.stamp.timestamp, debt.delaySeconds ?? 0);
    const base = this.#takeBase(agent.account, due);
    const obligation: Obligation = {
      id: `${this.stamp.sequence}.${debt.number ?? this.#opened}`,
      kind,
      agent: agent.id,
      payer: agent.account,
      taskId: debt.task ?? null,
      index: debt.index ?? 1,
      due,
      base,
    };
    this.#mutableObligations().set(obligation.id, obligation);
    return obligation;
  }

  /** Puts another name to an obligation of the same account: what is under way for it still discharges it. */
  rename(obligation: Obligation, agent: Agent): void {
    this.#mutableObligations().set(obligation.id, { ...obligation, agent: agent.id });
  }

  /** Ends an obligation; its base stays reserved until it has passed. */
  close(obligation: Obligation): void {
    if (this.#mutableObligations().delete(obligation.id)) this.#closed.push(obligation);
  }

  /** Ends every obligation of a task, or those of the given kinds. */
  closeTask(taskId: string, kinds?: readonly ObligationKind[]): void {
    for (const obligation of [...this.obligations.values()]) {
      if (obligation.taskId === taskId && (kinds === undefined || kinds.includes(obligation.kind))) {
        this.close(obligation);
      }
    }
  }

  /**
   * Ends the obligation that the entry discharges. Its transaction id must be
   * the one derived from that obligation, so that at most one entry ever can.
   */
  discharge(
    entry: Entry & { readonly body: { readonly re: string } },
    kinds: readonly ObligationKind[],
    part = 0,
  ) {
    const { re } = entry.body;
    const obligation = this.obligations.get(re) ?? refuse(`obligation ${re} is not open`);
    if (!kinds.includes(obligation.kind)) refuse(`${entry.name} does not discharge ${obligation.kind} ${re}`);
    const id = this.stamp.transactionId ?? refuse("its transaction id is not known");
    if (obligation.payer !== this.stamp.payer) refuse(`obligation ${re} is owed by ${obligation.payer}`);
    if (partOf(obligation, id) !== part) refuse(`its transaction id is not derived from obligation ${re}`);
    const about = "task_id" in entry.body ? entry.body.task_id : null;
    if (obligation.taskId !== null && about !== obligation.taskId) {
      refuse(`obligation ${re} is about task ${obligation.taskId}`);
    }
    this.close(obligation);
    this.#heard(obligation.agent);
    return obligation;
  }

  /** Notes that an agent let its lease run out, until it discharges anything again. */
  missed(agent: string | null): void {
    if (agent === null) return;
    this.change({ silent: new Map([...this.state.silent, [agent, this.stamp.timestamp]]) });
  }

  #heard(agent: string): void {
    const { silent } = this.state;
    if (silent.has(agent)) this.change({ silent: new Map([...silent].filter(([id]) => id !== agent)) });
  }

  /** The state after the entry. */
  finish(verdict: Verdict): State {
    const { sequence, timestamp } = this.stamp;
    return {
      ...this.state,
      head: { sequence, timestamp },
      verdict,
      counts: { ...this.before.counts, [verdict.kind]: this.before.counts[verdict.kind] + 1 },
      reserved: this.#reserved(timestamp),
    };
  }

  #reserved(now: Timestamp): State["reserved"] {
    const reserved = new Map<AccountId, readonly Timestamp[]>();
    for (const payer of new Set([...this.before.reserved.keys(), ...this.#closed.map((one) => one.payer)])) {
      const closed = this.#closed.filter((one) => one.payer === payer).map(({ base }) => base);
      const held = [...(this.before.reserved.get(payer) ?? []), ...closed].filter((base) =>
        isReserved(base, now),
      );
      if (held.length > 0) reserved.set(payer, closed.length > 0 ? held.toSorted(ascending) : held);
    }
    return reserved;
  }

  #mutableObligations(): Map<string, Obligation> {
    this.#obligations ??= new Map(this.before.obligations);
    return this.#obligations;
  }

  /** Everything from `due` to the last base given out for it is taken, so a plan of thousands is not searched again. */
  #takeBase(payer: AccountId, due: Timestamp): Timestamp {
    const slots = this.#slotsOf(payer);
    const last = this.#last.get(payer);
    const base = allocateBase(last?.due === due ? last.base : due, slots);
    slots.add(slotOf(base));
    this.#last.set(payer, { due, base });
    return base;
  }

  #slotsOf(payer: AccountId): Set<bigint> {
    let slots = this.#slots.get(payer);
    if (slots === undefined) {
      const open = [...this.before.obligations.values(), ...this.obligations.values()];
      const bases = open.filter((one) => one.payer === payer).map(({ base }) => base);
      slots = new Set([...bases, ...(this.before.reserved.get(payer) ?? [])].map(slotOf));
      this.#slots.set(payer, slots);
    }
    return slots;
  }
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
