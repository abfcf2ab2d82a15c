import { afterEach, expect, test } from "bun:test";
import { EMPTY_STATE, type State } from "../festival/state.ts";
import { ACCOUNTS } from "../festival/testing/log.ts";
import { go, stage } from "../festival/testing/stage.ts";
import { addSeconds, fromMillis } from "../hedera/timestamp.ts";
import { createMirror } from "../mirror/client.ts";
import { systemClock } from "../mirror/clock.ts";
import type { FollowState } from "../mirror/follow.ts";
import { Duty } from "./duty.ts";
import type { Hold } from "./guard.ts";
import type { Pass } from "./loop.ts";
import { Observatory } from "./observatory.ts";
import { type CheckStatus, checksOf, type Health } from "./readiness.ts";

const NOW = fromMillis(1_800_000_000_000);
const FAR = addSeconds(systemClock.now(), 3_600);
const SELF = { agent: "inference-001", account: ACCOUNTS.inference };
const { state } = stage({ "1.1.1": {} });

function passOf(at: State = state): Pass {
  return { state: at, caughtUp: true, last: null, active: [] };
}

function followOf(change: Partial<FollowState> = {}): FollowState {
  return {
    phase: "live",
    position: null,
    provenAt: addSeconds(NOW, -3),
    failures: 0,
    error: null,
    ...change,
  };
}

const WELL: Health = {
  pass: passOf(),
  passedAt: addSeconds(NOW, -1),
  follow: followOf(),
  said: { outcome: { kind: "executed", already: false }, at: addSeconds(NOW, -7) },
  hold: () => null,
};

/** The status of each check by its name. */
function statuses(change: Partial<Health>): Readonly<Record<string, CheckStatus>> {
  return Object.fromEntries(
    checksOf({ ...WELL, ...change }, SELF, NOW).map(({ name, status }) => [name, status]),
  );
}

const PASS: Readonly<Record<string, CheckStatus>> = {
  mirror: "pass",
  log: "pass",
  manifest: "pass",
  network: "pass",
  spending: "pass",
};

test("each check has a name, a status, a time and an age", () => {
  expect(checksOf(WELL, SELF, NOW).map(({ name, age_seconds }) => [name, age_seconds])).toEqual([
    ["mirror", 3],
    ["log", 1],
    ["manifest", expect.any(Number)],
    ["network", 7],
    ["spending", 1],
  ]);
  expect(statuses({})).toEqual(PASS);
  expect(checksOf(WELL, SELF, NOW)[3]?.time).toBe("1799999993.000000000");
});

test("each check fails for its own cause", () => {
  const hold: Hold = { code: "BALANCE_LOW", message: "it has too little" };
  expect(statuses({ follow: followOf({ provenAt: addSeconds(NOW, -60) }) })).toEqual({
    ...PASS,
    mirror: "fail",
  });
  expect(statuses({ follow: null })).toEqual({ ...PASS, mirror: "fail" });
  expect(statuses({ pass: { ...passOf(), caughtUp: false } })).toEqual({ ...PASS, log: "fail" });
  expect(statuses({ pass: passOf(EMPTY_STATE) })).toEqual({ ...PASS, manifest: "fail" });
  expect(statuses({ said: { outcome: { kind: "pending", status: "TIMEOUT" }, at: NOW } })).toEqual({
    ...PASS,
    network: "fail",
  });
  expect(statuses({ said: null, hold: () => hold })).toEqual({ ...PASS, network: "warn", spending: "warn" });
});

test("an agent that the manifest binds to another account is not ready", () => {
  const [check] = checksOf(WELL, { ...SELF, account: ACCOUNTS.desk }, NOW).filter(
    ({ name }) => name === "manifest",
  );
  expect(check).toMatchObject({ status: "fail", message: expect.stringContaining(ACCOUNTS.inference) });
});

/** A duty that nothing is sent for. */
function dutyOf(signal: AbortSignal = new AbortController().signal): Duty {
  const mirror = createMirror({ baseUrl: "http://127.0.0.1:9" });
  const ledger = { perform: () => Promise.reject(new Error("nothing is sent")) };
  const [obligation] = state.obligations.values();
  if (obligation === undefined) throw new Error("nothing is owed");
  const around = { mirror, ledger, clock: systemClock, signal, memory: new Map() };
  return new Duty({ state, obligation, window: 0, log: "0.0.7", ...around });
}

