import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { TINYBARS_PER_HBAR } from "../hedera/amount.ts";
import { addSeconds } from "../hedera/timestamp.ts";
import { transferHbar } from "../ledger/accounts.ts";
import { type Stage, setStage } from "../ledger/testing/stage.ts";
import { createMirror, type Mirror } from "../mirror/client.ts";
import { type Clock, systemClock } from "../mirror/clock.ts";
import type { Hold } from "./guard.ts";
import { createLogger } from "./logger.ts";
import { Purse, type SpendingLimits } from "./purse.ts";
import { runwayDays, spentInADay, spentPerDay } from "./spending.ts";

let stage: Stage;
let mirror: Mirror;
const text = (words: string) => new TextEncoder().encode(words);

beforeAll(async () => {
  stage = await setStage();
  mirror = createMirror({ baseUrl: stage.devnet.network.mirror });
});
afterAll(() => stage.close());

function purseOf(limits: SpendingLimits, clock: Clock = systemClock) {
  const told: Hold[] = [];
  const { account } = stage.worker;
  const logger = createLogger("worker", "silent");
  const purse = new Purse({ account, limits, mirror, logger, clock, onHold: (hold) => told.push(hold) });
  return { purse, told };
}

/** What the worker was charged, by its balance alone: it moves nothing else. */
async function chargedFor(act: () => Promise<unknown>): Promise<bigint> {
  const balance = () => stage.devnet.ledger.accounts.get(stage.worker.account)?.balance ?? 0n;
  const before = balance();
  await act();
  return before - balance();
}

describe("an agent's spending", () => {
  test("is the fees that it was charged itself, to the tinybar, of what failed as well", async () => {
    const { worker, coordinator, topic } = stage;
    const spent = () => spentInADay(mirror, worker.account, systemClock.now());
    const before = await spent();
    const charged = await chargedFor(async () => {
      await worker.ledger.say(topic, text("a"));
      await worker.ledger.say("0.0.9999", text("on no topic"));
    });
    await transferHbar(coordinator.ledger, { to: worker.account, amount: 1n });
    expect(charged).toBeGreaterThan(0n);
    expect((await spent()) - before).toBe(charged);
    expect(await spentPerDay(mirror, worker.account, systemClock.now())).toBe(await spent());
    // Two transactions of the last seconds, kept up for a day, are more than all that there were.
    expect(await spentPerDay(mirror, worker.account, systemClock.now(), 2)).toBeGreaterThan(await spent());
  });

  test("of more than a day ago counts no more", async () => {
    const later = addSeconds(systemClock.now(), 86_500);
    expect(await spentInADay(mirror, stage.worker.account, later)).toBe(0n);
  });

  test("tells for how many days a balance lasts", () => {
    expect(runwayDays(100n, 30n)).toBe(3);
    expect(runwayDays(100n, 0n)).toBeNull();
  });
});

describe("an agent's purse", () => {
  test("is open within budget and above the floor", async () => {
    const { purse, told } = purseOf({ perDay: 50n * TINYBARS_PER_HBAR, floor: TINYBARS_PER_HBAR });
    await purse.look();
    expect(purse.admit()).toBeNull();
    expect(told).toEqual([]);
  });

  test("closes when the budget of a day is spent, says so once, and opens when the day has passed", async () => {
    const { worker, topic } = stage;
    const spent = await spentInADay(mirror, worker.account, systemClock.now());
    let passed = 0;
    const clock: Clock = { ...systemClock, now: () => addSeconds(systemClock.now(), passed) };
    const { purse, told } = purseOf({ perDay: spent + 1n, floor: 0n }, clock);
    await purse.look();
    expect(purse.hold).toBeNull();
    await worker.ledger.say(topic, text("one more"));
    await purse.look();
    await purse.look();
    expect(purse.admit()?.code).toBe("BUDGET_SPENT");
    expect(told.map(({ code }) => code)).toEqual(["BUDGET_SPENT"]);
    passed = 86_400 + 601;
    await purse.look();
    expect(purse.hold).toBeNull();
  });

  test("closes below the floor, and opens as soon as the account is filled up", async () => {
    const { operator, worker } = stage;
    const { balance = 0n } = stage.devnet.ledger.accounts.get(worker.account) ?? {};
    const { purse, told } = purseOf({ perDay: null, floor: balance + 1n });
    await purse.look();
    expect(purse.admit()?.code).toBe("BALANCE_LOW");
    await transferHbar(operator, { to: worker.account, amount: 1n });
    await purse.look();
    expect(purse.admit()).toBeNull();
    expect(told).toHaveLength(1);
  });

  test("stays as it was while the mirror node can't be read", async () => {
    const { account } = stage.worker;
    const logger = createLogger("worker", "silent");
    let readable = true;
    const source: Pick<Mirror, "balance" | "transactions"> = {
      transactions: mirror.transactions,
      balance: (id) => (readable ? mirror.balance(id) : Promise.reject(new Error("down"))),
    };
    const limits = { perDay: null, floor: 10n ** 18n };
    const options = { account, limits, mirror: source, logger, clock: systemClock };
    const purse = new Purse({ ...options, onHold: () => undefined });
    await purse.look();
    readable = false;
    await purse.look();
    expect(purse.hold?.code).toBe("BALANCE_LOW");
  });
});
