/** Trades that must not happen, on real processes: the ledger shows that nothing moved, the log says why, the next trade works. */
import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { addSeconds, fromMillis, parseTimestamp } from "../lib/hedera/timestamp.ts";
import { transferLegs } from "../lib/ledger/accounts.ts";
import { Insider } from "./testing/insider.ts";
import { allOf, oneOf, type RawEntry } from "./testing/rest.ts";
import { openStage, type Stage, type StageOptions } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(300_000);

const TRADE = "3.1.1";
/** A quote stands for two thirds of a lease. */
const SHORT = { leaseSeconds: 24 };
const HBAR = 100_000_000n;

const of = (type: string) => (entry: RawEntry) => entry.type === type && entry.task_id === TRADE;
const result = of("task_result");
const script = (name: string) => join(import.meta.dir, "testing", `${name}.ts`);

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage({ latency: "250ms", endowment: SHORT, ...options });
  closers.push(() => stage.stop());
  return stage;
}

/** Transactions that moved the fund since the festival began, as the mirror has them. */
async function fundMoves(stage: Stage) {
  const [first] = await stage.until(({ sequence }) => sequence === 1);
  const { fund } = stage.festival.accounts;
  const path = `transactions?account.id=${fund}&timestamp=gt:${first?.timestamp}&limit=100&order=asc`;
  const all = await allOf(stage.mirror, path, "transactions");
  return all.filter(({ transfers, token_transfers }) =>
    [...transfers, ...token_transfers].some(({ account }) => account === fund),
  );
}

/** Waits for the first trade that works: it is the only thing that ever moved the fund. */
async function expectNextTradeWorks(stage: Stage): Promise<readonly RawEntry[]> {
  const entries = await stage.until(of("trade_settled"));
  const settled = entries.find(of("trade_settled"));
  const moves = await fundMoves(stage);
  expect(moves.map(({ consensus_timestamp: at, result: status }) => [at, status])).toEqual([
    [settled?.payload.executed, "SUCCESS"],
  ]);
  return entries;
}

/** The schedule that a trade asked for is there, and never executed. */
async function expectNotExecuted(stage: Stage, requested: RawEntry | undefined): Promise<void> {
  const schedule = await oneOf(stage.mirror, `schedules/${requested?.payload.schedule_id}`);
  expect(schedule).toMatchObject({ executed_timestamp: null });
}

const failedChecks = (entry: RawEntry | undefined) =>
  entry?.payload.checks
    .filter(({ passed }: { passed: boolean }) => !passed)
    .map(({ name }: { name: string }) => name);

describe("a schedule that is not the quote", () => {
  test("is signed by nobody, whether its price is worse or it goes to another account", async () => {
    const stage = await open({ scripts: { "defi-001": script("crooked-defi") } });
    const entries = await stage.until(
      (entry, _, all) => of("risk_check_denied")(entry) && all.filter(of("risk_check_denied")).length === 2,
    );
    expect(await fundMoves(stage)).toEqual([]);
    const [worse, elsewhere] = entries.filter(of("risk_check_denied"));
    for (const denied of [worse, elsewhere]) {
      expect(failedChecks(denied)).toEqual(expect.arrayContaining(["schedule_is_quote", "desk_signed"]));
    }
    const why = (denied: RawEntry | undefined) =>
      denied?.payload.checks.find(({ name }: { name: string }) => name === "schedule_is_quote").value;
    expect(why(worse)).toContain("token units: no leg");
    expect(why(elsewhere)).toContain("tinybars: no leg");
    for (const requested of entries.filter(of("risk_check_requested")).slice(0, 2)) {
      await expectNotExecuted(stage, requested);
    }
    await expectNextTradeWorks(stage);
  });
});

describe("an approval that comes to nothing", () => {
  test("because the quote expired before the coordinator signed moves nothing", async () => {
    const stage = await open({ scripts: { coordinator: script("late-coordinator") } });
    const entries = await stage.until(of("trade_failed"));
    expect(entries.find(of("risk_check_approved"))).toBeDefined();
    expect(entries.find(of("trade_failed"))?.payload.reason).toBe("the quote expired before all had signed");
    expect(await fundMoves(stage)).toEqual([]);
    await expectNotExecuted(stage, entries.find(of("risk_check_requested")));
    await expectNextTradeWorks(stage);
  });

  test("because the transfer fails at execution, all signatures given, moves nothing, and says the status", async () => {
    const stage = await open();
    const { pool, desk } = stage.festival.accounts;
    const signers = [stage.deployment.keyOf("desk")];
    const { owner } = stage.crew;
    const quoted = (await stage.until(of("quote"))).find(of("quote"));
    expect(quoted?.payload.side).toBe("buy");
    const move = (amount: bigint, memo: string) =>
      transferLegs(owner, {
        hbar: [
          { account: pool, amount: -amount },
          { account: desk, amount },
        ],
        tokens: [],
        memo,
        signers,
      });
    const held = BigInt((await oneOf(stage.mirror, `balances?account.id=${pool}`)).balances[0].balance);
    await move(held - HBAR, "the desk empties its pool");
    const entries = await stage.until(of("trade_failed"));
    await move(-(held - HBAR), "and fills it again");
    expect(entries.find(of("risk_check_approved"))).toBeDefined();
    const { reason } = entries.find(of("trade_failed"))?.payload ?? {};
    expect(reason).toMatch(/^the transfer failed: INSUFFICIENT_/);
    const requested = entries.find(of("risk_check_requested"));
    const schedule = await oneOf(stage.mirror, `schedules/${requested?.payload.schedule_id}`);
    expect(schedule.signatures).toHaveLength(3);
    expect((await fundMoves(stage)).filter(({ result: status }) => status === "SUCCESS")).toEqual([]);
    const settled = (await stage.until(of("trade_settled"))).find(of("trade_settled"));
    const moves = (await fundMoves(stage)).filter(({ result: status }) => status === "SUCCESS");
    expect(moves.map(({ consensus_timestamp: at }) => at)).toEqual([settled?.payload.executed]);
  });
});

