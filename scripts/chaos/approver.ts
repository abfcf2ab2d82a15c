import { foldAll } from "../../lib/festival/fold.ts";
import type { Task } from "../../lib/festival/state.ts";
import { createMirror } from "../../lib/mirror/client.ts";
import { MirrorUnavailable } from "../../lib/mirror/error.ts";
import { allItems } from "../../lib/mirror/page.ts";
import { runCommand } from "../testing/command.ts";
import type { Stage } from "../testing/stage.ts";
import type { Random } from "./random.ts";

/** The payment that the owner signs: of the kind of which the plan has one task, and over the manifest's limit. */
export const LARGE = { kind: "volatility", reward: 5_000n };

/** How often the owner looks whether a payment waits. */
const LOOK_MS = 300;
/** Within so long, if at all, an `approve` is killed: it may not have begun, or have signed and said nothing yet. */
const LONGEST_LIFE_MS = 4_000;

/** The owner of a festival on real processes: runs `approve` for what waits, again and again, and some of them die. */
export class Approver {
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #schedule: string[];
  /** `late`: only when it is asked for again; `twice`: from two terminals at once. */
  readonly #manner: "prompt" | "late" | "twice";
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #deaths: number;
  #kills = 0;

  constructor(stage: Stage, random: Random, schedule: string[]) {
    this.#stage = stage;
    this.#random = random;
    this.#schedule = schedule;
    this.#manner = random.pick("prompt", "late", "twice");
    this.#deaths = random.between(0, 3);
    schedule.push(`the owner is ${this.#manner}, and is killed ${this.#deaths} times`);
    this.#running = this.#run();
  }

  /** How many of its commands were killed. */
  get kills(): number {
    return this.#kills;
  }

  /** Ends it, and the command that it runs. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await Bun.sleep(LOOK_MS);
      const task = await this.#waiting().catch(unlessUnreachable);
      if (task === undefined || (this.#manner === "late" && task.failedPayments === 0)) continue;
      const terminals = this.#manner === "twice" ? 2 : 1;
      await Promise.all(Array.from({ length: terminals }, () => this.#approve(task.id)));
    }
  }

  async #waiting(): Promise<Task | undefined> {
    const mirror = createMirror({ baseUrl: this.#stage.mirror });
    const topic = this.#stage.festival.log;
    const messages = await allItems(await mirror.topicMessages({ topic, limit: 100, order: "asc" }));
    const { edition } = foldAll(messages);
    return [...(edition?.tasks.values() ?? [])].find(({ approval }) => approval !== null);
  }

  async #approve(id: string): Promise<void> {
    const life = this.#deaths > 0 ? this.#random.between(200, LONGEST_LIFE_MS) : null;
    if (life !== null) this.#deaths -= 1;
    const death = life === null ? null : AbortSignal.timeout(life);
    const end = AbortSignal.any([this.#stopping.signal, ...(death === null ? [] : [death])]);
    const { code, err } = await runCommand(this.#stage, "approve", [id, "--json"], "owner", end);
    if (death?.aborted && code !== 0) this.#kills += 1;
    this.#schedule.push(
      `approve ${id} ended with ${code}${life === null ? "" : `, to die after ${life} ms`} ${err}`,
    );
  }
}

/** Nobody waits, as far as can be told while the mirror node is too busy to answer: the next look will tell. */
function unlessUnreachable(error: unknown): undefined {
  if (!(error instanceof MirrorUnavailable)) throw error;
}
