import { afterAll, describe, expect, test } from "bun:test";
import * as z from "zod/mini";
import { formatTimestamp } from "../../hedera/timestamp.ts";
import {
  SAMPLE,
  sampleAccount,
  sampleItem,
  sampleRelation,
  sampleTime,
  sampleTokenTransfer,
} from "../store/sample.ts";
import { openRest, pageThrough } from "./rest-fixture.ts";

const MUCH = 2n ** 60n;
const rest = openRest([
  [sampleTokenTransfer(1, 1n, MUCH, 1n)],
  [
    sampleItem(
      2,
      {},
      {
        changes: [
          { kind: "account", entity: sampleAccount(SAMPLE.alice, { balance: 800n, memo: "hcs-11" }) },
        ],
      },
    ),
  ],
  [sampleTokenTransfer(3, MUCH, 0n, MUCH + 1n)],
]);
afterAll(() => rest.close());

const ADDRESS = "ab".repeat(20);
const Accounts = z.array(z.looseObject({ account: z.string() }));

async function listed(path: string, list: string): Promise<string[]> {
  const pages = await pageThrough(rest, path, list);
  return Accounts.parse(pages.flat()).map(({ account }) => account);
}

describe("accounts", () => {
  test.each([
    ["", ["0.0.2", "0.0.3", "0.0.1001", "0.0.1002"]],
    ["limit=1", ["0.0.2", "0.0.3", "0.0.1001", "0.0.1002"]],
    ["limit=3&order=desc", ["0.0.1002", "0.0.1001", "0.0.3", "0.0.2"]],
    ["account.id=gt:3&limit=1", ["0.0.1001", "0.0.1002"]],
    ["account.id=0.0.2&account.id=1001&limit=1", ["0.0.2", "0.0.1001"]],
    ["account.id=ne:3&account.id=lt:1002", ["0.0.2", "0.0.1001"]],
    ["account.balance=lt:1000", ["0.0.1001"]],
    ["account.balance=1000", ["0.0.3", "0.0.1002"]],
    [`account.publickey=${"03".repeat(32)}`, ["0.0.3"]],
    [`account.publickey=0x302a300506032b6570032100${"03".repeat(32)}`, ["0.0.3"]],
    ["account.id=1.0.3", []],
  ])("with %p are paged through without a gap or a repeat", async (query, expected) => {
    expect(await listed(`/accounts?${query}`, "accounts")).toEqual(expected);
  });

  test("have no balance where it isn't wanted", async () => {
    expect((await rest.get("/accounts?account.id=2&balance=false")).body).toMatchObject({
      accounts: [{ balance: null }],
    });
  });

  test("hold every tinybar", async () => {
    const { text } = await rest.get("/accounts/0.0.2?transactions=false");
    expect(text).toContain('"balance":{"balance":4999999999999997000,');
  });
});

