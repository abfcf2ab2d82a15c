import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FestError } from "../../hedera/error.ts";
import { Deployment, PARTIES, writeSecret } from "./deployment.ts";

const root = mkdtempSync(join(tmpdir(), "deployment-"));
afterAll(() => rmSync(root, { recursive: true }));
const modeOf = (path: string) => statSync(path).mode & 0o777;

async function codeOf(opening: Promise<unknown>): Promise<string> {
  try {
    await opening;
  } catch (error) {
    if (error instanceof FestError) return error.code;
    throw error;
  }
  return "opened";
}

describe("a deployment", () => {
  test("begins with a key for every party, on disk before anything is made with them", async () => {
    const deployment = await Deployment.open(join(root, "new"), "devnet");
    const keys = PARTIES.map((party) => deployment.keyOf(party).reveal().hex);
    expect(new Set(keys).size).toBe(PARTIES.length);
    expect(JSON.parse(readFileSync(join(root, "new/deployment.json"), "utf8"))).toMatchObject({
      network: "devnet",
      keys: { owner: { hex: keys[0] } },
      accounts: {},
      done: [],
    });
  });

  test("is readable for this user alone, the folder too, however often it is saved", async () => {
    const folder = join(root, "private");
    const deployment = await Deployment.open(folder, "devnet");
    await deployment.save({ done: ["a"] });
    expect(modeOf(folder)).toBe(0o700);
    expect(modeOf(join(folder, "deployment.json"))).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["deployment.json"]);
  });

  test("goes on where it was left", async () => {
    const folder = join(root, "again");
    const before = await Deployment.open(folder, "testnet");
    await before.save({ accounts: { owner: "0.0.1001" }, log: "0.0.3001" });
    await before.save({ done: ["manifest"] });
    const after = await Deployment.open(folder, "testnet");
    expect(after.record).toEqual(before.record);
    expect(after.record).toMatchObject({
      accounts: { owner: "0.0.1001" },
      log: "0.0.3001",
      done: ["manifest"],
    });
    expect(after.keyOf("owner").publicKey).toEqual(before.keyOf("owner").publicKey);
  });

  test("keeps all of many saves at once", async () => {
    const folder = join(root, "many");
    const deployment = await Deployment.open(folder, "devnet");
    const steps = Array.from({ length: 20 }, (_, index) => `step ${index}`);
    await Promise.all(steps.map((step) => deployment.save({ done: [...deployment.record.done, step] })));
    expect((await Deployment.open(folder, "devnet")).record.done).toEqual(steps);
  });

  test("saves again after a save that failed", async () => {
    const folder = join(root, "gone");
    const deployment = await Deployment.open(folder, "devnet");
    rmSync(folder, { recursive: true });
    await expect(deployment.save({ done: ["a"] })).rejects.toThrow("ENOENT");
    await deployment.save({}).catch(() => undefined);
    const elsewhere = await Deployment.open(folder, "devnet");
    await deployment.save({ done: ["a", "b"] });
    expect(elsewhere.record.done).toEqual([]);
    expect((await Deployment.open(folder, "devnet")).record.done).toEqual(["a", "b"]);
  });

  test("on one network is not taken for one on another", async () => {
    const folder = join(root, "elsewhere");
    await Deployment.open(folder, "testnet");
    expect(await codeOf(Deployment.open(folder, "mainnet"))).toBe("DEPLOYMENT_ELSEWHERE");
  });

  test.each([
    ["cut short", (text: string) => text.slice(0, 200)],
    ["empty", () => ""],
    ["without a key", (text: string) => text.replace('"desk"', '"dusk"')],
    ["with a key of 31 bytes", (text: string) => text.replace(/"hex": "../, '"hex": "')],
    [
      "with an account that is none",
      (text: string) => text.replace('"accounts": {', '"accounts": {"owner": "1001"'),
    ],
  ])("that is %s is not replaced by a new one: it has the only copy of the keys", async (name, damage) => {
    const folder = join(root, name);
    await Deployment.open(folder, "devnet");
    const path = join(folder, "deployment.json");
    const damaged = damage(readFileSync(path, "utf8"));
    writeFileSync(path, damaged);
    expect(await codeOf(Deployment.open(folder, "devnet"))).toBe("DEPLOYMENT_INVALID");
    expect(readFileSync(path, "utf8")).toBe(damaged);
  });
});

describe("a secret", () => {
  test("takes the place of a file that others could read", async () => {
    const path = join(root, "loose");
    writeFileSync(path, "old", { mode: 0o644 });
    writeFileSync(`${path}.new`, "left over", { mode: 0o644 });
    await writeSecret(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(modeOf(path)).toBe(0o600);
  });
});
