import type { AccountId } from "../hedera/id.ts";
import { addSeconds, NANOS_PER_SECOND, type Timestamp, truncateToMicros } from "../hedera/timestamp.ts";
import type { TransactionId } from "../hedera/transaction-id.ts";

/**
 * What an agent can owe the festival. Each kind is discharged by an entry, save
 * `countersign` and `sign`, whose effect is a signature on a schedule.
 */
export type ObligationKind =
  | "plan"
  | "plan_task"
  | "assign"
  | "start"
  | "execute"
  | "watch"
  | "settle"
  | "confirm"
  | "manual"
  | "expire"
  | "fail"
  | "quote"
  | "propose"
  | "countersign"
  | "approve"
  | "sign"
  | "conclude"
  | "commit"
  | "score"
  | "checkpoint";

/** Something that an account owes the festival, created by one entry and discharged by a later one. */
export interface Obligation {
  /** `<sequence number of the creating entry>.<n>`, n from 1; the same for every reader, for ever. */
  readonly id: string;
  readonly kind: ObligationKind;
  /** The agent that owes it. */
  readonly agent: string;
  /** Who pays for the effect, fixed at creation. */
  readonly payer: AccountId;
  /** The task it is about, if it is about one. */
  readonly taskId: string | null;
  /**
   * Which one, where an entry creates several of a kind (a part of the outline, a task of the plan), from 1;
   * of a score the sequence number of the forecast's result.
   */
  readonly index: number;
  /** When the effect may reach consensus at the earliest. */
  readonly due: Timestamp;
  /** The valid start of its first window; see {@link allocateBase}. */
  readonly base: Timestamp;
}

/** Seconds that every effect is valid for, and by which windows lie apart. */
export const WINDOW_SECONDS = 180n;
/** Nothing is sent in the last seconds of a window. */
export const QUIET_SECONDS = 20n;
/** Bases are this many nanoseconds apart, so that the parts of one never meet another. */
export const BASE_STEP = 10n;
/** The part of an obligation's ids that says that the effect executed and failed. */
export const FAILURE_PART = 9;

const WINDOW = WINDOW_SECONDS * NANOS_PER_SECOND;

/** When an obligation is due that an entry at `created` makes with a delay of whole seconds. */
export function dueTime(created: Timestamp, delaySeconds: number): Timestamp {
  return addSeconds(truncateToMicros(created), delaySeconds);
}

/** A base modulo the window's length: two obligations with the same slot would come to share ids. */
export function slotOf(base: Timestamp): bigint {
  return base % WINDOW;
}

/**
 * Whether the base of a discharged obligation must not be given out again. Once
 * it has passed it cannot be: a new base is never before its entry's consensus
 * time, and a window of the old one beyond that was never opened. Before, a
 * copy of an agent that lags could still send under it.
 */
export function isReserved(base: Timestamp, logTime: Timestamp): boolean {
  return base >= truncateToMicros(logTime);
}

/** The first multiple of 10 ns at or after `due` whose slot is free. */
export function allocateBase(due: Timestamp, taken: ReadonlySet<bigint>): Timestamp {
  let base = ((due + BASE_STEP - 1n) / BASE_STEP) * BASE_STEP;
  while (taken.has(slotOf(base))) base += BASE_STEP;
  return base;
}

/**
 * Which window of an obligation is open at a time of the log. The next one opens
 * once the log has passed this one's end, and not before: only the gapless log
 * proves that the effect did not happen.
 */
export function windowAt(obligation: Obligation, logTime: Timestamp): number {
  const elapsed = logTime - obligation.base;
  return elapsed <= 0n ? 0 : Number((elapsed - 1n) / WINDOW);
}

/** When window `k` of an obligation ends: the last moment at which its transaction can reach consensus. */
export function windowEnd(obligation: Obligation, k: number): Timestamp {
  return obligation.base + BigInt(k + 1) * WINDOW;
}

/**
 * The transaction id of an effect, a function of the log alone.
 *
 * @param part 0 for the effect itself, 1 to 8 for what belongs to it, {@link FAILURE_PART} for its failure
 */
export function effectId(obligation: Obligation, k: number, part = 0): TransactionId {
  return { payer: obligation.payer, validStart: obligation.base + BigInt(part) + BigInt(k) * WINDOW };
}

/** Which part of the obligation's ids this is, or null if it is none of them. */
export function partOf(obligation: Obligation, id: TransactionId): number | null {
  const offset = id.validStart - obligation.base;
  const part = offset % WINDOW;
  return id.payer === obligation.payer && offset >= 0n && part <= BigInt(FAILURE_PART) ? Number(part) : null;
}

/** The memo of an effect's transaction: which log, which obligation, which window. */
export function effectMemo(log: string, obligation: Obligation, k: number): string {
  return `fest ${log} ${obligation.id} ${k}`;
}

/** Which window one of the obligation's own ids belongs to. */
export function windowOfId(obligation: Obligation, id: TransactionId): number {
  return Number((id.validStart - obligation.base) / WINDOW);
}
