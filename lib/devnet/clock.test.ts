import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AccountCreateTransaction,
  Hbar,
  PrivateKey,
  ScheduleCreateTransaction,
  ScheduleSignTransaction,
  Timestamp as SdkTimestamp,
  Status,
  TopicCreateTransaction,
  TransactionReceiptQuery,
  TransferTransaction,
} from "@hashgraph/sdk";
import * as z from "zod/mini";
import { addSeconds, fromMillis, parseTimestamp, secondsOf } from "../hedera/timestamp.ts";
import { type DevnetUnderTest, idAtNetworkTime, mirrorId, startUnderTest, until } from "./devnet-fixture.ts";

const dataDir = mkdtempSync(join(tmpdir(), "fest-devnet-test-"));
afterAll(() => rmSync(dataDir, { recursive: true }));

const Transactions = z.object({
  transactions: z.array(
    z.looseObject({ consensus_timestamp: z.string(), scheduled: z.boolean(), result: z.string() }),
  ),
});

/** Schedules a transfer of the operator's that executes when it expires, in `seconds`. */
async function scheduleAtExpiry(net: DevnetUnderTest, seconds: number) {
  const expiry = addSeconds(net.devnet.clock.now(), seconds);
  const transfer = new TransferTransaction()
    .addHbarTransfer("0.0.2", Hbar.fromTinybars(-1))
    .addHbarTransfer("0.0.98", Hbar.fromTinybars(1));
  const id = idAtNetworkTime(net.devnet);
  const create = new ScheduleCreateTransaction()
    .setScheduledTransaction(transfer)
    .setWaitForExpiry(true)
    .setExpirationTime(new SdkTimestamp(Number(secondsOf(expiry)), 0))
    .setTransactionId(id);
  const receipt = await (await create.execute(net.client)).getReceipt(net.client);
  return { id, expiry: secondsOf(expiry), scheduleId: receipt.scheduleId };
}

async function executionOf(net: DevnetUnderTest, id: Parameters<typeof mirrorId>[0]) {
  const { body } = await net.get(`/transactions/${mirrorId(id)}?scheduled=true`);
  const { transactions } = z.parse(Transactions, body);
  return transactions.map(({ consensus_timestamp, result }) => ({
    result,
    second: secondsOf(parseTimestamp(consensus_timestamp)),
  }));
}

