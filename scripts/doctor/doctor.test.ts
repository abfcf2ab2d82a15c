import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { examine } from "./doctor.ts";
import { readTarget } from "./target.ts";
import { ROLES, ROOMY, Ward } from "./testing/ward.ts";

setDefaultTimeout(120_000);

let ward: Ward;
beforeAll(async () => {
  ward = await Ward.open();
});
afterAll(() => ward?.close());

describe("a festival that is set up well", () => {
  test("has nothing wrong, from a folder, a file and an environment", async () => {
    const { ok, findings } = await ward.see(ward.healthy);
    expect(findings.filter(({ severity }) => severity !== "ok")).toEqual([]);
    expect(ok).toBe(true);
    expect(new Set(findings.map(({ name }) => name)).size).toBeGreaterThan(15);
    expect((await ward.see(join(ward.healthy, "inference.env"))).ok).toBe(true);
    const { env } = readTarget(join(ward.healthy, "desk.env"), {}).roles[0] ?? { env: {} };
    expect((await examine({ env, host: ROOMY })).ok).toBe(true);
  });

  test("is read with what the host adds, as its units read it", async () => {
    const patient = ward.admit();
    mkdirSync(patient.file("host"));
    writeFileSync(patient.file("host/desk.env"), "FEST_FLOOR_HBAR=4000000000\n");
    const { findings } = await ward.see(patient.folder);
    expect(findings.map(({ name }) => name)).toContain("balance-floor");
  });

  test("has presence shown and no value of a key", async () => {
    const { findings } = await ward.see(ward.healthy);
    const text = JSON.stringify(findings);
    expect(text).toContain("HEDERA_ACCOUNT_ID");
    for (const party of ROLES) expect(text).not.toContain(ward.deployment.keyOf(party).reveal().hex);
  });
});

describe("the command", () => {
  const run = async (...args: readonly string[]) => {
    const argv = [process.execPath, `${import.meta.dir}/../doctor.ts`, ...args];
    const child = Bun.spawn(argv, {
      env: { PATH: process.env.PATH ?? "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const out = await new Response(child.stdout).text();
    return { code: await child.exited, out };
  };

  test("ends in one JSON object, and in 0 exactly when nothing is wrong", async () => {
    const well = await run("--env", ward.healthy, "--json");
    expect(JSON.parse(well.out).ok).toBe(well.code === 0);
    const patient = ward.admit();
    patient.set("desk", "FEST_LOG", null);
    const ill = await run("--env", patient.folder, "--json");
    expect(ill.code).toBe(1);
    const { ok, findings } = JSON.parse(ill.out);
    expect(ok).toBe(false);
    for (const finding of findings)
      expect(Object.keys(finding)).toEqual(["name", "severity", "message", "fix"]);
  });

  test("is a table for people, with the fix under each problem", async () => {
    const patient = ward.admit();
    chmodSync(patient.file("desk.key"), 0o644);
    const { out, code } = await run("--env", patient.folder);
    expect(code).toBe(1);
    expect(out).toMatch(/ERROR {4}key-file-mode\s+desk: .*\n\s+fix: chmod 600 /);
  });

  test("says what it wants where there is nothing to examine", async () => {
    const { out, code } = await run("--env", join(ward.healthy, "nowhere"), "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false, findings: [{ name: "env-file" }] });
  });
});
