import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { dutiesOf } from "../festival/duty.ts";
import { NANOS_PER_MILLI, NANOS_PER_SECOND } from "../hedera/timestamp.ts";
import type { Outcome } from "../ledger/effect.ts";
import type { Clock } from "../mirror/clock.ts";
import type { Performed, Performer, Performers } from "./duty.ts";
import type { Means } from "./purse.ts";
import { checksOf, type Health, type Self } from "./readiness.ts";

/** What an agent's metrics are taken from. */
export interface MetricsOptions {
  readonly self: Self;
  readonly version: string;
  readonly network: string;
  readonly log: string;
  readonly health: Health;
  readonly means: () => Means;
  readonly clock: Clock;
}

/** Seconds that an effect takes: a trip through consensus is 3 to 7 on a public network. */
const EFFECT_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/**
 * An agent's metrics for Prometheus, under `fest_`; `docs/operations.md` lists
 * them. Most are read off the agent when they are asked for, so that they cost
 * nothing in between. A sample is a floating-point number by Prometheus' own
 * format: amounts are whole tinybars in it, exact up to 90 million HBAR, and
 * nothing decides by them.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #options: MetricsOptions;
  readonly #effects: Counter<"kind" | "outcome">;
  readonly #seconds: Histogram<"kind">;
  readonly #said: Counter<"outcome">;

  constructor(options: MetricsOptions) {
    this.#options = options;
    const registers = [this.#registry];
    this.#registry.setDefaultLabels({ agent: options.self.agent });
    collectDefaultMetrics({ register: this.#registry });
    this.#effects = new Counter({
      name: "fest_effects_total",
      help: "Performances by what became of them; overtaken: the log showed the obligation discharged first.",
      labelNames: ["kind", "outcome"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "fest_effect_seconds",
      help: "From the look at an obligation until its effect was executed or on the log.",
      labelNames: ["kind"],
      buckets: EFFECT_SECONDS,
      registers,
    });
    this.#said = new Counter({
      name: "fest_vitals_total",
      help: "Vital signs by what became of them.",
      labelNames: ["outcome"],
      registers,
    });
    this.#gauges();
  }

  /** The content type of {@link text}. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything in Prometheus' text form. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Takes note of what became of a vital sign. */
  said({ kind }: Outcome): void {
    this.#said.inc({ outcome: kind });
  }

  /** Performers whose outcomes and times are counted. */
  measured(performers: Performers): Performers {
    const measured = Object.entries(performers).map(([kind, perform]) => [
      kind,
      this.#measure(kind, perform),
    ]);
    return Object.fromEntries(measured);
  }

  #measure(kind: string, perform: Performer): Performer {
    const { clock } = this.#options;
    return async (duty) => {
      const began = clock.now();
      let performed: Performed | null = null;
      try {
        performed = await perform(duty);
        return performed;
      } finally {
        // The log shows an effect before its receipt does, as often as not.
        const overtaken = duty.signal.aborted && performed?.kind !== "executed";
        const outcome = overtaken ? "overtaken" : (performed?.kind ?? "error");
        this.#effects.inc({ kind, outcome });
        const seconds = Number((clock.now() - began) / NANOS_PER_MILLI) / 1_000;
        if (outcome === "executed" || overtaken) this.#seconds.observe({ kind }, seconds);
      }
    };
  }

  #gauges(): void {
    const { self, version, network, log, health, means, clock } = this.#options;
    const state = () => health.pass?.state ?? null;
    this.#gauge("fest_info", "What runs; always 1.", ["version", "network", "log"], (set) =>
      set(1, { version, network, log }),
    );
    this.#gauge("fest_log_sequence", "The last entry folded.", [], (set) =>
      set(state()?.head?.sequence ?? 0),
    );
    this.#gauge("fest_log_age_seconds", "Since the mirror node last continued the log.", [], (set) => {
      const at = health.follow?.provenAt ?? null;
      if (at !== null) set(Number((clock.now() - at) / NANOS_PER_SECOND));
    });
    this.#gauge("fest_ready", "Each check of /readyz: 1 unless it fails.", ["check"], (set) => {
      for (const { name, status } of checksOf(health, self, clock.now()))
        set(status === "fail" ? 0 : 1, { check: name });
    });
    this.#gauge("fest_holding", "1 while the agent sends nothing, by reason.", ["code"], (set) => {
      const hold = health.hold();
      if (hold !== null) set(1, { code: hold.code });
    });
    this.#gauge("fest_entries", "Messages of the log by how they were taken.", ["verdict"], (set) => {
      for (const [verdict, count] of Object.entries(state()?.counts ?? {})) set(count, { verdict });
    });
    this.#gauge("fest_obligations", "What this agent owes and is due, by kind.", ["kind"], (set) => {
      const at = state();
      const duties = at === null ? [] : dutiesOf(at, self.agent);
      const due = duties.filter((duty) => duty.due <= clock.now());
      for (const [kind, some] of Map.groupBy(due, (duty) => duty.kind)) set(some.length, { kind });
    });
    this.#gauge("fest_tasks", "Tasks of the edition by state.", ["state"], (set) => {
      const tasks = [...(state()?.edition?.tasks.values() ?? [])];
      for (const [at, some] of Map.groupBy(tasks, (task) => task.state)) set(some.length, { state: at });
    });
    this.#gauge("fest_balance_tinybars", "What the account has.", [], (set) => {
      const { balance } = means();
      if (balance !== null) set(Number(balance));
    });
    this.#gauge("fest_fees_day_tinybars", "Fees of the last 24 hours.", [], (set) => {
      const { spent } = means();
      if (spent !== null) set(Number(spent));
    });
  }

  #gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: (set: (value: number, labels?: Record<Label, string>) => void) => void,
  ): void {
    const gauge: Gauge<Label> = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect: () => {
        gauge.reset();
        read((value, labels) => (labels === undefined ? gauge.set(value) : gauge.set({ ...labels }, value)));
      },
    });
  }
}
