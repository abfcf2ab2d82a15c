/** Writes logs for tests: messages as consensus would stamp them, under the ids that agents would use. */
import type { AccountId } from "../../hedera/id.ts";
import { addSeconds, type Timestamp, timestampOf } from "../../hedera/timestamp.ts";
import type { TransactionId } from "../../hedera/transaction-id.ts";
import type { Message } from "../../mirror/message.ts";
import type { Body } from "../entry/entry.ts";
import { encodeEntry } from "../entry/entry.ts";
import { fold } from "../fold.ts";
import { effectId, type Obligation, windowAt } from "../obligation.ts";
import { EMPTY_STATE, type State, type Task } from "../state.ts";

/** The accounts of the festival that the tests play. */
export const ACCOUNTS = {
  owner: "0.0.1001",
  coordinator: "0.0.1002",
  inference: "0.0.1003",
  defi: "0.0.1004",
  desk: "0.0.1005",
  fund: "0.0.1006",
  stranger: "0.0.6666",
} as const satisfies Record<string, AccountId>;

/** A manifest that binds them. */
export const MANIFEST: Body<"manifest"> = {
  v: 1,
  type: "manifest",
  payload: {
    festival: { id: "T1", name: "Test festival" },
    roles: {
      coordinator: { coordinator: ACCOUNTS.coordinator },
      inference: { "inference-001": ACCOUNTS.inference },
      defi: { "defi-001": ACCOUNTS.defi },
      desk: { "desk-001": ACCOUNTS.desk },
    },
    token: "0.0.2001",
    vitals: "0.0.3002",
    heartbeat_seconds: 5,
    limits: { reward: 1_000n, attempts: 3, lease_seconds: 60 },
  },
};

/** Strictly increasing consensus times begin here. */
export const START: Timestamp = timestampOf(1_700_000_000n);

/** A log that is being written, and the state that it folds to. */
export class TestLog {
  readonly messages: Message[] = [];
  state: State = EMPTY_STATE;
  #now: Timestamp = START;

  /** Lets consensus time pass. */
  advance(seconds: number): void {
    this.#now = addSeconds(this.#now, seconds);
  }

  /** Submits bytes under an id, and folds them. */
  submit(bytes: Uint8Array, payer: AccountId, transactionId: TransactionId | null = null): State {
    this.#now += 1_234n;
    const message: Message = {
      topic: "0.0.3001",
      sequence: this.messages.length + 1,
      timestamp: this.#now,
      payer,
      bytes,
      runningHash: new Uint8Array(48),
      transactionId: { ...(transactionId ?? { payer, validStart: this.#now }), scheduled: false, nonce: 0 },
      chunk: { number: 1, total: 1 },
    };
    this.messages.push(message);
    this.state = fold(this.state, message);
    return this.state;
  }

  /** Says something that discharges nothing. */
  say(body: Body, payer: AccountId): State {
    return this.submit(encodeEntry(body), payer);
  }

  /** Discharges an obligation as its agent would, in the window that is open. */
  discharge(obligation: Obligation, body: Body, part = 0): State {
    const head = this.state.head?.timestamp ?? START;
    return this.submit(
      encodeEntry(body),
      obligation.payer,
      effectId(obligation, windowAt(obligation, head), part),
    );
  }

  /** The open obligations of a kind. */
  owed(kind: Obligation["kind"]): readonly Obligation[] {
    return [...this.state.obligations.values()].filter((obligation) => obligation.kind === kind);
  }

  /** The only open obligation of a kind, or of a kind and task. */
  the(kind: Obligation["kind"], taskId?: string): Obligation {
    const found = this.owed(kind).filter((one) => taskId === undefined || one.taskId === taskId);
    const [only] = found;
    if (only === undefined || found.length > 1) throw new Error(`${found.length} ${kind} are owed`);
    return only;
  }

  /** What is owed for a task, or for no task, by kind. */
  kinds(taskId: string | null = null): readonly Obligation["kind"][] {
    return [...this.state.obligations.values()]
      .filter((obligation) => obligation.taskId === taskId)
      .map(({ kind }) => kind)
      .toSorted();
  }

  /** A task of the current edition. */
  task(id: string): Task {
    const task = this.state.edition?.tasks.get(id);
    if (task === undefined) throw new Error(`there is no task ${id}`);
    return task;
  }

  /** Why the last message does not count, or `accepted`. */
  get outcome(): string {
    const { verdict } = this.state;
    if (verdict === null) return "empty";
    return "problem" in verdict ? `${verdict.kind}: ${verdict.problem}` : verdict.kind;
  }

  /** The time of the last message. */
  get now(): Timestamp {
    return this.state.head?.timestamp ?? START;
  }
}
