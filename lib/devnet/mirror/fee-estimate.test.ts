import { describe, expect, test } from "bun:test";
import {
  AccountId,
  TopicMessageSubmitTransaction,
  type Transaction,
  TransferTransaction,
} from "@hashgraph/sdk";
import { proto } from "@hiero-ledger/proto";
import * as z from "zod/mini";
import { type DevnetUnderTest, idAtNetworkTime, mirrorId, startUnderTest } from "../devnet-fixture.ts";
import { fixedRate } from "../rate/fixed.ts";
import { loadOpenApi } from "./openapi.ts";

const Estimate = z.looseObject({ total: z.number() });

async function post(net: DevnetUnderTest, body: Uint8Array, query = "", type = "application/protobuf") {
  const headers = { "Content-Type": type };
  const url = `${net.devnet.network.mirror}/api/v1/network/fees${query}`;
  const response = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
  const answer: unknown = await response.json();
  const problems = loadOpenApi()?.violations("/api/v1/network/fees", response.status, answer, "post") ?? [];
  expect(problems).toEqual([]);
  return { status: response.status, body: answer };
}

/** The bytes that the SDK would send to the node. */
async function signed(net: DevnetUnderTest, transaction: Transaction): Promise<Uint8Array> {
  transaction
    .setTransactionId(idAtNetworkTime(net.devnet))
    .setNodeAccountIds([AccountId.fromString("0.0.3")]);
  await transaction.freezeWith(net.client).signWithOperator(net.client);
  const [first] = proto.TransactionList.decode(transaction.toBytes()).transactionList;
  return proto.Transaction.encode(first ?? {}).finish();
}

describe("the fee estimate", () => {
  test("is what the network charges then", async () => {
    // 1 HBAR is 1 cent: a tinybar a tinycent.
    const net = await startUnderTest({ rate: fixedRate(1, 1) });
    const transfer = new TransferTransaction().addHbarTransfer("0.0.2", -5).addHbarTransfer("0.0.98", 5);
    const { status, body } = await post(net, await signed(net, transfer), "?mode=STATE");
    const { transactionId } = await transfer.execute(net.client);
    const Charged = z.object({ transactions: z.array(z.looseObject({ charged_tx_fee: z.number() })) });
    const charged = z.parse(Charged, (await net.get(`/transactions/${mirrorId(transactionId)}`)).body);
    expect(status).toBe(200);
    expect(z.parse(Estimate, body).total).toBe(charged.transactions[0]?.charged_tx_fee ?? 0);
  });

  test("names what it is made of", async () => {
    const net = await startUnderTest();
    const message = new TopicMessageSubmitTransaction({ topicId: "0.0.1001", message: "x".repeat(200) });
    const bytes = await signed(net, message);
    expect((await post(net, bytes)).body).toEqual({
      high_volume_multiplier: 1,
      network: { multiplier: 9, subtotal: 900_000 },
      node: {
        base: 100_000,
        extras: [
          { charged: 0, count: 1, fee_per_unit: 100_000, included: 1, name: "SIGNATURES", subtotal: 0 },
          {
            charged: 0,
            count: expect.any(Number),
            fee_per_unit: 10_000,
            included: 1_350,
            name: "BYTES",
            subtotal: 0,
          },
        ],
      },
      service: { base: 700_000 + 100 * 6_800, extras: [] },
      total: 1_000_000 + 700_000 + 100 * 6_800,
    });
  });

  test.each([
    ["nonsense", new Uint8Array([1, 2, 3]), "", "application/protobuf"],
    ["nothing", new Uint8Array(), "", "application/protobuf"],
    ["another mode", new Uint8Array(), "?mode=GUESS", "application/protobuf"],
    ["too much throttle", new Uint8Array(), "?high_volume_throttle=10001", "application/protobuf"],
    ["JSON", new Uint8Array([123, 125]), "", "application/json"],
  ])("refuses %s", async (_, body, query, type) => {
    const net = await startUnderTest();
    expect((await post(net, body, query, type)).status).toBe(400);
  });
});

test("nobody stakes on this network", async () => {
  const net = await startUnderTest();
  const { status, body } = await net.get("/network/stake");
  expect(status).toBe(200);
  expect(loadOpenApi()?.violations("/api/v1/network/stake", 200, body) ?? []).toEqual([]);
  expect(body).toMatchObject({ stake_total: 0, staking_period_duration: 1_440 });
  expect((await net.get("/network/stake?limit=1")).status).toBe(400);
});
