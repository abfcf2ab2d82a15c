import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ScheduleId } from "../hedera/id.ts";
import { addSeconds, fromMillis, type Timestamp } from "../hedera/timestamp.ts";
import { type Clock, systemClock } from "../mirror/clock.ts";
import { createAccount, transferHbar } from "./accounts.ts";
import { type Ledger, openLedger } from "./client.ts";
import type { Action, Outcome } from "./effect.ts";
import { SigningKey } from "./key.ts";
import { type Actor, effectOf, type Stage, setStage } from "./testing/stage.ts";
import { associate, transferToken } from "./tokens.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

const now = () => fromMillis(Date.now());
/** A machine whose clock is wrong by some seconds. */
const clockAt = (seconds: number): Clock => ({ ...systemClock, now: () => addSeconds(now(), seconds) });
const say = (text: string): Action => ({ kind: "message", topic: stage.topic, message: Buffer.from(text) });
const messages = () => stage.devnet.ledger.topics.get(stage.topic)?.sequenceNumber ?? -1n;
const tokens = (account: string) =>
  stage.devnet.ledger.relations.get(`${account}/${stage.token}`)?.balance ?? 0n;

function pay(to: Actor["account"], amount: bigint): Action {
  const message = Buffer.from(`{"type":"payment_settled","payload":{"amount":"${amount}"}}`);
  return { kind: "payment", token: stage.token, to, amount, topic: stage.topic, message };
}

describe("a message", () => {
  test("is executed, with its sequence number", async () => {
    const before = messages();
    const { ledger, account } = stage.coordinator;
    expect(await ledger.perform(effectOf(account, say("one")))).toEqual({
      kind: "executed",
      already: false,
      sequence: before + 1n,
    });
    expect(messages()).toBe(before + 1n);
  });

  test("performed twice, one after the other, is one message with one outcome", async () => {
    const before = messages();
    const { ledger, account } = stage.worker;
    const effect = effectOf(account, say("twice"));
    const first = await ledger.perform(effect);
    expect(await ledger.perform(effect)).toEqual(first);
    expect(messages()).toBe(before + 1n);
  });

  test("performed at once by four processes is one message, and all four know it", async () => {
    const before = messages();
    const { account } = stage.coordinator;
    const effect = effectOf(account, say("by four"));
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map(() => stage.again(stage.coordinator).perform(effect)),
    );
    for (const outcome of outcomes) {
      expect(outcome).toEqual({ kind: "executed", already: false, sequence: before + 1n });
    }
    expect(messages()).toBe(before + 1n);
  });

  test("by somebody without the submit key fails, and says nothing", async () => {
    const before = messages();
    const outcome = await stage.operator.perform(effectOf(stage.operator.account, say("stranger")));
    expect(outcome).toEqual({ kind: "failed", status: "INVALID_SIGNATURE" });
    expect(messages()).toBe(before);
  });

  test("with no obligation behind it is said under an id of its own", async () => {
    const before = messages();
    const { ledger } = stage.worker;
    const outcomes = await Promise.all(["a", "b"].map((text) => ledger.say(stage.topic, Buffer.from(text))));
    expect(outcomes.map(({ kind }) => kind)).toEqual(["executed", "executed"]);
    expect(messages()).toBe(before + 2n);
  });
});

