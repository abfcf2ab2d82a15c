import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "../lib/devnet/devnet.ts";
import { createMirror } from "../lib/mirror/client.ts";

// Whole editions on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(300_000);

const root = mkdtempSync(join(tmpdir(), "test-e2e-"));
let devnet: Devnet;
beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
});
afterAll(async () => {
  await devnet?.stop();
  rmSync(root, { recursive: true });
});

/** Starts the command on the devnet as on a network that it does not know. */
function start(args: readonly string[], more: Record<string, string> = {}) {
  const { nodes, mirror, mirrorGrpc } = devnet.network;
  const env = {
    PATH: process.env.PATH ?? "",
    HEDERA_NETWORK: "custom",
    HEDERA_NODES: nodes.map(({ account, address }) => `${account}=${address}`).join(),
    HEDERA_MIRROR_URL: mirror,
    HEDERA_MIRROR_GRPC: mirrorGrpc,
    HEDERA_ACCOUNT_ID: devnet.operator.accountId,
    HEDERA_KEY_TYPE: "ED25519",
    HEDERA_PRIVATE_KEY: devnet.operator.privateKey,
    ...more,
  };
  const argv = [process.execPath, `${import.meta.dir}/test-e2e.ts`, "--json", ...args];
  return Bun.spawn(argv, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
}

const folder = join(root, ".fest/state/e2e-custom");
const made = () => [...devnet.ledger.accounts.values()].filter(({ memo }) => memo.startsWith("fest-agents"));
const operator = () => devnet.ledger.accounts.get(devnet.operator.accountId)?.balance ?? 0n;

describe("the end-to-end test of a network", () => {
  test("asks before it spends anything", async () => {
    const child = start([]);
    const out = await new Response(child.stdout).text();
    expect(await child.exited).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false });
    expect(made()).toEqual([]);
  });

  test("that was killed in the middle leaves a record, and the next one takes everything back, its own too", async () => {
    const killed = start(["--yes"]);
    const mirror = createMirror({ baseUrl: devnet.network.mirror });
    for (;;) {
      const record = existsSync(join(folder, "deployment.json"))
        ? JSON.parse(readFileSync(join(folder, "deployment.json"), "utf8"))
        : {};
      const newest = record.log === undefined ? null : await mirror.latestMessage(record.log);
      if ((newest?.sequence ?? 0) >= 5) break;
      await Bun.sleep(100);
    }
    killed.kill("SIGKILL");
    await killed.exited;
    const before = operator();
    const held = made().reduce((sum, { balance }) => sum + balance, 0n);
    const child = start(["--yes"]);
    const out = await new Response(child.stdout).text();
    const { ok, network, checks } = JSON.parse(out);
    expect({ ok, network, checks }).toMatchObject({ ok: true, network: "custom" });
    expect(await child.exited).toBe(0);
    expect(checks.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual(
      ["leftovers", "funds", "setup", "endowments", "edition", "heartbeats", "audit", "teardown"].map(
        (name) => [name, "ok"],
      ),
    );
    const text = (name: string) => checks.find((check: { name: string }) => check.name === name).message;
    expect(text("leftovers")).toContain("of an earlier run");
    expect(text("endowments")).toBe("each of 7 accounts has at least 10.00000000 HBAR");
    expect(text("edition")).toContain("12 of 12 tasks paid, 0 failed");
    expect(made().every(({ deleted, balance }) => deleted && balance === 0n)).toBe(true);
    expect(existsSync(folder)).toBe(false);
    // Everything came back but fees.
    const cost = before + held - operator();
    expect(cost).toBeGreaterThan(0n);
    expect(cost).toBeLessThan(8_000_000_000n);
  });

  test("that cannot be paid for fails before anything is made, and says what to do", async () => {
    const count = made().length;
    const child = start(["--yes"], { HEDERA_ACCOUNT_ID: "0.0.98" });
    const { ok, checks } = JSON.parse(await new Response(child.stdout).text());
    expect(await child.exited).toBe(1);
    expect(ok).toBe(false);
    expect(checks.find(({ name }: { name: string }) => name === "funds")).toMatchObject({ status: "failed" });
    expect(checks.find(({ name }: { name: string }) => name === "edition")).toMatchObject({
      status: "skipped",
    });
    expect(made()).toHaveLength(count);
  });
});
