import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AccountBalanceQuery,
  AccountCreateTransaction,
  Client,
  Hbar,
  PrivateKey,
  TokenAssociateTransaction,
  TokenCreateTransaction,
  TopicCreateTransaction,
  type TopicId,
  TopicMessageQuery,
  TopicMessageSubmitTransaction,
  type TransactionResponse,
  TransferTransaction,
} from "@hashgraph/sdk";
import * as z from "zod/mini";
import { type Devnet, type DevnetOptions, startDevnet } from "./devnet.ts";

const running: { stop(): unknown }[] = [];
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "fest-devnet-test-"));
});

afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
  rmSync(dataDir, { recursive: true });
});

async function start(options: DevnetOptions = {}): Promise<{ devnet: Devnet; client: Client }> {
  const devnet = await startDevnet({ portBase: 0, ...options });
  running.push(devnet);
  return { devnet, client: clientOf(devnet) };
}

/** The real SDK, as an application would set it up. */
function clientOf({ network, operator }: Devnet): Client {
  const client = Client.forNetwork(
    Object.fromEntries(network.nodes.map(({ address, account }) => [address, account])),
  );
  client.setMirrorNetwork(network.mirrorGrpc);
  client.setOperator(operator.accountId, PrivateKey.fromStringDer(operator.privateKey));
  running.push({ stop: () => client.close() });
  return client;
}

async function createTopic(client: Client): Promise<TopicId> {
  const receipt = await (await new TopicCreateTransaction().execute(client)).getReceipt(client);
  if (receipt.topicId === null) throw new Error("the receipt has no topic id");
  return receipt.topicId;
}

async function submit(client: Client, topic: TopicId, message: string) {
  const response = await new TopicMessageSubmitTransaction({ topicId: topic, message }).execute(client);
  return { response, receipt: await response.getReceipt(client) };
}

/** The id of a transaction in the mirror's form. */
function mirrorId({ transactionId }: TransactionResponse): string {
  return transactionId
    .toString()
    .replace("@", "-")
    .replace(/\.(?=\d+$)/, "-");
}

async function get({ network }: Devnet, path: string): Promise<unknown> {
  return (await fetch(`${network.mirror}/api/v1${path}`)).json();
}

const Messages = z.object({
  messages: z.array(
    z.looseObject({ sequence_number: z.number(), message: z.string(), running_hash: z.string() }),
  ),
});

async function messages(devnet: Devnet, topic: TopicId) {
  return z.parse(Messages, await get(devnet, `/topics/${topic}/messages`)).messages;
}

describe("a message that the SDK submits", () => {
  test("is on REST, gRPC and the WebSocket, with the running hash of its receipt", async () => {
    const { devnet, client } = await start();
    const topic = await createTopic(client);
    const heads = new WebSocket(`${devnet.network.relayWs}/ws`);
    running.push({ stop: () => heads.close() });
    await new Promise((done) => heads.addEventListener("open", done));
    const head = new Promise<string>((done) => {
      heads.onmessage = ({ data }) => data.includes("eth_subscription") && done(data);
    });
    heads.send('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}');
    const streamed = new Promise<[number, string]>((done) => {
      const handle = new TopicMessageQuery({ topicId: topic })
        .setStartTime(0)
        .subscribe(client, null, (message) => {
          handle.unsubscribe();
          done([message.sequenceNumber.toNumber(), Buffer.from(message.runningHash).toString("base64")]);
        });
    });
    const { receipt, response } = await submit(client, topic, "hello");
    const [first, ...more] = await messages(devnet, topic);
    const runningHash = Buffer.from(receipt.topicRunningHash ?? []).toString("base64");
    expect(first).toMatchObject({ sequence_number: 1, message: btoa("hello"), running_hash: runningHash });
    expect(more).toEqual([]);
    expect(await streamed).toEqual([1, runningHash]);
    expect(await head).toContain(Buffer.from(response.transactionHash).toString("hex").slice(0, 64));
  });

  test("is recorded as a transaction whose transfers sum to nothing", async () => {
    const { devnet, client } = await start();
    const { response } = await submit(client, await createTopic(client), "hello");
    const Transaction = z.object({
      transactions: z.array(
        z.looseObject({
          name: z.string(),
          result: z.string(),
          transfers: z.array(z.looseObject({ amount: z.number() })),
        }),
      ),
    });
    const { transactions } = z.parse(Transaction, await get(devnet, `/transactions/${mirrorId(response)}`));
    expect(transactions).toMatchObject([{ name: "CONSENSUSSUBMITMESSAGE", result: "SUCCESS" }]);
    const amounts = transactions.flatMap(({ transfers }) => transfers.map(({ amount }) => amount));
    expect(amounts.length).toBeGreaterThan(1);
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(0);
  });
});

