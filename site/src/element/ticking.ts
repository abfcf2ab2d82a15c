import type { ReactiveController, ReactiveControllerHost } from "lit";
import { fromMillis, type Timestamp } from "../../../lib/hedera/timestamp.ts";

/** Renders its host every second while somebody looks, so that ages stay true. */
export class Ticking implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The viewer's time. */
  get now(): Timestamp {
    return fromMillis(Date.now());
  }

  hostConnected(): void {
    this.#timer = setInterval(() => {
      if (!document.hidden) this.#host.requestUpdate();
    }, 1_000);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }
}
