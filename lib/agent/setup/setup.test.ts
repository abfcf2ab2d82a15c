import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import { foldAll } from "../../festival/fold.ts";
import { agentsOf } from "../../festival/roles.ts";
import { addSeconds } from "../../hedera/timestamp.ts";
import { type Ledger, type LedgerOptions, openLedger } from "../../ledger/client.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import { systemClock } from "../../mirror/clock.ts";
import { Deployment, PARTIES } from "./deployment.ts";
import { endowmentFor } from "./endowment.ts";
import type { Festival, SetupOptions } from "./options.ts";
import { priceNow } from "./price.ts";
import { setUp } from "./setup.ts";
import { PowerCut } from "./testing/power-cut.ts";

setDefaultTimeout(180_000);

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
async function run(name: string, more: Partial<SetupOptions> = {}) {
  const steps: string[] = [];
  const options: SetupOptions = {
    operator,
    deployment: await Deployment.open(join(root, name), "devnet"),
    endowment,
    festival: { id: "T1", name: "Test" },
    onStep: (step) => void steps.push(step),
    ...more,
  };
  return { festival: setUp(options), steps, deployment: options.deployment };
}

/** A ledger of the operator's own, for one run. */
function openOperator(more: Partial<LedgerOptions> = {}): Ledger {
  const { accountId: account, privateKey: hex } = devnet.operator;
  return openLedger({ network: devnet.network, account, key: { type: "ED25519", hex }, ...more });
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
    expect(new Set(Object.values(festival.accounts)).size).toBe(PARTIES.length + 2);
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

/** Everything that exists on the ledger, and all HBAR that it holds. */
function census() {
  const { accounts, tokens, topics } = devnet.ledger;
  const all = [...accounts.values()];
  return {
    accounts: all.filter(({ memo }) => memo.startsWith("fest-agents")).length,
    tokens: [...tokens.values()].length,
    topics: [...topics.values()].filter(({ memo }) => memo.startsWith("fest-agents")).length,
    hbar: all.reduce((sum, { balance }) => sum + balance, 0n),
  };
}

/** Runs set-up until the cut; whether it came to its end before. */
async function survives(name: string, cut: PowerCut): Promise<boolean> {
  const mortal = openOperator({ around: cut.around });
  try {
    await (await run(name, { operator: mortal, around: cut.around })).festival;
    return true;
  } catch (error) {
    if (error === cut) return false;
    throw error;
  } finally {
    mortal.close();
  }
}

describe("a set-up that dies", () => {
  // 21 transactions of three steps each; those that are sent side by side interleave.
  const deaths = Array.from({ length: 63 }, (_, index) => index + 1);

  test.each(deaths)(
    "at step %d, and at the next one when it is run again, ends with one of everything",
    async (at) => {
      const before = census();
      const had = devnet.ledger.accounts.get(operator.account)?.balance ?? 0n;
      const name = `dies ${at}`;
      expect(await survives(name, new PowerCut(at))).toBe(false);
      await survives(name, new PowerCut(at + 1));
      const festival = await (await run(name)).festival;
      expect(census()).toEqual({
        accounts: before.accounts + PARTIES.length + 2,
        tokens: before.tokens + 2,
        topics: before.topics + 2,
        hbar: before.hbar,
      });
      const { items } = await mirror.topicMessages({ topic: festival.log, order: "asc" });
      expect(items).toHaveLength(1);
      const price = await priceNow({ operator, endowment });
      const paid = had - (devnet.ledger.accounts.get(operator.account)?.balance ?? 0n);
      expect(paid).toBeGreaterThan(price.endowments);
      expect(paid).toBeLessThanOrEqual(price.total);
      const pool = (await mirror.accountTokens(festival.accounts.pool))?.[0]?.balance ?? 0n;
      const fund = (await mirror.accountTokens(festival.accounts.fund))?.[0]?.balance;
      const owner = (await mirror.accountTokens(festival.accounts.owner)) ?? [];
      const left = owner.find(({ token }) => token === festival.stablecoin)?.balance ?? 0n;
      expect(fund).toBe(endowment.fundTokens);
      expect(left + pool + endowment.fundTokens).toBe(1_000_000_000_000_000n);
    },
  );
});

describe("after a reset of the network", () => {
  test("set-up begins anew with the same keys, and keeps the old record", async () => {
    const first = await run("reset");
    const old = await first.festival;
    const later = await startDevnet({ portBase: 0 });
    try {
      const { accountId: account, privateKey: hex } = later.operator;
      const there = openLedger({ network: later.network, account, key: { type: "ED25519", hex } });
      const again = await run("reset", { operator: there });
      const festival = await again.festival;
      there.close();
      expect(again.steps[0]).toContain("begin anew");
      const found = await createMirror({ baseUrl: later.network.mirror }).account(festival.accounts.desk);
      expect(found?.key?.hex).toBe(first.deployment.keyOf("desk").publicKey.hex);
      const kept = readFileSync(join(root, "reset", `deployment.${old.log}.json`), "utf8");
      expect(JSON.parse(kept)).toMatchObject({ log: old.log, accounts: { desk: old.accounts.desk } });
    } finally {
      await later.stop();
    }
  });
});

describe("a set-up's price", () => {
  test("covers what it costs, and not by more than half of the fees", async () => {
    const balance = () => devnet.ledger.accounts.get(operator.account)?.balance ?? 0n;
    const [price, before] = [await priceNow({ operator, endowment }), balance()];
    const festival = await (await run("priced")).festival;
    const fees = before - balance() - price.endowments;
    expect(fees).toBeLessThanOrEqual(price.operatorFees);
    expect(fees * 2n).toBeGreaterThan(price.operatorFees);
    const owner = devnet.ledger.accounts.get(festival.accounts.owner)?.balance ?? 0n;
    expect(owner).toBeGreaterThanOrEqual(endowment.owner);
    expect((price.owner - owner) * 2n).toBeGreaterThan(price.ownerFees);
  });
});

// Last, since it moves the network's clock.
describe("a set-up that dies and is forgotten", () => {
  test("learns from the mirror node what became of it, once its transactions' time is over", async () => {
    const before = census();
    const cut = new PowerCut(12);
    const mortal = openOperator({ around: cut.around });
    await expect((await run("late", { operator: mortal, around: cut.around })).festival).rejects.toThrow(cut);
    mortal.close();
    await devnet.clock.advance(400);
    const clock = { ...systemClock, now: () => addSeconds(systemClock.now(), 400) };
    const late = openOperator({ clock });
    const { festival } = await run("late", { operator: late });
    await festival;
    late.close();
    const after = census();
    expect(after).toMatchObject({
      accounts: before.accounts + PARTIES.length + 2,
      tokens: before.tokens + 2,
      topics: before.topics + 2,
    });
  });
});
