import pino from "pino";
import { approving } from "../../lib/agent/duty/approving.ts";
import { assigning } from "../../lib/agent/duty/assigning.ts";
import { evidenceOf } from "../../lib/agent/duty/evidence.ts";
import { planning } from "../../lib/agent/duty/planning.ts";
import { quoting } from "../../lib/agent/duty/quoting.ts";
import { scoring } from "../../lib/agent/duty/scoring.ts";
import { settling } from "../../lib/agent/duty/settling.ts";
import { trading } from "../../lib/agent/duty/trading.ts";
import { working } from "../../lib/agent/duty/working.ts";
import type { Performers } from "../../lib/agent/duty.ts";
import type { RecordItem } from "../../lib/devnet/ledger/record.ts";
import { encodeEntry } from "../../lib/festival/entry/entry.ts";
import type { Plan } from "../../lib/festival/plan/plan.ts";
import {
  addSeconds,
  NANOS_PER_MILLI,
  secondsOf,
  type Timestamp,
  timestampOf,
} from "../../lib/hedera/timestamp.ts";
import type { Ledger } from "../../lib/ledger/client.ts";
import { associate } from "../../lib/ledger/tokens.ts";
import { handOverTopic } from "../../lib/ledger/topics.ts";
import { larger, smaller } from "../../lib/market/rounding.ts";
import { createMirror } from "../../lib/mirror/client.ts";
import { Actor } from "./actor.ts";
import { NOTHING_ASKED } from "./asked.ts";
import { type Casting, cast, manifestOf } from "./casting.ts";
import { isAtRest } from "./ending.ts";
import { type Excuses, excusesOf } from "./excuses.ts";
import { SimulatedNetwork } from "./network.ts";
import { Person } from "./person.ts";
import { CHAOS_WORK, chaosPlan } from "./plan.ts";
import { Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import {
  BUDGET,
  keyOf,
  ledgerOf,
  type Party,
  type Snapshot,
  START,
  stillClock,
  submitKeys,
} from "./snapshot.ts";
import { Tampering } from "./tampering.ts";
import { type Findings, verify } from "./verify.ts";
import { Weather } from "./weather.ts";

/** What became of one seed. */
export interface Run extends Findings {
  readonly seed: number;
  readonly kills: number;
  /** What went wrong on purpose, in order. */
  readonly faults: readonly string[];
  /** What the agents logged. */
  readonly said: readonly string[];
  /** Virtual seconds from the manifest to the commit. */
  readonly seconds: number;
}

/** How a seed is played. */
export interface SimulateOptions {
  readonly seed: number;
  readonly snapshot: Snapshot;
  /** Whether transaction ids are derived from obligations, as they should be. */
  readonly derivedIds?: boolean;
  /** pino's level of the agents' log. */
  readonly logLevel?: string;
}

/** Longest that an edition may take once the weather is clear. */
const PATIENCE_SECONDS = 7_200;
/** Within so long after its hour, or after the weather has cleared, a forecast is scored. */
const SCORE_SECONDS = 900;
/** How long everybody is watched after the commit, and after whatever is still on its way or frozen then. */
const AFTERMATH_SECONDS = 40;

/** Plays one edition in virtual time, faults and all, and reads from the mirror what came of it. */
export async function simulate(options: SimulateOptions): Promise<Run> {
  const world = new World(options);
  try {
    return await world.play();
  } finally {
    world.close();
  }
}

class World {
  readonly #options: SimulateOptions;
  readonly #scheduler = new Scheduler(addSeconds(START, 10));
  readonly #weather: Weather;
  readonly #network: SimulatedNetwork;
  readonly #casting: Casting;
  readonly #tampering: Tampering | null;
  readonly #excuses: Omit<Excuses, "watched">;
  readonly #plan: Plan;
  readonly #actors: Actor[] = [];
  #person: Person | null = null;
  readonly #said: string[] = [];
  readonly #problems: string[] = [];
  #committed = false;
  #scored = false;

  constructor(options: SimulateOptions) {
    this.#options = options;
    const { snapshot } = options;
    const scheduler = this.#scheduler;
    this.#weather = new Weather(scheduler, this.#random("weather"));
    this.#network = new SimulatedNetwork({
      scheduler,
      weather: this.#weather,
      random: this.#random("network"),
      snapshot,
      onRecord: (item) => this.#notice(item),
      onVisible: () => {
        for (const actor of this.#actors) actor.ring();
      },
    });
    this.#tampering = options.derivedIds === false ? new Tampering() : null;
    const casting = cast(this.#random("casting"));
    // Ids that are not derived are hidden from the agents, but a schedule tells them.
    this.#casting = this.#tampering === null ? casting : { ...casting, asked: NOTHING_ASKED };
    this.#excuses = excusesOf(this.#casting.asked);
    this.#plan = chaosPlan(this.#casting.failures, this.#casting.asked);
  }

  async play(): Promise<Run> {
    const { seed, snapshot } = this.#options;
    const begun = this.#scheduler.now;
    await this.#begin();
    const limit = addSeconds(this.#weather.clears, PATIENCE_SECONDS);
    const ended = await this.#scheduler.run(() => this.#committed || this.#waitsForOwner, limit);
    if (!ended) this.#problems.push("the edition was never committed");
    const seconds = Number((this.#scheduler.now - begun) / NANOS_PER_MILLI) / 1_000;
    await this.#awaitScore(limit);
    await this.#scheduler.run(() => this.#isQuiet, limit);
    await this.#scheduler.run(() => false, addSeconds(this.#scheduler.now, AFTERMATH_SECONDS));
    const mirror = createMirror({
      baseUrl: "http://mirror.chaos",
      fetch: this.#tampering?.fetchAll(this.#network.quietFetch) ?? this.#network.quietFetch,
      clock: this.#stillClock(),
    });
    const { log, token, accounts } = snapshot;
    const found = await verify(mirror, {
      log,
      token,
      coordinator: accounts.coordinator,
      budget: BUDGET,
      treasury: null,
      watched: addSeconds(this.#scheduler.now, -AFTERMATH_SECONDS),
      accounts: Object.values(accounts),
      ...this.#excuses,
    });
    return {
      ...found,
      problems: [...this.#problems, ...found.problems],
      seed,
      kills: this.#actors.reduce((sum, { kills }) => sum + kills, this.#person?.kills ?? 0),
      faults: this.#weather.faults,
      said: this.#said,
      seconds,
    };
  }

  close(): void {
    this.#network.close();
  }

  /** The forecast is about the hour that begins next; its score may want another window or two, if an agent dies with it. */
  async #awaitScore(limit: Timestamp): Promise<void> {
    const hour = timestampOf((secondsOf(START) / 3_600n + 1n) * 3_600n);
    const patience = addSeconds(larger(this.#weather.clears, hour), SCORE_SECONDS);
    await this.#scheduler.run(() => this.#scored, smaller(patience, limit));
  }

  get #isQuiet(): boolean {
    const isIdle = this.#person?.isIdle ?? true;
    return this.#network.inFlight === 0 && isIdle && this.#actors.every(({ isAwake }) => isAwake);
  }

  /** Whether everything is done, as far as any agent knows, but what the owner never does. */
  get #waitsForOwner(): boolean {
    if (this.#scheduler.now < this.#weather.clears || !this.#person?.isDone) return false;
    return this.#actors.some(({ state }) => state !== null && isAtRest(state, this.#excuses));
  }

  async #begin(): Promise<void> {
    const { snapshot } = this.#options;
    const owner = this.#quietLedger("owner");
    await owner.say(snapshot.log, encodeEntry(manifestOf(snapshot, this.#casting, "inference-001")));
    const { associatedAt } = this.#casting;
    const defi = {
      account: snapshot.accounts["defi-001"],
      token: snapshot.token,
      signers: [keyOf("defi-001")],
    };
    if (associatedAt > 0) this.#weather.note(`defi-001 can't be paid for ${associatedAt} ms`);
    this.#scheduler.after(associatedAt, () => void associate(owner, defi));
    this.#pause(owner);
    this.#handOver(owner);
    this.#castActors();
    this.#person = this.#castPerson();
  }

  /** The owner as a person, who does what cannot be done for it. */
  #castPerson(): Person {
    const { snapshot } = this.#options;
    return new Person({
      asked: this.#casting.asked,
      plan: this.#plan,
      account: snapshot.accounts.owner,
      log: snapshot.log,
      scheduler: this.#scheduler,
      random: this.#random("the owner"),
      weather: this.#weather,
      network: this.#network,
      onDefect: (problem) => this.#problems.push(problem),
    });
  }

  /** The owner is no agent: what it says gets through. */
  #pause(owner: Ledger): void {
    const { log } = this.#options.snapshot;
    const { pause } = this.#casting;
    if (pause === null) return;
    this.#weather.note(`the owner pauses after ${pause.at} ms for ${pause.length} ms`);
    const say = (type: "pause" | "resume") => void owner.say(log, encodeEntry({ v: 1, type, payload: {} }));
    this.#scheduler.after(pause.at, () => say("pause"));
    this.#scheduler.after(pause.at + pause.length, () => say("resume"));
  }

  /** The old process is told nothing, and goes on with a key that opens nothing any more. */
  #handOver(owner: Ledger): void {
    const { handOverAt: at } = this.#casting;
    const { snapshot } = this.#options;
    if (at === null) return;
    this.#weather.note(`inference-001 gets another account and key after ${at} ms`);
    this.#scheduler.after(at, () => {
      void handOverTopic(owner, {
        topic: snapshot.log,
        submitKeys: submitKeys("inference-001"),
        message: encodeEntry(manifestOf(snapshot, this.#casting, "successor")),
      });
      const performers = working(CHAOS_WORK);
      this.#actors.push(this.#actor("inference-001", "successor", "inference-001's successor", performers));
    });
  }

  #castActors(): void {
    const { twoWorkers } = this.#casting;
    this.#cast("coordinator", {
      ...planning(this.#plan, null),
      ...assigning,
      ...scoring,
      ...settling(evidenceOf(CHAOS_WORK)),
      ...approving,
    });
    this.#cast("inference-001", working(CHAOS_WORK));
    if (twoWorkers) this.#cast("inference-002", working(CHAOS_WORK));
    this.#cast("defi-001", trading(CHAOS_WORK));
    this.#cast("desk-001", quoting());
  }

  #cast(agent: Party, performers: Performers): void {
    this.#actors.push(this.#actor(agent, agent, agent, performers));
    if (!this.#casting.copies.has(agent)) return;
    this.#actors.push(this.#actor(agent, agent, `${agent}'s copy`, performers));
  }

  #actor(agent: string, party: Party, name: string, performers: Performers): Actor {
    const { snapshot, logLevel = "error" } = this.#options;
    return new Actor({
      agent,
      party,
      name,
      account: snapshot.accounts[party],
      log: snapshot.log,
      performers,
      scheduler: this.#scheduler,
      random: this.#random(name),
      weather: this.#weather,
      network: this.#network,
      logger: pino(
        { level: logLevel, base: { name }, timestamp: () => `,"at":${this.#elapsed()}` },
        { write: (line) => this.#said.push(line.trim()) },
      ),
      tampering: this.#tampering,
      onEnd: (problem) => this.#problems.push(problem),
    });
  }

  #notice({ record, message }: RecordItem): void {
    const { accounts, log } = this.#options.snapshot;
    if (message?.topic !== log || record.payer !== accounts.coordinator) return;
    const text = new TextDecoder().decode(message.message);
    this.#committed ||= text.includes('"type":"festival_commit"');
    this.#scored ||= text.includes('"type":"forecast_scored"');
  }

  #quietLedger(party: Party): Ledger {
    const way = { transport: this.#network.quietTransport(), clock: this.#stillClock() };
    return ledgerOf(this.#options.snapshot.accounts[party], keyOf(party), way);
  }

  #stillClock() {
    return stillClock(() => this.#scheduler.now, this.#random("quiet"));
  }

  #elapsed(): number {
    return Number((this.#scheduler.now - START) / NANOS_PER_MILLI) / 1_000 - 10;
  }

  #random(what: string): Random {
    return new Random(`${this.#options.seed} ${what}`);
  }
}
