import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  AccountBalanceQuery,
  AccountCreateTransaction,
  type AccountId,
  AccountInfoQuery,
  BatchTransaction,
  Client,
  FileCreateTransaction,
  Hbar,
  KeyList,
  NetworkVersionInfoQuery,
  PrivateKey,
  ScheduleInfoQuery,
  ScheduleSignTransaction,
  Status,
  StatusError,
  Timestamp,
  TokenAssociateTransaction,
  TokenCreateTransaction,
  TokenInfoQuery,
  TokenMintTransaction,
  TopicCreateTransaction,
  TopicInfoQuery,
  TopicMessageSubmitTransaction,
  type Transaction,
  TransactionId,
  TransactionReceiptQuery,
  TransactionRecordQuery,
  TransferTransaction,
} from "@hashgraph/sdk";
import { fromMillis, NANOS_PER_SECOND } from "../../hedera/timestamp.ts";
import { GENESIS_OPERATOR, genesis, TOTAL_SUPPLY } from "../ledger/genesis.ts";
import { Ledger } from "../ledger/ledger.ts";
import type { RecordItem } from "../ledger/record.ts";
import { type ConsensusServer, startConsensusServer } from "./server.ts";

const GENESIS_KEY = PrivateKey.fromStringDer(GENESIS_OPERATOR.privateKey);

/** Microseconds of the process's own clock, so that two calls in a millisecond differ. */
const now = () => fromMillis(performance.timeOrigin) + BigInt(Math.trunc(performance.now() * 1_000_000));
const rate = () => ({ hbarEquivalent: 30_000, centEquivalent: 600_000, expirationSeconds: 4_000_000_000 });

interface Network {
  readonly ledger: Ledger;
  readonly items: readonly RecordItem[];
  readonly faults: readonly unknown[];
  readonly server: ConsensusServer;
  readonly client: Client;
}

async function startNetwork(latencyMs = 0): Promise<Network> {
  const items: RecordItem[] = [];
  const faults: unknown[] = [];
  const ledger = new Ledger({
    now,
    rate,
    state: genesis(now()),
    onRecord: (item) => items.push(item),
    onFault: (error) => faults.push(error),
  });
  const server = await startConsensusServer({ ledger, port: 0, latencyMs });
  const client = clientOf(server.port, GENESIS_OPERATOR.accountId, GENESIS_KEY);
  return { ledger, items, faults, server, client };
}

function clientOf(port: number, account: string | AccountId, key: PrivateKey): Client {
  const client = Client.forNetwork({ [`127.0.0.1:${port}`]: "0.0.3" });
  return client.setOperator(account, key).setDefaultRegenerateTransactionId(false).setMaxAttempts(3);
}

async function stopNetwork({ client, server, ledger, faults }: Network): Promise<void> {
  client.close();
  await server.close();
  expect(faults).toEqual([]);
  expect(ledger.accounts.values().reduce((sum, { balance }) => sum + balance, 0n)).toBe(TOTAL_SUPPLY);
}

let network: Network;
let client: Client;
beforeAll(async () => {
  network = await startNetwork();
  client = network.client;
});
afterAll(() => stopNetwork(network));

/** What a promise was rejected with. (`expect().rejects` would keep Bun's event loop from serving the request.) */
async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("the promise was not rejected");
}

/** Executes a transaction, signed by `keys` as well, and returns the status that it ended with, wherever that was. */
async function statusOf(transaction: Transaction, ...keys: PrivateKey[]): Promise<string> {
  try {
    return (await receiptOf(transaction, ...keys)).status.toString();
  } catch (error) {
    if (error instanceof StatusError) return error.status.toString();
    throw error;
  }
}

async function receiptOf(transaction: Transaction, ...keys: PrivateKey[]) {
  const frozen = transaction.isFrozen() ? transaction : transaction.freezeWith(client);
  for (const key of keys) await frozen.sign(key);
  return (await frozen.execute(client)).getReceipt(client);
}

async function createAccount(key: PrivateKey | KeyList, hbar = 100): Promise<AccountId> {
  const transaction = new AccountCreateTransaction()
    .setKeyWithoutAlias(key instanceof PrivateKey ? key.publicKey : key)
    .setInitialBalance(new Hbar(hbar));
  return present((await receiptOf(transaction)).accountId);
}

