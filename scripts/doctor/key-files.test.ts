import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, chownSync, cpSync, rmSync, writeFileSync } from "node:fs";
import { SigningKey } from "../../lib/ledger/key.ts";
import { examine } from "./doctor.ts";
import { expectFound, type Fault } from "./testing/faults.ts";
import { ROOMY, Ward } from "./testing/ward.ts";

setDefaultTimeout(120_000);

let ward: Ward;
beforeAll(async () => {
  ward = await Ward.open();
});
afterAll(() => ward?.close());

const FAULTS: readonly Fault[] = [
  ["the other type of key", "key-mismatch", "defi", (p) => p.set("defi", "HEDERA_KEY_TYPE", "ECDSA")],
  [
    "a key that is not there",
    "env:HEDERA_PRIVATE_KEY_FILE",
    "desk",
    (p) => {
      rmSync(p.file("desk.key"));
      p.set("desk", "HEDERA_PRIVATE_KEY_FILE", "/nowhere/desk.key");
    },
  ],
  [
    "a key that is none",
    "env:HEDERA_PRIVATE_KEY_FILE",
    "desk",
    (p) => writeFileSync(p.file("desk.key"), "abc"),
  ],
  [
    "a key in the environment",
    "key-inline",
    "defi",
    (p, ward) => {
      p.set("defi", "HEDERA_PRIVATE_KEY_FILE", null);
      p.set("defi", "HEDERA_PRIVATE_KEY", ward.deployment.keyOf("defi").reveal().hex);
    },
  ],
  ["a key that others may read", "key-file-mode", "0644", (p) => chmodSync(p.file("desk.key"), 0o644)],
  ["a folder that others may write to", "key-folder", "replace", (p) => chmodSync(p.folder, 0o777)],
  ["a key of two roles", "key-shared", "same key", (p) => cpSync(p.file("defi.key"), p.file("desk.key"))],
  [
    "somebody else's key",
    "key-mismatch",
    "desk",
    (p) => writeFileSync(p.file("desk.key"), SigningKey.generate().reveal().hex),
  ],
  [
    "an account of two roles",
    "account-shared",
    "same account",
    (p, ward) => p.set("desk", "HEDERA_ACCOUNT_ID", ward.festival.accounts.defi),
  ],
  ["a name of two roles", "agent-shared", "defi-001", (p) => p.set("desk", "FEST_AGENT", "defi-001")],
  [
    "a port of two roles",
    "health-port-shared",
    "8701",
    (p) => {
      p.set("desk", "FEST_HEALTH_PORT", "8701");
      p.set("defi", "FEST_HEALTH_PORT", "8701");
    },
  ],
];

describe("doctor finds, of keys and of what two roles share,", () => {
  test.each(FAULTS)("%s", (_, name, says, plant) => expectFound(ward, name, says, plant));

  test.skipIf(process.getuid?.() !== 0)("a key of another user", async () => {
    const patient = ward.admit();
    chownSync(patient.file("desk.key"), 4_242, 4_242);
    expect((await ward.see(patient.folder)).findings.map(({ name }) => name)).toContain("key-file-owner");
  });

  test("the key that every local network has, on a public one", async () => {
    const env = {
      HEDERA_NETWORK: "testnet",
      HEDERA_MIRROR_URL: "http://127.0.0.1:1",
      HEDERA_NODES: "0.0.3=127.0.0.1:1",
      HEDERA_ACCOUNT_ID: "0.0.1001",
      HEDERA_KEY_TYPE: "ED25519",
      HEDERA_PRIVATE_KEY: ward.devnet.operator.privateKey,
    };
    const names = (await examine({ env, host: ROOMY })).findings.map(({ name }) => name);
    expect(names).toContain("key-public");
    expect(names).toContain("env:HEDERA_NODES");
  });
});
