/** A festival's log, read from the mirror node and verified as it is read. */
import { fold } from "../../lib/festival/fold.ts";
import { EMPTY_STATE, type State } from "../../lib/festival/state.ts";
import { FestError } from "../../lib/hedera/error.ts";
import type { TopicId } from "../../lib/hedera/id.ts";
import { formatTimestamp } from "../../lib/hedera/timestamp.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import type { Message } from "../../lib/mirror/message.ts";
import { createTopicReader, type TopicReader } from "../../lib/mirror/topic-reader.ts";

/** What an answer rests on: anyone can recompute this running hash. */
export interface Proof {
  readonly log: TopicId;
  readonly mirror: string;
  /** Messages whose running hash was recomputed, from the first on. */
  readonly verified_entries: number;
  /** The log's running hash after the last of them, SHA-384 in hex. */
  readonly running_hash: string | null;
  readonly timestamp: string | null;
}

/** Faults in a row that are no lag any more. */
const TRIES = 4;
const TRY_AGAIN_MS = 500;

/** The whole log, kept between questions; each question reads what is new. */
export class VerifiedLog {
  readonly mirror: Mirror;
  readonly topic: TopicId;
  readonly #reader: TopicReader;
  readonly #messages: Message[] = [];
  #state: State = EMPTY_STATE;
  #reading: Promise<void> = Promise.resolve();

  constructor(mirror: Mirror, topic: TopicId) {
    this.mirror = mirror;
    this.topic = topic;
    this.#reader = createTopicReader({ mirror, topic, from: null, verify: true });
  }

  get state(): State {
    return this.#state;
  }

  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** What an answer about it now rests on. */
  get proof(): Proof {
    const last = this.#messages.at(-1);
    return {
      log: this.topic,
      mirror: this.mirror.baseUrl,
      verified_entries: this.#messages.length,
      running_hash: last?.runningHash.toHex() ?? null,
      timestamp: last === undefined ? null : formatTimestamp(last.timestamp),
    };
  }

  /**
   * Reads on to the head, one question after the other.
   *
   * @throws MirrorError; FestError `LOG_BROKEN` if it does not verify, `LOG_EMPTY`
   */
  refresh(): Promise<void> {
    const next = this.#reading.catch(() => undefined).then(() => this.#readOn());
    this.#reading = next;
    return next;
  }

  async #readOn(): Promise<void> {
    for (let faults = 0; ; ) {
      const result = await this.#reader.read({});
      if (result.kind === "fault") {
        faults += 1;
        if (faults === TRIES) {
          const after = this.#messages.length;
          throw new FestError(
            "LOG_BROKEN",
            `the log ${this.topic} does not go on after #${after}: ${result.fault}`,
          );
        }
        await this.mirror.clock.sleep(TRY_AGAIN_MS);
        continue;
      }
      faults = 0;
      for (const message of result.messages) {
        this.#state = fold(this.#state, message);
        this.#messages.push(message);
      }
      if (result.atHead) break;
    }
    if (this.#state.manifest !== null) return;
    throw new FestError("LOG_EMPTY", `topic ${this.topic} has no manifest`, {
      fix: "Name the festival's log.",
    });
  }
}
