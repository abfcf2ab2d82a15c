import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Client, PrivateKey, TopicUpdateTransaction } from "@hashgraph/sdk";
import { AGENTS, Deployment, type Party } from "../lib/agent/setup/deployment.ts";
import { readKeyDrift } from "../lib/agent/submit-keys.ts";
import { openLedger } from "../lib/ledger/client.ts";
import { createMirror, type Mirror } from "../lib/mirror/client.ts";
import { stateOf } from "./testing/insider.ts";
import { entriesOf, type RawEntry } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(500_000);

let stage: Stage;
let mirror: Mirror;
let folder: string;
beforeAll(async () => {
  stage = await openStage({ latency: "150ms" });
  mirror = createMirror({ baseUrl: stage.mirror });
  ({ folder } = stage.deployment);
});
afterAll(() => stage?.stop());

async function run(args: readonly string[], more: Record<string, string> = {}, script = "rotate") {
  const argv = [process.execPath, `${import.meta.dir}/${script}.ts`, ...args, "--out", folder, "--json"];
  const env = { PATH: process.env.PATH ?? "", ...more };
  const child = Bun.spawn(argv, { env, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = [new Response(child.stdout).text(), new Response(child.stderr).text()];
  return { code: await child.exited, signal: child.signalCode, out: await out, err: await err };
}

const keyIn = (role: string) =>
  PrivateKey.fromStringED25519(readFileSync(join(folder, `${role}.key`), "utf8").trim());
const manifests = async () =>
  (await entriesOf(stage.mirror, stage.log)).filter(({ type }) => type === "manifest").length;

/**
 * What was under way with the old key at that very moment has used its id up at
 * the one node that there is; its next window opens after three minutes.
 */
async function patiently(wanted: (entry: RawEntry) => boolean): Promise<readonly RawEntry[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await stage.until(wanted);
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
}

async function expectRotated(role: Exclude<Party, "owner">, rotation: string, before: PrivateKey) {
  const { ok, account, oldKeyAnswer, newKey } = JSON.parse(rotation);
  expect({ ok, account, oldKeyAnswer }).toEqual({
    ok: true,
    account: stage.festival.accounts[role],
    oldKeyAnswer: "INVALID_SIGNATURE",
  });
  expect(newKey.hex).toBe(keyIn(role).publicKey.toStringRaw());
  expect(newKey.hex).not.toBe(before.publicKey.toStringRaw());
  expect((await mirror.account(account))?.key?.hex).toBe(newKey.hex);
  expect(existsSync(join(folder, `${role}.next.key`))).toBe(false);
}

describe("while a festival runs", () => {
  test.each(["inference", "desk", "coordinator", "defi"] as const)(
    "the %s gets a new key in one batch with the manifest, and the old one is dead",
    async (role) => {
      await stage.until(({ type }) => type === "payment_settled");
      const [before, said] = [keyIn(role), await manifests()];
      const { code, out, err } = await run([role]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      await expectRotated(role, out, before);
      expect(await manifests()).toBe(said + 1);
      // What systemd would do, rotate did not find here.
      process.kill(stage.agents.pids[AGENTS[role]] ?? 0, "SIGKILL");
    },
  );

  test("everything goes on to the commit, each task paid once", async () => {
    const edition = (await stateOf(stage)).edition?.number ?? 0;
    const entries = await patiently(
      ({ type, payload }) => type === "festival_commit" && payload.edition === edition + 1,
    );
    expect(stage.said.filter((line) => line.includes("still armed"))).toEqual([]);
    const commits = entries.filter(({ type }) => type === "festival_commit");
    for (const { payload } of commits) expect(payload.tasks).toEqual({ planned: 12, paid: 12, failed: 0 });
    const { unmatched, paidTwice, hbarConserved, tokensConserved } = await stage.audit();
    expect({ unmatched, paidTwice, hbarConserved, tokensConserved }).toEqual({
      unmatched: [],
      paidTwice: [],
      hbarConserved: true,
      tokensConserved: true,
    });
  });

  test("fund and pool have followed, and log and vitals take exactly the new keys", async () => {
    const fund = (await mirror.account(stage.festival.accounts.fund))?.key?.hex ?? "";
    for (const role of ["defi", "coordinator"]) {
      expect(fund).toContain(keyIn(role).publicKey.toStringRaw());
    }
    const pool = (await mirror.account(stage.festival.accounts.pool))?.key?.hex;
    expect(pool).toBe(keyIn("desk").publicKey.toStringRaw());
    expect(await readKeyDrift(mirror, await stateOf(stage), stage.festival.log)).toEqual([]);
  });
});

describe("a rotation", () => {
  test.each([1, 2, 3])(
    "that is killed at step %d is finished by the next, with one new key",
    async (step) => {
      const [before, said] = [keyIn("inference"), await manifests()];
      const killed = await run(["inference"], { FEST_CRASH_AT: String(step) });
      expect(killed.signal).toBe("SIGKILL");
      const next = readFileSync(join(folder, "inference.next.key"), "utf8");
      const { out } = await run(["inference"]);
      await expectRotated("inference", out, before);
      expect(readFileSync(join(folder, "inference.key"), "utf8")).toBe(next);
      expect(await manifests()).toBe(said + 1);
      // The record knows the key, too.
      const { keyOf } = await Deployment.open(folder, "devnet").then((found) => ({
        keyOf: found.keyOf("inference"),
      }));
      expect(keyOf.publicKey.hex).toBe(keyIn("inference").publicKey.toStringRaw());
    },
  );

  test("leaves a key that works", async () => {
    const account = stage.festival.accounts.inference;
    const hex = keyIn("inference").toStringRaw();
    const ledger = openLedger({ network: stage.network, account, key: { type: "ED25519", hex } });
    const tick = Buffer.from('{"v":1,"type":"unknown"}');
    expect(await ledger.say(stage.festival.vitals, tick)).toMatchObject({ kind: "executed" });
    ledger.close();
  });

  test("of nobody that there is, is refused", async () => {
    for (const name of ["owner", "nobody"]) {
      const { code, err } = await run([name]);
      expect(code).toBe(1);
      expect(err).toContain("is no role whose key can be changed. Choose one of coordinator");
    }
  });
});

describe("an insider who locks the others out of the log", () => {
  test("is undone by --repair", async () => {
    const [node] = stage.network.nodes;
    const client = Client.forNetwork({ [node?.address ?? ""]: "0.0.3" });
    client.setOperator(stage.festival.accounts.desk, keyIn("desk"));
    const coup = new TopicUpdateTransaction().setTopicId(stage.log).setSubmitKey(keyIn("desk").publicKey);
    await (await coup.execute(client)).getReceipt(client);
    client.close();
    await Bun.sleep(1_000);
    const [drift] = await readKeyDrift(mirror, await stateOf(stage), stage.festival.log);
    expect(drift?.missing.map(({ name }) => name)).toEqual([
      "owner",
      "coordinator",
      "inference-001",
      "defi-001",
    ]);
    const { code, out } = await run(["--repair"]);
    expect(code).toBe(0);
    expect(JSON.parse(out).repaired).toHaveLength(1);
    await Bun.sleep(1_000);
    expect(await readKeyDrift(mirror, await stateOf(stage), stage.festival.log)).toEqual([]);
    expect(JSON.parse((await run(["--repair"])).out)).toEqual({ ok: true, repaired: [] });
  });
});

describe("teardown, with all keys changed since set-up,", () => {
  test("touches nothing while agents are alive", async () => {
    const { code, err } = await run([], {}, "teardown");
    expect(code).toBe(1);
    expect(err).toMatch(/still work on 0\.0\.\d+\. Stop them first/);
    expect((await mirror.account(stage.festival.accounts.desk))?.deleted).toBe(false);
  });

  test("takes everything back once they have stopped, and every HBAR is somewhere", async () => {
    await stage.agents.stop();
    let { code, out, err } = await run([], {}, "teardown");
    // The inference agent, whose key a rotation above has killed, could not say that it stops: it is alive until it is silent.
    while (code !== 0 && err.includes("inference-001 still work on")) {
      await Bun.sleep(1_000);
      ({ code, out, err } = await run([], {}, "teardown"));
    }
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { ok, left, accounts } = JSON.parse(out);
    expect({ ok, left }).toEqual({ ok: true, left: [] });
    // With the noise trader's.
    expect(accounts).toHaveLength(8);
    await Bun.sleep(1_000);
    for (const { account } of accounts) expect((await mirror.account(account))?.deleted).toBe(true);
    expect((await stage.audit()).hbarConserved).toBe(true);
  });
});