function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("the answer lacks a value");
  return value;
}

function transferTo(account: AccountId | string, tinybars = 1): TransferTransaction {
  const amount = Hbar.fromTinybars(tinybars);
  return new TransferTransaction()
    .addHbarTransfer("0.0.2", amount.negated())
    .addHbarTransfer(account, amount);
}

/** A transaction id of the genesis account that starts some seconds from now. */
function idStarting(seconds: number): TransactionId {
  const start = now() + BigInt(seconds) * NANOS_PER_SECOND;
  const time = new Timestamp(Number(start / NANOS_PER_SECOND), Number(start % NANOS_PER_SECOND));
  return TransactionId.withValidStart(present(client.operatorAccountId), time);
}

describe("a transaction gets Hedera's own status", () => {
  test("INVALID_SIGNATURE for the wrong signature", async () => {
    const account = await createAccount(PrivateKey.generateED25519());
    const thief = clientOf(network.server.port, account, PrivateKey.generateED25519());
    const stolen = new TransferTransaction().addHbarTransfer(account, -1).addHbarTransfer("0.0.2", 1);
    expect(await rejectionOf(stolen.execute(thief))).toMatchObject({ status: Status.InvalidSignature });
    thief.close();
  });

  test("INSUFFICIENT_PAYER_BALANCE from an unfunded account", async () => {
    const key = PrivateKey.generateECDSA();
    const account = await createAccount(key, 0);
    const poor = clientOf(network.server.port, account, key);
    const create = new TopicCreateTransaction().execute(poor);
    expect(await rejectionOf(create)).toMatchObject({ status: Status.InsufficientPayerBalance });
    poor.close();
  });

  test("TRANSACTION_EXPIRED with a start too long ago", async () => {
    const transfer = transferTo("0.0.98").setTransactionId(idStarting(-111)).setTransactionValidDuration(120);
    expect(await statusOf(transfer)).toBe("TRANSACTION_EXPIRED");
  });

  test("INVALID_TRANSACTION_START with a start in the future", async () => {
    expect(await statusOf(transferTo("0.0.98").setTransactionId(idStarting(30)))).toBe(
      "INVALID_TRANSACTION_START",
    );
  });

  test("DUPLICATE_TRANSACTION when it is sent twice", async () => {
    const transfer = transferTo("0.0.98").freezeWith(client);
    expect(await statusOf(transfer)).toBe("SUCCESS");
    expect(await statusOf(transfer)).toBe("DUPLICATE_TRANSACTION");
  });

  test("INSUFFICIENT_TX_FEE where it offers too little", async () => {
    expect(await statusOf(transferTo("0.0.98").setMaxTransactionFee(Hbar.fromTinybars(1)))).toBe(
      "INSUFFICIENT_TX_FEE",
    );
  });

  test("NOT_SUPPORTED where the ledger does not know its type", async () => {
    expect(await statusOf(new FileCreateTransaction().setContents("x"))).toBe("NOT_SUPPORTED");
  });
});

test("key lists and thresholds decide who can spend", async () => {
  const [one, two, three] = [
    PrivateKey.generateED25519(),
    PrivateKey.generateECDSA(),
    PrivateKey.generateED25519(),
  ];
  const shared = await createAccount(new KeyList([one.publicKey, two.publicKey, three.publicKey], 2));
  const all = await createAccount(new KeyList([one.publicKey, two.publicKey]));
  const spend = (account: AccountId) =>
    new TransferTransaction().addHbarTransfer(account, -1).addHbarTransfer("0.0.2", 1);
  expect(await statusOf(spend(shared), one)).toBe("INVALID_SIGNATURE");
  expect(await statusOf(spend(shared), one, two)).toBe("SUCCESS");
  expect(await statusOf(spend(all), two)).toBe("INVALID_SIGNATURE");
  expect(await statusOf(spend(all), one, two)).toBe("SUCCESS");
});

