import { expect, spyOn, test } from "bun:test";
import { Timestamp } from "@hashgraph/sdk";
import { Glob } from "bun";
import { FestError } from "../hedera/error.ts";
import { devnetNetwork, networkOf } from "../hedera/network.ts";
import { openLedger } from "./client.ts";
import { SigningKey } from "./key.ts";
import { openClient } from "./session.ts";
import { networkOfNodes, type Script, startScriptedNode } from "./testing/scripted-node.ts";

const KEY = SigningKey.generate();
const HEALTHY: Script = { precheck: () => "OK", receipt: () => "SUCCESS" };

test("there is one Hedera SDK in the tree, and one of its protobufs", async () => {
  const glob = new Glob("**/{@hashgraph,@hiero-ledger}/{sdk,proto}/package.json");
  const found = await Array.fromAsync(glob.scan({ cwd: "node_modules" }));
  expect(found.sort()).toEqual(["@hashgraph/sdk/package.json", "@hiero-ledger/proto/package.json"]);
});

test("the SDK's ways of helping are off", () => {
  const client = openClient(devnetNetwork(), "0.0.1001", KEY);
  expect(client.defaultRegenerateTransactionId).toBe(false);
  expect(client.allowReceiptNodeFailover).toBe(false);
  expect(client.maxAttempts).toBe(1);
  // Otherwise the SDK takes devnet for its own local node and tries 1,000 times.
  expect(client.network["127.0.0.1:50211"]).toBeUndefined();
  client.close();
});

test("a public network's nodes come from the SDK's address book, each once", () => {
  const ledger = openLedger({ network: networkOf("testnet"), account: "0.0.1001", key: KEY });
  const { nodes } = ledger.session;
  const seen = new Set<string>();
  for (let turn = 0; turn < 100; turn += 1) {
    seen.add(nodes.current().toString());
    nodes.skip(nodes.current());
  }
  expect(seen.size).toBeGreaterThan(3);
  expect(seen).toContain("0.0.3");
  ledger.close();
});

test("a network without nodes is refused", () => {
  const network = { ...devnetNetwork(), name: "custom" as const, nodes: [] };
  expect(() => openLedger({ network, account: "0.0.1001", key: KEY })).toThrow(FestError);
});

test("the SDK makes up no id for what a receipt costs, since it would keep it for ever", async () => {
  const node = await startScriptedNode("0.0.3", {
    precheck: () => "OK",
    receipt: (count) => (count < 3 ? "UNKNOWN" : "SUCCESS"),
  });
  const ledger = openLedger({ network: networkOfNodes(node), account: "0.0.1001", key: KEY });
  const generate = spyOn(Timestamp, "generate");
  expect(await ledger.say("0.0.1010", Buffer.from("alive"))).toMatchObject({ kind: "executed" });
  expect(generate).not.toHaveBeenCalled();
  generate.mockRestore();
  ledger.close();
  node.close();
});

test("a node that was away is found again as soon as it is back", async () => {
  const first = await startScriptedNode("0.0.3", HEALTHY);
  const ledger = openLedger({ network: networkOfNodes(first), account: "0.0.1001", key: KEY });
  const say = () => ledger.say("0.0.1010", Buffer.from("alive"), { patienceMs: 5_000 });
  expect(await say()).toMatchObject({ kind: "executed" });
  first.close();
  const outcome = say();
  await Bun.sleep(500);
  const second = await startScriptedNode("0.0.3", HEALTHY, Number(first.address.split(":")[1]));
  expect(await outcome).toMatchObject({ kind: "executed" });
  ledger.close();
  second.close();
});

test("closing one of two ledgers leaves the other its connection", async () => {
  const node = await startScriptedNode("0.0.3", {
    precheck: () => "OK",
    receipt: (attempt) => (attempt < 6 ? "UNKNOWN" : "SUCCESS"),
  });
  const network = networkOfNodes(node);
  const [one, other] = [1, 2].map(() => openLedger({ network, account: "0.0.1001", key: KEY }));
  const outcome = one?.say("0.0.1010", Buffer.from("alive"));
  await Bun.sleep(50);
  other?.close();
  expect(await outcome).toMatchObject({ kind: "executed" });
  expect(node.transactions).toHaveLength(1);
  one?.close();
  node.close();
});

test("a process that closes its ledger comes to its end", async () => {
  const node = await startScriptedNode("0.0.3", HEALTHY);
  const script = `
    import { openLedger } from "${import.meta.dir}/client.ts";
    import { SigningKey } from "${import.meta.dir}/key.ts";
    const network = ${JSON.stringify(networkOfNodes(node))};
    const ledger = openLedger({ network, account: "0.0.1001", key: SigningKey.generate() });
    const outcome = await ledger.say("0.0.1010", new Uint8Array(1));
    ledger.close();
    console.log(outcome.kind);
  `;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
  expect(await child.exited).toBe(0);
  expect(await new Response(child.stdout).text()).toBe("executed\n");
  node.close();
}, 30_000);
