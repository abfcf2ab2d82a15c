import { Breaker } from "../../lib/agent/breaker.ts";
import type { Performers } from "../../lib/agent/duty.ts";
import { guardPerformers } from "../../lib/agent/guard.ts";
import type { Logger } from "../../lib/agent/logger.ts";
import { type Pass, runLoop } from "../../lib/agent/loop.ts";
import { Ticker } from "../../lib/agent/ticker.ts";
import type { State } from "../../lib/festival/state.ts";
import { describeError } from "../../lib/hedera/error.ts";
import type { AccountId, TopicId } from "../../lib/hedera/id.ts";
import { NANOS_PER_MILLI } from "../../lib/hedera/timestamp.ts";
import { createMirror } from "../../lib/mirror/client.ts";
import { crashWithin } from "./crash.ts";
import { Life } from "./life.ts";
import type { SimulatedNetwork } from "./network.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import { keyOf, ledgerOf, type Party } from "./snapshot.ts";
import type { Tampering } from "./tampering.ts";
import type { Weather } from "./weather.ts";

/** One agent of the festival, and where it lives. */
export interface ActorOptions {
  /** What the manifest calls it. */
  readonly agent: string;
  /** Whose account and key it has. */
  readonly party: Party;
  /** Tells two copies of an agent apart in the record of faults. */
  readonly name: string;
  readonly account: AccountId;
  readonly log: TopicId;
  readonly performers: Performers;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly weather: Weather;
  readonly network: SimulatedNetwork;
  readonly logger: Logger;
  readonly tampering: Tampering | null;
  /** Told of a loop that ended by itself, which none ever should. */
  readonly onEnd: (problem: string) => void;
}

/** Wake-ups do most of the work; what they miss may wait a little, so that a seed costs less. */
const PACE = { pollMs: 6_000 };
/** How far into a life its crash may lie. */
const LATEST_STEP = { submit: 6, receipt: 6, memo: 1, read: 60, sleep: 150 };

/** An agent that dies and is started again from nothing, over and over, until the weather clears. */
export class Actor {
  readonly #options: ActorOptions;
  #life: Life | null = null;
  #state: State | null = null;
  #kills = 0;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#start();
    this.#accidents();
  }

  /** How often it was killed. */
  get kills(): number {
    return this.#kills;
  }

  /** What it makes of the log; null while it has no process that has read it whole. */
  get state(): State | null {
    return this.#state;
  }

  /** Whether it has a process, and nothing stops it. */
  get isAwake(): boolean {
    return this.#life?.isFrozen === false;
  }

  /** Wakes the process that lives now. */
  ring(): void {
    this.#life?.ring();
  }

  #start(): void {
    const { agent, party, account, log, performers, scheduler, random, network, logger, tampering } =
      this.#options;
    const life = new Life({
      scheduler,
      random,
      skewMs: this.#isStormy && random.chance(0.5) ? random.between(-6_000, 6_000) : 0,
      crash: this.#isStormy && random.chance(0.7) ? crashWithin(LATEST_STEP, random) : null,
      onCrash: ({ step, nth, when }) => this.#died(`${when} its ${step} ${nth}`),
    });
    this.#life = life;
    const { clock, wake } = life;
    const transport = network.transport(agent, life);
    const ledger = ledgerOf(account, keyOf(party), { transport, clock });
    const fetch = network.fetch(agent, life);
    const mirror = createMirror({
      baseUrl: "http://mirror.chaos",
      fetch: tampering?.fetch(fetch) ?? fetch,
      clock,
    });
    const { signal } = new AbortController();
    const writes = tampering?.ledger(ledger, clock) ?? ledger;
    const ticker = new Ticker({ agent, log, ledger, logger, clock });
    const onPass = (pass: Pass) => {
      ticker.update(pass);
      if (this.#life === life && pass.caughtUp) this.#state = pass.state;
    };
    void runLoop({
      agent,
      log,
      mirror,
      ledger: writes,
      performers: guardPerformers(performers, [new Breaker(clock, () => undefined)]),
      wake,
      pace: PACE,
      clock,
      logger,
      signal,
      onPass,
    }).then(
      () => this.#options.onEnd(`${this.#options.name}: its loop ended`),
      (error) => this.#options.onEnd(`${this.#options.name}: its loop threw ${describeError(error)}`),
    );
  }

  /** What happens to the process from outside, whatever it is doing. */
  #accidents(): void {
    const { scheduler, random, weather, name } = this.#options;
    scheduler.after(random.between(1_000, 120_000), () => {
      if (!this.#isStormy) return;
      if (random.chance(0.3)) {
        // Often longer than a lease, now and then than a window.
        const length = random.pick(20_000, 70_000, 200_000);
        weather.note(`${name} freezes for ${length} ms`);
        this.#life?.freeze(length);
      } else if (this.#life !== null) {
        this.#life.kill();
        this.#died("anywhere");
      }
      this.#accidents();
    });
  }

  #died(where: string): void {
    const { scheduler, random, weather, name } = this.#options;
    this.#life = null;
    this.#state = null;
    this.#kills += 1;
    const away = random.pick(20, 1_000, 5_000, 30_000, 90_000, 240_000);
    const left = Math.max(0, Number((weather.clears - scheduler.now) / NANOS_PER_MILLI));
    const restart = Math.min(away, left + random.between(0, 1_000));
    weather.note(`${name} is killed ${where}, and started again after ${restart} ms`);
    scheduler.after(restart, () => this.#start());
  }

  get #isStormy(): boolean {
    return this.#options.scheduler.now < this.#options.weather.clears;
  }
}
