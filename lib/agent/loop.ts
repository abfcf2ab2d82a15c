import type { ColdStart } from "../festival/checkpoint/start.ts";
import { dutiesOf, openingOf } from "../festival/duty.ts";
import { decode } from "../festival/entry/decode.ts";
import { fold } from "../festival/fold.ts";
import { effectId, type Obligation } from "../festival/obligation.ts";
import { agentOf } from "../festival/roles.ts";
import { EMPTY_STATE, type State } from "../festival/state.ts";
import { describeError } from "../hedera/error.ts";
import type { TopicId } from "../hedera/id.ts";
import { NANOS_PER_MILLI, type Timestamp } from "../hedera/timestamp.ts";
import { formatTransactionId } from "../hedera/transaction-id.ts";
import type { Ledger } from "../ledger/client.ts";
import type { Mirror } from "../mirror/client.ts";
import type { Clock } from "../mirror/clock.ts";
import { type FollowState, followBatches, type Pace } from "../mirror/follow.ts";
import type { Message } from "../mirror/message.ts";
import { anyWake, createWake, type WakeSource } from "../mirror/wake.ts";
import { coldStart, verifyCheckpoint } from "./cold-start.ts";
import { Duty, type Performed, type Performers } from "./duty.ts";
import type { Logger } from "./logger.ts";

/** What the loop of an agent needs. */
export interface LoopOptions {
  /** Which agent of the manifest this process is. */
  readonly agent: string;
  readonly log: TopicId;
  readonly mirror: Mirror;
  readonly ledger: Pick<Ledger, "perform">;
  readonly performers: Performers;
  readonly wake: WakeSource;
  /** How often to ask the mirror node for the log; by default as `followBatches` does. */
  readonly pace?: Partial<Pace>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Called after every pass: the loop turned, and this is what it knows. */
  readonly onPass?: (pass: Pass) => void;
  readonly onFollow?: (state: FollowState) => void;
}

/** Where the loop stands. */
export interface Pass {
  readonly state: State;
  /** Folded to the head at least once. */
  readonly caughtUp: boolean;
  /** The last message folded. */
  readonly last: Message | null;
  /** Tasks of the obligations that are being performed. */
  readonly active: readonly string[];
}

/** Effects under way at a time. */
const MAX_IN_FLIGHT = 32;
/** How soon to look again: doubled each time from the first to the longest, in milliseconds. */
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 10_000;
/** A timer of over 24 days would go off at once. */
const LONGEST_SLEEP_MS = 3_600_000;
/** After a refusal that only a person can cure. */
const REFUSED_RETRY_MS = 30_000;

interface Work {
  readonly memory: Map<string, Promise<unknown>>;
  readonly abort: AbortController;
  running: boolean;
  /** The window whose id is used up, as far as this process knows. */
  spent: number | null;
  waiting: boolean;
  tries: number;
  /** Not looked at again before. */
  retryAt: Timestamp;
}

/**
 * Folds the log and performs whatever the agent owes, until the signal ends it.
 * Level-based: a wake-up says nothing but "look again", and every look starts
 * from the state alone, so that a restart needs no memory.
 */
export async function runLoop(options: LoopOptions): Promise<void> {
  const { mirror, log, logger, signal } = options;
  const start = await coldStart(mirror, log);
  if (start === null) return new Loop(options, null).run();
  logger.info({ sequence: start.message.sequence }, "begins from a checkpoint");
  const distrust = new AbortController();
  const atHead = Promise.withResolvers<void>();
  const onPass = (pass: Pass) => {
    if (pass.caughtUp) atHead.resolve();
    options.onPass?.(pass);
  };
  const loop = new Loop({ ...options, onPass, signal: AbortSignal.any([signal, distrust.signal]) }, start);
  // Only then, so that reading everything does not keep the agent from its first look at the head.
  const verifying = atHead.promise.then(async () => {
    if (await verifyCheckpoint(start, { mirror, topic: log, signal })) return;
    logger.error(
      { sequence: start.message.sequence },
      "the checkpoint is not what the log says; begins again",
    );
    distrust.abort();
  });
  await loop.run();
  atHead.resolve();
  await verifying;
  if (distrust.signal.aborted && !signal.aborted) await new Loop(options, null).run();
}

