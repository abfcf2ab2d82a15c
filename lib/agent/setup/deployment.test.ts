import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FestError } from "../../hedera/error.ts";
import { SigningKey } from "../../ledger/key.ts";
import { Deployment, PARTIES } from "./deployment.ts";
import { writeSecret } from "./secret.ts";

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
    const record = readFileSync(join(root, "new/deployment.json"), "utf8");
    expect(JSON.parse(record)).toMatchObject({
      network: "devnet",
      publicKeys: { owner: deployment.keyOf("owner").publicKey },
      accounts: {},
      done: [],
    });
    for (const [index, party] of PARTIES.entries()) {
      expect(readFileSync(join(root, "new", `${party}.key`), "utf8")).toBe(`${keys[index]}\n`);
      expect(modeOf(join(root, "new", `${party}.key`))).toBe(0o600);
      expect(record).not.toContain(keys[index] ?? "");
    }
  });

  test("is readable for this user alone, the folder too, however often it is saved", async () => {
    const folder = join(root, "private");
    const deployment = await Deployment.open(folder, "devnet");
    await deployment.save({ done: ["a"] });
    expect(modeOf(folder)).toBe(0o700);
    expect(modeOf(join(folder, "deployment.json"))).toBe(0o600);
    expect(readdirSync(folder).toSorted()).toEqual(
      ["deployment.json", ...PARTIES.map((party) => `${party}.key`)].toSorted(),
    );
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
    mkdirSync(join(folder, "deployment.json.new"));
    await expect(deployment.save({ done: ["a"] })).rejects.toThrow("EISDIR");
    rmSync(join(folder, "deployment.json.new"), { recursive: true });
    expect((await Deployment.open(folder, "devnet")).record.done).toEqual([]);
    await deployment.save({ done: ["a", "b"] });
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
    ["without a public key", (text: string) => text.replace('"desk"', '"dusk"')],
    ["with a public key of 31 bytes", (text: string) => text.replace(/"hex": "../, '"hex": "')],
    [
      "with an account that is none",
      (text: string) => text.replace('"accounts": {', '"accounts": {"owner": "1001"'),
    ],
  ])("that is %s is not replaced by a new one: it says what was made", async (name, damage) => {
    const folder = join(root, name);
    await Deployment.open(folder, "devnet");
    const path = join(folder, "deployment.json");
    const damaged = damage(readFileSync(path, "utf8"));
    writeFileSync(path, damaged);
    expect(await codeOf(Deployment.open(folder, "devnet"))).toBe("DEPLOYMENT_INVALID");
    expect(readFileSync(path, "utf8")).toBe(damaged);
  });
});

describe("a deployment's keys", () => {
  test("are never made anew: a lost one is told of, and so is a stranger's", async () => {
    const folder = join(root, "lost");
    await Deployment.open(folder, "devnet");
    const kept = readFileSync(join(folder, "desk.key"), "utf8");
    rmSync(join(folder, "desk.key"));
    expect(await codeOf(Deployment.open(folder, "devnet"))).toBe("DEPLOYMENT_KEY_LOST");
    writeFileSync(join(folder, "desk.key"), SigningKey.generate().reveal().hex);
    expect(await codeOf(Deployment.open(folder, "devnet"))).toBe("DEPLOYMENT_KEY_LOST");
    writeFileSync(join(folder, "desk.key"), "not hex");
    expect(await codeOf(Deployment.open(folder, "devnet"))).toBe("KEY_INVALID");
    writeFileSync(join(folder, "desk.key"), kept);
    expect(await codeOf(Deployment.open(folder, "devnet"))).toBe("opened");
  });

  test("that were written before the record was are taken over", async () => {
    const folder = join(root, "orphaned");
    const before = await Deployment.open(folder, "devnet");
    rmSync(join(folder, "deployment.json"));
    const after = await Deployment.open(folder, "devnet");
    expect(after.keyOf("defi").publicKey).toEqual(before.keyOf("defi").publicKey);
  });

  test("leave a record that still has them for files of their own", async () => {
    const folder = join(root, "older");
    mkdirSync(folder);
    const keys = Object.fromEntries(PARTIES.map((party) => [party, SigningKey.generate().reveal()]));
    const old = { network: "devnet", keys, accounts: { owner: "0.0.1001" }, done: ["a"] };
    writeFileSync(join(folder, "deployment.json"), JSON.stringify(old));
    const deployment = await Deployment.open(folder, "devnet");
    expect(deployment.record).toMatchObject({ accounts: { owner: "0.0.1001" }, done: ["a"] });
    const text = readFileSync(join(folder, "deployment.json"), "utf8");
    for (const party of PARTIES) {
      expect(deployment.keyOf(party).reveal()).toEqual(keys[party] ?? { type: "ED25519", hex: "" });
      expect(text).not.toContain(keys[party]?.hex ?? "");
    }
  });

  test("stay when the record begins anew, and the old record is put aside", async () => {
    const folder = join(root, "anew");
    const deployment = await Deployment.open(folder, "devnet");
    const { hex } = deployment.keyOf("desk").publicKey;
    await deployment.save({ log: "0.0.3001", done: ["a"] });
    const aside = await deployment.beginAnew();
    expect(JSON.parse(readFileSync(aside, "utf8"))).toMatchObject({ log: "0.0.3001", done: ["a"] });
    const { record, ...again } = await Deployment.open(folder, "devnet");
    expect(again.folder).toBe(folder);
    expect(record).toMatchObject({ accounts: {}, done: [] });
    expect(deployment.keyOf("desk").publicKey.hex).toBe(hex);
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