describe("a devnet whose clock is advanced", () => {
  test("executes schedules that wait for their expiry, each in its own second", async () => {
    const net = await startUnderTest();
    const late = await scheduleAtExpiry(net, 7_200);
    const early = await scheduleAtExpiry(net, 3_600);
    await net.devnet.clock.advance(86_400);
    await until(
      async () => (await net.get(`/transactions/${mirrorId(late.id)}?scheduled=true`)).status === 200,
    );
    expect(await executionOf(net, early.id)).toEqual([{ result: "SUCCESS", second: early.expiry }]);
    expect(await executionOf(net, late.id)).toEqual([{ result: "SUCCESS", second: late.expiry }]);
  });

  test("forgets schedules that expire without their signatures", async () => {
    const net = await startUnderTest();
    const other = PrivateKey.generateED25519();
    const { accountId } = await net.send(
      new AccountCreateTransaction().setKeyWithoutAlias(other.publicKey).setInitialBalance(1),
    );
    const transfer = new TransferTransaction()
      .addHbarTransfer(String(accountId), -1)
      .addHbarTransfer("0.0.2", 1);
    const { scheduleId } = await net.send(new ScheduleCreateTransaction().setScheduledTransaction(transfer));
    await net.devnet.clock.advance(1_801);
    const signed = await net.send(new ScheduleSignTransaction({ scheduleId: scheduleId ?? "" }));
    expect(signed.status).toEqual(Status.InvalidScheduleId);
  });

  test("gives another hour's exchange rate, in fees too", async () => {
    const net = await startUnderTest({ clock: { speed: 0 } });
    const Rate = z.object({ current_rate: z.looseObject({ cent_equivalent: z.number() }) });
    const rate = async () => z.parse(Rate, (await net.get("/network/exchangerate")).body).current_rate;
    const before = await rate();
    const receipt = await net.send(new TopicCreateTransaction());
    expect(receipt.exchangeRate?.cents).toBe(before.cent_equivalent);
    await net.devnet.clock.advance(3_600);
    const after = await rate();
    expect(after).not.toEqual(before);
    const later = await net.send(new TopicCreateTransaction());
    expect(later.exchangeRate?.cents).toBe(after.cent_equivalent);
  });

  test("forgets receipts after their three minutes", async () => {
    const net = await startUnderTest();
    const id = idAtNetworkTime(net.devnet);
    await (await new TopicCreateTransaction().setTransactionId(id).execute(net.client)).getReceipt(
      net.client,
    );
    const ask = () =>
      new TransactionReceiptQuery({ transactionId: id }).setMaxAttempts(1).execute(net.client);
    await net.devnet.clock.advance(170);
    expect((await ask()).status).toEqual(Status.Success);
    await net.devnet.clock.advance(20);
    await expect(ask()).rejects.toThrow();
  });

  test("refuses the ids that the SDK makes from the machine's time", async () => {
    const net = await startUnderTest();
    await net.devnet.clock.advance(3_600);
    const stale = new TopicCreateTransaction().setRegenerateTransactionId(false).execute(net.client);
    await expect(stale).rejects.toThrow("TRANSACTION_EXPIRED");
  });

  test("goes on from there after a restart from its directory", async () => {
    const first = await startUnderTest({ dataDir });
    await first.devnet.clock.advance(86_400);
    const { topicId } = await first.send(new TopicCreateTransaction());
    const last = first.devnet.clock.now();
    await first.devnet.stop();
    const second = await startUnderTest({ dataDir });
    expect(second.devnet.clock.now()).toBeGreaterThan(addSeconds(fromMillis(Date.now()), 86_000));
    expect(second.devnet.clock.now()).toBeLessThan(addSeconds(last, 60));
    expect((await second.send(new TopicCreateTransaction())).topicId?.num.toNumber()).toBe(
      (topicId?.num.toNumber() ?? 0) + 1,
    );
  });
});

describe("a devnet whose clock is frozen", () => {
  test("keeps finality and mirror lag waiting until it is advanced", async () => {
    const net = await startUnderTest({ clock: { speed: 0 }, latencyMs: 10_000, lagMs: 60_000 });
    const id = idAtNetworkTime(net.devnet);
    await new TopicCreateTransaction().setTransactionId(id).execute(net.client);
    const mirrored = async () => (await net.get(`/transactions/${mirrorId(id)}`)).status;
    expect(net.devnet.ledger.topics.size).toBe(0);
    await net.devnet.clock.advance(9);
    expect(net.devnet.ledger.topics.size).toBe(0);
    await net.devnet.clock.advance(1);
    expect(net.devnet.ledger.topics.size).toBe(1);
    await net.devnet.clock.advance(59);
    expect(await mirrored()).toBe(404);
    await net.devnet.clock.advance(1);
    expect(await mirrored()).toBe(200);
  });

  test("still gives increasing consensus times", async () => {
    const net = await startUnderTest({ clock: { speed: 0 } });
    await net.send(new TopicCreateTransaction());
    await net.send(new TopicCreateTransaction());
    const { transactions } = z.parse(Transactions, (await net.get("/transactions?order=asc")).body);
    const [first = 0n, second = 0n] = transactions.map(({ consensus_timestamp }) =>
      parseTimestamp(consensus_timestamp),
    );
    expect(Number(second - first)).toBeWithin(1_000, 1_000_000);
  });
});

test("a devnet whose clock is accelerated lets a schedule expire in a moment", async () => {
  const net = await startUnderTest({ clock: { start: parseTimestamp("1767225600.0") } });
  const { id, expiry } = await scheduleAtExpiry(net, 3_600);
  net.devnet.clock.accelerate(100_000);
  await until(async () => (await net.get(`/transactions/${mirrorId(id)}?scheduled=true`)).status === 200);
  const [execution] = await executionOf(net, id);
  expect(execution?.result).toBe("SUCCESS");
  expect(execution?.second).toBeGreaterThanOrEqual(expiry);
});
