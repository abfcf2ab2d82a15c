import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "../lib/devnet/devnet.ts";
import { transferHbar } from "../lib/ledger/accounts.ts";
import { openLedger } from "../lib/ledger/client.ts";
import { SigningKey } from "../lib/ledger/key.ts";

// Dozens of real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(300_000);

const root = mkdtempSync(join(tmpdir(), "setup-"));
let devnet: Devnet;
beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
});
afterAll(async () => {
  await devnet?.stop();
  rmSync(root, { recursive: true });
});

/** Runs the command on the devnet, which it takes for a custom network where `name` says so. */
async function run(args: readonly string[], more: Record<string, string> = {}, name = "devnet") {
  const { nodes, mirror, mirrorGrpc } = devnet.network;
  const env = {
    PATH: process.env.PATH ?? "",
    HEDERA_NETWORK: name,
    HEDERA_NODES: nodes.map(({ account, address }) => `${account}=${address}`).join(),
    HEDERA_MIRROR_URL: mirror,
    HEDERA_MIRROR_GRPC: mirrorGrpc,
    ...more,
  };
  const argv = [process.execPath, `${import.meta.dir}/setup.ts`, ...args];
  const child = Bun.spawn(argv, { env, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = [new Response(child.stdout).text(), new Response(child.stderr).text()];
  return { code: await child.exited, signal: child.signalCode, out: await out, err: await err };
}

const made = () => {
  const { accounts, tokens, topics } = devnet.ledger;
  const all = [...accounts.values()];
  return {
    accounts: all.filter(({ memo }) => memo.startsWith("fest-agents")).length,
    tokens: [...tokens.values()].length,
    topics: [...topics.values()].length,
    hbar: all.reduce((sum, { balance }) => sum + balance, 0n),
  };
};

describe("set-up", () => {
  test("that is killed again and again, process by process, ends with one of everything", async () => {
    const before = made();
    const folder = join(root, "killed");
    let kills = 0;
    for (const step of [1, 9, 16, 25, 13, 20, 7, 3, 5, 8]) {
      const { code, signal, err } = await run(["--out", folder, "--json"], { FEST_CRASH_AT: String(step) });
      if (code === 0) break;
      expect({ step, signal, err }).toEqual({ step, signal: "SIGKILL", err: "" });
      kills += 1;
    }
    expect(kills).toBeGreaterThan(4);
    const again = await run(["--out", folder, "--json"]);
    expect(again.code).toBe(0);
    const { accounts, environments, dashboard, log } = JSON.parse(again.out);
    expect(made()).toEqual({
      accounts: before.accounts + Object.keys(accounts).length,
      tokens: before.tokens + 2,
      topics: before.topics + 2,
      hbar: before.hbar,
    });
    expect(dashboard).toContain(`log=${log}`);
    for (const path of environments) {
      for (const file of [path, path.replace(/env$/, "key")]) {
        expect(statSync(file).mode & 0o777).toBe(0o600);
      }
    }
    expect(readFileSync(join(folder, "deployment.json"), "utf8")).not.toContain(
      readFileSync(join(folder, "owner.key"), "utf8").trim(),
    );
  });

  test("fills accounts up that have run low", async () => {
    const folder = join(root, "killed");
    const { accounts } = JSON.parse(readFileSync(join(folder, "deployment.json"), "utf8"));
    const hex = readFileSync(join(folder, "inference.key"), "utf8").trim();
    const account = accounts.inference;
    const low = openLedger({ network: devnet.network, account, key: { type: "ED25519", hex } });
    await transferHbar(low, { to: "0.0.2", amount: 400_000_000_000n });
    low.close();
    const { out } = await run(["--out", folder, "--fill", "--json"]);
    expect(JSON.parse(out).filled).toMatchObject([{ name: "inference", account }]);
    expect(JSON.parse((await run(["--out", folder, "--fill", "--json"])).out).filled).toEqual([]);
    expect(devnet.ledger.accounts.get(account)?.balance).toBe(500_000_000_000n);
  });

  test("on any network but devnet shows the price, and spends nothing without a yes", async () => {
    const before = made();
    const { accountId, privateKey } = devnet.operator;
    const operator = {
      HEDERA_ACCOUNT_ID: accountId,
      HEDERA_KEY_TYPE: "ED25519",
      HEDERA_PRIVATE_KEY: privateKey,
    };
    const folder = join(root, "custom");
    const asked = await run(["--out", folder], operator, "custom");
    expect(asked.code).toBe(1);
    expect(asked.out).toMatch(/at most [\d.]+ HBAR from 0\.0\.2 on custom: [\d.]+ in fees/);
    expect(asked.err).toContain("There is nobody to ask. Run it again with --yes");
    expect(made()).toEqual(before);
    const done = await run(["--out", folder, "--yes", "--json"], operator, "custom");
    expect(done.code).toBe(0);
    expect(BigInt(JSON.parse(done.out).price.total)).toBeGreaterThan(0n);
  });

  test("does not begin what the operator cannot pay", async () => {
    const before = made();
    const { hex } = SigningKey.generate().reveal();
    const poor = { HEDERA_ACCOUNT_ID: "0.0.98", HEDERA_KEY_TYPE: "ED25519", HEDERA_PRIVATE_KEY: hex };
    const { code, err } = await run(["--out", join(root, "poor"), "--yes"], poor, "custom");
    expect(code).toBe(1);
    expect(err).toMatch(/0\.0\.98 has [\d.]+ HBAR, not [\d.]+\. Fill it up/);
    expect(made()).toEqual(before);
  });
});
