import { describe, expect, test } from "bun:test";
import { proto } from "@hiero-ledger/proto";
import type { AccountId, ScheduleId } from "../../../hedera/id.ts";
import { addSeconds } from "../../../hedera/timestamp.ts";
import {
  accountAmounts,
  ed25519Signer,
  LedgerFixture,
  OPERATOR,
  type Signer,
  thresholdKey,
} from "../fixture.ts";
import { scheduleIdOf, wireAccountId, wireScheduleId, wireTopicId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { wireTimestamp } from "../wire/time.ts";

const [defi, coordinator, desk] = [ed25519Signer(), ed25519Signer(), ed25519Signer()];

/** A fund that only defi and coordinator together can spend, and the desk that it trades with. */
function scene() {
  const fixture = new LedgerFixture();
  const fund = fixture.createAccount(thresholdKey(2, defi, coordinator));
  const deskId = fixture.createAccount(desk.key);
  const defiId = fixture.createAccount(defi.key);
  return { fixture, fund, deskId, defiId };
}

function transferBody(
  amounts: Readonly<Record<AccountId, bigint>>,
  maxFee = 100_000_000n,
): proto.ISchedulableTransactionBody {
  return {
    transactionFee: toLong(maxFee),
    cryptoTransfer: { transfers: { accountAmounts: accountAmounts(amounts) } },
  };
}

function sign(fixture: LedgerFixture, schedule: ScheduleId, ...signers: Signer[]) {
  return fixture.run(
    { scheduleSign: { scheduleID: wireScheduleId(schedule) } },
    { signers: [OPERATOR, ...signers] },
  );
}

const results = (items: readonly { readonly record: { readonly result: string } }[]) =>
  items.map(({ record }) => record.result);

describe("a trade between a 2-of-2 fund and a desk", () => {
  function trade() {
    const at = scene();
    const body = {
      scheduledTransactionBody: transferBody({ [at.fund]: -30n, [at.deskId]: -1n, [at.defiId]: 31n }),
    };
    const schedule = at.fixture.createSchedule(body, { payer: at.defiId, signers: [defi] });
    return { ...at, schedule };
  }

  test("executes with the last of three signatures and not before", () => {
    const { fixture, fund, schedule } = trade();
    const before = fixture.balance(fund);
    expect(fixture.ledger.schedules.get(schedule)?.signatories.length).toBe(1);
    expect(results(sign(fixture, schedule, desk))).toEqual(["SUCCESS"]);
    expect(fixture.balance(fund)).toBe(before);
    expect(results(sign(fixture, schedule, coordinator))).toEqual(["SUCCESS", "SUCCESS"]);
    expect(fixture.balance(fund)).toBe(before - 30n);
    const { executed, signatories } = fixture.ledger.schedules.get(schedule) ?? {};
    expect(executed).not.toBeNull();
    expect(signatories?.length).toBe(3);
  });

  test("executes under the creation's id with scheduled set, 1 ns after the signature, paid by its payer", () => {
    const { fixture, defiId, schedule } = trade();
    sign(fixture, schedule, desk);
    const stored = fixture.ledger.schedules.get(schedule);
    const [signature, execution] = sign(fixture, schedule, coordinator);
    expect(execution?.record).toMatchObject({
      type: "CRYPTOTRANSFER",
      payer: defiId,
      validStart: stored?.transactionId.validStart,
      scheduled: true,
      nonce: 0,
      node: null,
      parentConsensusTimestamp: null,
      consensusTimestamp: (signature?.record.consensusTimestamp ?? 0n) + 1n,
    });
    expect(fixture.ledger.schedules.get(schedule)?.executed).toBe(
      execution?.record.consensusTimestamp ?? null,
    );
  });

  test("takes no signature twice, and none that it does not need", () => {
    const { fixture, schedule } = trade();
    expect(results(sign(fixture, schedule, desk))).toEqual(["SUCCESS"]);
    expect(results(sign(fixture, schedule, desk))).toEqual(["NO_NEW_VALID_SIGNATURES"]);
    expect(results(sign(fixture, schedule, ed25519Signer()))).toEqual(["NO_NEW_VALID_SIGNATURES"]);
    sign(fixture, schedule, coordinator);
    expect(results(sign(fixture, schedule, coordinator))).toEqual(["SCHEDULE_ALREADY_EXECUTED"]);
  });
});

test("a signature succeeds though what it executes fails, with a record of its own for each", () => {
  const { fixture, deskId, defiId } = scene();
  const body = {
    scheduledTransactionBody: transferBody({ [deskId]: -1_000_000_000_000n, [defiId]: 1_000_000_000_000n }),
  };
  const schedule = fixture.createSchedule(body);
  const [signature, execution] = sign(fixture, schedule, desk);
  expect(signature?.record.result).toBe("SUCCESS");
  expect(execution?.record.result).toBe("INSUFFICIENT_ACCOUNT_BALANCE");
  expect(fixture.ledger.schedules.get(schedule)?.executed).not.toBeNull();
});

test("a schedule that everyone has signed at its creation executes at once", () => {
  const { fixture, deskId } = scene();
  const scheduleCreate = { scheduledTransactionBody: transferBody({ "0.0.2": -5n, [deskId]: 5n }) };
  expect(results(fixture.run({ scheduleCreate }))).toEqual(["SUCCESS", "SUCCESS"]);
});

test("the payer that a schedule names pays, and must sign", () => {
  const { fixture, deskId } = scene();
  const consensusSubmitMessage = { topicID: wireTopicId(fixture.createTopic()), message: Buffer.from("x") };
  const scheduledTransactionBody = { transactionFee: toLong(100_000_000n), consensusSubmitMessage };
  const before = fixture.balance(deskId);
  const schedule = fixture.createSchedule({
    scheduledTransactionBody,
    payerAccountID: wireAccountId(deskId),
  });
  expect(results(sign(fixture, schedule, defi))).toEqual(["NO_NEW_VALID_SIGNATURES"]);
  const [, execution] = sign(fixture, schedule, desk);
  expect(execution?.record).toMatchObject({ result: "SUCCESS", payer: "0.0.2", chargedFee: 70_000n });
  expect(execution?.message).toMatchObject({ payer: "0.0.2", sequenceNumber: 1n });
  expect(fixture.balance(deskId)).toBe(before - 70_000n);
});

test("what a schedule holds must itself offer its service fee", () => {
  const { fixture } = scene();
  const consensusSubmitMessage = { topicID: wireTopicId(fixture.createTopic()), message: Buffer.from("x") };
  const scheduledTransactionBody = { transactionFee: toLong(69_999n), consensusSubmitMessage };
  const [, execution] = fixture.run({ scheduleCreate: { scheduledTransactionBody } });
  expect(execution?.record).toMatchObject({ result: "INSUFFICIENT_TX_FEE", chargedFee: 0n });
});

describe("an identical schedule", () => {
  const receiptOf = (bytes: Uint8Array | undefined) =>
    proto.TransactionReceipt.decode(bytes ?? new Uint8Array());

  test("is refused with the id of the one that there is, whoever creates it", () => {
    const { fixture, deskId, defiId } = scene();
    const scheduleCreate = {
      scheduledTransactionBody: transferBody({ [deskId]: -5n, "0.0.2": 5n }),
      memo: "once",
    };
    const schedule = fixture.createSchedule(scheduleCreate);
    const [again] = fixture.run({ scheduleCreate }, { payer: defiId, signers: [defi] });
    expect(again?.record.result).toBe("IDENTICAL_SCHEDULE_ALREADY_CREATED");
    const receipt = receiptOf(again?.record.receipt);
    expect(scheduleIdOf(receipt.scheduleID)).toBe(schedule);
    expect(receipt.scheduledTransactionID?.scheduled).toBe(true);
  });

  test("differs by memo, admin key, transaction or expiration", () => {
    const { fixture, deskId } = scene();
    const base = { scheduledTransactionBody: transferBody({ [deskId]: -5n, "0.0.2": 5n }) };
    const expirationTime = wireTimestamp(addSeconds(fixture.time, 100));
    for (const scheduleCreate of [
      base,
      { ...base, memo: "other" },
      { ...base, adminKey: OPERATOR.key },
      { ...base, expirationTime },
      { ...base, expirationTime, waitForExpiry: true },
      { scheduledTransactionBody: transferBody({ [deskId]: -6n, "0.0.2": 6n }) },
    ]) {
      expect(results(fixture.run({ scheduleCreate }))).toEqual(["SUCCESS"]);
    }
  });

  test("is refused while an executed one has not expired, and created again after", () => {
    const { fixture, deskId } = scene();
    const scheduleCreate = { scheduledTransactionBody: transferBody({ [deskId]: -5n, "0.0.2": 5n }) };
    sign(fixture, fixture.createSchedule(scheduleCreate), desk);
    expect(fixture.result({ scheduleCreate })).toBe("IDENTICAL_SCHEDULE_ALREADY_CREATED");
    fixture.advance(1_800);
    expect(fixture.result({ scheduleCreate })).toBe("SUCCESS");
  });
});

describe("a schedule expires", () => {
  test("unexecuted where a signature is missing", () => {
    const { fixture, deskId } = scene();
    const scheduledTransactionBody = transferBody({ [deskId]: -5n, "0.0.2": 5n });
    const expirationTime = wireTimestamp(addSeconds(fixture.time, 60));
    const schedule = fixture.createSchedule({ scheduledTransactionBody, expirationTime });
    fixture.advance(60);
    const before = fixture.items.length;
    fixture.ledger.tick();
    expect(fixture.items.length).toBe(before);
    expect(fixture.ledger.schedules.has(schedule)).toBe(false);
    expect(results(sign(fixture, schedule, desk))).toEqual(["INVALID_SCHEDULE_ID"]);
  });

  test("by executing where it waits for its expiry and is signed", () => {
    const { fixture, deskId } = scene();
    const expirationTime = wireTimestamp(addSeconds(fixture.time, 60));
    const scheduledTransactionBody = transferBody({ [deskId]: -5n, "0.0.2": 5n });
    const schedule = fixture.createSchedule({
      scheduledTransactionBody,
      expirationTime,
      waitForExpiry: true,
    });
    expect(results(sign(fixture, schedule, desk))).toEqual(["SUCCESS"]);
    fixture.advance(59);
    fixture.ledger.tick();
    const before = fixture.items.length;
    fixture.advance(1);
    fixture.ledger.tick();
    const [execution] = fixture.items.slice(before);
    expect(execution?.record).toMatchObject({ type: "CRYPTOTRANSFER", result: "SUCCESS", scheduled: true });
    const change = execution?.changes.find(({ kind }) => kind === "schedule");
    expect(change?.entity).toMatchObject({ id: schedule, executed: execution?.record.consensusTimestamp });
    fixture.ledger.tick();
    expect(fixture.items.length).toBe(before + 1);
  });

  test("by failing where it waits for its expiry and a signature is missing", () => {
    const { fixture, deskId } = scene();
    const expirationTime = wireTimestamp(addSeconds(fixture.time, 60));
    const scheduledTransactionBody = transferBody({ [deskId]: -5n, "0.0.2": 5n });
    fixture.createSchedule({ scheduledTransactionBody, expirationTime, waitForExpiry: true });
    const before = fixture.balance(deskId);
    fixture.advance(60);
    fixture.ledger.tick();
    expect(fixture.items.at(-1)?.record).toMatchObject({ result: "INVALID_SIGNATURE", scheduled: true });
    expect(fixture.balance(deskId)).toBe(before);
    expect(fixture.ledger.schedules.size).toBe(0);
  });

  test("not at all once it was deleted", () => {
    const { fixture, deskId } = scene();
    const expirationTime = wireTimestamp(addSeconds(fixture.time, 60));
    const scheduledTransactionBody = transferBody({ "0.0.2": -5n, [deskId]: 5n });
    const schedule = fixture.createSchedule({
      scheduledTransactionBody,
      expirationTime,
      waitForExpiry: true,
      adminKey: OPERATOR.key,
    });
    const scheduleDelete = { scheduleID: wireScheduleId(schedule) };
    expect(fixture.result({ scheduleDelete })).toBe("SUCCESS");
    expect(fixture.result({ scheduleDelete })).toBe("SCHEDULE_ALREADY_DELETED");
    const before = fixture.items.length;
    fixture.advance(60);
    fixture.ledger.tick();
    expect(fixture.items.length).toBe(before);
  });
});

describe("a schedule is refused", () => {
  const body = transferBody({ "0.0.98": -5n, "0.0.2": 5n });
  const at = (seconds: number) => wireTimestamp(addSeconds(new LedgerFixture().time, seconds));

  test.each<[string, string, proto.IScheduleCreateTransactionBody]>([
    ["without a transaction", "INVALID_TRANSACTION", {}],
    [
      "that waits for no expiry",
      "MISSING_EXPIRY_TIME",
      { scheduledTransactionBody: body, waitForExpiry: true },
    ],
    [
      "of a type that may not be scheduled",
      "SCHEDULED_TRANSACTION_NOT_IN_WHITELIST",
      { scheduledTransactionBody: { consensusDeleteTopic: {} } },
    ],
    [
      "whose payer does not exist",
      "ACCOUNT_ID_DOES_NOT_EXIST",
      { scheduledTransactionBody: body, payerAccountID: wireAccountId("0.0.4242") },
    ],
    [
      "whose signers cannot be known",
      "UNRESOLVABLE_REQUIRED_SIGNERS",
      { scheduledTransactionBody: transferBody({ "0.0.4242": -5n, "0.0.2": 5n }) },
    ],
    [
      "that expires now",
      "SCHEDULE_EXPIRATION_TIME_MUST_BE_HIGHER_THAN_CONSENSUS_TIME",
      { scheduledTransactionBody: body, expirationTime: at(0) },
    ],
    [
      "that expires in more than 62 days",
      "SCHEDULE_EXPIRATION_TIME_TOO_FAR_IN_FUTURE",
      { scheduledTransactionBody: body, expirationTime: at(5_356_801) },
    ],
    [
      "with an admin key that did not sign",
      "INVALID_SIGNATURE",
      { scheduledTransactionBody: body, adminKey: desk.key },
    ],
  ])("%s: %s", (_what, status, scheduleCreate) => {
    expect(new LedgerFixture().result({ scheduleCreate })).toBe(status);
  });

  test("deletion where it has no admin key", () => {
    const { fixture, deskId } = scene();
    const schedule = fixture.createSchedule({
      scheduledTransactionBody: transferBody({ [deskId]: -5n, "0.0.2": 5n }),
    });
    expect(fixture.result({ scheduleDelete: { scheduleID: wireScheduleId(schedule) } })).toBe(
      "SCHEDULE_IS_IMMUTABLE",
    );
  });
});
