import { afterAll, describe, expect, test } from "bun:test";
import { parseTokenId } from "../../hedera/id.ts";
import { formatTimestamp } from "../../hedera/timestamp.ts";
import { SAMPLE, sampleItem, sampleTime, sampleToken, sampleTokenTransfer } from "../store/sample.ts";
import { openRest, pageThrough } from "./rest-fixture.ts";

const SECOND = parseTokenId("0.0.1010");
const second = sampleToken({
  id: SECOND,
  name: "Second",
  symbol: "2ND",
  adminKey: new Uint8Array([0x12, 0x20, ...new Uint8Array(32).fill(1)]),
  supplyType: "FINITE",
  maxSupply: 9n,
  pauseKey: new Uint8Array([0x3a, 0x21, ...new Uint8Array(33).fill(2)]),
});
const rest = openRest([
  [sampleItem(1, {}, { changes: [{ kind: "token", entity: second }] })],
  [sampleTokenTransfer(2, 7n, 2n ** 60n - 6n, 7n)],
]);
afterAll(() => rest.close());

async function ids(
  query: string,
  member: "token_id" | "account",
  list: string,
  path: string,
): Promise<unknown[]> {
  const pages = await pageThrough(rest, `${path}?${query}`, list);
  return pages
    .flat()
    .map((row) => (typeof row === "object" && row !== null ? Reflect.get(row, member) : row));
}

test.each([
  ["limit=1", [SAMPLE.token, SECOND]],
  ["order=desc&limit=1", [SECOND, SAMPLE.token]],
  ["token.id=gt:1003", [SECOND]],
  ["token.id=00000000000000000000000000000000000003eb", [SAMPLE.token]],
  ["name=ECON", [SECOND]],
  [`publickey=${"01".repeat(32)}`, [SECOND]],
  ["account.id=1002", [SAMPLE.token]],
  ["type=fungible_common", [SAMPLE.token, SECOND]],
  ["type=NON_FUNGIBLE_UNIQUE", []],
])("tokens with %p are paged through without a gap or a repeat", async (query, expected) => {
  expect(await ids(query, "token_id", "tokens", "/tokens")).toEqual(expected);
});

test("a name cannot be looked for among given tokens, nor with less than three bytes", async () => {
  expect((await rest.get("/tokens?name=Second&token.id=5")).status).toBe(400);
  expect((await rest.get("/tokens?name=ab")).status).toBe(400);
});

test("a token is given with supplies as texts and its expiry as whole nanoseconds", async () => {
  const { body, text } = await rest.get(`/tokens/${SECOND}`);
  expect(body).toMatchObject({
    admin_key: { _type: "ED25519" },
    decimals: "2",
    initial_supply: (2n ** 60n + 1n).toString(),
    max_supply: "9",
    pause_key: { _type: "ECDSA_SECP256K1", key: "02".repeat(33) },
    pause_status: "UNPAUSED",
    supply_type: "FINITE",
    total_supply: (2n ** 60n + 1n).toString(),
    treasury_account_id: SAMPLE.alice,
    type: "FUNGIBLE_COMMON",
    wipe_key: null,
  });
  expect(text).toContain(`"expiry_timestamp":${second.expiry}`);
});

test("a token is not there before its creation", async () => {
  expect((await rest.get(`/tokens/${SECOND}?timestamp=lt:1700000000.000000000`)).status).toBe(404);
  expect((await rest.get(`/tokens/${SECOND}?timestamp=1700000000.000000000`)).status).toBe(200);
  expect((await rest.get("/tokens/0.0.9999")).status).toBe(404);
});

describe("who holds a token", () => {
  test.each([
    ["limit=1", [SAMPLE.bob, SAMPLE.alice]],
    ["order=asc", [SAMPLE.alice, SAMPLE.bob]],
    ["account.balance=lt:100", [SAMPLE.bob]],
    ["account.id=1001", [SAMPLE.alice]],
  ])("with %p is paged through without a gap or a repeat", async (query, expected) => {
    expect(await ids(query, "account", "balances", `/tokens/${SAMPLE.token}/balances`)).toEqual(expected);
  });

  test("is given to the last unit, now and at a time", async () => {
    const now = await rest.get(`/tokens/${SAMPLE.token}/balances?order=asc`);
    expect(now.text).toContain(`{"account":"${SAMPLE.alice}","balance":${2n ** 60n - 6n},"decimals":2}`);
    const then = await rest.get(
      `/tokens/${SAMPLE.token}/balances?order=asc&timestamp=${formatTimestamp(sampleTime(1))}`,
    );
    expect(then.text).toContain(`{"account":"${SAMPLE.alice}","balance":${2n ** 60n + 1n},"decimals":2}`);
  });

  test("is nobody for a token that isn't there", async () => {
    const body = { timestamp: null, balances: [], links: { next: null } };
    expect(await rest.get("/tokens/0.0.9999/balances")).toMatchObject({ status: 200, body });
  });
});
