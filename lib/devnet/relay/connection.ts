import type { RecordItem } from "../ledger/record.ts";
import type { Block } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { headEvent, type LogEvent } from "./events.ts";
import { answer, RPC_CODES, RpcError, type RpcHandler, type RpcRequest } from "./json-rpc.ts";
import { type LogFilter, readLogFilter, selects } from "./log-filter.ts";
import { chainMethods, dispatch } from "./methods.ts";

/** Subscriptions that one connection may have (`WS_SUBSCRIPTION_LIMIT`, as the relay's chart sets it). */
const MAX_SUBSCRIPTIONS = 100;

type Subscription = { readonly event: "newHeads" } | { readonly event: "logs"; readonly filter: LogFilter };

/** One WebSocket connection: its subscriptions, and what it says to requests and blocks. */
export class RelayConnection {
  readonly #store: Store;
  readonly #send: (text: string) => void;
  readonly #methods: Readonly<Record<string, RpcHandler>>;
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(store: Store, send: (text: string) => void) {
    this.#store = store;
    this.#send = send;
    this.#methods = {
      ...chainMethods(store),
      eth_subscribe: (request) => this.#subscribe(request),
      eth_unsubscribe: ({ params }) => this.#subscriptions.delete(String(params[0])),
    };
  }

  /** Answers a JSON-RPC text. */
  receive(text: string): void {
    this.#send(answer(text, (request) => dispatch(this.#methods, request)));
  }

  /** Delivers a block to the subscriptions that want it. */
  deliver(block: Block, items: readonly RecordItem[], logs: readonly LogEvent[]): void {
    for (const [id, subscription] of this.#subscriptions) {
      if (subscription.event === "newHeads") this.#notify(id, headEvent(block, items));
      else {
        for (const log of logs) if (selects(subscription.filter, log)) this.#notify(id, log);
      }
    }
  }

  #subscribe({ params }: RpcRequest): string {
    const subscription = this.#readSubscription(params);
    // The relay gives one id to one event (`WS_SAME_SUB_FOR_SAME_EVENT`).
    const wanted = JSON.stringify(subscription);
    for (const [id, known] of this.#subscriptions) if (JSON.stringify(known) === wanted) return id;
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new RpcError(RPC_CODES.tooManySubscriptions, "Exceeded maximum allowed subscriptions");
    }
    const id = `0x${crypto.getRandomValues(new Uint8Array(16)).toHex()}`;
    this.#subscriptions.set(id, subscription);
    return id;
  }

  #readSubscription([event, filter]: readonly unknown[]): Subscription {
    if (event === "newHeads") return { event };
    if (event === "logs") return { event, filter: readLogFilter(this.#store, filter) };
    throw new RpcError(RPC_CODES.unsupported, `Unsupported subscription event: ${String(event)}`);
  }

  #notify(subscription: string, result: unknown): void {
    this.#send(
      JSON.stringify({ jsonrpc: "2.0", method: "eth_subscription", params: { result, subscription } }),
    );
  }
}