test("a token payment shows in balances, and as a log that the relay pushes", async () => {
  const { devnet, client } = await start();
  const worker = PrivateKey.generateED25519();
  const created = await new AccountCreateTransaction()
    .setKeyWithoutAlias(worker.publicKey)
    .setInitialBalance(new Hbar(5))
    .execute(client);
  const { accountId } = await created.getReceipt(client);
  const minted = await new TokenCreateTransaction({
    tokenName: "Festival credit",
    tokenSymbol: "FEST",
    decimals: 2,
    initialSupply: 1_000,
    treasuryAccountId: devnet.operator.accountId,
  }).execute(client);
  const { tokenId } = await minted.getReceipt(client);
  if (accountId === null || tokenId === null) throw new Error("a receipt has no id");
  const associate = new TokenAssociateTransaction({ accountId, tokenIds: [tokenId] }).freezeWith(client);
  await (await (await associate.sign(worker)).execute(client)).getReceipt(client);

  const logs = new WebSocket(devnet.network.relayWs ?? "");
  running.push({ stop: () => logs.close() });
  await new Promise((done) => logs.addEventListener("open", done));
  const pushed = new Promise<string>((done) => {
    logs.onmessage = ({ data }) => data.includes("eth_subscription") && done(data);
  });
  const address = `0x${tokenId.toSolidityAddress()}`;
  const subscribed = new Promise((done) => logs.addEventListener("message", done, { once: true }));
  logs.send(
    JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["logs", { address }] }),
  );
  await subscribed;
  const payment = new TransferTransaction()
    .addTokenTransfer(tokenId, devnet.operator.accountId, -250)
    .addTokenTransfer(tokenId, accountId, 250);
  await (await payment.execute(client)).getReceipt(client);

  expect(await pushed).toContain(`"data":"0x${(250).toString(16).padStart(64, "0")}"`);
  expect(await get(devnet, `/tokens/${tokenId}/balances`)).toMatchObject({
    balances: [
      { account: String(accountId), balance: 250 },
      { account: "0.0.2", balance: 750 },
    ],
  });
  expect(await get(devnet, `/balances?account.id=${accountId}`)).toMatchObject({
    balances: [
      { balance: 500_000_000 - Number(await feesOf(devnet, String(accountId))), tokens: [{ balance: 250 }] },
    ],
  });
});

async function feesOf(devnet: Devnet, account: string): Promise<bigint> {
  const Paid = z.object({
    transactions: z.array(z.looseObject({ transaction_id: z.string(), charged_tx_fee: z.number() })),
  });
  const { transactions } = z.parse(Paid, await get(devnet, `/transactions?account.id=${account}`));
  const own = transactions.filter(({ transaction_id }) => transaction_id.startsWith(`${account}-`));
  return own.reduce((sum, { charged_tx_fee }) => sum + BigInt(charged_tx_fee), 0n);
}

describe("with a data directory", () => {
  test("a restart carries on with the same ledger", async () => {
    const first = await start({ dataDir });
    const topic = await createTopic(first.client);
    await submit(first.client, topic, "one");
    const before = await messages(first.devnet, topic);
    const held = await new AccountBalanceQuery({ accountId: "0.0.2" }).execute(first.client);
    await first.devnet.stop();

    const second = await start({ dataDir });
    expect(await messages(second.devnet, topic)).toEqual(before);
    expect(String((await new AccountBalanceQuery({ accountId: "0.0.2" }).execute(second.client)).hbars)).toBe(
      String(held.hbars),
    );
    expect((await submit(second.client, topic, "two")).receipt.topicSequenceNumber?.toNumber()).toBe(2);
    expect((await createTopic(second.client)).num.toNumber()).toBe(topic.num.toNumber() + 1);
  });

  test("an id that was used before the restart is still used after it, with its receipt", async () => {
    const first = await start({ dataDir });
    const topic = await createTopic(first.client);
    const { response, receipt } = await submit(first.client, topic, "once");
    await first.devnet.stop();
    const second = await start({ dataDir });
    const again = new TopicMessageSubmitTransaction({ topicId: topic, message: "once" })
      .setTransactionId(response.transactionId)
      .execute(second.client);
    await expect(again).rejects.toThrow("DUPLICATE_TRANSACTION");
    const found = await response.getReceiptQuery().execute(second.client);
    expect(found.topicRunningHash).toEqual(receipt.topicRunningHash);
    expect(await messages(second.devnet, topic)).toHaveLength(1);
  });

  test("a second devnet in the same directory is refused", async () => {
    await start({ dataDir });
    await expect(startDevnet({ portBase: 0, dataDir })).rejects.toMatchObject({ code: "STORE_IN_USE" });
  });
});

test("the mirror lags behind consensus by as much as it is told to", async () => {
  const { devnet, client } = await start({ lagMs: 300 });
  const topic = await createTopic(client);
  expect((await fetch(`${devnet.network.mirror}/api/v1/topics/${topic}`)).status).toBe(404);
  const deadline = Date.now() + 10_000;
  let status = 404;
  while (status === 404 && Date.now() < deadline) {
    await Bun.sleep(20);
    status = (await fetch(`${devnet.network.mirror}/api/v1/topics/${topic}`)).status;
  }
  expect(status).toBe(200);
});

test("a port in use is refused, and nothing is left listening", async () => {
  const taken = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  running.push({ stop: () => taken.stop(true) });
  // The relay's WebSocket, the last of the five to start, finds its port taken.
  const portBase = (taken.port ?? 0) - 4;
  await expect(startDevnet({ portBase })).rejects.toMatchObject({ code: "PORT_IN_USE" });
  for (const port of [0, 1, 2, 3].map((n) => portBase + n)) {
    const refused = new Promise((resolve) => connect(port, "127.0.0.1").on("error", resolve));
    expect(await refused).toMatchObject({ code: "ECONNREFUSED" });
  }
});

test("stopping frees every port and leaves no file behind", async () => {
  const leftovers = () => readdirSync(tmpdir()).filter((name) => /^fest-devnet-(?!test)/.test(name));
  const before = leftovers();
  const { devnet, client } = await start();
  await createTopic(client);
  await devnet.stop();
  for (const port of Object.values(devnet.ports)) {
    const refused = new Promise((resolve) => connect(port, "127.0.0.1").on("error", resolve));
    expect(await refused).toMatchObject({ code: "ECONNREFUSED" });
  }
  expect(leftovers().filter((name) => !before.includes(name))).toEqual([]);
});
