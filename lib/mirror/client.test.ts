import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createMirror, type Mirror } from "./client.ts";
import { MirrorMalformed } from "./error.ts";
import { allItems } from "./page.ts";
import { quickClock } from "./testing/clock.ts";
import { startWireServer, type WireServer } from "./testing/wire-server.ts";

const MAX_INT64 = 9_223_372_036_854_775_807n;
const PUBLIC_KEY = "15706b229b3ba33d4a5a41ff54ce1cfe0a3d308672a33ff382f81583e02bd743";

let server: WireServer;
let mirror: Mirror;
beforeAll(() => {
  server = startWireServer();
  mirror = createMirror({ baseUrl: server.url, clock: quickClock(), retries: 0 });
});
beforeEach(() => {
  server.requests.length = 0;
  server.answers.clear();
});
afterAll(() => server.stop());

const transaction = {
  batch_key: null,
  bytes: null,
  charged_tx_fee: 7,
  consensus_timestamp: "1234567890.000000007",
  entity_id: null,
  max_fee: "33",
  memo_base64: "w6QgMTcuMSAw",
  name: "CRYPTOTRANSFER",
  nft_transfers: [],
  node: "0.0.3",
  nonce: 0,
  parent_consensus_timestamp: "1234567890.000000005",
  result: "SUCCESS",
  scheduled: false,
  staking_reward_transfers: [],
  token_transfers: [{ token_id: "0.0.90000", account: "0.0.9", amount: MAX_INT64, is_approval: false }],
  transaction_hash: "vigzKe2J7fv4ktHBbNTSzQmKq7Lzdq1/lJMmHT+a2KgvdhAuadlvS4eKeqKjIRmW",
  transaction_id: "0.0.8-1234567890-000000006",
  transfers: [{ account: "0.0.3", amount: -MAX_INT64, is_approval: false }],
  valid_duration_seconds: "180",
  valid_start_timestamp: "1234567890.000000006",
};
const id = { payer: "0.0.8", validStart: 1_234_567_890_000_000_006n } as const;

describe("a transaction", () => {
  const path = "/api/v1/transactions/0.0.8-1234567890-000000006";

  test("is read with exact amounts, its times and its memo", async () => {
    server.answers.set(path, { transactions: [transaction] });
    const found = await mirror.transaction(id);
    expect(found).toHaveLength(1);
    expect(found?.[0]).toMatchObject({
      id,
      scheduled: false,
      nonce: 0,
      type: "CRYPTOTRANSFER",
      result: "SUCCESS",
      timestamp: 1_234_567_890_000_000_007n,
      parentTimestamp: 1_234_567_890_000_000_005n,
      memo: "ä 17.1 0",
      chargedFee: 7n,
      maxFee: 33n,
      validDurationSeconds: 180n,
      transfers: [{ account: "0.0.3", amount: -MAX_INT64 }],
      tokenTransfers: [{ token: "0.0.90000", account: "0.0.9", amount: MAX_INT64 }],
    });
  });

  test("that the mirror node does not have is null", async () => {
    expect(await mirror.transaction(id)).toBeNull();
  });

  test("is asked for by its selection", async () => {
    await mirror.transaction(id, { scheduled: true, nonce: 0 });
    expect(server.requests).toEqual([`${path}?scheduled=true&nonce=0`]);
  });

  test("with an amount that is not whole is malformed", async () => {
    const transfers = [{ account: "0.0.3", amount: 1.5 }];
    server.answers.set(path, { transactions: [{ ...transaction, transfers }] });
    await expect(mirror.transaction(id)).rejects.toBeInstanceOf(MirrorMalformed);
  });

  test("is found in a list by account, type and time", async () => {
    server.answers.set("/api/v1/transactions", { transactions: [transaction], links: { next: null } });
    const page = await mirror.transactions({
      account: "0.0.9",
      type: "CRYPTOTRANSFER",
      result: "success",
      after: 1_000_000_001n,
      before: 2_000_000_000n,
      order: "asc",
      limit: 100,
    });
    expect(page.items).toHaveLength(1);
    expect(server.requests).toEqual([
      "/api/v1/transactions?account.id=0.0.9&transactiontype=CRYPTOTRANSFER&result=success" +
        "&limit=100&order=asc&timestamp=gt:1.000000001&timestamp=lt:2.000000000",
    ]);
  });
});

