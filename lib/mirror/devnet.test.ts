import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  AccountCreateTransaction,
  BatchTransaction,
  type Client,
  Hbar,
  PrivateKey,
  ScheduleCreateTransaction,
  TokenCreateTransaction,
  TopicMessageSubmitTransaction,
  TransferTransaction,
} from "@hashgraph/sdk";
import { type Devnet, startDevnet } from "../devnet/devnet.ts";
import { parseAccountId, parseScheduleId, parseTokenId, type TopicId } from "../hedera/id.ts";
import { fromMillis } from "../hedera/timestamp.ts";
import { parseTransactionId } from "../hedera/transaction-id.ts";
import { createMirror, type Mirror } from "./client.ts";
import { exchangeRateHistory } from "./exchange-rate-history.ts";
import { type FollowState, followBatches } from "./follow.ts";
import type { Message } from "./message.ts";
import { allItems } from "./page.ts";
import { connectRelay } from "./relay.ts";
import { verifyChain } from "./running-hash.ts";
import { type Operator, operatorOf } from "./testing/operator.ts";

let devnet: Devnet;
let operator: Operator;
let client: Client;
let mirror: Mirror;
let topic: TopicId;

beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  operator = operatorOf(devnet);
  client = operator.client;
  mirror = createMirror({ baseUrl: devnet.network.mirror });
  topic = await operator.createTopic();
});
afterAll(async () => {
  operator.close();
  await devnet.stop();
});

/** Two messages in one atomic batch, so that both are hashed with the batch's consensus time. */
async function sayInBatch(first: string, second: string): Promise<void> {
  const batch = new BatchTransaction();
  for (const message of [first, second]) {
    const member = new TopicMessageSubmitTransaction({ topicId: topic, message });
    batch.addInnerTransaction(await member.batchify(client, operator.key));
  }
  await (await batch.execute(client)).getReceipt(client);
}

const text = (message: Message) => new TextDecoder().decode(message.bytes);