describe("an account", () => {
  test("is given with balances, keys and the transactions that it took part in", async () => {
    const { body, text } = await rest.get(`/accounts/${SAMPLE.alice}`);
    expect(body).toMatchObject({
      account: SAMPLE.alice,
      alias: null,
      balance: {
        balance: 800,
        timestamp: formatTimestamp(sampleTime(3)),
        tokens: [{ token_id: SAMPLE.token, balance: 0 }],
      },
      evm_address: "0x00000000000000000000000000000000000003e9",
      key: { _type: "ED25519", key: "e9".repeat(32) },
      memo: "hcs-11",
      transactions: [3, 2, 1].map((n) => ({ consensus_timestamp: formatTimestamp(sampleTime(n)) })),
      links: { next: null },
    });
    expect(text).toContain('"auto_renew_period":7776000');
  });

  test("pages through its transactions under its own path", async () => {
    const pages = await pageThrough(rest, `/accounts/${SAMPLE.alice}?limit=1`, "transactions");
    expect(pages.map((page) => page.length)).toEqual([1, 1, 1, 0]);
  });

  test("can be asked for without transactions", async () => {
    const { body } = await rest.get(`/accounts/${SAMPLE.alice}?transactions=false`);
    expect(body).toMatchObject({ transactions: [], links: { next: null } });
  });

  test.each([
    ADDRESS,
    `0x${ADDRESS}`,
    `0.0.${ADDRESS}`,
    "00000000000000000000000000000000000003ea",
    "VOV2XK5LVOV2XK5LVOV2XK5LVOV2XK5L",
  ])("is found by %p", async (name) => {
    const { body } = await rest.get(`/accounts/${name}?transactions=false`);
    expect(body).toMatchObject({
      account: SAMPLE.bob,
      evm_address: `0x${ADDRESS}`,
      alias: "VOV2XK5LVOV2XK5LVOV2XK5LVOV2XK5L",
    });
  });

  test("had at a time what it had then", async () => {
    const { body } = await rest.get(
      `/accounts/${SAMPLE.alice}?transactions=false&timestamp=lte:${formatTimestamp(sampleTime(2))}`,
    );
    expect(body).toHaveProperty("balance.balance", 900);
    const { text } = await rest.get(
      `/accounts/${SAMPLE.alice}?transactions=false&timestamp=${formatTimestamp(sampleTime(2))}`,
    );
    expect(text).toContain(`"balance":${MUCH}}`);
  });

  test("that isn't there is 404, and what cannot be an account is 400", async () => {
    expect((await rest.get("/accounts/0.0.9999")).status).toBe(404);
    expect((await rest.get(`/accounts/${"cd".repeat(20)}`)).status).toBe(404);
    const body = { _status: { messages: [{ message: "Invalid parameter: idOrAliasOrEvmAddress" }] } };
    expect(await rest.get("/accounts/no-such-form")).toMatchObject({ status: 400, body });
  });
});

describe("the tokens of an account", () => {
  test("are its associations", async () => {
    const { body } = await rest.get(`/accounts/${SAMPLE.alice}/tokens`);
    expect(body).toEqual({
      tokens: [
        {
          automatic_association: false,
          balance: 0,
          created_timestamp: "1700000000.000000000",
          decimals: 2,
          freeze_status: "UNFROZEN",
          kyc_status: "NOT_APPLICABLE",
          token_id: SAMPLE.token,
        },
      ],
      links: { next: null },
    });
  });

  test("no longer show an association that was given up", async () => {
    const other = openRest([
      [
        sampleItem(
          1,
          {},
          {
            changes: [{ kind: "relation", entity: { ...sampleRelation(SAMPLE.bob, 0n), associated: false } }],
          },
        ),
      ],
    ]);
    expect((await other.get(`/accounts/${SAMPLE.bob}/tokens`)).body).toHaveProperty("tokens", []);
    other.close();
  });

  test("of nobody are 404", async () => {
    expect((await rest.get("/accounts/0.0.77/tokens")).status).toBe(404);
  });
});

describe("balances", () => {
  test.each([
    ["limit=1", ["0.0.1002", "0.0.1001", "0.0.3", "0.0.2"]],
    ["order=asc&limit=2", ["0.0.2", "0.0.3", "0.0.1001", "0.0.1002"]],
    [`account.id=${ADDRESS}`, ["0.0.1002"]],
    ["account.balance=gt:1000", ["0.0.2"]],
    [`account.publickey=${"03".repeat(32)}`, ["0.0.3"]],
  ])("with %p are paged through without a gap or a repeat", async (query, expected) => {
    expect(await listed(`/balances?${query}`, "balances")).toEqual(expected);
  });

  test("at a time are what they were then", async () => {
    const { body, text } = await rest.get(
      `/balances?account.id=${SAMPLE.bob}&timestamp=${formatTimestamp(sampleTime(1))}`,
    );
    expect(body).toMatchObject({
      balances: [{ account: SAMPLE.bob, balance: 1000, tokens: [{ balance: 1 }] }],
    });
    expect(text).toContain(`"timestamp":"${formatTimestamp(sampleTime(1))}"`);
    const now = await rest.get(`/balances?account.id=${SAMPLE.bob}`);
    expect(now.text).toContain(`"balance":${MUCH + 1n}}`);
  });

  test("compare an EVM address for equality only", async () => {
    expect((await rest.get(`/balances?account.id=gt:${ADDRESS}`)).status).toBe(400);
  });
});
