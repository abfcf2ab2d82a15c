/** The owner's hand on a festival: says things on its log, and looks whether they count. */
import { coldStart } from "../../lib/agent/cold-start.ts";
import { type Body, encodeEntry } from "../../lib/festival/entry/entry.ts";
import { fold } from "../../lib/festival/fold.ts";
import { EMPTY_STATE, type State } from "../../lib/festival/state.ts";
import { ConfigReader } from "../../lib/hedera/config.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { parseTopicId, type TopicId } from "../../lib/hedera/id.ts";
import { type Ledger, openLedger } from "../../lib/ledger/client.ts";
import { readLedger } from "../../lib/ledger/config.ts";
import type { Action, Outcome } from "../../lib/ledger/effect.ts";
import { freshId } from "../../lib/ledger/fresh-id.ts";
import { createMirror, type Mirror } from "../../lib/mirror/client.ts";
import { follow } from "../../lib/mirror/follow.ts";
import type { Message } from "../../lib/mirror/message.ts";

/** An entry that counts. */
export interface Said {
  readonly sequence: number;
  /** The log's state right after it. */
  readonly state: State;
}

/** Acts with the account and key of the environment, as setup writes it to `owner.env`. */
export class Owner {
  readonly log: TopicId;
  readonly mirror: Mirror;
  readonly #ledger: Ledger;
  #state: State | null = null;
  #last: Message | null = null;

  /** Acts through a ledger and a mirror node that are open already. */
  constructor(log: TopicId, ledger: Ledger, mirror: Mirror) {
    this.log = log;
    this.#ledger = ledger;
    this.mirror = mirror;
  }

  /** Opens it. @param named the log, if it is not the environment's @throws ConfigError with all that is missing */
  static open(named: string | undefined): Owner {
    const reader = new ConfigReader(process.env);
    const config = readLedger(reader);
    const fix = "Give --log, or set it to the festival's log, which setup prints.";
    const log = reader.parsed("FEST_LOG", named ?? reader.required("FEST_LOG", fix), parseTopicId);
    reader.finish();
    if (!config || !log) throw new FestError("CONFIG_INVALID", "the environment could not be read");
    const ledger = openLedger(config);
    return new Owner(log, ledger, createMirror({ baseUrl: ledger.network.mirror }));
  }

  /** The state of the log as it is now. @throws MirrorError */
  async state(): Promise<State> {
    const newest = await this.mirror.latestMessage(this.log);
    return newest === null ? EMPTY_STATE : this.#readTo(newest.sequence);
  }

  /**
   * Says something, and waits until it is on the mirror node. What would count
   * for nothing as the log stands is not said: it would cost a fee and an alarm.
   *
   * @throws FestError `NOT_SAID` with Hedera's status; `NOT_COUNTED` with the fold's reason
   */
  async say(body: Body): Promise<Said> {
    const problem = this.#objection(await this.state(), body);
    if (problem !== null) {
      throw new FestError("NOT_COUNTED", `the ${body.type} was not sent, for it does not count: ${problem}`);
    }
    const outcome = await this.#ledger.say(this.log, encodeEntry(body));
    if (outcome.kind !== "executed" || outcome.sequence === undefined) {
      throw notTaken(outcome, "See `bun run status` whether it came through, and run it again.");
    }
    const sequence = Number(outcome.sequence);
    // What was said meanwhile is read with it, so the reading begins behind what is known.
    const known = this.#state?.head?.sequence ?? 0;
    const state = known < sequence ? await this.#readTo(sequence) : await this.#again(sequence);
    const { verdict } = state;
    if (verdict !== null && "problem" in verdict) {
      throw new FestError("NOT_COUNTED", `entry #${sequence} does not count: ${verdict.problem}`);
    }
    return { sequence, state };
  }

  /** Does something else with the owner's key. @throws FestError `NOT_SAID` with Hedera's status */
  async perform(action: Action): Promise<Outcome> {
    const outcome = await this.#ledger.perform({ id: freshId(this.#ledger.session), memo: "", action });
    if (outcome.kind === "executed") return outcome;
    throw notTaken(outcome, "Run it again.");
  }

  close(): void {
    this.#ledger.close();
  }

  /** What the fold would have against an entry that came next; null if nothing. */
  #objection(state: State, body: Body): string | null {
    const { account } = this.#ledger;
    const timestamp = (state.head?.timestamp ?? 0n) + 1n;
    const message: Message = {
      topic: this.log,
      sequence: (state.head?.sequence ?? 0) + 1,
      timestamp,
      payer: account,
      bytes: encodeEntry(body),
      runningHash: new Uint8Array(48),
      transactionId: { payer: account, validStart: timestamp, scheduled: false, nonce: 0 },
      chunk: { number: 1, total: 1 },
    };
    const { verdict } = fold(state, message);
    return verdict !== null && "problem" in verdict ? verdict.problem : null;
  }

  async #again(sequence: number): Promise<State> {
    this.#state = null;
    this.#last = null;
    return this.#readTo(sequence);
  }

  /** Reads the log up to an entry, as every agent does. */
  async #readTo(sequence: number): Promise<State> {
    let state = this.#state;
    if (state === null) {
      const cold = await coldStart(this.mirror, this.log);
      const start = cold !== null && cold.message.sequence < sequence ? cold : null;
      state = start?.state ?? EMPTY_STATE;
      this.#last = start?.message ?? null;
    }
    const from = this.#last === null ? {} : { from: this.#last };
    const reading = { mirror: this.mirror, topic: this.log, signal: new AbortController().signal, ...from };
    if ((state.head?.sequence ?? 0) < sequence) {
      for await (const message of follow(reading)) {
        state = fold(state, message);
        this.#last = message;
        if (message.sequence === sequence) break;
      }
    }
    this.#state = state;
    return state;
  }
}

function notTaken(outcome: Outcome, pending: string): FestError {
  const status = "status" in outcome ? outcome.status : outcome.kind;
  return new FestError("NOT_SAID", `the network did not take it: ${status}`, {
    fix: outcome.kind === "pending" ? pending : "Use the owner's environment.",
  });
}
