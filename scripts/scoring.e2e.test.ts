/**
 * A week of forecasts on a devnet whose clock is advanced from one duty to the next: every one whose
 * hour has come is scored, and what the page shows of it is what anybody finds with the mirror's REST alone.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { foldLog } from "../lib/agent/fold-log.ts";
import { matchEvidence } from "../lib/agent/proof/evidence.ts";
import { checkpointOf } from "../lib/festival/checkpoint/checkpoint.ts";
import { LedgerIndex } from "../lib/festival/proof/ledger-index.ts";
import type { State } from "../lib/festival/state.ts";
import { addSeconds, NANOS_PER_SECOND } from "../lib/hedera/timestamp.ts";
import { createMirror, type Mirror } from "../lib/mirror/client.ts";
import type { Message } from "../lib/mirror/message.ts";
import type { ExchangeRate } from "../lib/mirror/network.ts";
import { itemsFrom } from "../lib/mirror/page.ts";
import { skillsOf } from "../site/src/ledger/inference.ts";
import { forecastPlan, forecastTask, Hours } from "./testing/hours.ts";
import { entriesOf, type RawEntry } from "./testing/rest.ts";

setDefaultTimeout(600_000);

const DAYS = 7;
/** An hour would take three times as long to play. */
const EVERY_HOURS = 3;
const HORIZONS = [1, 6, 24] as const;
const HOUR = 3_600;

/** Every edition gathers three days of rates and forecasts an hour, six hours and a day ahead. */
const PLAN = forecastPlan(EVERY_HOURS, [
  forecastTask("1.1.1", "gather", { input: { hours: 72 } }),
  ...HORIZONS.map((horizon_hours, index) =>
    forecastTask(`1.1.${index + 2}`, "forecast", { input: { horizon_hours }, uses: { rates: "1.1.1" } }),
  ),
]);

let week: Hours;
let mirror: Mirror;
let state: State;
let entries: readonly RawEntry[];

beforeAll(async () => {
  week = await Hours.begin(PLAN);
  mirror = createMirror({ baseUrl: week.devnet.network.mirror });
  const end = addSeconds(week.devnet.clock.now(), DAYS * 24 * HOUR);
  await week.passUntil((_, now) => now >= end);
  await week.rest();
  state = await foldLog(mirror, week.log);
  entries = await entriesOf(week.devnet.network.mirror, week.log);
});
afterAll(() => week?.stop());

/** A forecast as a stranger reads it. */
interface Said {
  readonly model: string;
  readonly horizon: number;
  readonly hour: number;
  readonly last: number;
  readonly quantiles: readonly number[];
  readonly walk: readonly number[];
}

/** Every forecast that was paid, each once however often it was said. */
function saidForecasts(): readonly Said[] {
  const paid = new Set<string>();
  const results = new Map<string, RawEntry>();
  const said = new Map<string, Said>();
  let edition = 0;
  for (const entry of entries) {
    if (entry.type === "festival_plan") edition = entry.payload.edition;
    if (entry.type === "task_result") results.set(`${edition} ${entry.task_id}`, entry);
    if (entry.type === "payment_settled") paid.add(`${edition} ${entry.task_id}`);
  }
  for (const key of paid) {
    const output = results.get(key)?.payload.output;
    if (output?.q10_micro_usd === undefined) continue;
    const last = Number(output.last_micro_usd);
    const one = {
      model: `${output.engine}/${output.model}/${output.version}`,
      horizon: output.horizon_hours,
      hour: output.as_of + output.horizon_hours * HOUR,
      last,
      quantiles: [output.q10_micro_usd, output.q50_micro_usd, output.q90_micro_usd].map(Number),
      walk: [Number(output.walk_q10_micro_usd), last, Number(output.walk_q90_micro_usd)],
    };
    said.set(JSON.stringify(one), one);
  }
  return [...said.values()];
}

/** The network's rate at an hour, in micro-USD, from the mirror's REST. */
async function realisedAt(hour: number): Promise<number> {
  const path = `/api/v1/network/exchangerate?timestamp=lte:${hour}.000000000`;
  const { current_rate: current, next_rate: next } = await (
    await fetch(week.devnet.network.mirror + path)
  ).json();
  const { cent_equivalent, hbar_equivalent } = hour < current.expiration_time ? current : next;
  return (cent_equivalent * 10_000) / hbar_equivalent;
}

