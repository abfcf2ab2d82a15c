import { describeError } from "../../../lib/hedera/error.ts";
import type { TopicId } from "../../../lib/hedera/id.ts";
import { advance } from "../../../lib/mirror/continuity.ts";
import type { MirrorError } from "../../../lib/mirror/error.ts";
import { type FollowState, followBatches } from "../../../lib/mirror/follow.ts";
import type { Fetch, HttpOptions } from "../../../lib/mirror/http.ts";
import type { Message, Position } from "../../../lib/mirror/message.ts";
import { createTopicMirror, type TopicMirror } from "../../../lib/mirror/topic-client.ts";
import { createWake } from "../../../lib/mirror/wake.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { logFrom, readOn } from "../ledger/feed.ts";
import { NO_VITALS, observe } from "../ledger/vitals.ts";
import type { Background } from "./background.ts";
import type { Beginning } from "./beginning.ts";
import { breathe, slicesOf } from "./breathe.ts";
import { paceFor } from "./pace.ts";
import { persist } from "./patience.ts";
import { newReading, PAGE } from "./reading.ts";
import type { LedgerSnapshot } from "./snapshot.ts";

/** Reads one deployment until it is stopped. */
export interface Session {
  stop(): void;
}

/** What was just read is not asked for again before that, unless the first picture is there. */
const REST_MS = 1_000;
/** Pages of the vitals topic that are read back in time. */
const VITALS_PAGES = 2;

/** How following a topic stands whose mirror node has not answered at all. */
const unreached = (error: MirrorError): FollowState => ({
  phase: "unreachable",
  position: null,
  provenAt: null,
  failures: 1,
  error,
});

/**
 * Follows a deployment's log and vitals and tells what it knows of them.
 *
 * @param publish is told what changed
 * @param settled resolves once the first picture is there: whatever is not part of it begins then
 * @param fetch answers in the mirror node's place, where a file is read
 */
export function startSession(
  deployment: Deployment,
  publish: (changes: Partial<LedgerSnapshot>) => void,
  settled: Promise<void>,
  fetch?: Fetch,
): Session {
  const session = new LiveSession(deployment, publish, settled, fetch);
  session.start();
  return { stop: () => session.stop() };
}

class LiveSession {
  readonly #deployment: Deployment;
  readonly #publish: (changes: Partial<LedgerSnapshot>) => void;
  readonly #ending = new AbortController();
  readonly #options: HttpOptions;
  readonly #mirror: TopicMirror;
  readonly #wake = createWake();
  readonly #reading = newReading();
  readonly #settled: Promise<void>;
  #background: Background | null = null;
  /** The vitals' last messages, where their topic is known before the log is; null once they were taken. */
  #vitals: Promise<readonly Message[]> | null = null;
  #followsVitals = false;

  constructor(
    deployment: Deployment,
    publish: (changes: Partial<LedgerSnapshot>) => void,
    settled: Promise<void>,
    fetch: Fetch | undefined,
  ) {
    this.#deployment = deployment;
    this.#publish = publish;
    this.#settled = settled;
    this.#options = { baseUrl: deployment.endpoints.mirror, ...(fetch ? { fetch } : {}) };
    this.#mirror = createTopicMirror(this.#options);
  }

  start(): void {
    const { vitals } = this.#deployment;
    if (vitals !== null) {
      this.#vitals = this.#latest(vitals);
      // Whoever takes it finds out; until then it is nobody's.
      this.#vitals.catch(() => undefined);
    }
    this.#run(this.#followLog());
    this.#run(this.#startBackground());
  }

  stop(): void {
    this.#ending.abort();
  }

