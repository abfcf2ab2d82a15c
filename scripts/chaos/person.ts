import type { Plan } from "../../lib/festival/plan/plan.ts";
import { describeError, FestError } from "../../lib/hedera/error.ts";
import type { AccountId, TopicId } from "../../lib/hedera/id.ts";
import { NANOS_PER_MILLI } from "../../lib/hedera/timestamp.ts";
import { createMirror } from "../../lib/mirror/client.ts";
import { Owner } from "../support/owner.ts";
import type { Asked } from "./asked.ts";
import { crashWithin } from "./crash.ts";
import { type Errand, errandsOf, hasFinished } from "./errands.ts";
import { Life } from "./life.ts";
import type { SimulatedNetwork } from "./network.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import { keyOf, ledgerOf } from "./snapshot.ts";
import type { Weather } from "./weather.ts";

/** The owner, and where it lives. */
export interface PersonOptions {
  readonly asked: Asked;
  readonly plan: Plan;
  readonly account: AccountId;
  readonly log: TopicId;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly weather: Weather;
  readonly network: SimulatedNetwork;
  /** Told of an error that is no answer to a person. */
  readonly onDefect: (problem: string) => void;
}

/** How far into a sitting its crash may lie. */
const LATEST_STEP = { submit: 3, receipt: 3, memo: 1, read: 10, sleep: 20 };

/**
 * The owner as a person: looks now and then what waits, and runs the commands
 * for it (`bun run task`, `approve`, `withdraw`, `plan apply`), each of which may
 * die or stand still at any step. What failed is looked at again the next time.
 */
export class Person {
  readonly #options: PersonOptions;
  readonly #intentions = new Map<number, number>();
  #life: Life | null = null;
  #over = false;
  #kills = 0;

  constructor(options: PersonOptions) {
    this.#options = options;
    const { task, signature, change } = options.asked;
    this.#over = task === null && signature === null && change === null;
    this.#lookLater();
  }

  /** How often a command of its was killed. */
  get kills(): number {
    return this.#kills;
  }

  /** Whether no command of its is running. */
  get isIdle(): boolean {
    return this.#life === null;
  }

  /** Whether it will never do anything any more. */
  get isDone(): boolean {
    return this.#over && this.isIdle;
  }

  #lookLater(): void {
    if (this.#over) return;
    const { scheduler, random } = this.#options;
    scheduler.after(random.between(2_000, 25_000), () => this.#visit());
  }

  /** One sitting: a look at the festival, and what is to be done about it. */
  #visit(): void {
    const life = this.#begin();
    this.#sit(life)
      .catch((error) => this.#tell(error))
      .finally(() => {
        this.#life = null;
        this.#lookLater();
      });
  }

  async #sit(life: Life): Promise<void> {
    const { asked, plan, scheduler, weather } = this.#options;
    const { clock } = life;
    const state = await this.#owner(life).state();
    const elapsed = Number((scheduler.now - weather.begins) / NANOS_PER_MILLI);
    const intentions = this.#intentions;
    const look = { state, asked, plan, elapsed, isStormy: this.#isStormy, intentions, clock };
    this.#over = hasFinished(look);
    // Each from a terminal of its own.
    await Promise.all(errandsOf(look).map((errand) => this.#run(errand, life)));
  }

  async #run({ name, run }: Errand, life: Life): Promise<void> {
    this.#options.weather.note(`the owner begins to ${name}`);
    try {
      await run(this.#owner(life));
    } catch (error) {
      this.#tell(error);
    }
  }

  /** A command that fails says so, by an error of the festival's own; everything else is a defect. */
  #tell(error: unknown): void {
    if (error instanceof FestError)
      this.#options.weather.note(`the owner is told ${describeError(error).slice(0, 160)}`);
    else this.#options.onDefect(`the owner's command threw ${describeError(error)}`);
  }

  #begin(): Life {
    const { scheduler, random } = this.#options;
    const isStormy = this.#isStormy;
    const life = new Life({
      scheduler,
      random,
      skewMs: isStormy && random.chance(0.5) ? random.between(-6_000, 6_000) : 0,
      crash: isStormy && random.chance(0.3) ? crashWithin(LATEST_STEP, random) : null,
      onCrash: ({ step, nth, when }) => this.#died(`${when} its ${step} ${nth}`),
    });
    this.#life = life;
    if (isStormy && random.chance(0.4)) this.#accident(life);
    return life;
  }

  /** What happens to the command from outside, whatever it is doing. */
  #accident(life: Life): void {
    const { scheduler, random, weather } = this.#options;
    const freezes = random.chance(0.4);
    scheduler.after(random.between(50, 15_000), () => {
      if (this.#life !== life) return;
      if (!freezes) {
        life.kill();
        this.#died("anywhere");
        return;
      }
      const length = random.pick(20_000, 70_000, 200_000);
      weather.note(`the owner's command freezes for ${length} ms`);
      life.freeze(length);
    });
  }

  #died(where: string): void {
    this.#options.weather.note(`the owner's command is killed ${where}`);
    this.#life = null;
    this.#kills += 1;
    this.#lookLater();
  }

  #owner(life: Life): Owner {
    const { log, account, network } = this.#options;
    const { clock } = life;
    const ledger = ledgerOf(account, keyOf("owner"), { transport: network.transport("owner", life), clock });
    const fetch = network.fetch("owner", life);
    return new Owner(log, ledger, createMirror({ baseUrl: "http://mirror.chaos", fetch, clock }));
  }

  get #isStormy(): boolean {
    return this.#options.scheduler.now < this.#options.weather.clears;
  }
}