function pinball(quantiles: readonly number[], realised: number): number {
  const losses = [0.1, 0.5, 0.9].map((probability, index) => {
    const error = realised - (quantiles[index] ?? 0);
    return error >= 0 ? probability * error : (probability - 1) * error;
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / 3;
}

test("a week of forecasts was scored, each once, and none before its hour", () => {
  const scored = entries.filter(({ type }) => type === "forecast_scored");
  for (const horizon of HORIZONS) {
    const own = scored.filter(({ payload }) => payload.horizon_hours === horizon);
    expect(own.length).toBeGreaterThan((DAYS * 24 - horizon) / EVERY_HOURS - 4);
    expect(new Set(own.map(({ payload }) => payload.result)).size).toBe(own.length);
  }
  for (const { timestamp, payload } of scored) expect(Number(timestamp)).toBeGreaterThan(payload.hour);
  expect(entries.filter(({ type }) => type === "tick").length).toBe(0);
});

test("the page's skill, losses and coverage are those that the mirror's REST comes to", async () => {
  const now = Number(entries.at(-1)?.timestamp);
  const rows = skillsOf(state);
  expect(rows.map(({ name }) => name).toSorted()).toEqual(
    HORIZONS.map((horizon) => `embedded/ewma-t5/1 ${horizon}h`).toSorted(),
  );
  for (const horizon of HORIZONS) {
    const scored = new Set(
      entries
        .filter(({ type, payload }) => type === "forecast_scored" && payload.horizon_hours === horizon)
        .map(({ payload }) => payload.hour),
    );
    const over = saidForecasts().filter((said) => said.horizon === horizon && scored.has(said.hour));
    expect(over.every(({ hour }) => hour < now)).toBe(true);
    let model = 0;
    let walk = 0;
    let covered = 0;
    for (const { hour, last, quantiles, walk: baseline } of over) {
      const realised = await realisedAt(hour);
      model += pinball(quantiles, realised) / last;
      walk += pinball(baseline, realised) / last;
      covered += Number((quantiles[0] ?? 0) <= realised && realised <= (quantiles[2] ?? 0));
    }
    const row = rows.find(({ name }) => name.endsWith(` ${horizon}h`));
    expect(row?.count).toBe(over.length);
    expect(row?.skill ?? Number.NaN).toBeCloseTo(1 - model / walk, 6);
    expect(row?.pinballBps ?? 0).toBeCloseTo((model / over.length) * 10_000, 3);
    expect(row?.randomWalkBps ?? 0).toBeCloseTo((walk / over.length) * 10_000, 3);
    expect(row?.coverage).toBeCloseTo(covered / over.length, 12);
  }
});

test("an auditor looks up every rate again, and names the score that another rate was used for", async () => {
  const messages: Message[] = [];
  const first = await mirror.topicMessages({ topic: week.log, limit: 100, order: "asc" });
  for await (const message of itemsFrom(first)) messages.push(message);
  const scored = entries.filter(({ type }) => type === "forecast_scored");
  const wanted = (sequence: number) => scored.some((entry) => entry.sequence === sequence);
  const index = new LedgerIndex(week.log);
  const options = { messages, index, wanted, signal: new AbortController().signal };
  expect(await matchEvidence({ ...options, mirror })).toEqual({
    total: scored.length,
    matched: scored.length,
    problems: [],
  });

  const victim = scored[7];
  const hour = BigInt(victim?.payload.hour ?? 0) * NANOS_PER_SECOND;
  const other: Mirror = {
    ...mirror,
    exchangeRates: async (at, read) => {
      const rates = await mirror.exchangeRates(at, read);
      if (rates === null || at !== hour) return rates;
      const dearer = (rate: ExchangeRate) => ({ ...rate, centEquivalent: rate.centEquivalent + 1n });
      return { ...rates, current: dearer(rates.current), next: dearer(rates.next) };
    },
  };
  const { problems } = await matchEvidence({ ...options, mirror: other });
  const ofHour = scored.filter(({ payload }) => payload.hour === victim?.payload.hour);
  expect(problems.map(({ name, sequence }) => ({ name, sequence }))).toEqual(
    ofHour.map(({ sequence }) => ({ name: "score", sequence })),
  );
});

test("what waits for its score keeps the state small: one forecast an hour and horizon", () => {
  const waiting = [...state.forecasts.values()];
  expect(waiting.length).toBeGreaterThan(24 / EVERY_HOURS - 2);
  expect(waiting.length).toBeLessThanOrEqual((1 + 6 + 24) / EVERY_HOURS + HORIZONS.length);
  expect(checkpointOf(state, new Uint8Array(48))?.parts.length).toBeLessThan(40);
});
