import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { AccountId } from "../hedera/id.ts";
import { addSeconds, fromMillis } from "../hedera/timestamp.ts";
import { createAccount, transferHbar } from "./accounts.ts";
import { openLedger } from "./client.ts";
import { LedgerError } from "./error.ts";
import { SigningKey } from "./key.ts";
import { deleteSchedule, scheduleMessage } from "./schedules.ts";
import { type Stage, setStage } from "./testing/stage.ts";
import { associate, createToken, transferToken } from "./tokens.ts";
import { createTopic, handOverTopic } from "./topics.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

const text = (message: string) => Buffer.from(message);
const accountOf = (id: AccountId) => stage.devnet.ledger.accounts.get(id);

async function failure(work: Promise<unknown>): Promise<LedgerError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof LedgerError) return error;
    throw error;
  }
  throw new Error("nothing failed");
}

describe("an account", () => {
  test("is created with a balance, a memo and room for tokens", async () => {
    const key = SigningKey.generate("ECDSA").publicKey;
    const id = await createAccount(stage.operator, {
      key,
      balance: 123_456_789n,
      memo: "desk",
      maxAutomaticAssociations: 3,
    });
    expect(accountOf(id)).toMatchObject({
      balance: 123_456_789n,
      memo: "desk",
      maxAutomaticAssociations: 3,
    });
  });

  test("with a key of 2 of 2 moves nothing on one signature, and on two it does", async () => {
    const keys = [SigningKey.generate("ED25519"), SigningKey.generate("ECDSA")];
    const fund = await createAccount(stage.operator, {
      key: { threshold: 2, keys: keys.map(({ publicKey }) => publicKey) },
      balance: 1_000n,
    });
    const transfer = { from: fund, to: stage.worker.account, amount: 400n };
    const [first] = keys;
    const alone = transferHbar(stage.operator, { ...transfer, signers: first ? [first] : [] });
    expect((await failure(alone)).code).toBe("INVALID_SIGNATURE");
    await transferHbar(stage.operator, { ...transfer, signers: keys });
    expect(accountOf(fund)?.balance).toBe(600n);
  });
});

describe("a token", () => {
  test("is created with its supply in the treasury", async () => {
    const { account, key } = stage.worker;
    const token = await createToken(stage.operator, {
      name: "Exact",
      symbol: "EXA",
      decimals: 8,
      initialSupply: 9_007_199_254_740_993n,
      treasury: account,
      signers: [key],
    });
    const { ledger } = stage.devnet;
    expect(ledger.relations.get(`${account}/${token}`)?.balance).toBe(9_007_199_254_740_993n);
    expect(ledger.tokens.get(token)).toMatchObject({ symbol: "EXA", decimals: 8, treasury: account });
  });

  test("may be associated with twice", async () => {
    await associate(stage.worker.ledger, { token: stage.token });
    await associate(stage.operator, {
      account: stage.worker.account,
      token: stage.token,
      signers: [stage.worker.key],
    });
  });

  test("does not move to somebody who isn't associated with it", async () => {
    const to = stage.operator.account;
    const error = await failure(
      transferToken(stage.coordinator.ledger, { token: stage.token, to, amount: 1n }),
    );
    expect(error.code).toBe("TOKEN_NOT_ASSOCIATED_TO_ACCOUNT");
    expect(error.message).toContain(`moving ${stage.token} to ${to} failed`);
    expect(error.transactionId.payer).toBe(stage.coordinator.account);
  });
});