  /** A defect ends the session, and is shown. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (this.#ending.signal.aborted) return;
      this.#publish({ defect: describeError(error) });
      this.stop();
    });
  }

  async #startBackground(): Promise<void> {
    await this.#settled;
    const { startBackground } = await import("../later.ts");
    const { signal } = this.#ending;
    if (signal.aborted) return;
    this.#background = startBackground({
      deployment: this.#deployment,
      options: this.#options,
      reading: this.#reading,
      wake: this.#wake,
      signal,
      publish: this.#publish,
      run: (work) => this.#run(work),
    });
    this.#background.look();
  }

  async #followLog(): Promise<void> {
    const { log: topic } = this.#deployment;
    const { signal } = this.#ending;
    const found = await persist(
      () => this.#begin(),
      signal,
      this.#mirror.clock,
      (error) => this.#publish({ logFollow: unreached(error) }),
    );
    if (found === null) return;
    const from = found.answer === null ? null : await this.#takeBeginning(found.answer);
    if (from !== null) await this.#rest();
    const batches = followBatches({
      mirror: this.#mirror,
      topic,
      wake: this.#wake,
      signal,
      verify: true,
      pace: paceFor(this.#deployment),
      onState: (logFollow) => {
        // What is at the log's end already does not connect first.
        if (from === null || logFollow.phase !== "connecting") this.#publish({ logFollow });
      },
      ...(from === null ? {} : { from }),
    });
    for await (const { messages } of batches) await this.#take(messages);
  }

  /** Lets the first picture come before what was just read is asked for again. */
  async #rest(): Promise<void> {
    await Promise.race([this.#settled, this.#mirror.clock.sleep(REST_MS, this.#ending.signal)]);
  }

  /** What there is of the log, or null if that is to be read page after page. @throws MirrorError */
  async #begin(): Promise<Beginning | null> {
    const { log } = this.#deployment;
    const options = { signal: this.#ending.signal, retries: 0 };
    const asked = this.#mirror.topicMessages({ topic: log, order: "desc", limit: PAGE }, options);
    const [{ beginningOf }, newest] = await Promise.all([import("../panels.ts"), asked]);
    if (newest.items.length === 0) return null;
    return beginningOf(this.#mirror, log, newest.items.toReversed(), this.#ending.signal);
  }

  /** Takes what was read at once, as far as it continues the log, and says where following begins. */
  async #takeBeginning({ start, messages }: Beginning): Promise<Position | null> {
    const reading = this.#reading;
    if (start !== null) {
      reading.start = start;
      reading.view = logFrom(start.state);
      this.#publish({ behind: start.message.sequence });
    }
    let position: Position | null = start?.message ?? null;
    for (const slice of slicesOf(messages)) {
      // Whether a checkpoint's stretch continues the chain, a worker finds out afterwards.
      const next = advance(position, slice, start === null);
      reading.view = readOn(reading.view, next.messages);
      position = next.position;
      if (next.fault !== null) break;
      await breathe();
    }
    const { clock } = this.#mirror;
    const logFollow = { phase: "live", position, provenAt: clock.now(), failures: 0, error: null } as const;
    const whole = position !== null && position.sequence === messages.at(-1)?.sequence;
    this.#tell(whole ? { logFollow } : {});
    return position;
  }

  /** Takes messages that are next. */
  async #take(messages: readonly Message[]): Promise<void> {
    const reading = this.#reading;
    for (const slice of slicesOf(messages)) {
      reading.view = readOn(reading.view, slice);
      await breathe();
    }
    this.#tell({});
  }

  /** Tells of the log as it is read now, and lets begin what follows from it. */
  #tell(changes: Partial<LedgerSnapshot>): void {
    const { view } = this.#reading;
    this.#publish({ ...changes, log: view });
    this.#background?.look();
    const vitals = this.#deployment.vitals ?? view.state.manifest?.vitals;
    if (view.state.manifest === null || vitals === undefined || this.#followsVitals) return;
    this.#followsVitals = true;
    this.#run(this.#followVitals(vitals));
  }

  /** Follows the vitals from a few hundred messages ago on: nobody needs the heartbeats of last week. */
  async #followVitals(topic: TopicId): Promise<void> {
    const { signal } = this.#ending;
    const { clock } = this.#mirror;
    const found = await persist(
      () => {
        const early = this.#vitals;
        this.#vitals = null;
        return early ?? this.#latest(topic);
      },
      signal,
      clock,
      (error) => this.#publish({ vitalsFollow: unreached(error) }),
    );
    if (found === null) return;
    this.#hear(found.answer);
    this.#background?.look();
    const from = found.answer.at(-1);
    if (from !== undefined) await this.#rest();
    const batches = followBatches({
      mirror: this.#mirror,
      topic,
      wake: this.#wake,
      signal,
      pace: paceFor(this.#deployment),
      onState: (vitalsFollow) => this.#publish({ vitalsFollow }),
      ...(from === undefined ? {} : { from }),
    });
    for await (const { messages } of batches) this.#hear(messages);
  }

  /** Takes messages of the vitals topic that are next. */
  #hear(messages: readonly Message[]): void {
    const reading = this.#reading;
    reading.vitals = observe(reading.vitals ?? NO_VITALS, messages, reading.view.state);
    this.#publish({ vitals: reading.vitals });
  }

  async #latest(topic: TopicId): Promise<readonly Message[]> {
    const { signal } = this.#ending;
    const messages: Message[] = [];
    let page = await this.#mirror.topicMessages({ topic, order: "desc", limit: PAGE }, { signal });
    messages.push(...page.items);
    for (let read = 1; read < VITALS_PAGES && page.next !== null; read++) {
      page = await page.next({ signal });
      messages.push(...page.items);
    }
    return messages.toReversed();
  }
}
