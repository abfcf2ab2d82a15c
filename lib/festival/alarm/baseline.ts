import * as z from "zod/mini";
import { NANOS_PER_MILLI, NANOS_PER_SECOND, type Timestamp } from "../../hedera/timestamp.ts";
import { amount, count } from "../entry/field.ts";
import type { Obligation } from "../obligation.ts";
import type { State } from "../state.ts";
import type { Vital } from "../vitals.ts";
import { type Alarm, alarm } from "./alarm.ts";

/** How a running festival goes, as numbers to compare with. */
export const baselineSchema = z.object({
  v: z.literal(1),
  /** Seconds of consensus time that it was taken over. */
  seconds: count,
  /** Entries an hour. */
  entries_per_hour: count,
  /** From the moment an obligation is due until the entry that ends it, in milliseconds. */
  round_ms: z.object({ count, median: count, p90: count }),
  /** Tasks paid an hour. */
  tasks_per_hour: count,
  /** Fees of all agents in 24 hours, in tinybars. */
  fees_per_day: amount,
  /** Between two heartbeats of the same agent, in seconds. */
  heartbeat_gap_seconds: z.object({ count, median: count, p90: count }),
});

/** See {@link baselineSchema}. */
export type Baseline = z.output<typeof baselineSchema>;

/** Samples below which a median says nothing. */
const FEW = 10;

/** Takes the measure of a log as it is folded, from one moment on. */
export class Gauge {
  readonly #since: Timestamp;
  readonly #rounds: bigint[] = [];
  #entries = 0;
  #paid = 0;
  #first: Timestamp | null = null;
  #last: Timestamp | null = null;

  constructor(since: Timestamp) {
    this.#since = since;
  }

  /** Takes note of an entry, by the states before and after it. */
  note(before: State, after: State): void {
    const at = after.head?.timestamp ?? null;
    if (at === null || at < this.#since) return;
    this.#first ??= before.head?.timestamp ?? at;
    this.#last = at;
    this.#entries += 1;
    this.#paid += Math.max(0, (after.edition?.payments ?? 0) - (before.edition?.payments ?? 0));
    if (after.verdict?.kind !== "accepted" || after.obligations === before.obligations) return;
    const ended = [...before.obligations.values()].filter(({ id }) => !after.obligations.has(id));
    for (const obligation of ended.filter(isTimed)) {
      const round = at - obligation.due;
      if (round > 0n) this.#rounds.push(round / NANOS_PER_MILLI);
    }
  }

  /** The numbers up to now. @param vitals of all agents, over the same time */
  measure(vitals: readonly Vital[], feesPerDay: bigint): Baseline {
    const nanos = this.#first === null || this.#last === null ? 0n : this.#last - this.#first;
    const seconds = Number(nanos / NANOS_PER_SECOND);
    const perHour = (counted: number) => (seconds === 0 ? 0 : Math.round((counted * 3_600) / seconds));
    return {
      v: 1,
      seconds,
      entries_per_hour: perHour(this.#entries),
      round_ms: spreadOf(this.#rounds),
      tasks_per_hour: perHour(this.#paid),
      fees_per_day: feesPerDay,
      heartbeat_gap_seconds: spreadOf(heartbeatGaps(vitals)),
    };
  }
}

/** Watches and deadlines wait for a time, not for an agent. */
function isTimed({ kind }: Obligation): boolean {
  return kind !== "watch" && kind !== "expire";
}

function heartbeatGaps(vitals: readonly Vital[]): readonly bigint[] {
  const beats = vitals.filter(({ name }) => name === "heartbeat");
  return [...Map.groupBy(beats, ({ body }) => body.payload.agent_id).values()].flatMap((own) => {
    const times = own.map(({ stamp }) => stamp.timestamp).toSorted((a, b) => (a < b ? -1 : 1));
    return times.slice(1).map((time, at) => (time - (times[at] ?? time)) / NANOS_PER_SECOND);
  });
}

function spreadOf(values: readonly bigint[]): Baseline["round_ms"] {
  const sorted = values.map(Number).toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { count: sorted.length, median: at(0.5), p90: at(0.9) };
}

/**
 * Where it goes so many times as badly as it did: slower rounds, fewer tasks
 * while there is work, higher fees, longer gaps between heartbeats. What was
 * measured on too few samples says nothing.
 */
export function offBaseline(
  pair: { readonly was: Baseline; readonly is: Baseline } | null,
  times: number,
): readonly Alarm[] {
  if (pair === null) return [];
  const { was, is } = pair;
  const higher = (about: string, before: number, now: number, unit: string) =>
    before > 0 && now >= before * times ? [off(about, `is ${now} ${unit}`, String(before))] : [];
  const rounds = isEnough(was.round_ms) && isEnough(is.round_ms);
  const beats = isEnough(was.heartbeat_gap_seconds) && isEnough(is.heartbeat_gap_seconds);
  const fewer = is.tasks_per_hour > 0 && is.tasks_per_hour * times <= was.tasks_per_hour;
  return [
    ...(rounds ? higher("round time", was.round_ms.median, is.round_ms.median, "ms") : []),
    ...(beats
      ? higher("heartbeat gap", was.heartbeat_gap_seconds.p90, is.heartbeat_gap_seconds.p90, "s")
      : []),
    ...higher("fees per day", Number(was.fees_per_day), Number(is.fees_per_day), "tinybars"),
    ...(fewer ? [off("tasks per hour", `is ${is.tasks_per_hour}`, String(was.tasks_per_hour))] : []),
  ];
}

function off(about: string, now: string, before: string): Alarm {
  return alarm("off_baseline", about, `${about} ${now}, it was ${before} when the baseline was taken`);
}

function isEnough({ count: samples }: Baseline["round_ms"]): boolean {
  return samples >= FEW;
}
