import { afterEach, describe, expect, test } from "bun:test";
import { proto } from "@hiero-ledger/proto";
import { addSeconds, fromMillis, type Timestamp } from "../hedera/timestamp.ts";
import { type Clock, systemClock } from "../mirror/clock.ts";
import { type Ledger, openLedger } from "./client.ts";
import type { Effect } from "./effect.ts";
import { SigningKey } from "./key.ts";
import {
  networkOfNodes,
  type Script,
  type ScriptedNode,
  startScriptedNode,
} from "./testing/scripted-node.ts";

const KEY = SigningKey.generate();
const NODES = ["0.0.3", "0.0.4", "0.0.5"] as const;
const NEVER: Script = { precheck: () => null, receipt: () => "RECEIPT_NOT_FOUND" };
const HEALTHY: Script = { precheck: () => "OK", receipt: () => "SUCCESS" };

const open: { close(): void }[] = [];
afterEach(() => {
  for (const closable of open.splice(0)) closable.close();
});

async function network(...scripts: Script[]): Promise<{ nodes: ScriptedNode[]; ledger: Ledger }> {
  const nodes = await Promise.all(
    scripts.map((script, index) => startScriptedNode(NODES[index] ?? "0.0.99", script)),
  );
  const ledger = openLedger({ network: networkOfNodes(...nodes), account: "0.0.1006", key: KEY });
  open.push(...nodes, ledger);
  return { nodes, ledger };
}

function effect(validStart: Timestamp = fromMillis(Date.now() - 1_000)): Effect {
  return {
    id: { payer: "0.0.1006", validStart },
    memo: "0.0.1010 7.1 0",
    action: { kind: "message", topic: "0.0.1010", message: Buffer.from("{}") },
  };
}

function bodies(node: ScriptedNode): string[] {
  return node.transactions.map((bytes) => {
    const { bodyBytes } = proto.SignedTransaction.decode(bytes);
    const body = proto.TransactionBody.decode(bodyBytes);
    return Buffer.from(proto.TransactionBody.encode({ ...body, nodeAccountID: null }).finish()).toString(
      "hex",
    );
  });
}

describe("a node that is busy or silent", () => {
  test("is given up after the caller's patience, though the wall clock is set back meanwhile", async () => {
    const node = await startScriptedNode("0.0.3", { precheck: () => "BUSY", receipt: () => "UNKNOWN" });
    let reads = 0;
    const clock: Clock = {
      ...systemClock,
      now: () => addSeconds(systemClock.now(), reads++ === 0 ? 0 : -60),
    };
    const network = networkOfNodes(node);
    const ledger = openLedger({ network, account: "0.0.1006", key: KEY, clock });
    open.push(node, ledger);
    const outcome = await ledger.perform(effect(), { patienceMs: 200 });
    expect(outcome).toEqual({ kind: "pending", status: "BUSY" });
    expect(reads).toBeGreaterThan(1);
  });

  test("gets the same bytes again until it takes them", async () => {
    const moods = ["BUSY", "PLATFORM_NOT_ACTIVE", "PLATFORM_TRANSACTION_NOT_CREATED", "OK"] as const;
    const { nodes, ledger } = await network({
      precheck: (attempt) => moods[attempt] ?? "OK",
      receipt: (attempt) => (attempt < 2 ? "UNKNOWN" : "SUCCESS"),
    });
    expect(await ledger.perform(effect())).toMatchObject({ kind: "executed", already: false });
    const [node] = nodes;
    expect(node?.transactions).toHaveLength(4);
    expect(new Set(node?.transactions.map((bytes) => Buffer.from(bytes).toString("hex"))).size).toBe(1);
  });

  test("leaves the effect pending, by its last word, when patience ends", async () => {
    const { ledger } = await network({ precheck: () => "BUSY", receipt: () => "UNKNOWN" });
    expect(await ledger.perform(effect(), { patienceMs: 200 })).toEqual({ kind: "pending", status: "BUSY" });
  });

  test("is passed over for the next node, which gets the same transaction but for the node's account", async () => {
    const { nodes, ledger } = await network(
      { precheck: () => "BUSY", receipt: () => "RECEIPT_NOT_FOUND" },
      { precheck: () => "BUSY", receipt: () => "RECEIPT_NOT_FOUND" },
      HEALTHY,
    );
    expect(await ledger.perform(effect())).toMatchObject({ kind: "executed" });
    expect(nodes.map(({ transactions }) => transactions.length)).toEqual([1, 1, 1]);
    expect(new Set(nodes.flatMap(bodies)).size).toBe(1);
    expect(new Set(nodes.map(({ transactions: [bytes] }) => `${bytes}`)).size).toBe(3);
  });

  test("that can't be reached leaves the effect pending", async () => {
    const { nodes, ledger } = await network(HEALTHY);
    nodes[0]?.close();
    const outcome = await ledger.perform(effect(), { patienceMs: 300 });
    expect(outcome).toEqual({ kind: "pending", status: "UNREACHABLE" });
  });
});

