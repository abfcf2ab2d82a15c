import type { Body } from "../festival/entry/entry.ts";
import { encodeEntry } from "../festival/entry/entry.ts";
import { effectId, effectMemo, type Obligation, type ObligationKind } from "../festival/obligation.ts";
import type { State } from "../festival/state.ts";
import type { TopicId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import type { TransactionId } from "../hedera/transaction-id.ts";
import type { Ledger } from "../ledger/client.ts";
import type { Action, Outcome } from "../ledger/effect.ts";
import type { Mirror } from "../mirror/client.ts";
import type { Clock } from "../mirror/clock.ts";

/** Nothing can be sent yet: look again soon, or when the ledger moves. Waiting is never a failure. */
export interface Wait {
  readonly kind: "wait";
  readonly reason: string;
}

/** What a performer comes back with. */
export type Performed = Outcome | Wait;

/** Performs an obligation of one kind. Called again until the log shows the obligation discharged. */
export type Performer = (duty: Duty) => Promise<Performed>;

/** Who performs what. An agent's role decides which kinds it has. */
export type Performers = { readonly [Kind in ObligationKind]?: Performer };

/** What a duty's surroundings offer to its performer. */
export interface DutyOptions {
  readonly state: State;
  readonly obligation: Obligation;
  /** Which of the obligation's windows is open. */
  readonly window: number;
  readonly log: TopicId;
  readonly mirror: Mirror;
  readonly ledger: Pick<Ledger, "perform">;
  readonly clock: Clock;
  /** Aborted when the obligation is discharged or the agent stops. */
  readonly signal: AbortSignal;
  /** Outlives a single attempt, not the obligation. */
  readonly memory: Map<string, Promise<unknown>>;
}

/** One obligation that is mine and due, at one moment of the log. */
export class Duty {
  readonly state: State;
  readonly obligation: Obligation;
  readonly mirror: Mirror;
  readonly signal: AbortSignal;
  readonly #options: DutyOptions;

  constructor(options: DutyOptions) {
    this.state = options.state;
    this.obligation = options.obligation;
    this.mirror = options.mirror;
    this.signal = options.signal;
    this.#options = options;
  }

  /** The transaction id of a part of this obligation's effect, in the window that is open. */
  id(part = 0): TransactionId {
    return effectId(this.obligation, this.#options.window, part);
  }

  /** Sends an effect under the obligation's own id. */
  send(action: Action, part = 0): Promise<Outcome> {
    const { ledger, log, window, signal } = this.#options;
    return ledger.perform(
      { id: this.id(part), memo: effectMemo(log, this.obligation, window), action },
      { signal },
    );
  }

  /** Says something on the log under the obligation's own id. */
  say(body: Body, part = 0): Promise<Outcome> {
    return this.send({ kind: "message", topic: this.#options.log, message: encodeEntry(body) }, part);
  }

  /** Like {@link say}, and waits if there is nothing to say yet. */
  async sayOrWait(body: Body | null, reason: string, part = 0): Promise<Performed> {
    return body === null ? { kind: "wait", reason } : this.say(body, part);
  }

  /** The local time, which only ever proposes. */
  now(): Timestamp {
    return this.#options.clock.now();
  }

  /** The log that the festival runs on. */
  get log(): TopicId {
    return this.#options.log;
  }

  /** Does work once for this obligation, however often its effect has to be sent. A failure is not kept. */
  once<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { memory } = this.#options;
    const known = memory.get(name);
    if (known !== undefined) return known as Promise<T>;
    const result = work();
    memory.set(name, result);
    result.catch(() => memory.delete(name));
    return result;
  }
}
