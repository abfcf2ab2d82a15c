import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { compare } from "./compare.ts";
import { readTarget } from "./target.ts";
import { type Patient, Ward } from "./testing/ward.ts";

setDefaultTimeout(120_000);

let ward: Ward;
beforeAll(async () => {
  ward = await Ward.open();
});
afterAll(() => ward?.close());

describe("doctor compares two environments:", () => {
  const parity = (a: string, b: string) => compare(readTarget(a, {}), readTarget(b, {}), ["A", "B"]);
  test("a copy is like its original", () => {
    expect(parity(ward.healthy, ward.admit().folder)).toMatchObject({
      ok: true,
      findings: [{ name: "parity" }],
    });
  });
  test.each<[string, string, (patient: Patient) => unknown]>([
    ["a role that one lacks", "parity-role", (p) => rmSync(p.file("desk.env"))],
    ["a variable that one lacks", "parity-variable", (p) => p.set("desk", "FEST_FLOOR_HBAR", "5")],
    ["a setting that differs", "parity-value", (p) => p.set("desk", "HEDERA_KEY_TYPE", "ECDSA")],
    ["a key on two networks", "parity-key", (p) => p.set("desk", "HEDERA_NETWORK", "testnet")],
  ])("%s", (_, name, plant) => {
    const patient = ward.admit();
    plant(patient);
    expect(parity(ward.healthy, patient.folder).findings.map((finding) => finding.name)).toContain(name);
  });
});