let observatory: Observatory | undefined;
afterEach(() => observatory?.stop());

function observe(hold: Hold | null = null): (path: string) => Promise<Response> {
  observatory = new Observatory({
    port: 0,
    self: SELF,
    version: "1.2.3",
    network: "devnet",
    log: "0.0.7",
    means: () => ({ balance: 5_000_000_000_000_001n, spent: null }),
    hold: () => hold,
    clock: systemClock,
  });
  const { port } = observatory;
  return (path) => fetch(`http://127.0.0.1:${port}${path}`);
}

test("a process that turns is live from its first moment, and ready once every check passes", async () => {
  const get = observe();
  expect((await get("/healthz")).status).toBe(200);
  const before = await get("/readyz");
  expect([before.status, (await before.json()).ok]).toEqual([503, false]);
  observatory?.passed(passOf());
  observatory?.followed(followOf({ provenAt: systemClock.now() }));
  observatory?.said({ kind: "executed", already: false });
  const after = await get("/readyz");
  expect(after.status).toBe(200);
  const body = await after.json();
  expect(body).toMatchObject({ ok: true, status: "ok", agent: SELF.agent, sequence: state.head?.sequence });
  expect(body.checks.map(({ name }: { name: string }) => name)).toEqual(Object.keys(PASS));
});

test("what an agent owes is counted once it is due", async () => {
  const get = observe();
  const log = stage({ "1.1.1": {} });
  go(log, "1.1.1", "assign");
  observatory?.passed(passOf(log.state));
  const owed = async () =>
    (await (await get("/metrics")).text()).split("\n").filter((line) => line.startsWith("fest_obligations{"));
  expect(await owed()).toContain(`fest_obligations{kind="execute",agent="${SELF.agent}"} 1`);
  const later = new Map([...log.state.obligations].map(([id, one]) => [id, { ...one, due: FAR }]));
  observatory?.passed(passOf({ ...log.state, obligations: later }));
  expect(await owed()).toEqual([]);
});

test("metrics are Prometheus' text, read off the agent when they are asked for", async () => {
  const get = observe({ code: "BUDGET_SPENT", message: "no more today" });
  observatory?.passed(passOf());
  observatory?.said({ kind: "executed", already: false });
  observatory?.said({ kind: "pending", status: "TIMEOUT" });
  const performers = observatory?.measured({
    start: async () => ({ kind: "executed", already: false }),
    settle: () => Promise.reject(new Error("no")),
    execute: async () => ({ kind: "pending", status: "ABORTED" }),
  });
  await performers?.start?.(dutyOf());
  await performers?.settle?.(dutyOf()).catch(() => undefined);
  await performers?.execute?.(dutyOf(AbortSignal.abort()));
  const response = await get("/metrics");
  expect(response.headers.get("content-type")).toStartWith("text/plain; version=0.0.4");
  const lines = (await response.text()).split("\n");
  const agent = `agent="${SELF.agent}"`;
  const wanted = [
    `fest_info{version="1.2.3",network="devnet",log="0.0.7",${agent}} 1`,
    `fest_log_sequence{${agent}} ${state.head?.sequence}`,
    `fest_balance_tinybars{${agent}} 5000000000000001`,
    `fest_holding{code="BUDGET_SPENT",${agent}} 1`,
    `fest_ready{check="mirror",${agent}} 0`,
    `fest_ready{check="log",${agent}} 1`,
    `fest_vitals_total{outcome="pending",${agent}} 1`,
    `fest_effects_total{kind="start",outcome="executed",${agent}} 1`,
    `fest_effects_total{kind="settle",outcome="error",${agent}} 1`,
    `fest_effects_total{kind="execute",outcome="overtaken",${agent}} 1`,
    `fest_effect_seconds_count{${agent},kind="start"} 1`,
    `fest_entries{verdict="accepted",${agent}} ${state.counts.accepted}`,
  ];
  expect(wanted.filter((line) => !lines.includes(line))).toEqual([]);
  expect(lines.some((line) => line.startsWith("process_resident_memory_bytes"))).toBe(true);
});