describe("an account", () => {
  const account = {
    account: "0.0.8",
    alias: null,
    auto_renew_period: 7_776_000,
    balance: { balance: MAX_INT64, timestamp: "1700000000.000000000", tokens: [] },
    created_timestamp: "1600000000.000000001",
    deleted: false,
    evm_address: "0xac384c53f03855fa1b3616052f8ba32c6c2a2fec",
    key: { _type: "ED25519", key: PUBLIC_KEY },
    max_automatic_token_associations: -1,
    memo: "desk",
    receiver_sig_required: false,
    transactions: [],
    links: { next: null },
  };

  test("is read without its transactions", async () => {
    server.answers.set("/api/v1/accounts/0.0.8", account);
    expect(await mirror.account("0.0.8")).toEqual({
      id: "0.0.8",
      balance: MAX_INT64,
      key: { type: "ED25519", hex: PUBLIC_KEY },
      evmAddress: "0xac384c53f03855fa1b3616052f8ba32c6c2a2fec",
      memo: "desk",
      created: 1_600_000_000_000_000_001n,
      deleted: false,
      maxAutomaticTokenAssociations: -1,
      receiverSigRequired: false,
    });
    expect(server.requests).toEqual(["/api/v1/accounts/0.0.8?transactions=false"]);
  });

  test("whose balance is not known has none, rather than zero", async () => {
    server.answers.set("/api/v1/accounts/0.0.8", { ...account, balance: null });
    expect((await mirror.account("0.0.8"))?.balance).toBeNull();
  });

  test("that does not exist is null", async () => {
    expect(await mirror.account("0.0.404")).toBeNull();
    expect(await mirror.accountTokens("0.0.404")).toBeNull();
  });

  test("has its associated tokens listed over all pages", async () => {
    const path = "/api/v1/accounts/0.0.8/tokens";
    const relation = (token_id: string, balance: bigint) => ({
      token_id,
      balance,
      automatic_association: false,
      created_timestamp: "1600000000.000000001",
      decimals: 2,
      freeze_status: "UNFROZEN",
      kyc_status: "NOT_APPLICABLE",
    });
    server.faults.push(() =>
      Response.json({ tokens: [relation("0.0.90", 0n)].map(plain), links: { next: path } }),
    );
    server.answers.set(path, { tokens: [relation("0.0.91", MAX_INT64)], links: { next: null } });
    expect(await mirror.accountTokens("0.0.8")).toMatchObject([
      { token: "0.0.90", balance: 0n, decimals: 2, freezeStatus: "UNFROZEN" },
      { token: "0.0.91", balance: MAX_INT64 },
    ]);
  });

  test("has a balance at a consensus time, and none if it does not exist", async () => {
    const balances = [{ account: "0.0.8", balance: 5, tokens: [{ token_id: "0.0.90", balance: 7 }] }];
    server.answers.set("/api/v1/balances", {
      timestamp: "1700000000.000000003",
      balances,
      links: { next: null },
    });
    expect(await mirror.balance("0.0.8")).toEqual({
      hbar: 5n,
      tokens: [{ token: "0.0.90", balance: 7n }],
      timestamp: 1_700_000_000_000_000_003n,
    });
    expect(await mirror.balance("0.0.9")).toBeNull();
    expect(server.requests[0]).toBe("/api/v1/balances?account.id=0.0.8");
  });
});

describe("a token", () => {
  test("is read with its supply", async () => {
    server.answers.set("/api/v1/tokens/0.0.90", {
      admin_key: null,
      created_timestamp: "1600000000.000000001",
      custom_fees: { created_timestamp: "1600000000.000000001", fixed_fees: [], fractional_fees: [] },
      decimals: "2",
      deleted: false,
      expiry_timestamp: 1_900_000_000_123_456_789n,
      freeze_key: null,
      max_supply: "0",
      memo: "",
      name: "Festival",
      pause_status: "NOT_APPLICABLE",
      supply_key: { _type: "ED25519", key: PUBLIC_KEY },
      symbol: "FEST",
      token_id: "0.0.90",
      total_supply: MAX_INT64.toString(),
      treasury_account_id: "0.0.2",
      type: "FUNGIBLE_COMMON",
    });
    expect(await mirror.token("0.0.90")).toMatchObject({
      id: "0.0.90",
      symbol: "FEST",
      decimals: 2,
      totalSupply: MAX_INT64,
      maxSupply: 0n,
      treasury: "0.0.2",
    });
    expect(await mirror.token("0.0.91")).toBeNull();
  });

  test("has holders", async () => {
    const balances = [{ account: "0.0.9", balance: MAX_INT64, decimals: 2 }];
    server.answers.set("/api/v1/tokens/0.0.90/balances", {
      timestamp: null,
      balances,
      links: { next: null },
    });
    const page = await mirror.tokenBalances({ token: "0.0.90", account: "0.0.9" });
    expect(await allItems(page)).toMatchObject([{ account: "0.0.9", balance: MAX_INT64 }]);
    expect(server.requests).toEqual(["/api/v1/tokens/0.0.90/balances?account.id=0.0.9"]);
  });
});

describe("a schedule", () => {
  test("is read with its body and signatures", async () => {
    server.answers.set("/api/v1/schedules/0.0.50", {
      admin_key: null,
      consensus_timestamp: "1700000000.000000001",
      creator_account_id: "0.0.8",
      deleted: false,
      executed_timestamp: null,
      expiration_time: "1700000060.000000000",
      memo: "0.0.7/17.1/0",
      payer_account_id: "0.0.9",
      schedule_id: "0.0.50",
      signatures: [
        {
          consensus_timestamp: "1700000000.000000001",
          public_key_prefix: "AAEB",
          signature: "3q2+7w==",
          type: "ED25519",
        },
      ],
      transaction_body: "Kd6tvu8=",
      wait_for_expiry: false,
    });
    expect(await mirror.schedule("0.0.50")).toMatchObject({
      id: "0.0.50",
      creator: "0.0.8",
      payer: "0.0.9",
      executed: null,
      expiration: 1_700_000_060_000_000_000n,
      body: Uint8Array.fromHex("29deadbeef"),
      signatures: [{ publicKeyPrefix: Uint8Array.fromHex("000101"), type: "ED25519" }],
    });
    expect(await mirror.schedule("0.0.51")).toBeNull();
  });
});

describe("the network", () => {
  test("has a newest block", async () => {
    const block = {
      count: 3,
      hash: "0x3c08",
      number: 77,
      timestamp: { from: "1651560386.060890949", to: "1651560386.661997287" },
    };
    server.answers.set("/api/v1/blocks", { blocks: [block], links: { next: null } });
    expect(await mirror.latestBlock()).toEqual({
      number: 77,
      hash: "0x3c08",
      count: 3,
      from: 1_651_560_386_060_890_949n,
      to: 1_651_560_386_661_997_287n,
    });
  });
});

/** JSON of small numbers only. */
function plain(value: Record<string, unknown>): Record<string, unknown> {
  return { ...value, balance: Number(value.balance) };
}