test("a topic takes messages only with its submit key, and says how far it is", async () => {
  const guard = PrivateKey.generateED25519();
  const { topicId } = await receiptOf(
    new TopicCreateTransaction().setTopicMemo("log").setSubmitKey(guard.publicKey),
  );
  const message = (text: string) =>
    new TopicMessageSubmitTransaction().setTopicId(present(topicId)).setMessage(text);
  expect(await statusOf(message("one"))).toBe("INVALID_SIGNATURE");
  const receipt = await receiptOf(message("one"), guard);
  const info = await new TopicInfoQuery().setTopicId(present(topicId)).execute(client);
  expect(receipt.topicSequenceNumber?.toString()).toBe("1");
  expect(info.sequenceNumber.toString()).toBe("1");
  expect(info.topicMemo).toBe("log");
  expect(Buffer.from(info.runningHash)).toEqual(Buffer.from(receipt.topicRunningHash ?? []));
});

describe("with a token", () => {
  const [treasuryKey, workerKey, batchKey] = [0, 0, 0].map(() => PrivateKey.generateED25519());

  async function scene() {
    const treasury = await createAccount(present(treasuryKey));
    const worker = await createAccount(present(workerKey));
    const create = new TokenCreateTransaction()
      .setTokenName("Fest")
      .setTokenSymbol("FEST")
      .setDecimals(2)
      .setInitialSupply(1_000)
      .setTreasuryAccountId(treasury)
      .setSupplyKey(present(treasuryKey));
    const token = present((await receiptOf(create, present(treasuryKey))).tokenId);
    const associate = new TokenAssociateTransaction().setAccountId(worker).setTokenIds([token]);
    expect(await statusOf(associate, present(workerKey))).toBe("SUCCESS");
    const { topicId } = await receiptOf(new TopicCreateTransaction());
    return { treasury, worker, token, topic: present(topicId) };
  }

  async function settlement(
    at: Awaited<ReturnType<typeof scene>>,
    amount: number,
  ): Promise<BatchTransaction> {
    const key = present(treasuryKey);
    const guard = present(batchKey).publicKey;
    const pay = new TransferTransaction()
      .addTokenTransferWithDecimals(at.token, at.treasury, -amount, 2)
      .addTokenTransferWithDecimals(at.token, at.worker, amount, 2)
      .setTransactionId(TransactionId.generate(at.treasury));
    const say = new TopicMessageSubmitTransaction()
      .setTopicId(at.topic)
      .setMessage("paid")
      .setTransactionId(TransactionId.generate(at.treasury));
    return new BatchTransaction()
      .addInnerTransaction(await (await say.batchify(client, guard)).sign(key))
      .addInnerTransaction(await (await pay.batchify(client, guard)).sign(key));
  }

  test("a settlement is one batch, all or nothing", async () => {
    const at = await scene();
    const good = await settlement(at, 250);
    expect(await statusOf(good, present(batchKey))).toBe("SUCCESS");
    for (const id of good.innerTransactionIds) {
      const receipt = await new TransactionReceiptQuery().setTransactionId(present(id)).execute(client);
      expect(receipt.status).toBe(Status.Success);
    }
    const bad = await settlement(at, 5_000);
    expect(await statusOf(bad, present(batchKey))).toBe("INNER_TRANSACTION_FAILED");
    const balance = await new AccountBalanceQuery().setAccountId(at.worker).execute(client);
    const info = await new TopicInfoQuery().setTopicId(at.topic).execute(client);
    expect(balance.tokens?.get(at.token)?.toString()).toBe("250");
    expect(info.sequenceNumber.toString()).toBe("1");
  });

  test("minting says the new supply, and the token's info agrees", async () => {
    const at = await scene();
    const mint = new TokenMintTransaction().setTokenId(at.token).setAmount(50);
    const receipt = await receiptOf(mint, present(treasuryKey));
    const info = await new TokenInfoQuery().setTokenId(at.token).execute(client);
    expect(receipt.totalSupply?.toString()).toBe("1050");
    expect(info.totalSupply.toString()).toBe("1050");
    expect(info.symbol).toBe("FEST");
  });
});

/** The raw ED25519 key at the end of its DER. */
const lastHex = (der: string): string => der.slice(-64);

