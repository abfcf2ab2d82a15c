import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import { foldAll } from "../../festival/fold.ts";
import { agentsOf } from "../../festival/roles.ts";
import { type Ledger, openLedger } from "../../ledger/client.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import { Deployment, PARTIES } from "./deployment.ts";
import { endowmentFor } from "./endowment.ts";
import { type Festival, type SetupOptions, setUp } from "./setup.ts";

const root = mkdtempSync(join(tmpdir(), "set-up-"));
const endowment = endowmentFor("devnet");

let devnet: Devnet;
let operator: Ledger;
let mirror: Mirror;
beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  const { accountId: account, privateKey: hex } = devnet.operator;
  operator = openLedger({ network: devnet.network, account, key: { type: "ED25519", hex } });
  mirror = createMirror({ baseUrl: devnet.network.mirror });
});
afterAll(async () => {
  operator.close();
  await devnet.stop();
  rmSync(root, { recursive: true });
});

/** Runs set-up in a folder, and tells which steps it took. */
async function run(name: string, stopAfter = Number.POSITIVE_INFINITY) {
  const steps: string[] = [];
  const options: SetupOptions = {
    operator,
    deployment: await Deployment.open(join(root, name), "devnet"),
    endowment,
    festival: { id: "T1", name: "Test" },
    onStep: (step) => {
      if (steps.length >= stopAfter) throw new Error("power cut");
      steps.push(step);
    },
  };
  return { festival: setUp(options), steps, deployment: options.deployment };
}

describe("a festival that was set up", () => {
  let festival: Festival;
  let deployment: Deployment;
  let steps: readonly string[];
  beforeAll(async () => {
    const first = await run("whole");
    ({ steps, deployment } = first);
    festival = await first.festival;
  });

  test("has an account of its own for every party, with that party's key, and funds", async () => {
    expect(new Set(Object.values(festival.accounts)).size).toBe(PARTIES.length + 1);
    for (const party of PARTIES) {
      const account = await mirror.account(festival.accounts[party]);
      expect(account?.key?.hex).toBe(deployment.keyOf(party).publicKey.hex);
      expect(account?.balance ?? 0n).toBeGreaterThan(0n);
    }
  });

  test("trades from a fund whose key is 2-of-2 of defi and coordinator", async () => {
    const key = (await mirror.account(festival.accounts.fund))?.key;
    expect(key?.type).toBe("ProtobufEncoded");
    for (const party of ["defi", "coordinator"] as const) {
      expect(key?.hex).toContain(deployment.keyOf(party).publicKey.hex);
    }
    expect(key?.hex).not.toContain(deployment.keyOf("owner").publicKey.hex);
  });

  test("pays from the coordinator's tokens, and trades a stablecoin between fund and desk", async () => {
    const held = async (account: keyof Festival["accounts"], token: Festival["token"]) =>
      (await mirror.balance(festival.accounts[account]))?.tokens.find((one) => one.token === token)?.balance;
    expect(await held("coordinator", festival.token)).toBe(endowment.budget);
    for (const worker of ["inference", "defi", "desk"] as const)
      expect(await held(worker, festival.token)).toBe(0n);
    expect(await held("fund", festival.stablecoin)).toBe(endowment.fundTokens);
    expect(await held("desk", festival.stablecoin)).toBe(endowment.deskTokens);
  });

  test("lets the parties write to log and vitals, and the owner alone change them", async () => {
    for (const topic of [festival.log, festival.vitals]) {
      const found = await mirror.topic(topic);
      expect(found?.adminKey?.hex).toBe(deployment.keyOf("owner").publicKey.hex);
      for (const party of PARTIES)
        expect(found?.submitKey?.hex).toContain(deployment.keyOf(party).publicKey.hex);
    }
  });

  test("has begun: the manifest is the log's one entry, and the coordinator owes the plan", async () => {
    const { items } = await mirror.topicMessages({ topic: festival.log, order: "asc" });
    const state = foldAll(items);
    expect(state.counts).toMatchObject({ accepted: 1, malformed: 0, refused: 0 });
    expect(state.owner).toBe(festival.accounts.owner);
    expect(Object.fromEntries(agentsOf(state).map(({ role, account }) => [role, account]))).toEqual({
      coordinator: festival.accounts.coordinator,
      inference: festival.accounts.inference,
      defi: festival.accounts.defi,
      desk: festival.accounts.desk,
    });
    expect([...state.obligations.values()].map(({ kind }) => kind)).toEqual(["plan"]);
  });

  test("is set up once: a second run takes no step and finds the same", async () => {
    const again = await run("whole");
    expect(await again.festival).toEqual(festival);
    expect(again.steps).toEqual([]);
    expect(steps.length).toBeGreaterThan(15);
  });
});

describe("a set-up that was cut short", () => {
  test.each([1, 7, 12])("after %d steps goes on where it was, and makes nothing twice", async (count) => {
    const name = `cut ${count}`;
    const cut = await run(name, count);
    await expect(cut.festival).rejects.toThrow("power cut");
    const before = cut.deployment.record;
    const rest = await run(name);
    const festival = await rest.festival;
    expect(festival.accounts).toMatchObject(before.accounts);
    for (const step of rest.steps) expect(cut.steps.slice(0, -1)).not.toContain(step);
    const { items } = await mirror.topicMessages({ topic: festival.log, order: "asc" });
    expect(items).toHaveLength(1);
  });
});