describe("a payment", () => {
  test("moves the tokens and says so", async () => {
    const before = messages();
    const { ledger, account } = stage.coordinator;
    const had = tokens(stage.worker.account);
    const outcome = await ledger.perform(effectOf(account, pay(stage.worker.account, 25n)));
    expect(outcome).toEqual({ kind: "executed", already: false });
    expect(tokens(stage.worker.account)).toBe(had + 25n);
    expect(messages()).toBe(before + 1n);
  });

  test("performed by two processes is paid once", async () => {
    const before = messages();
    const { account, ledger } = stage.coordinator;
    const had = tokens(stage.worker.account);
    const effect = effectOf(account, pay(stage.worker.account, 40n));
    const outcomes = await Promise.all([
      ledger.perform(effect),
      stage.again(stage.coordinator).perform(effect),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["executed", "executed"]);
    expect(tokens(stage.worker.account)).toBe(had + 40n);
    expect(messages()).toBe(before + 1n);
  });

  test("to somebody without the token fails by name, and nothing is said", async () => {
    const before = messages();
    const { account, ledger } = stage.coordinator;
    const outsider = await newcomer();
    const held = tokens(account);
    const effect = effectOf(account, pay(outsider.account, 10n));
    const failed: Outcome = { kind: "failed", status: "TOKEN_NOT_ASSOCIATED_TO_ACCOUNT" };
    expect(await ledger.perform(effect)).toEqual(failed);
    expect(await ledger.perform(effect)).toEqual(failed);
    expect(messages()).toBe(before);
    expect(tokens(account)).toBe(held);
  });

  test("of more than there is fails by name", async () => {
    const { account, ledger } = stage.coordinator;
    const outcome = await ledger.perform(effectOf(account, pay(stage.worker.account, 10_000_000n)));
    expect(outcome).toEqual({ kind: "failed", status: "INSUFFICIENT_TOKEN_BALANCE" });
  });

  test("without the right to speak moves nothing", async () => {
    const payer = await newcomer();
    await associate(payer.ledger, { token: stage.token });
    await transferToken(stage.coordinator.ledger, { token: stage.token, to: payer.account, amount: 30n });
    const had = tokens(stage.worker.account);
    const outcome = await payer.ledger.perform(effectOf(payer.account, pay(stage.worker.account, 30n)));
    expect(outcome).toEqual({ kind: "failed", status: "INVALID_SIGNATURE" });
    expect(tokens(stage.worker.account)).toBe(had);
    expect(tokens(payer.account)).toBe(30n);
  });
});

describe("a window", () => {
  test("that is over expires, without a word to the network", async () => {
    const { account, ledger } = stage.coordinator;
    const effect = effectOf(account, say("late"), addSeconds(now(), -400));
    expect(await ledger.perform(effect)).toEqual({ kind: "expired" });
  });

  test("that the network says is over expires, whatever our clock says", async () => {
    const { account, key } = stage.coordinator;
    const { network } = stage.devnet;
    const slow = openLedger({ network, account, key, clock: clockAt(-400) });
    const effect = effectOf(account, say("late"), addSeconds(now(), -400));
    expect(await slow.perform(effect)).toEqual({ kind: "expired" });
    slow.close();
  });

  test("of an effect that was executed in it still tells so at its end", async () => {
    const { account, key, ledger } = stage.coordinator;
    const effect = effectOf(account, say("in time"));
    const first = await ledger.perform(effect);
    const { network } = stage.devnet;
    const fast = openLedger({ network, account, key, clock: clockAt(170) });
    expect(await fast.perform(effect)).toEqual(first);
    fast.close();
  });

  test("that has not begun leaves the effect pending, and it can be performed then", async () => {
    const { account, ledger } = stage.coordinator;
    const effect = effectOf(account, say("early"), now() + 400_000_000n);
    const early: Outcome = { kind: "pending", status: "INVALID_TRANSACTION_START" };
    expect(await ledger.perform(effect)).toEqual(early);
    let outcome: Outcome = early;
    while (outcome.kind === "pending") {
      await Bun.sleep(100);
      outcome = await ledger.perform(effect);
    }
    expect(outcome.kind).toBe("executed");
  });
});

describe("refused before consensus:", () => {
  test("a key that isn't the account's", async () => {
    const { account } = stage.worker;
    const ledger = openLedger({ network: stage.devnet.network, account, key: SigningKey.generate() });
    expect(await ledger.perform(effectOf(account, say("forged")))).toEqual({
      kind: "refused",
      status: "INVALID_SIGNATURE",
      curable: false,
    });
    ledger.close();
  });

  test("an account that doesn't exist", async () => {
    const { network } = stage.devnet;
    const ledger = openLedger({ network, account: "0.0.999999", key: SigningKey.generate() });
    expect(await ledger.perform(effectOf("0.0.999999", say("nobody")))).toEqual({
      kind: "refused",
      status: "PAYER_ACCOUNT_NOT_FOUND",
      curable: false,
    });
    ledger.close();
  });

  test("an account without funds, until it has some", async () => {
    const poor = await newcomer(0n);
    const effect = effectOf(poor.account, say("poor"));
    expect(await poor.ledger.perform(effect)).toEqual({
      kind: "refused",
      status: "INSUFFICIENT_PAYER_BALANCE",
      curable: true,
    });
    await transferHbar(stage.operator, { to: poor.account, amount: 100_000_000n });
    expect((await poor.ledger.perform(effect)).kind).toBe("failed");
  });
});

test("an id that executed with a foreign memo is told apart, and nothing more is done", async () => {
  const { account, ledger } = stage.coordinator;
  const effect = effectOf(account, say("mine"));
  await ledger.perform({ ...effect, memo: "somebody else's", action: say("theirs") });
  const before = messages();
  expect(await ledger.perform(effect)).toEqual({ kind: "foreign", memo: "somebody else's" });
  expect(messages()).toBe(before);
});

describe("a trade", () => {
  interface Trade {
    readonly fund: Actor["account"];
    readonly desk: Actor;
    readonly terms: Action;
  }

  /** HBAR of a fund that needs two signatures, against tokens of a desk that needs its own. */
  async function agree(memo: string, expiration: Timestamp = addSeconds(now(), 60)): Promise<Trade> {
    const { coordinator, worker, token } = stage;
    const keys = [worker.key.publicKey, coordinator.key.publicKey];
    const fund = await createAccount(stage.operator, {
      key: { threshold: 2, keys },
      balance: 1_000_000_000n,
      maxAutomaticAssociations: 1,
    });
    const desk = await newcomer();
    await associate(desk.ledger, { token });
    await transferToken(coordinator.ledger, { token, to: desk.account, amount: 500n });
    const terms: Action = {
      kind: "scheduleTransfer",
      hbar: [
        { account: fund, amount: -200_000_000n },
        { account: desk.account, amount: 200_000_000n },
      ],
      tokens: [
        { token, account: desk.account, amount: -500n },
        { token, account: fund, amount: 500n },
      ],
      expiration,
      scheduleMemo: memo,
    };
    return { fund, desk, terms };
  }

  const create = (trade: Trade) =>
    stage.worker.ledger.perform(effectOf(stage.worker.account, trade.terms)).then(scheduled);
  const sign = (ledger: Ledger, schedule: ScheduleId) =>
    ledger.perform(effectOf(ledger.account, { kind: "scheduleSign", schedule }));

  test("executes on the third signature and not before", async () => {
    const trade = await agree("trade 1");
    const schedule = await create(trade);
    expect(await sign(trade.desk.ledger, schedule)).toMatchObject({ kind: "executed", already: false });
    expect(tokens(trade.fund)).toBe(0n);
    expect(await sign(stage.coordinator.ledger, schedule)).toMatchObject({ kind: "executed" });
    expect(tokens(trade.fund)).toBe(500n);
    expect(tokens(trade.desk.account)).toBe(0n);
    expect(stage.devnet.ledger.schedules.get(schedule)?.executed).not.toBeNull();
  });

  test("created twice, under two ids, is one schedule", async () => {
    const trade = await agree("trade 2");
    const schedule = await create(trade);
    const again = await stage.worker.ledger.perform(effectOf(stage.worker.account, trade.terms));
    expect(again).toMatchObject({ kind: "executed", already: true, schedule });
  });

  test("created by two processes at once is one schedule, and both know it", async () => {
    const trade = await agree("trade 3");
    const effect = effectOf(stage.worker.account, trade.terms);
    const [one, other] = await Promise.all([
      stage.worker.ledger.perform(effect),
      stage.again(stage.worker).perform(effect),
    ]);
    expect(one).toEqual(other);
    expect(scheduled(one)).toMatch(/^0\.0\.\d+$/);
  });

  test("names the id that its transfer executes under: that of its creation", async () => {
    const trade = await agree("trade 4");
    const effect = effectOf(stage.worker.account, trade.terms);
    expect(await stage.worker.ledger.perform(effect)).toMatchObject({ scheduledTransaction: effect.id });
  });

  test("signed again by the same party is signed already", async () => {
    const trade = await agree("trade 5");
    const schedule = await create(trade);
    await sign(trade.desk.ledger, schedule);
    expect(await sign(trade.desk.ledger, schedule)).toMatchObject({ kind: "executed", already: true });
  });

  test("signed after it executed is executed already", async () => {
    const trade = await agree("trade 6");
    const schedule = await create(trade);
    await sign(trade.desk.ledger, schedule);
    await sign(stage.coordinator.ledger, schedule);
    expect(await sign(stage.coordinator.ledger, schedule)).toMatchObject({ kind: "executed", already: true });
  });

  test("that never was can't be signed", async () => {
    const outcome = await sign(stage.coordinator.ledger, "0.0.999999");
    expect(outcome).toEqual({ kind: "failed", status: "INVALID_SCHEDULE_ID" });
  });
});

function scheduled(outcome: Outcome): ScheduleId {
  if (outcome.kind !== "executed" || !outcome.schedule) throw new Error(`no schedule: ${outcome.kind}`);
  return outcome.schedule;
}

async function newcomer(balance = 1_000_000_000n): Promise<Actor> {
  const key = SigningKey.generate();
  const account = await createAccount(stage.operator, { key: key.publicKey, balance });
  const ledger = stage.again({ account, key, ledger: stage.operator });
  return { account, key, ledger };
}
