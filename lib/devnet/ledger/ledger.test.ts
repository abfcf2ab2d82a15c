import { describe, expect, test } from "bun:test";
import { addSeconds } from "../../hedera/timestamp.ts";
import { ed25519Signer, hbarTransfer, LedgerFixture } from "./fixture.ts";
import { genesis, TOTAL_SUPPLY } from "./genesis.ts";
import type { EntityChange } from "./record.ts";
import { wireTopicId } from "./wire/id.ts";
import { wireTimestamp } from "./wire/time.ts";

const TRANSFER = hbarTransfer({ "0.0.2": -1n, "0.0.98": 1n });
const alice = ed25519Signer();

test("genesis gives the treasury all HBAR there will ever be", () => {
  const fixture = new LedgerFixture();
  expect(fixture.balance("0.0.2")).toBe(TOTAL_SUPPLY);
  expect(fixture.totalHbar).toBe(5_000_000_000_000_000_000n);
});

describe("consensus timestamps", () => {
  test("follow the clock, and are 1,000 ns apart where it stands still", () => {
    const fixture = new LedgerFixture();
    const at = () => fixture.run(TRANSFER)[0]?.record.consensusTimestamp;
    const start = fixture.time;
    expect([at(), at(), at()]).toEqual([start, start + 1_000n, start + 2_000n]);
    fixture.advance(1);
    expect(at()).toBe(addSeconds(start, 1));
  });

  test("never go back with the clock", () => {
    const fixture = new LedgerFixture();
    const at = () => fixture.run(TRANSFER)[0]?.record.consensusTimestamp ?? 0n;
    const first = at();
    fixture.time -= 500_000_000n;
    expect(at()).toBe(first + 1_000n);
  });
});

describe("at consensus", () => {
  function checked(validSeconds: number) {
    const fixture = new LedgerFixture();
    const payer = fixture.createAccount(alice.key);
    const options = { payer, signers: [alice], durationSeconds: validSeconds, validStart: fixture.time };
    const bytes = fixture.transaction(hbarTransfer({ [payer]: -1n, "0.0.2": 1n }), options);
    const { transaction } = fixture.ledger.precheck(bytes);
    if (!transaction) throw new Error("pre-check refused");
    return { fixture, payer, transaction, last: () => fixture.items.at(-1)?.record };
  }

  test("a transaction that took longer than it is valid has expired, and its payer pays nothing", () => {
    const { fixture, payer, transaction, last } = checked(15);
    fixture.advance(16);
    const before = fixture.balance(payer);
    fixture.ledger.handle(transaction);
    expect(last()).toMatchObject({ result: "TRANSACTION_EXPIRED", chargedFee: 0n });
    expect(fixture.balance(payer)).toBe(before);
  });

  test("a second copy of a transaction is a duplicate, and its payer pays once", () => {
    const { fixture, payer, transaction, last } = checked(120);
    fixture.ledger.handle(transaction);
    const before = fixture.balance(payer);
    fixture.ledger.handle(transaction);
    expect(last()?.result).toBe("DUPLICATE_TRANSACTION");
    expect(fixture.balance(payer)).toBe(before);
  });

  test("who cannot pay the service fee pays the others, and gets nothing", () => {
    const fixture = new LedgerFixture();
    const payer = fixture.createAccount(alice.key, 0n, {});
    fixture.run(hbarTransfer({ "0.0.2": -150_000n, [payer]: 150_000n }));
    const topicID = wireTopicId(fixture.createTopic());
    const message = { consensusSubmitMessage: { topicID, message: Buffer.from("hello") } };
    const [item] = fixture.run(message, { payer, signers: [alice] });
    expect(item?.record).toMatchObject({ result: "INSUFFICIENT_PAYER_BALANCE", chargedFee: 100_000n });
    expect(fixture.balance(payer)).toBe(50_000n);
  });

  test("who offers too little for the service fee pays the others, and gets nothing", () => {
    const fixture = new LedgerFixture();
    const topicID = wireTopicId(fixture.createTopic());
    const message = { consensusSubmitMessage: { topicID, message: Buffer.from("hello") } };
    const [item] = fixture.run(message, { maxFee: 169_999n });
    expect(item?.record).toMatchObject({ result: "INSUFFICIENT_TX_FEE", chargedFee: 100_000n });
    expect(fixture.result(message, { maxFee: 170_000n })).toBe("SUCCESS");
  });
});

