import { FestError } from "../hedera/error.ts";
import type { Backoff } from "./backoff.ts";
import { type Clock, systemClock } from "./clock.ts";
import { keepConnected, type PushReports, type PushSource } from "./push.ts";
import { parseFrame, type RelaySubscription, requestFrame, subscribeParams } from "./relay-protocol.ts";

/** How to reach a relay. */
export interface RelayOptions {
  /** `ws:` or `wss:` URL. */
  readonly url: string;
  /** What to be woken by; new blocks by default. */
  readonly subscriptions?: readonly [RelaySubscription, ...RelaySubscription[]];
  readonly clock?: Clock;
  /** How often to say something, in milliseconds; 60 s by default, since proxies cut silent sockets at 100 s. */
  readonly keepAliveMs?: number;
  /** How long the relay may take to say anything at all after that; 10 s by default. */
  readonly answerMs?: number;
  /** Waits between connections; 500 ms doubling to 30 s by default. */
  readonly backoff?: Backoff;
}

/**
 * Connects to a JSON-RPC relay's WebSocket and keeps connected for ever. Every
 * pushed block or log wakes the subscribers; what was pushed is not passed on,
 * since heads are skipped and logs repeated. Coming back wakes them too. It is
 * `open` once the relay has confirmed every subscription.
 *
 * @throws FestError `RELAY_URL_INVALID`
 */
export function connectRelay(options: RelayOptions): PushSource {
  if (!/^wss?:$/.test(URL.parse(options.url)?.protocol ?? "")) {
    throw new FestError("RELAY_URL_INVALID", `${JSON.stringify(options.url)} is not the URL of a relay`, {
      fix: "Write it as wss://host/path.",
    });
  }
  const { url, subscriptions = ["newHeads"], clock = systemClock } = options;
  const { keepAliveMs = 60_000, answerMs = 10_000, backoff = { firstMs: 500, maxMs: 30_000 } } = options;
  return keepConnected({
    connect: (reports, signal) =>
      converse({ url, subscriptions, clock, keepAliveMs, answerMs, reports, signal }),
    clock,
    backoff,
  });
}

interface Conversation {
  readonly url: string;
  readonly subscriptions: readonly RelaySubscription[];
  readonly clock: Clock;
  readonly keepAliveMs: number;
  readonly answerMs: number;
  readonly reports: PushReports;
  readonly signal: AbortSignal;
}

/** One connection, from opening to its end; resolves with why it ended. */
async function converse(talk: Conversation): Promise<string> {
  const over = new AbortController();
  const unconfirmed = new Set<number>();
  let reason = "closed by us";
  let framesHeard = 0;
  let lastId = 0;

  const end = (why: string) => {
    if (over.signal.aborted) return;
    reason = why;
    over.abort();
  };
  const cancel = () => end("closed by us");
  const socket = openSocket(talk.url);
  if (socket === null) return "this page may not connect there";
  const send = (method: string, params: readonly unknown[]) => {
    lastId += 1;
    socket.send(requestFrame(lastId, method, params));
    return lastId;
  };
  talk.signal.addEventListener("abort", cancel);
  if (talk.signal.aborted) cancel();

  socket.onopen = () => {
    for (const subscription of talk.subscriptions) {
      unconfirmed.add(send("eth_subscribe", subscribeParams(subscription)));
    }
  };
  socket.onmessage = ({ data }) => {
    framesHeard += 1;
    talk.reports.heard();
    const frame = parseFrame(data);
    if (frame.kind === "event") talk.reports.wake();
    if (frame.kind === "refused" && unconfirmed.has(frame.id)) end(`subscription refused: ${frame.reason}`);
    if (frame.kind === "confirmed" && unconfirmed.delete(frame.id) && unconfirmed.size === 0)
      talk.reports.opened();
  };
  socket.onclose = ({ code, reason: said }) => end(`closed with ${code}${said === "" ? "" : ` (${said})`}`);
  socket.onerror = () => end("connection failed");

  await talk.clock.sleep(talk.answerMs, over.signal);
  if (framesHeard === 0 || unconfirmed.size > 0) end(`no answer within ${talk.answerMs} ms`);
  while (!over.signal.aborted) {
    await talk.clock.sleep(talk.keepAliveMs, over.signal);
    if (over.signal.aborted) break;
    const heardBefore = framesHeard;
    send("eth_chainId", []);
    await talk.clock.sleep(talk.answerMs, over.signal);
    if (framesHeard === heardBefore) end(`silent for ${talk.answerMs} ms after a keep-alive`);
    else talk.reports.lasts();
  }
  talk.signal.removeEventListener("abort", cancel);
  socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
  socket.close();
  return reason;
}

/** Null where the page's own policy forbids it, such as `ws:` from an `https:` page. */
function openSocket(url: string): WebSocket | null {
  try {
    return new WebSocket(url);
  } catch {
    return null;
  }
}
