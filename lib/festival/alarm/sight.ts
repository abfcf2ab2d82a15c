import type { Tinybar } from "../../hedera/amount.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { Agent } from "../roles.ts";
import type { State, Verdict } from "../state.ts";
import type { Signs, Vital } from "../vitals.ts";
import type { Baseline } from "./baseline.ts";

/** An agent as a watcher sees it. */
export interface AgentSight extends Agent {
  readonly signs: Signs | undefined;
  /** Null if the mirror node knows of no such account. */
  readonly balance: Tinybar | null;
  /** Fees a day, by the last 24 hours or, of a busy account, its newest transactions. */
  readonly spent: Tinybar;
  /** Its vital signs of late, newest first. */
  readonly recent: readonly Vital[];
}

/** An entry of late that did not count. */
export interface Uncounted {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly payer: string;
  readonly verdict: Verdict;
}

/** Everything that a watcher judges by: one look at the ledger, from anywhere and without a key. */
export interface Sight {
  readonly now: Timestamp;
  readonly state: State;
  readonly agents: readonly AgentSight[];
  /** Entries of the last {@link LATELY_SECONDS} that did not count. */
  readonly uncounted: readonly Uncounted[];
  /** What is wrong with the log's running hashes or its order, or null. */
  readonly chainFault: string | null;
  /** How the topics' submit keys differ from the manifest's accounts, by topic. */
  readonly keyDrift: readonly { readonly topic: string; readonly message: string }[];
  /** How far the fund is below its highest value, as its last report says; null without one. */
  readonly drawdown: { readonly bps: number; readonly sequence: number } | null;
  /** How it goes now, and how it went when that was recorded; null without a record. */
  readonly baseline: { readonly was: Baseline; readonly is: Baseline } | null;
}

/** What counts as of late: entries that do not count, starts, rates. */
export const LATELY_SECONDS = 3_600;

/** From when on something is an alarm. */
export interface Thresholds {
  /** Seconds that an agent may be stopped before that counts as silence. */
  readonly stoppedSeconds: number;
  /** Seconds after which an obligation that is due is overdue; a task's lease comes on top. */
  readonly overdueSeconds: number;
  /** Days for which the balance has to last. */
  readonly runwayDays: number;
  /** Entries of an hour that one account may write in vain. */
  readonly unauthorised: number;
  /** Hundredths of a percent below the fund's highest value. */
  readonly drawdownBps: number;
  /** Starts in ten minutes from which on an agent restarts again and again. */
  readonly starts: number;
  /** How many times as bad as the baseline. */
  readonly offBaseline: number;
}

/** Two windows of an effect and some, a week to fill an account, a tenth of the fund. */
export const DEFAULT_THRESHOLDS: Thresholds = {
  stoppedSeconds: 600,
  overdueSeconds: 600,
  runwayDays: 7,
  unauthorised: 1,
  drawdownBps: 1_000,
  starts: 4,
  offBaseline: 3,
};