describe("a record", () => {
  test("carries the new version of everything that changed, and nothing else", () => {
    const fixture = new LedgerFixture();
    const topic = fixture.createTopic();
    const message = {
      consensusSubmitMessage: { topicID: wireTopicId(topic), message: Buffer.from("hello") },
    };
    const [item] = fixture.run(message);
    const changed = item?.changes.map(({ kind, entity }) => `${kind} ${"id" in entity ? entity.id : ""}`);
    expect(changed?.sort()).toEqual(["account 0.0.2", "account 0.0.3", "account 0.0.98", `topic ${topic}`]);
    expect(item?.changes.find(({ kind }) => kind === "topic")?.entity).toBe(fixture.ledger.topics.get(topic));
  });

  test("gives the node a tenth of the plain fee and the fee account the rest", () => {
    const [item] = new LedgerFixture().run(TRANSFER);
    expect(item?.record.transfers).toEqual([
      { account: "0.0.2", amount: -100_001n },
      { account: "0.0.3", amount: 10_000n },
      { account: "0.0.98", amount: 90_001n },
    ]);
  });
});

describe("a ledger that is restored from what it emitted", () => {
  function restored() {
    const before = new LedgerFixture();
    const payer = before.createAccount(alice.key);
    const topic = before.createTopic({ submitKey: alice.key });
    const expirationTime = wireTimestamp(addSeconds(before.time, 600));
    const scheduledTransactionBody = {
      consensusSubmitMessage: { topicID: wireTopicId(topic), message: Buffer.from("late") },
    };
    before.createSchedule({ scheduledTransactionBody, expirationTime, waitForExpiry: true });
    const options = { payer, signers: [alice], validStart: before.time };
    before.run(hbarTransfer({ [payer]: -1n, "0.0.2": 1n }), options);
    const latest = new Map<string, EntityChange>();
    for (const change of genesis(before.time))
      if ("id" in change.entity) latest.set(change.entity.id, change);
    for (const { changes } of before.items) {
      for (const change of changes) if ("id" in change.entity) latest.set(change.entity.id, change);
    }
    const records = before.items.map(({ record }) => record);
    // The clock went back while the ledger was down.
    const after = new LedgerFixture({ state: latest.values(), records, time: addSeconds(before.time, -5) });
    return { before, after, options, payer, topic };
  }

  test("knows the same entities", () => {
    const { before, after } = restored();
    expect(new Map(after.ledger.accounts)).toEqual(new Map(before.ledger.accounts));
    expect(new Map(after.ledger.topics)).toEqual(new Map(before.ledger.topics));
    expect(new Map(after.ledger.schedules)).toEqual(new Map(before.ledger.schedules));
  });

  test("numbers new entities and timestamps after the old ones", () => {
    const { before, after } = restored();
    expect(after.createTopic()).toBe("0.0.1004");
    const last = before.items.at(-1)?.record.consensusTimestamp ?? 0n;
    expect(after.items[0]?.record.consensusTimestamp).toBe(last + 1_000n);
  });

  test("still recognises a transaction that it has executed", () => {
    const { after, options, payer } = restored();
    after.advance(6);
    expect(after.result(hbarTransfer({ [payer]: -1n, "0.0.2": 1n }), options)).toBe("DUPLICATE_TRANSACTION");
  });

  test("still knows which schedules are identical, and when they expire", () => {
    const { before, after, topic } = restored();
    const scheduledTransactionBody = {
      consensusSubmitMessage: { topicID: wireTopicId(topic), message: Buffer.from("late") },
    };
    const expirationTime = wireTimestamp(addSeconds(before.time, 600));
    const scheduleCreate = { scheduledTransactionBody, expirationTime, waitForExpiry: true };
    expect(after.result({ scheduleCreate })).toBe("IDENTICAL_SCHEDULE_ALREADY_CREATED");
    after.advance(605);
    after.ledger.tick();
    expect(after.ledger.schedules.size).toBe(0);
  });
});

test("an error of the ledger itself ends as FAIL_INVALID and undoes everything but the fee", () => {
  const fixture = new LedgerFixture();
  const topic = fixture.createTopic();
  // A topic that cannot be read stands for a fault of ours.
  Object.defineProperty(fixture.ledger.topics.get(topic), "runningHash", {
    get: () => {
      throw new Error("broken");
    },
  });
  const message = { consensusSubmitMessage: { topicID: wireTopicId(topic), message: Buffer.from("hello") } };
  const [item] = fixture.run(message);
  expect(item?.record).toMatchObject({ result: "FAIL_INVALID", chargedFee: 170_000n });
  expect(fixture.totalHbar).toBe(TOTAL_SUPPLY);
  expect(fixture.faults.length).toBe(1);
});
