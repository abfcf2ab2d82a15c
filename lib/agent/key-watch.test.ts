import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, PrivateKey, TopicUpdateTransaction } from "@hashgraph/sdk";
import { type Devnet, startDevnet } from "../devnet/devnet.ts";
import { type Ledger, openLedger } from "../ledger/client.ts";
import { createMirror, type Mirror } from "../mirror/client.ts";
import { systemClock } from "../mirror/clock.ts";
import { foldLog } from "./fold-log.ts";
import type { Hold } from "./guard.ts";
import { KeyWatch } from "./key-watch.ts";
import { createLogger } from "./logger.ts";
import { Deployment } from "./setup/deployment.ts";
import { endowmentFor } from "./setup/endowment.ts";
import type { Festival } from "./setup/options.ts";
import { repairSubmitKeys } from "./setup/rotate.ts";
import { setUp } from "./setup/setup.ts";

setDefaultTimeout(60_000);

const root = mkdtempSync(join(tmpdir(), "key-watch-"));
let devnet: Devnet;
let mirror: Mirror;
let festival: Festival;
let deployment: Deployment;
const open: Ledger[] = [];
beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  mirror = createMirror({ baseUrl: devnet.network.mirror });
  deployment = await Deployment.open(root, "devnet");
  const { accountId: account, privateKey: hex } = devnet.operator;
  const operator = openLedger({ network: devnet.network, account, key: { type: "ED25519", hex } });
  open.push(operator);
  const endowment = endowmentFor("devnet");
  festival = await setUp({ operator, deployment, endowment, festival: { id: "T1", name: "Test" } });
});
afterAll(async () => {
  for (const ledger of open) ledger.close();
  await devnet?.stop();
  rmSync(root, { recursive: true });
});

/** An update of the submit key that a party signs alone, as Hedera lets it. */
async function seize(topic: string, party: "desk" | "inference"): Promise<void> {
  const key = PrivateKey.fromStringED25519(deployment.keyOf(party).reveal().hex);
  const client = Client.forNetwork({ [devnet.network.nodes[0]?.address ?? ""]: "0.0.3" });
  client.setOperator(festival.accounts[party], key);
  const update = new TopicUpdateTransaction().setTopicId(topic).setSubmitKey(key.publicKey);
  await (await update.execute(client)).getReceipt(client);
  client.close();
}

async function watching(): Promise<{ watch: KeyWatch; told: Hold[] }> {
  const told: Hold[] = [];
  const watch = new KeyWatch({
    log: festival.log,
    mirror,
    logger: createLogger("test", "silent"),
    // Nothing but the test makes it look.
    clock: {
      ...systemClock,
      sleep: (_, signal) => new Promise((end) => signal?.addEventListener("abort", () => end())),
    },
    onDrift: (hold) => void told.push(hold),
  });
  const state = await foldLog(mirror, festival.log);
  watch.update({ state, caughtUp: true, last: null, active: [] });
  await watch.look();
  return { watch, told };
}

describe("an agent that watches the submit keys", () => {
  test("says nothing while they are the manifest's", async () => {
    const { watch, told } = await watching();
    for (let look = 0; look < 3; look += 1) await watch.look();
    expect(told).toEqual([]);
    await watch.stop();
  });

  test("tells once of an insider who locks the others out, when a second look shows it, too", async () => {
    const { watch, told } = await watching();
    await seize(festival.log, "desk");
    expect(await watch.look()).toBe(true);
    expect(told).toEqual([]);
    for (let look = 0; look < 3; look += 1) await watch.look();
    expect(told).toEqual([
      {
        code: "SUBMIT_KEYS_CHANGED",
        message: `owner, coordinator, inference-001, defi-001 cannot write to ${festival.log}`,
      },
    ]);
    const { network } = devnet;
    const owner = openLedger({ network, account: festival.accounts.owner, key: deployment.keyOf("owner") });
    open.push(owner);
    const state = await foldLog(mirror, festival.log);
    await repairSubmitKeys({ owner, deployment, mirror, log: festival.log, state });
    for (let look = 0; look < 2; look += 1) await watch.look();
    await seize(festival.vitals, "inference");
    for (let look = 0; look < 2; look += 1) await watch.look();
    expect(told[1]?.message).toBe(
      `owner, coordinator, defi-001, desk-001 cannot write to ${festival.vitals}`,
    );
    expect(told).toHaveLength(2);
    await watch.stop();
  });
});