describe("on a devnet", () => {
  test("a topic is followed from its beginning, and live, woken by the relay alone", async () => {
    const abort = new AbortController();
    const relay = connectRelay({ url: devnet.network.relayWs ?? "" });
    const states: FollowState[] = [];
    const messages: Message[] = [];
    await operator.say(topic, "one");
    await sayInBatch("two", "three");
    const following = followBatches({
      mirror,
      topic,
      wake: relay,
      signal: abort.signal,
      pace: { pollMs: 1e9, idleMs: 1e9 },
      onState: (state) => states.push(state),
    });
    for await (const batch of following) {
      messages.push(...batch.messages);
      if (batch.caughtUp && messages.length === 3) await operator.say(topic, "four");
      if (messages.length === 4) break;
    }
    relay.close();

    expect(messages.map(text)).toEqual(["one", "two", "three", "four"]);
    expect(messages[0]).toMatchObject({
      topic,
      sequence: 1,
      payer: devnet.operator.accountId,
      chunk: { number: 1, total: 1 },
      transactionId: { payer: devnet.operator.accountId, scheduled: false, nonce: 0 },
    });
    expect(verifyChain(messages)).toMatchObject({ verified: 4, broken: null });
    expect(states.at(-1)).toMatchObject({ phase: "live", failures: 0 });
    expect(await mirror.latestMessage(topic)).toEqual(messages[3] ?? null);
    expect(await mirror.topicMessage(topic, 2)).toEqual(messages[1] ?? null);
  });

  test("a topic that does not exist is absent, and an empty one is live", async () => {
    const phases: string[] = [];
    for (const id of ["0.0.999999", await operator.createTopic()] as const) {
      const abort = new AbortController();
      const onState = ({ phase }: FollowState) => {
        if (phase === "connecting") return;
        phases.push(phase);
        abort.abort();
      };
      for await (const batch of followBatches({ mirror, topic: id, signal: abort.signal, onState })) {
        expect(batch.messages).toEqual([]);
      }
    }
    expect(phases).toEqual(["absent", "live"]);
    expect(await mirror.topic("0.0.999999")).toBeNull();
    expect(await mirror.topic(topic)).toMatchObject({ id: topic, memo: "a log", submitKey: null });
  });

  test("a transaction and its transfers are found by id and in lists, once they are there", async () => {
    const key = PrivateKey.generateED25519();
    const created = await new AccountCreateTransaction()
      .setKeyWithoutAlias(key)
      .setInitialBalance(new Hbar(5))
      .setAccountMemo("desk")
      .execute(client);
    const account = parseAccountId(String((await created.getReceipt(client)).accountId));
    const transfer = await new TransferTransaction()
      .addHbarTransfer(devnet.operator.accountId, Hbar.fromTinybars(-123))
      .addHbarTransfer(account, Hbar.fromTinybars(123))
      .setTransactionMemo("rent")
      .execute(client);
    await transfer.getReceipt(client);

    const id = parseTransactionId(String(transfer.transactionId));
    const found = await mirror.transaction(id);
    expect(found).toMatchObject([
      { id, type: "CRYPTOTRANSFER", result: "SUCCESS", memo: "rent", scheduled: false, nonce: 0 },
    ]);
    expect(found?.[0]?.transfers).toContainEqual(expect.objectContaining({ account, amount: 123n }));
    const sum = found?.[0]?.transfers.reduce((total, { amount }) => total + amount, 0n);
    expect(sum).toBe(0n);
    const page = await mirror.transactions({ account, type: "CRYPTOTRANSFER", limit: 1, order: "asc" });
    expect((await allItems(page)).map((transaction) => transaction.id)).toEqual([id]);
    expect(await mirror.transaction({ ...id, validStart: id.validStart + 1n })).toBeNull();

    expect(await mirror.account(account)).toMatchObject({
      id: account,
      memo: "desk",
      balance: 500_000_123n,
      key: { type: "ED25519", hex: key.publicKey.toStringRaw() },
    });
    expect(await mirror.balance(account)).toMatchObject({ hbar: 500_000_123n, tokens: [] });
    expect(await mirror.accountTokens(account)).toEqual([]);
    expect(await mirror.account("0.0.999999")).toBeNull();
    expect(await mirror.accountTokens("0.0.999999")).toBeNull();
    expect(await mirror.balance("0.0.999999")).toBeNull();
  });

  test("a token and its holders are read, amounts exact to the unit", async () => {
    const response = await new TokenCreateTransaction()
      .setTokenName("Festival")
      .setTokenSymbol("FEST")
      .setDecimals(2)
      .setInitialSupply(9_223_372_036_854_775_807n)
      .setTreasuryAccountId(devnet.operator.accountId)
      .execute(client);
    const token = parseTokenId(String((await response.getReceipt(client)).tokenId));
    const treasury = parseAccountId(devnet.operator.accountId);
    expect(await mirror.token(token)).toMatchObject({
      id: token,
      symbol: "FEST",
      decimals: 2,
      totalSupply: 9_223_372_036_854_775_807n,
      treasury,
    });
    expect(await allItems(await mirror.tokenBalances({ token }))).toMatchObject([
      { account: treasury, balance: 9_223_372_036_854_775_807n },
    ]);
    expect(await mirror.accountTokens(treasury)).toContainEqual(
      expect.objectContaining({ token, balance: 9_223_372_036_854_775_807n }),
    );
    expect(await mirror.token("0.0.999999")).toBeNull();
  });

  test("a schedule is read with its body and signatures", async () => {
    const key = PrivateKey.generateED25519();
    const created = await new AccountCreateTransaction().setKeyWithoutAlias(key).execute(client);
    const from = parseAccountId(String((await created.getReceipt(client)).accountId));
    const transfer = new TransferTransaction()
      .addHbarTransfer(from, Hbar.fromTinybars(-1))
      .addHbarTransfer(devnet.operator.accountId, Hbar.fromTinybars(1));
    const response = await new ScheduleCreateTransaction()
      .setScheduledTransaction(transfer)
      .setScheduleMemo("later")
      .execute(client);
    const id = parseScheduleId(String((await response.getReceipt(client)).scheduleId));
    const schedule = await mirror.schedule(id);
    expect(schedule).toMatchObject({
      id,
      memo: "later",
      executed: null,
      deleted: false,
      waitForExpiry: false,
    });
    expect(schedule?.signatures).toHaveLength(1);
    expect(schedule?.body.length).toBeGreaterThan(0);
    expect(await mirror.schedule("0.0.999999")).toBeNull();
  });

  test("the exchange rate has a history of whole hours", async () => {
    const now = fromMillis(Date.now());
    const history = await exchangeRateHistory(mirror, { until: now, hours: 48 });
    expect(history).toHaveLength(48);
    const hours = history.map(({ hour }) => hour);
    expect(hours).toEqual([...hours].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(history.map(({ centEquivalent }) => centEquivalent)).size).toBeGreaterThan(1);
    expect((await mirror.exchangeRates())?.current.hbarEquivalent).toBeGreaterThan(0n);
  });

  test("the newest block tells how far the mirror node is", async () => {
    await operator.say(topic, "tick");
    const [block, message] = [await mirror.latestBlock(), await mirror.latestMessage(topic)];
    expect(block?.to).toBeGreaterThanOrEqual(message?.timestamp ?? 0n);
  });
});
