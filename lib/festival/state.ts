import type { AccountId, ScheduleId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import type { TransactionId } from "../hedera/transaction-id.ts";
import type { Checkpoint } from "./checkpoint/checkpoint.ts";
import type { Body } from "./entry/entry.ts";
import type { Obligation } from "./obligation.ts";
import type { OpenForecast, Tally } from "./score.ts";

/** The states of a task, as users know them. */
export type TaskState = "pending" | "assigned" | "in_progress" | "review" | "complete" | "paid" | "failed";

/** What a verdict consists of. */
export type Criterion = Body<"quality_gate">["payload"]["criteria"][number];

/** A trade on its way; `schedule` is null until it was proposed. */
export interface Trade {
  readonly stage: "requested" | "quoted" | "proposed" | "approved" | "settled" | "failed";
  readonly desk: string;
  /** The desk's account when it was asked: the one that the trade is with. */
  readonly account: AccountId;
  readonly side: "buy" | "sell";
  /** tinybars */
  readonly hbar: bigint;
  /** Smallest units of the market's token; 0 until quoted. */
  readonly tokens: bigint;
  readonly expires: Timestamp | null;
  readonly schedule: ScheduleId | null;
  /** The scheduled transaction, once executed. */
  readonly transaction: TransactionId | null;
  /** When it executed. */
  readonly executed: Timestamp | null;
  readonly reason: string | null;
}

/** One task of the current edition. */
export interface Task {
  readonly id: string;
  /** Its place in the plan, from 1. */
  readonly index: number;
  readonly spec: Omit<Body<"task_planned">["payload"], "steps">;
  readonly state: TaskState;
  /** 0 until first assigned. */
  readonly attempt: number;
  readonly agent: string | null;
  /** Agents whose lease of it ran out, in that order. */
  readonly missed: readonly string[];
  readonly leaseSeconds: number;
  readonly result: TaskOutcome | null;
  /** Failed criteria of the last attempt that was judged. */
  readonly criteria: readonly Criterion[];
  readonly trade: Trade | null;
  readonly payment: Payment | null;
  /** The payment that waits for the owner's signature. */
  readonly approval: PendingApproval | null;
  /** Payments of the current result that executed and failed. */
  readonly failedPayments: number;
  /** Why the task failed, or why its payment did last. */
  readonly reason: string | null;
  /** When the current attempt began. */
  readonly began: Timestamp | null;
  /** When the task last changed. */
  readonly changed: Timestamp;
}

/** The result of an attempt, and the entry that it came in. */
export interface TaskOutcome {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  /** Who said it, and is paid for it, whatever a later manifest says. */
  readonly account: AccountId;
  readonly payload: Body<"task_result">["payload"];
}

/** A payment that was scheduled and waits for the owner's signature. */
export interface PendingApproval {
  /** The entry that told of it. */
  readonly sequence: number;
  readonly schedule: ScheduleId;
  /** The id under which the transfer executes. */
  readonly transfer: TransactionId;
  readonly expires: Timestamp;
}

/** What the owner changed in an edition's plan. */
export interface Amendment {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly task: string;
  readonly change: "added" | "changed" | "withdrawn";
}

/** The payment of a task. */
export interface Payment {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly account: AccountId;
  readonly amount: bigint;
  readonly transfer: TransactionId;
}

/** One run of the plan. */
export interface Edition {
  readonly number: number;
  readonly name: string;
  readonly started: Timestamp;
  readonly taskCount: number;
  readonly everySeconds: number | null;
  readonly parts: number;
  readonly phases: readonly { readonly id: string; readonly name: string }[];
  readonly sequences: readonly { readonly id: string; readonly name: string }[];
  /** In plan order. */
  readonly tasks: ReadonlyMap<string, Task>;
  /** Merkle leaves of results, payments and trades, in log order. */
  readonly leaves: readonly Uint8Array[];
  readonly payments: number;
  readonly amount: bigint;
  readonly trades: number;
  readonly committed: Commit | null;
  /** In log order. */
  readonly amendments: readonly Amendment[];
}

/** That an edition was finished. */
export interface Commit {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly payload: Body<"festival_commit">["payload"];
}

/** What a message did to the state. */
export type Verdict =
  | { readonly kind: "accepted" }
  | { readonly kind: "unknown"; readonly name: string }
  | { readonly kind: "malformed"; readonly problem: string }
  | { readonly kind: "unauthorised"; readonly problem: string }
  | { readonly kind: "refused"; readonly problem: string };

/** Everything that a log says, and nothing else. */
export interface State {
  /** The last message folded. */
  readonly head: { readonly sequence: number; readonly timestamp: Timestamp } | null;
  /** How the last message was taken. */
  readonly verdict: Verdict | null;
  /** Messages by how they were taken. */
  readonly counts: Readonly<Record<Verdict["kind"], number>>;
  readonly owner: AccountId | null;
  readonly manifest: Body<"manifest">["payload"] | null;
  /** Which message the manifest is. */
  readonly manifestSequence: number | null;
  readonly paused: boolean;
  /** The current edition, or the last one while there is none. */
  readonly edition: Edition | null;
  readonly commits: number;
  /** Open obligations by id, in the order in which they were created. */
  readonly obligations: ReadonlyMap<string, Obligation>;
  /** Bases of discharged obligations that are still reserved, by payer, in ascending order. */
  readonly reserved: ReadonlyMap<AccountId, readonly Timestamp[]>;
  /** Agents whose lease ran out and that have discharged nothing since, and when it did. */
  readonly silent: ReadonlyMap<string, Timestamp>;
  /** Forecasts that wait for their score, by the sequence number of the first result that said them. */
  readonly forecasts: ReadonlyMap<number, OpenForecast>;
  /** What the scores of each model and horizon came to. */
  readonly scores: ReadonlyMap<string, Tally>;
  /** The checkpoint that is being written. */
  readonly checkpoint: Checkpoint | null;
  /** The boundary of the last checkpoint that is in the log whole. */
  readonly lastCheckpoint: number | null;
}

/** What is known before the first message. */
export const EMPTY_STATE: State = {
  head: null,
  verdict: null,
  counts: { accepted: 0, unknown: 0, malformed: 0, unauthorised: 0, refused: 0 },
  owner: null,
  manifest: null,
  manifestSequence: null,
  paused: false,
  edition: null,
  commits: 0,
  obligations: new Map(),
  reserved: new Map(),
  silent: new Map(),
  forecasts: new Map(),
  scores: new Map(),
  checkpoint: null,
  lastCheckpoint: null,
};
