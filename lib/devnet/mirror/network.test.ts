import { afterAll, describe, expect, test } from "bun:test";
import { hourOf } from "../rate/fixed.ts";
import { SAMPLE_START, sampleItem } from "../store/sample.ts";
import { openRest } from "./rest-fixture.ts";

const rest = openRest([[sampleItem(1)]], {
  // One cent more every hour, so that an answer tells which hour it is of.
  rate: (at) => ({
    hbarEquivalent: 1,
    centEquivalent: Number(hourOf(at) % 1000n),
    expirationSeconds: Number((hourOf(at) + 1n) * 3600n),
  }),
  nodes: [
    { account: "0.0.3", address: "127.0.0.1:50211" },
    { account: "0.0.4", address: "127.0.0.1:50212" },
  ],
});
afterAll(() => rest.close());

const HOUR = hourOf(SAMPLE_START);
const cents = (hour: bigint) => Number(hour % 1000n);

describe("the exchange rate", () => {
  test("is the one in force, and the next hour's", async () => {
    const { body } = await rest.get("/network/exchangerate");
    expect(body).toEqual({
      current_rate: {
        cent_equivalent: cents(HOUR + 1n),
        expiration_time: Number((HOUR + 2n) * 3600n),
        hbar_equivalent: 1,
      },
      next_rate: {
        cent_equivalent: cents(HOUR + 2n),
        expiration_time: Number((HOUR + 3n) * 3600n),
        hbar_equivalent: 1,
      },
      timestamp: `${(HOUR + 1n) * 3600n}.000000000`,
    });
  });

  test.each([
    [`${HOUR * 3600n - 1n}`, -1n],
    [`${HOUR * 3600n}`, 0n],
    [`lt:${HOUR * 3600n}`, -1n],
    [`lte:${HOUR * 3600n}.5`, 0n],
  ])("at the time %p is the one that was in force then", async (timestamp, hour) => {
    const { body } = await rest.get(`/network/exchangerate?timestamp=${timestamp}`);
    expect(body).toHaveProperty("current_rate.cent_equivalent", cents(HOUR + hour));
  });

  test("was not published between two times within an hour", async () => {
    const start = HOUR * 3600n;
    const { status } = await rest.get(
      `/network/exchangerate?timestamp=gt:${start}&timestamp=lt:${start + 60n}`,
    );
    expect(status).toBe(404);
  });
});

test("the released supply is all HBAR but the treasury's", async () => {
  const { body } = await rest.get("/network/supply");
  expect(body).toMatchObject({ released_supply: "3000", total_supply: "5000000000000000000" });
  expect((await rest.get("/network/supply?q=totalcoins")).text).toBe("50000000000.00000000");
  expect((await rest.get("/network/supply?q=circulating")).text).toBe("0.00003000");
});

test("gas is priced at the exchange rate", async () => {
  const { body } = await rest.get(`/network/fees?timestamp=${HOUR * 3600n}`);
  const gas = Math.floor(852_000 / (1000 * cents(HOUR)));
  expect(body).toMatchObject({
    fees: [{ gas, transaction_type: "ContractCall" }, {}, { transaction_type: "EthereumTransaction" }],
  });
});

describe("nodes", () => {
  test.each([
    ["", [0, 1]],
    ["order=desc", [1, 0]],
    ["node.id=1", [1]],
    ["node.id=lt:1", [0]],
    ["file.id=0.0.102&limit=1", [0]],
    ["file.id=0.0.5", []],
  ])("with %p are the right ones", async (query, expected) => {
    const { body } = await rest.get(`/network/nodes?${query}`);
    expect(body).toMatchObject({ nodes: expected.map((node_id) => ({ node_id })) });
  });

  test("have the address that the SDK connects to", async () => {
    const { body } = await rest.get("/network/nodes?node.id=0");
    expect(body).toMatchObject({
      nodes: [{ node_account_id: "0.0.3", service_endpoints: [{ ip_address_v4: "127.0.0.1", port: 50211 }] }],
    });
  });
});