describe("a party that falls silent", () => {
  test("the coordinator, once it was asked for a price: the quote expires, and it denies it when it is back", async () => {
    const stage = await open();
    await stage.until(of("quote_requested"));
    await stage.agents.dismiss("coordinator", "SIGKILL");
    const requested = (await stage.until(of("risk_check_requested"))).find(of("risk_check_requested"));
    const quoted = (await stage.until(of("quote"))).find(of("quote"));
    await expired(quoted);
    expect(await fundMoves(stage)).toEqual([]);
    await expectNotExecuted(stage, requested);
    stage.run(stage.crew.member("coordinator"));
    const denied = (await stage.until(of("risk_check_denied"))).find(of("risk_check_denied"));
    expect(failedChecks(denied)).toContain("quote_left_s");
    await expectNextTradeWorks(stage);
  });

  test("the desk, after the fund's agent signed: the coordinator does not sign, and nothing moves", async () => {
    const stage = await open();
    await stage.until(of("quote"));
    await stage.agents.dismiss("desk-001", "SIGKILL");
    const entries = await stage.until(of("risk_check_denied"));
    const requested = entries.find(of("risk_check_requested"));
    expect(failedChecks(entries.find(of("risk_check_denied")))).toContain("desk_signed");
    expect(await fundMoves(stage)).toEqual([]);
    const schedule = await oneOf(stage.mirror, `schedules/${requested?.payload.schedule_id}`);
    expect(schedule).toMatchObject({ executed_timestamp: null, signatures: [expect.anything()] });
    stage.run(stage.crew.member("desk-001"));
    await expectNextTradeWorks(stage);
  });
});

describe("a second quote", () => {
  test("for what was quoted does not count, from another process of the desk or by its key", async () => {
    const stage = await open();
    stage.run(stage.crew.member("desk-001"), "desk-001 again");
    const desk = Insider.withKeyOf("desk-001", stage);
    closers.push(() => desk.close());
    const quoted = (await stage.until(of("quote"))).find(of("quote"));
    const { re, payload } = quoted ?? {};
    const better = { ...payload, tokens: String(BigInt(payload.tokens) * 2n) };
    const verdict = await desk.say({ v: 1, type: "quote", re, task_id: TRADE, payload: better });
    expect(verdict.kind).toBe("refused");
    const entries = await expectNextTradeWorks(stage);
    const settled = entries.find(of("trade_settled"));
    expect(settled?.payload.tokens).toBe(payload.tokens);
    expect(
      entries.filter(
        (entry) => of("quote")(entry) && entry.re === re && entry.payload.tokens === payload.tokens,
      ),
    ).toHaveLength(1);
  });
});

describe("a fund that has lost too much by trading", () => {
  test("trades no more, and says why, until its owner has spoken", async () => {
    const stage = await open({ endowment: {}, planChanges: { everySeconds: 1 } });
    await stage.until(of("trade_settled"));
    const { fund, pool } = stage.festival.accounts;
    const token = stage.festival.stablecoin;
    // A fifth of the fund for next to nothing, by everybody's key.
    await transferLegs(stage.crew.owner, {
      hbar: [
        { account: fund, amount: -2_000n * HBAR },
        { account: pool, amount: 2_000n * HBAR },
      ],
      tokens: [
        { token, account: fund, amount: 1n },
        { token, account: pool, amount: -1n },
      ],
      memo: "a bad trade",
      signers: [
        stage.deployment.keyOf("defi"),
        stage.deployment.keyOf("coordinator"),
        stage.deployment.keyOf("desk"),
      ],
    });
    await untilMoved(stage, 2);
    const halted = (entry: RawEntry) =>
      result(entry) && /drawdown_bps \d+ <=1000/.test(entry.payload.output?.reason ?? "");
    const entries = await stage.until(halted);
    expect(entries.find(halted)?.payload.output.outcome).toBe("held");
    expect(await fundMoves(stage)).toHaveLength(2);
    // Whatever the owner changes, it is a new manifest.
    for (const hired of await stage.crew.add("inference", "inference-002")) stage.run(hired);
    await stage.until((_, __, all) => all.filter(of("trade_settled")).length === 2);
    expect(await fundMoves(stage)).toHaveLength(3);
  });
});

/** Waits until the mirror node has as many movements of the fund. */
async function untilMoved(stage: Stage, count: number): Promise<void> {
  while ((await fundMoves(stage)).length < count) await Bun.sleep(100);
}

async function expired(quoted: RawEntry | undefined): Promise<void> {
  const end = addSeconds(parseTimestamp(quoted?.payload.expires ?? "0.000000000"), 3);
  while (fromMillis(Date.now()) < end) await Bun.sleep(200);
}
