import { describeError, FestError } from "../hedera/error.ts";
import type { TopicId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import { type Backoff, backoffMs } from "./backoff.ts";
import { type Clock, systemClock } from "./clock.ts";
import { FrameReader, GRPC_WEB_HEADERS, SUBSCRIBE_TOPIC, subscribeQuery } from "./subscribe-query.ts";
import { createWake, type PushHealth, type PushSource } from "./wake.ts";

/** What to stream, and how. */
export interface TopicStreamOptions {
  /** `http:` or `https:` URL of a mirror node (or a proxy before one) that speaks gRPC-Web. */
  readonly url: string;
  readonly topic: TopicId;
  /**
   * The consensus time of the last message that is known, if any is: the stream begins with that
   * message, which shows that it works. Without it, a stream of a quiet topic shows nothing.
   */
  readonly since: () => Timestamp | null;
  readonly clock?: Clock;
  /** A stream that says nothing for so long is opened anew, in milliseconds; 5 min by default. */
  readonly silenceMs?: number;
  /** How long the mirror node may take to show that message again; 10 s by default. */
  readonly answerMs?: number;
  /** Waits between streams; 500 ms doubling to 60 s by default. */
  readonly backoff?: Backoff;
}

/**
 * Subscribes to a topic over gRPC-Web and stays subscribed for ever. Every
 * message wakes the subscribers, and so does coming back; what was pushed is not
 * passed on, since it carries no proof and a stream may break anywhere. It is
 * `open` from its first message on: servers hold back an answer's head until then.
 *
 * @throws FestError `STREAM_URL_INVALID`
 */
export function connectTopicStream(options: TopicStreamOptions): PushSource {
  if (!/^https?:$/.test(URL.parse(options.url)?.protocol ?? "")) {
    throw new FestError("STREAM_URL_INVALID", `${JSON.stringify(options.url)} is not a gRPC-Web endpoint`, {
      fix: "Write it as https://host.",
    });
  }
  const clock = options.clock ?? systemClock;
  const backoff = options.backoff ?? { firstMs: 500, maxMs: 60_000 };
  const wake = createWake();
  const healthListeners = createWake();
  const closing = new AbortController();
  let health: PushHealth = { state: "connecting", heardAt: null, failures: 0, reason: null };
  const update = (change: Partial<PushHealth>) => {
    const changed = change.state !== undefined && change.state !== health.state;
    health = { ...health, ...change };
    if (changed) healthListeners.ring();
  };

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      update({ state: "connecting" });
      const reason = await listen({
        url: options.url + SUBSCRIBE_TOPIC,
        topic: options.topic,
        since: options.since(),
        clock,
        answerMs: options.answerMs ?? 10_000,
        silenceMs: options.silenceMs ?? 300_000,
        signal: closing.signal,
        onMessage(count) {
          // The first shows what was known; only a second one shows that the stream lasts.
          const failures = count > 1 ? 0 : health.failures;
          update({ state: "open", reason: null, heardAt: clock.now(), failures });
          wake.ring();
        },
      });
      if (closing.signal.aborted) break;
      // A quiet topic is no failure of its stream.
      if (reason === null) continue;
      update({ state: "closed", reason, failures: health.failures + 1 });
      await clock.sleep(backoffMs(backoff, health.failures, clock), closing.signal);
    }
    update({ state: "closed", reason: "closed by us" });
  }
  void run();

  return {
    get health() {
      return health;
    },
    subscribe: wake.subscribe,
    onHealth: (listener) => healthListeners.subscribe(() => listener(health)),
    close: () => closing.abort(),
  };
}

interface Listening {
  readonly url: string;
  readonly topic: TopicId;
  readonly since: Timestamp | null;
  readonly clock: Clock;
  readonly answerMs: number;
  readonly silenceMs: number;
  readonly signal: AbortSignal;
  /** Told each message, with how many there were by now. */
  readonly onMessage: (count: number) => void;
}

/** One stream, from its request to its end; resolves with why it ended, null for a long silence. */
async function listen(one: Listening): Promise<string | null> {
  const over = new AbortController();
  const cancel = () => over.abort();
  one.signal.addEventListener("abort", cancel);
  if (one.signal.aborted) cancel();
  const patience = new Patience(one.clock, over);
  patience.wait(one.since === null ? one.silenceMs : one.answerMs);
  try {
    const response = await fetch(one.url, {
      method: "POST",
      headers: GRPC_WEB_HEADERS,
      body: subscribeQuery(one.topic, one.since),
      signal: over.signal,
    });
    if (!response.ok || response.body === null) return `answered ${response.status}`;
    const refused = response.headers.get("grpc-status");
    if (refused !== null && refused !== "0") return `status ${refused}`;
    return await readFrames(response.body, (count) => {
      patience.wait(one.silenceMs);
      one.onMessage(count);
    });
  } catch (error) {
    if (one.signal.aborted) return "closed by us";
    if (patience.lost === one.silenceMs) return null;
    return patience.lost === null ? describeError(error) : `no answer within ${patience.lost} ms`;
  } finally {
    over.abort();
    one.signal.removeEventListener("abort", cancel);
  }
}

async function readFrames(
  body: ReadableStream<Uint8Array>,
  onMessage: (count: number) => void,
): Promise<string> {
  const frames = new FrameReader();
  const reader = body.getReader();
  let count = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return "the stream ended";
    for (const frame of frames.read(value)) {
      if (frame.kind === "trailers") return frame.status;
      count += 1;
      onMessage(count);
    }
  }
}

/** Ends something that nothing was heard of for too long. */
class Patience {
  /** The wait that was too long, in milliseconds; null while none was. */
  lost: number | null = null;
  readonly #clock: Clock;
  readonly #over: AbortController;
  #waiting = new AbortController();

  constructor(clock: Clock, over: AbortController) {
    this.#clock = clock;
    this.#over = over;
    over.signal.addEventListener("abort", () => this.#waiting.abort());
  }

  /** Begins to wait anew. */
  wait(milliseconds: number): void {
    this.#waiting.abort();
    const waiting = new AbortController();
    this.#waiting = waiting;
    void this.#clock.sleep(milliseconds, waiting.signal).then(() => {
      if (waiting.signal.aborted || this.#over.signal.aborted) return;
      this.lost = milliseconds;
      this.#over.abort();
    });
  }
}