describe("a refusal", () => {
  test("that nothing cures stops at once", async () => {
    const { nodes, ledger } = await network({
      precheck: () => "INVALID_SIGNATURE",
      receipt: () => "UNKNOWN",
    });
    expect(await ledger.perform(effect())).toEqual({
      kind: "refused",
      status: "INVALID_SIGNATURE",
      curable: false,
    });
    expect(nodes[0]?.transactions).toHaveLength(1);
  });

  test("for want of funds is curable", async () => {
    const { ledger } = await network({
      precheck: () => "INSUFFICIENT_PAYER_BALANCE",
      receipt: () => "UNKNOWN",
    });
    expect(await ledger.perform(effect())).toEqual({
      kind: "refused",
      status: "INSUFFICIENT_PAYER_BALANCE",
      curable: true,
    });
  });

  test("by one node is not the last word on what another node has taken", async () => {
    const { ledger } = await network({
      precheck: (attempt) => (attempt === 0 ? "OK" : "INSUFFICIENT_PAYER_BALANCE"),
      receipt: (attempt) => (attempt === 0 ? "INVALID_PAYER_SIGNATURE" : "UNKNOWN"),
    });
    expect(await ledger.perform(effect())).toEqual({
      kind: "pending",
      status: "INSUFFICIENT_PAYER_BALANCE",
    });
  });
});

describe("the window", () => {
  test("that has not begun on the node's clock leaves the effect pending, to be sent again", async () => {
    const { nodes, ledger } = await network({
      precheck: () => "INVALID_TRANSACTION_START",
      receipt: () => "RECEIPT_NOT_FOUND",
    });
    const outcome = await ledger.perform(effect());
    expect(outcome).toEqual({ kind: "pending", status: "INVALID_TRANSACTION_START" });
    expect(nodes[0]?.transactions).toHaveLength(1);
  });

  test("that is over for the node, without a receipt, is expired", async () => {
    const { ledger } = await network({
      precheck: () => "TRANSACTION_EXPIRED",
      receipt: () => "RECEIPT_NOT_FOUND",
    });
    expect(await ledger.perform(effect())).toEqual({ kind: "expired" });
  });

  test("that is over for the node but not settled is pending", async () => {
    const { ledger } = await network({ precheck: () => "TRANSACTION_EXPIRED", receipt: () => "UNKNOWN" });
    expect(await ledger.perform(effect())).toEqual({ kind: "pending", status: "UNKNOWN" });
  });

  test("takes nothing in its last 20 seconds", async () => {
    const { nodes, ledger } = await network({ precheck: () => "OK", receipt: () => "RECEIPT_NOT_FOUND" });
    const outcome = await ledger.perform(effect(addSeconds(fromMillis(Date.now()), -161)));
    expect(outcome).toEqual({ kind: "expired" });
    expect(nodes[0]?.transactions).toHaveLength(0);
  });

  test("that ended before consensus is expired", async () => {
    const { ledger } = await network({ precheck: () => "OK", receipt: () => "TRANSACTION_EXPIRED" });
    expect(await ledger.perform(effect())).toEqual({ kind: "expired" });
  });
});

describe("a receipt", () => {
  test("of a failure ends the effect with its status", async () => {
    const { ledger } = await network({ precheck: () => "OK", receipt: () => "INVALID_TOPIC_ID" });
    expect(await ledger.perform(effect())).toEqual({ kind: "failed", status: "INVALID_TOPIC_ID" });
  });

  test("that tells of a node's fault sends the same bytes once more", async () => {
    const { nodes, ledger } = await network({
      precheck: () => "OK",
      receipt: (attempt) => (attempt === 0 ? "INVALID_PAYER_SIGNATURE" : "SUCCESS"),
    });
    expect(await ledger.perform(effect())).toMatchObject({ kind: "executed" });
    expect(nodes[0]?.transactions).toHaveLength(2);
  });
});

test("an abort ends a delivery as pending", async () => {
  const { ledger } = await network({ precheck: () => "OK", receipt: () => "UNKNOWN" });
  const abort = new AbortController();
  const outcome = ledger.perform(effect(), { signal: abort.signal });
  await Bun.sleep(50);
  abort.abort();
  expect(await outcome).toEqual({ kind: "pending", status: "UNKNOWN" });
});

test("closing the ledger ends what is under way as pending", async () => {
  const { ledger } = await network({ precheck: () => "BUSY", receipt: () => "UNKNOWN" });
  const outcome = ledger.perform(effect());
  await Bun.sleep(50);
  ledger.close();
  expect(await outcome).toMatchObject({ kind: "pending" });
});

test("a node that never answers costs one deadline, not the effect", async () => {
  const { nodes, ledger } = await network(NEVER, HEALTHY);
  expect(await ledger.perform(effect())).toMatchObject({ kind: "executed" });
  expect(nodes.map(({ transactions }) => transactions.length)).toEqual([1, 1]);
}, 20_000);