test("a trade executes with the last of its parties' signatures, its payer's among them", async () => {
  const [defi, coordinator, desk] = [0, 0, 0].map(() => PrivateKey.generateED25519()).map(present);
  if (!defi || !coordinator || !desk) throw new Error("no keys");
  const fund = await createAccount(new KeyList([defi.publicKey, coordinator.publicKey], 2));
  const deskId = await createAccount(desk);
  const create = await new TransferTransaction()
    .addHbarTransfer(fund, -5)
    .addHbarTransfer(deskId, -1)
    .addHbarTransfer("0.0.2", 6)
    .schedule()
    .setScheduleMemo("12.0")
    .freezeWith(client)
    .sign(defi);
  const { scheduleId, scheduledTransactionId } = await receiptOf(create);
  const signedBy = async (key: PrivateKey) =>
    statusOf(new ScheduleSignTransaction().setScheduleId(present(scheduleId)), key);
  const info = () => new ScheduleInfoQuery().setScheduleId(present(scheduleId)).execute(client);
  expect(await signedBy(desk)).toBe("SUCCESS");
  expect((await info()).executed).toBeNull();
  expect(await signedBy(coordinator)).toBe("SUCCESS");
  const { executed, signers } = await info();
  expect(executed).not.toBeNull();
  const expected = [GENESIS_KEY, defi, desk, coordinator].map(({ publicKey }) => publicKey.toStringRaw());
  expect(signers?.toArray().map(String).map(lastHex).sort()).toEqual(expected.sort());
  const record = await new TransactionRecordQuery()
    .setTransactionId(present(scheduledTransactionId))
    .execute(client);
  expect(record.receipt.status).toBe(Status.Success);
  expect(record.scheduleRef?.toString()).toBe(present(scheduleId).toString());
  const again = await new TransferTransaction()
    .addHbarTransfer(fund, -5)
    .addHbarTransfer(deskId, -1)
    .addHbarTransfer("0.0.2", 6)
    .schedule()
    .setScheduleMemo("12.0")
    .execute(client);
  const refused = await new TransactionReceiptQuery()
    .setTransactionId(again.transactionId)
    .setValidateStatus(false)
    .execute(client);
  expect(refused.status).toBe(Status.IdenticalScheduleAlreadyCreated);
  expect(refused.scheduleId?.toString()).toBe(present(scheduleId).toString());
});

test("paid queries are paid for, and answered", async () => {
  const key = PrivateKey.generateECDSA();
  const account = await createAccount(key, 7);
  const info = await new AccountInfoQuery().setAccountId(account).execute(client);
  expect(info.balance.toString()).toBe(new Hbar(7).toString());
  expect(info.key.toString()).toBe(key.publicKey.toString());
  const version = await new NetworkVersionInfoQuery().execute(client);
  expect(version.servicesVersion).toMatchObject({ major: 0, minor: 76, patch: 0 });
});

test("finality takes as long as it is set to", async () => {
  const slow = await startNetwork(300);
  const response = await transferTo("0.0.98").execute(slow.client);
  expect(slow.items).toEqual([]);
  expect((await response.getReceipt(slow.client)).status).toBe(Status.Success);
  expect(slow.items.length).toBe(1);
  await stopNetwork(slow);
});

test("the SDK in another process sees the same network", async () => {
  const program = `
    import { AccountBalanceQuery, Client } from "@hashgraph/sdk";
    const client = Client.forNetwork({ "127.0.0.1:${network.server.port}": "0.0.3" });
    console.log((await new AccountBalanceQuery().setAccountId("0.0.98").execute(client)).hbars.toTinybars().toString());
    process.exit(0);`;
  const child = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe", stderr: "inherit" });
  const printed = (await new Response(child.stdout).text()).trim();
  expect(await child.exited).toBe(0);
  expect(BigInt(printed)).toBe(network.ledger.accounts.get("0.0.98")?.balance ?? -1n);
});

describe("the server", () => {
  test("frees its port when it is closed", async () => {
    const first = await startNetwork();
    const { port } = first.server;
    await stopNetwork(first);
    const second = await startConsensusServer({ ledger: network.ledger, port });
    expect(second.port).toBe(port);
    await second.close();
  });

  test("says which port it cannot have", async () => {
    const { port } = network.server;
    const start = startConsensusServer({ ledger: network.ledger, port });
    expect(await rejectionOf(start)).toMatchObject({
      code: "PORT_IN_USE",
      message: expect.stringContaining(String(port)),
    });
  });
});
