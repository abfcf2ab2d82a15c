import type { TopicId } from "../hedera/id.ts";
import { secondsOf, type Timestamp } from "../hedera/timestamp.ts";
import { type Backoff, backoffMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { createDoorbell } from "./doorbell.ts";
import { MirrorError, MirrorUnavailable } from "./error.ts";
import type { Message, Position } from "./message.ts";
import type { TopicMirror } from "./topic-client.ts";
import { createTopicReader, type Fault, type ReadResult } from "./topic-reader.ts";
import type { WakeSource } from "./wake.ts";

/** How often to ask, in milliseconds. Read before every wait, so a getter can slow a hidden tab. */
export interface Pace {
  /** Not sooner after the last answer, not even when woken. */
  readonly minMs: number;
  /** When not woken. */
  readonly pollMs: number;
  /** What `pollMs` grows to while nothing happens. */
  readonly idleMs: number;
  /** Between attempts while the mirror node fails. */
  readonly backoff: Backoff;
}

/** Polls every 2 s, every 15 s after a quiet minute, and at every wake-up. */
const DEFAULT_PACE: Pace = {
  minMs: 0,
  pollMs: 2_000,
  idleMs: 15_000,
  backoff: { firstMs: 500, maxMs: 15_000 },
};

/** What to follow, and how. */
export interface FollowOptions {
  readonly mirror: TopicMirror;
  readonly topic: TopicId;
  /** The last message already known; following starts after it. From the topic's beginning without it. */
  readonly from?: Position;
  /**
   * Recomputes every running hash and takes a message that does not fit for a failure of the
   * mirror node; true by default, about 15 µs a message. The hash of `from` is taken as given.
   */
  readonly verify?: boolean;
  /** Wakes the follower as soon as there may be something new. */
  readonly wake?: WakeSource;
  /** Ends the iteration. */
  readonly signal: AbortSignal;
  readonly pace?: Partial<Pace>;
  /** Told the new state after every answer and every failure. */
  readonly onState?: (state: FollowState) => void;
}

/**
 * Where a follower stands. `live`: at the head. `catching-up`: more is there.
 * `unreachable`: no valid answer, see `error`. The rest are {@link Fault}s: the
 * mirror node answers, but does not continue the topic. All but `live` and
 * `catching-up` are retried for ever.
 */
export type FollowPhase = "connecting" | "catching-up" | "live" | "unreachable" | Fault;

/** How a follower does. */
export interface FollowState {
  readonly phase: FollowPhase;
  /** The last message that was read. */
  readonly position: Position | null;
  /** Local time of the last answer that continued the topic: the last proof of life. */
  readonly provenAt: Timestamp | null;
  /** Failures since then. */
  readonly failures: number;
  /** What went wrong last, while it is wrong. */
  readonly error: MirrorError | null;
}

/** Messages that follow those of the batch before. */
export interface Batch {
  /** In order, without gap or repetition; empty only to say that the head was reached. */
  readonly messages: readonly Message[];
  /** Whether the mirror node had no more. */
  readonly caughtUp: boolean;
}

/**
 * Follows a topic: every message exactly once and in order, what is there first
 * and then what comes, until `signal` is aborted. Nothing that the mirror node
 * does ends it; `onState` says how it goes.
 *
 * A push is only a hint when to ask; what is yielded was read over REST and
 * checked to continue the topic without a gap.
 */
export async function* followBatches(options: FollowOptions): AsyncGenerator<Batch, void, undefined> {
  const { mirror, topic, signal, verify = true } = options;
  const { clock } = mirror;
  const reader = createTopicReader({ mirror, topic, from: options.from ?? null, verify });
  const doorbell = createDoorbell(options.wake, clock, signal);
  let state: FollowState = {
    phase: "connecting",
    position: reader.position,
    provenAt: null,
    failures: 0,
    error: null,
  };
  const tell = (change: Partial<FollowState>) => {
    state = { ...state, ...change, position: reader.position };
    options.onState?.(state);
  };
  let caughtUp = false;
  let quietPolls = 0;

  try {
    tell({});
    while (!signal.aborted) {
      const result = await attempt(() => reader.read({ signal, retries: 0 }), signal);
      if (result.kind === "aborted") return;
      const pace = paceOf(options);
      if (result.kind !== "messages") {
        const failures = state.failures + 1;
        const error = result.kind === "failed" ? result.error : null;
        tell({ phase: result.kind === "fault" ? result.fault : "unreachable", failures, error });
        await clock.sleep(patience(pace.backoff, failures, error, clock), signal);
        continue;
      }
      const { messages, atHead } = result;
      tell({
        phase: atHead ? "live" : "catching-up",
        provenAt: clock.now(),
        failures: 0,
        error: null,
      });
      if (messages.length > 0 || (atHead && !caughtUp)) yield { messages, caughtUp: atHead };
      caughtUp = atHead;
      if (!atHead) continue;
      quietPolls = messages.length > 0 ? 0 : quietPolls + 1;
      await doorbell.wait(pace.minMs, pollDelayMs(pace, quietPolls, clock));
    }
  } finally {
    doorbell.close();
  }
}

/** {@link followBatches}, one message at a time. */
export async function* follow(options: FollowOptions): AsyncGenerator<Message, void, undefined> {
  for await (const batch of followBatches(options)) yield* batch.messages;
}

/** Whole seconds since the last proof of life, or null if there never was one. */
export function silenceSeconds(state: FollowState, now: Timestamp): bigint | null {
  return state.provenAt === null ? null : secondsOf(now - state.provenAt);
}

type Attempt =
  | ReadResult
  | { readonly kind: "failed"; readonly error: MirrorError }
  | { readonly kind: "aborted" };

async function attempt(read: () => Promise<ReadResult>, signal: AbortSignal): Promise<Attempt> {
  try {
    const result = await read();
    return signal.aborted ? { kind: "aborted" } : result;
  } catch (error) {
    if (signal.aborted) return { kind: "aborted" };
    if (error instanceof MirrorError) return { kind: "failed", error };
    throw error;
  }
}

function paceOf({ pace }: FollowOptions): Pace {
  return { ...DEFAULT_PACE, ...pace };
}

/** A mirror node that asks for more than this is asked again anyway. */
const LONGEST_RETRY_AFTER_MS = 60_000;

function patience(backoff: Backoff, failures: number, error: MirrorError | null, clock: Clock): number {
  const asked = error instanceof MirrorUnavailable ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(Math.min(asked, LONGEST_RETRY_AFTER_MS), backoffMs(backoff, failures, clock));
}

/** A minute at the default pace; after that each wait is half as long again. */
const QUIET_POLLS_AT_FULL_PACE = 30;

function pollDelayMs(pace: Pace, quietPolls: number, clock: Clock): number {
  const slower = 1.5 ** Math.max(0, quietPolls - QUIET_POLLS_AT_FULL_PACE);
  const delay = Math.min(pace.idleMs, pace.pollMs * slower);
  return Math.round(delay * (0.85 + 0.3 * clock.random()));
}