class Loop {
  readonly #options: LoopOptions;
  readonly #work = new Map<string, Work>();
  readonly #ownWake = createWake();
  #state: State = EMPTY_STATE;
  #last: Message | null = null;
  #caughtUp = false;
  #alarm = new AbortController();

  readonly #start: ColdStart | null;

  constructor(options: LoopOptions, start: ColdStart | null) {
    this.#options = options;
    this.#start = start;
    if (start === null) return;
    this.#state = start.state;
    this.#last = start.message;
  }

  async run(): Promise<void> {
    const { log: topic, mirror, signal, wake, pace = {}, onFollow } = this.#options;
    const stopListening = wake.subscribe(() => this.#stir());
    try {
      const from = this.#start === null ? {} : { from: this.#start.message };
      const follow = { mirror, topic, signal, wake: anyWake(wake, this.#ownWake), pace, ...from };
      for await (const batch of followBatches({ ...follow, ...(onFollow ? { onState: onFollow } : {}) })) {
        for (const message of batch.messages) this.#fold(message);
        this.#caughtUp ||= batch.caughtUp;
        this.#pass();
      }
    } finally {
      stopListening();
      this.#alarm.abort();
      for (const work of this.#work.values()) work.abort.abort();
    }
  }

  #fold(message: Message): void {
    this.#state = fold(this.#state, message);
    this.#last = message;
    this.#logOwn(message);
    const { verdict } = this.#state;
    if (verdict !== null && verdict.kind !== "accepted" && this.#caughtUp) {
      const { sequence: entry, payer } = message;
      this.#options.logger.warn({ entry, payer, verdict }, "an entry does not count");
    }
  }

  /** What the log says in this agent's name, whichever copy or process of it has sent it. */
  #logOwn(message: Message): void {
    const { agent, logger } = this.#options;
    if (!this.#caughtUp || agentOf(this.#state, agent)?.account !== message.payer) return;
    const decoded = decode(message);
    if (decoded.kind !== "entry") return;
    const { body, stamp } = decoded.entry;
    const about = {
      type: body.type,
      entry: stamp.sequence,
      ...("re" in body ? { obligation: body.re } : {}),
      ...("task_id" in body ? { task_id: body.task_id } : {}),
      ...(stamp.transactionId === null ? {} : { transaction_id: formatTransactionId(stamp.transactionId) }),
    };
    logger.info(about, "is on the log");
  }

  /** One look at everything that is owed. */
  #pass(): void {
    const { agent, signal, onPass } = this.#options;
    if (signal.aborted) return;
    this.#alarm.abort();
    const duties = this.#caughtUp ? dutiesOf(this.#state, agent) : [];
    this.#forget(duties);
    const looks = duties.flatMap((obligation) => this.#consider(obligation) ?? []);
    const [earliest] = looks.toSorted((a, b) => Number(a - b));
    if (earliest !== undefined) this.#lookAgainAt(earliest);
    const active = duties
      .filter(({ id }) => this.#work.get(id)?.running)
      .flatMap(({ taskId }) => taskId ?? []);
    onPass?.({ state: this.#state, caughtUp: this.#caughtUp, last: this.#last, active });
  }

  /** Looks again at a moment, unless something else makes it look before. */
  #lookAgainAt(at: Timestamp): void {
    const { clock, signal } = this.#options;
    const alarm = new AbortController();
    this.#alarm = alarm;
    const wait = Number((at - clock.now()) / NANOS_PER_MILLI) + 1;
    void clock
      .sleep(Math.min(Math.max(1, wait), LONGEST_SLEEP_MS), AbortSignal.any([alarm.signal, signal]))
      .then(() => {
        if (!alarm.signal.aborted && !signal.aborted) this.#pass();
      });
  }

  /** Performs an obligation if its time has come; else says when to look at it again, if time alone changes anything. */
  #consider(obligation: Obligation): Timestamp | null {
    const { performers, clock } = this.#options;
    const perform = performers[obligation.kind];
    const head = this.#state.head?.timestamp;
    if (perform === undefined || head === undefined) return null;
    const work = this.#workOn(obligation);
    if (work.running) return null;
    const now = clock.now();
    const opening = openingOf(obligation, head, now);
    if (opening.kind === "early") return opening.until;
    if (opening.kind === "over" || work.spent === opening.window) return null;
    if (work.retryAt > now) return work.retryAt;
    const inFlight = [...this.#work.values()].filter(({ running }) => running).length;
    if (inFlight < MAX_IN_FLIGHT) void this.#perform(obligation, work, opening.window);
    return null;
  }

  async #perform(obligation: Obligation, work: Work, window: number): Promise<void> {
    const { log, mirror, ledger, performers, logger, clock } = this.#options;
    const perform = performers[obligation.kind];
    if (perform === undefined) return;
    work.running = true;
    const about = {
      obligation: obligation.id,
      owes: obligation.kind,
      ...(obligation.taskId === null ? {} : { task_id: obligation.taskId }),
      window,
      transaction_id: formatTransactionId(effectId(obligation, window)),
    };
    try {
      const { signal } = work.abort;
      const options = { state: this.#state, obligation, window, log, mirror, ledger, clock, signal };
      const performed = await perform(new Duty({ ...options, memory: work.memory }));
      this.#conclude(work, window, performed, about);
    } catch (error) {
      if (work.abort.signal.aborted) return;
      this.#retryLater(work);
      logger.warn({ ...about, error: describeError(error) }, "could not be performed, will be tried again");
    } finally {
      work.running = false;
      this.#pass();
    }
  }

  #conclude(work: Work, window: number, performed: Performed, about: object): void {
    const { logger } = this.#options;
    work.waiting = performed.kind === "wait";
    switch (performed.kind) {
      case "wait":
      case "pending":
        this.#retryLater(work);
        logger.debug({ ...about, ...performed }, "waits");
        return;
      case "refused":
        work.retryAt = this.#in(REFUSED_RETRY_MS);
        logger.error({ ...about, status: performed.status }, "was refused by the network");
        return;
      case "executed":
        work.spent = window;
        logger.info({ ...about, ...(performed.sequence && { entry: performed.sequence }) }, "performed");
        this.#ownWake.ring();
        return;
      case "failed":
      case "foreign":
      case "expired":
        work.spent = window;
        logger.error({ ...about, ...performed }, "its transaction id is used up");
    }
  }

  #retryLater(work: Work): void {
    work.retryAt = this.#in(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** work.tries));
    work.tries += 1;
  }

  /** The ledger moved: whoever waits for something on it looks again. */
  #stir(): void {
    let stirred = false;
    for (const work of this.#work.values()) {
      if (!work.waiting || work.running) continue;
      work.retryAt = 0n;
      work.tries = 0;
      stirred = true;
    }
    if (stirred) this.#pass();
  }

  #workOn(obligation: Obligation): Work {
    let work = this.#work.get(obligation.id);
    if (work === undefined) {
      const abort = new AbortController();
      work = { memory: new Map(), abort, running: false, spent: null, waiting: false, tries: 0, retryAt: 0n };
      this.#work.set(obligation.id, work);
    }
    return work;
  }

  #forget(duties: readonly Obligation[]): void {
    const open = new Set(duties.map(({ id }) => id));
    for (const [id, work] of this.#work) {
      if (open.has(id)) continue;
      work.abort.abort();
      this.#work.delete(id);
    }
  }

  #in(milliseconds: number): Timestamp {
    return this.#options.clock.now() + BigInt(milliseconds) * NANOS_PER_MILLI;
  }
}