describe("a topic", () => {
  test("of one key takes that key's messages alone", async () => {
    const topic = await createTopic(stage.operator, { submitKeys: [stage.worker.key.publicKey] });
    expect(await stage.worker.ledger.say(topic, text("mine"))).toMatchObject({ kind: "executed" });
    expect(await stage.operator.say(topic, text("not mine"))).toMatchObject({ kind: "failed" });
  });

  test("without submit keys takes everybody's", async () => {
    const topic = await createTopic(stage.operator, { submitKeys: [] });
    expect(await stage.worker.ledger.say(topic, text("free"))).toMatchObject({
      kind: "executed",
      sequence: 1n,
    });
  });

  test("is handed over in one step: new keys, and the message that says so", async () => {
    const [owner, old] = [stage.operator, stage.worker];
    const successor = SigningKey.generate();
    const ownKeys = { ...owner.publicKey };
    const topic = await createTopic(owner, {
      submitKeys: [ownKeys, old.key.publicKey],
      adminKey: ownKeys,
    });
    const submitKeys = [ownKeys, successor.publicKey];
    await handOverTopic(owner, { topic, submitKeys, message: text("manifest") });
    expect(stage.devnet.ledger.topics.get(topic)?.sequenceNumber).toBe(1n);
    expect(await old.ledger.say(topic, text("late"))).toEqual({
      kind: "failed",
      status: "INVALID_SIGNATURE",
    });
    const account = await createAccount(owner, { key: successor.publicKey, balance: 1_000_000_000n });
    const ledger = openLedger({ network: stage.devnet.network, account, key: successor });
    expect(await ledger.say(topic, text("new"))).toMatchObject({ kind: "executed", sequence: 2n });
    ledger.close();
  });

  test("is not handed over by a stranger, nor is anything said", async () => {
    const topic = await createTopic(stage.operator, {
      submitKeys: [stage.worker.key.publicKey],
      adminKey: stage.operator.publicKey,
    });
    const attempt = handOverTopic(stage.coordinator.ledger, {
      topic,
      submitKeys: [stage.coordinator.key.publicKey],
      message: text("manifest"),
    });
    expect((await failure(attempt)).code).toBe("INNER_TRANSACTION_FAILED");
    expect(stage.devnet.ledger.topics.get(topic)?.sequenceNumber).toBe(0n);
  });
});

describe("a scheduled message", () => {
  const soon = (seconds: number) => addSeconds(fromMillis(Date.now()), seconds);
  const said = () => stage.devnet.ledger.topics.get(stage.topic)?.sequenceNumber;

  test("is said by the network itself at its time, and not before", async () => {
    const before = said() ?? 0n;
    const { topic, worker } = stage;
    const schedule = await scheduleMessage(worker.ledger, { topic, message: text("lost"), at: soon(3) });
    expect(said()).toBe(before);
    while (stage.devnet.ledger.schedules.get(schedule)?.executed === null) await Bun.sleep(100);
    expect(said()).toBe(before + 1n);
  }, 20_000);

  test("is never said once its author has deleted it", async () => {
    const before = said();
    const { topic, worker } = stage;
    const schedule = await scheduleMessage(worker.ledger, { topic, message: text("alive"), at: soon(2) });
    await deleteSchedule(worker.ledger, schedule);
    expect((await failure(deleteSchedule(worker.ledger, schedule))).code).toBe("SCHEDULE_ALREADY_DELETED");
    await Bun.sleep(3_000);
    expect(said()).toBe(before);
  }, 20_000);

  test("is not deleted by somebody else", async () => {
    const { topic, worker, coordinator } = stage;
    const schedule = await scheduleMessage(worker.ledger, { topic, message: text("kept"), at: soon(600) });
    expect((await failure(deleteSchedule(coordinator.ledger, schedule))).code).toBe("INVALID_SIGNATURE");
  });
});

describe("what can't be done is told by Hedera's own status", () => {
  test("before consensus", async () => {
    const { network } = stage.devnet;
    const { account } = stage.worker;
    const forger = openLedger({ network, account, key: SigningKey.generate() });
    const error = await failure(transferHbar(forger, { to: "0.0.2", amount: 1n }));
    expect(error.code).toBe("INVALID_SIGNATURE");
    expect(error.message).toContain("moving HBAR to 0.0.2 was refused");
    forger.close();
  });

  test("before consensus, for want of what the payer itself would move", async () => {
    const transfer = { to: "0.0.2", amount: 10n ** 15n } as const;
    const error = await failure(transferHbar(stage.worker.ledger, transfer));
    expect(error.code).toBe("INSUFFICIENT_PAYER_BALANCE");
  });

  test("at consensus", async () => {
    const { account: from, key } = stage.worker;
    const transfer = { from, to: "0.0.2", amount: 10n ** 15n, signers: [key] } as const;
    const error = await failure(transferHbar(stage.operator, transfer));
    expect(error.code).toBe("INSUFFICIENT_ACCOUNT_BALANCE");
    expect(error.message).toContain("moving HBAR to 0.0.2 failed");
  });
});
