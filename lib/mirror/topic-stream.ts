import { describeError, FestError } from "../hedera/error.ts";
import type { TopicId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import type { Backoff } from "./backoff.ts";
import { type Clock, systemClock } from "./clock.ts";
import { keepConnected, type PushReports, type PushSource } from "./push.ts";
import { FrameReader, GRPC_WEB_HEADERS, SUBSCRIBE_TOPIC, subscribeQuery } from "./subscribe-query.ts";

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
  const { topic, since, clock = systemClock } = options;
  const { silenceMs = 300_000, answerMs = 10_000, backoff = { firstMs: 500, maxMs: 60_000 } } = options;
  const url = options.url + SUBSCRIBE_TOPIC;
  return keepConnected({
    connect: (reports, signal) =>
      listen({ url, topic, since: since(), clock, answerMs, silenceMs, reports, signal }),
    clock,
    backoff,
  });
}

interface Listening {
  readonly url: string;
  readonly topic: TopicId;
  readonly since: Timestamp | null;
  readonly clock: Clock;
  readonly answerMs: number;
  readonly silenceMs: number;
  readonly reports: PushReports;
  readonly signal: AbortSignal;
}

/** One stream, from its request to its end; null for a long silence, since a quiet topic is no failure. */
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
      one.reports.heard();
      // The first shows what was known; only a second one shows that the stream lasts.
      if (count > 1) one.reports.lasts();
      one.reports.opened();
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
