/**
 * A week of forecasts on a devnet whose clock is advanced from one duty to the next: every one whose
 * hour has come is scored, and what the page shows of it is what anybody finds with the mirror's REST alone.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import pino from "pino";
import { assigning } from "../lib/agent/duty/assigning.ts";
import { evidenceOf } from "../lib/agent/duty/evidence.ts";
import { planning } from "../lib/agent/duty/planning.ts";
import { scoring } from "../lib/agent/duty/scoring.ts";
import { settling } from "../lib/agent/duty/settling.ts";
import { working } from "../lib/agent/duty/working.ts";
import type { Performers } from "../lib/agent/duty.ts";
import { type Pass, runLoop } from "../lib/agent/loop.ts";
import { matchEvidence } from "../lib/agent/proof/evidence.ts";
import { WORK } from "../lib/agent/work/kinds.ts";
import { type Devnet, startDevnet } from "../lib/devnet/devnet.ts";
import { checkpointOf } from "../lib/festival/checkpoint/checkpoint.ts";
import { type Body, encodeEntry } from "../lib/festival/entry/entry.ts";
import type { Plan, PlannedTask } from "../lib/festival/plan/plan.ts";
import { LedgerIndex } from "../lib/festival/proof/ledger-index.ts";
import type { State } from "../lib/festival/state.ts";
import { TINYBARS_PER_HBAR } from "../lib/hedera/amount.ts";
import type { AccountId, TopicId } from "../lib/hedera/id.ts";
import { addSeconds, NANOS_PER_MILLI, NANOS_PER_SECOND, type Timestamp } from "../lib/hedera/timestamp.ts";
import { createAccount } from "../lib/ledger/accounts.ts";
import { type Ledger, openLedger } from "../lib/ledger/client.ts";
import { SigningKey } from "../lib/ledger/key.ts";
import { associate, createToken } from "../lib/ledger/tokens.ts";
import { createTopic } from "../lib/ledger/topics.ts";
import { createMirror, type Mirror } from "../lib/mirror/client.ts";
import { systemClock } from "../lib/mirror/clock.ts";
import type { Message } from "../lib/mirror/message.ts";
import type { ExchangeRate } from "../lib/mirror/network.ts";
import { itemsFrom } from "../lib/mirror/page.ts";
import { createWake } from "../lib/mirror/wake.ts";
import { skillsOf } from "../site/src/ledger/inference.ts";
import { entriesOf, type RawEntry } from "./testing/rest.ts";

setDefaultTimeout(600_000);

const DAYS = 7;
/** An hour would take three times as long to play. */
const EVERY_HOURS = 3;
const HORIZONS = [1, 6, 24] as const;
const HOUR = 3_600;

let devnet: Devnet;
let log: TopicId;
let state: State;
let entries: readonly RawEntry[];
const stopping = new AbortController();
const open: Ledger[] = [];
const loops: Promise<void>[] = [];

/** The devnet's time; sleeps are short looks at it, so that they end when it is advanced. */
const clock = {
  ...systemClock,
  now: () => devnet.clock.now(),
  sleep: async (milliseconds: number, signal?: AbortSignal) => {
    const end = devnet.clock.now() + BigInt(Math.ceil(milliseconds)) * NANOS_PER_MILLI;
    while (devnet.clock.now() < end && !signal?.aborted) {
      const left = Number((end - devnet.clock.now()) / NANOS_PER_MILLI) + 1;
      await systemClock.sleep(Math.min(20, left), signal);
    }
  },
};

beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  const key = SigningKey.generate("ED25519");
  const { accountId, privateKey } = devnet.operator;
  const operator = ledgerOf(accountId, SigningKey.parse({ type: "ED25519", hex: privateKey }));
  const account = () => createAccount(operator, { key: key.publicKey, balance: 10_000n * TINYBARS_PER_HBAR });
  const coordinator = ledgerOf(await account(), key);
  const inference = ledgerOf(await account(), key);
  const token = await createToken(operator, {
    name: "Festival",
    symbol: "FEST",
    decimals: 0,
    initialSupply: 1_000_000_000n,
    treasury: coordinator.account,
    signers: [key],
  });
  await associate(inference, { token });
  log = await createTopic(operator, { submitKeys: [operator.publicKey, key.publicKey], memo: "log" });
  const manifest: Body<"manifest"> = {
    v: 1,
    type: "manifest",
    payload: {
      festival: { id: "W", name: "A week" },
      roles: {
        coordinator: { coordinator: coordinator.account },
        inference: { "inference-001": inference.account },
      },
      token,
      vitals: log,
      heartbeat_seconds: 60,
      limits: { reward: 100n, attempts: 3, lease_seconds: 120 },
    },
  };
  await operator.say(log, encodeEntry(manifest));
  loop("inference-001", inference, working(WORK));
  loop("coordinator", coordinator, {
    ...planning(weekPlan(), null),
    ...assigning,
    ...settling(evidenceOf(WORK)),
    ...scoring,
  });
  await playUntil(addSeconds(clock.now(), DAYS * 24 * HOUR));
  stopping.abort();
  await Promise.all(loops);
  entries = await entriesOf(devnet.network.mirror, log);
});
afterAll(async () => {
  stopping.abort();
  for (const ledger of open) ledger.close();
  await devnet.stop();
});

function ledgerOf(account: AccountId, key: SigningKey): Ledger {
  const ledger = openLedger({ network: devnet.network, account, key, clock });
  open.push(ledger);
  return ledger;
}

/** An edition every few hours; each gathers three days of rates and forecasts an hour, six hours and a day ahead. */
function weekPlan(): Plan {
  const task = (id: string, kind: string, spec: Partial<PlannedTask["spec"]>): PlannedTask => ({
    id,
    spec: { name: kind, kind, role: "inference", reward: 10n, ...spec },
    file: `${id}.md`,
    placeOf: () => ({ file: "plan", line: 1 }),
  });
  return {
    id: "week",
    name: "A week of forecasts",
    everySeconds: EVERY_HOURS * HOUR,
    phases: [{ id: "1", name: "Forecast" }],
    sequences: [{ id: "1.1", name: "Forecast" }],
    tasks: [
      task("1.1.1", "gather", { input: { hours: 72 } }),
      ...HORIZONS.map((horizon_hours, index) =>
        task(`1.1.${index + 2}`, "forecast", { input: { horizon_hours }, uses: { rates: "1.1.1" } }),
      ),
    ],
    gates: 0,
  };
}

function loop(agent: string, ledger: Ledger, performers: Performers): void {
  const mirror = createMirror({ baseUrl: devnet.network.mirror, clock });
  const logger = pino({ level: "warn" });
  const onPass = (pass: Pass) => {
    if (agent === "coordinator" && pass.caughtUp) state = pass.state;
  };
  const pace = { minMs: 2, pollMs: 5, idleMs: 20 };
  const options = { agent, log, mirror, ledger, performers, clock, logger, pace, onPass };
  loops.push(runLoop({ ...options, wake: createWake(), signal: stopping.signal }));
}

/** Lets the agents work, and whenever nobody owes anything for now, goes on to when somebody does. */
async function playUntil(end: Timestamp): Promise<void> {
  while (clock.now() < end) {
    await systemClock.sleep(3);
    const dues = [...(state?.obligations.values() ?? [])].map(({ base }) => base);
    const [next] = dues.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
    if (next === undefined) continue;
    const ahead = next - clock.now();
    if (ahead > NANOS_PER_SECOND) await devnet.clock.advance(Number(ahead / NANOS_PER_SECOND));
  }
}

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
  const { current_rate: current, next_rate: next } = await (await fetch(devnet.network.mirror + path)).json();
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
  const mirror = createMirror({ baseUrl: devnet.network.mirror });
  const messages: Message[] = [];
  const first = await mirror.topicMessages({ topic: log, limit: 100, order: "asc" });
  for await (const message of itemsFrom(first)) messages.push(message);
  const scored = entries.filter(({ type }) => type === "forecast_scored");
  const wanted = (sequence: number) => scored.some((entry) => entry.sequence === sequence);
  const index = new LedgerIndex(log);
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
