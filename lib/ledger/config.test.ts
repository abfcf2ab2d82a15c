import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { ConfigError, type Environment } from "../hedera/config.ts";
import { ledgerFromEnv } from "./config.ts";
import { SigningKey } from "./key.ts";

const KEY = SigningKey.generate("ECDSA");
const SECRET = KEY.reveal().hex;
const ENV = { HEDERA_ACCOUNT_ID: "0.0.1001", HEDERA_KEY_TYPE: "ECDSA", HEDERA_PRIVATE_KEY: SECRET };
const folder = mkdtempSync(join(tmpdir(), "ledger-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function failure(env: Environment): ConfigError {
  try {
    ledgerFromEnv(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("nothing was wrong");
}

test("the account, its key and the network are read together", () => {
  const config = ledgerFromEnv(ENV);
  expect(config.account).toBe("0.0.1001");
  expect(config.key.publicKey).toEqual(KEY.publicKey);
  expect(config.network.name).toBe("devnet");
});

test("the key may lie in a file, as systemd's credentials do", () => {
  const path = join(folder, "key");
  writeFileSync(path, `0x${SECRET}\n`);
  const config = ledgerFromEnv({
    ...ENV,
    HEDERA_PRIVATE_KEY: undefined,
    HEDERA_PRIVATE_KEY_FILE: path,
  });
  expect(config.key.publicKey).toEqual(KEY.publicKey);
});

test.each(["hedera-key", "hedera-key-sealed"])(
  "systemd's credential %s counts before a file that root keeps",
  (name) => {
    const credentials = mkdtempSync(join(folder, "credentials-"));
    writeFileSync(join(credentials, name), `${SECRET}\n`);
    const unit = { ...ENV, HEDERA_PRIVATE_KEY: undefined, HEDERA_PRIVATE_KEY_FILE: "/nonexistent" };
    const config = ledgerFromEnv({ ...unit, CREDENTIALS_DIRECTORY: credentials });
    expect(config.key.publicKey).toEqual(KEY.publicKey);
    expect(failure({ ...unit, CREDENTIALS_DIRECTORY: folder }).message).toContain("HEDERA_PRIVATE_KEY_FILE");
  },
);

test("a type in lower case is the same type", () => {
  expect(ledgerFromEnv({ ...ENV, HEDERA_KEY_TYPE: "ecdsa" }).key.type).toBe("ECDSA");
});

describe("all problems are told at once:", () => {
  const cases: [string, Environment, string[]][] = [
    ["nothing is set", {}, ["HEDERA_ACCOUNT_ID", "HEDERA_KEY_TYPE", "HEDERA_PRIVATE_KEY"]],
    [
      "everything is wrong",
      {
        HEDERA_NETWORK: "moon",
        HEDERA_ACCOUNT_ID: "1001",
        HEDERA_KEY_TYPE: "ECDSA",
        HEDERA_PRIVATE_KEY: SECRET.slice(1),
      },
      ["HEDERA_NETWORK", "HEDERA_ACCOUNT_ID", "HEDERA_PRIVATE_KEY"],
    ],
    ["a type of key that isn't one", { ...ENV, HEDERA_KEY_TYPE: "RSA" }, ["HEDERA_KEY_TYPE"]],
    ["two keys", { ...ENV, HEDERA_PRIVATE_KEY_FILE: "/nowhere" }, ["HEDERA_PRIVATE_KEY"]],
    [
      "no such file",
      { ...ENV, HEDERA_PRIVATE_KEY: "", HEDERA_PRIVATE_KEY_FILE: join(folder, "none") },
      ["HEDERA_PRIVATE_KEY_FILE"],
    ],
  ];
  for (const [what, env, variables] of cases) {
    test(what, () => {
      const error = failure(env);
      expect(error.problems.map(({ variable }) => variable)).toEqual(variables);
      for (const { wrong, fix } of error.problems) expect(`${wrong} ${fix}`).not.toContain("undefined");
    });
  }
});

test("a secret is never shown, wherever it was put", () => {
  const wrong = [
    { ...ENV, HEDERA_PRIVATE_KEY: `${SECRET}ff` },
    { ...ENV, HEDERA_KEY_TYPE: SECRET },
    { ...ENV, HEDERA_PRIVATE_KEY: "", HEDERA_PRIVATE_KEY_FILE: SECRET },
  ];
  for (const env of wrong) expect(inspect(failure(env))).not.toContain(SECRET);
  expect(inspect(ledgerFromEnv(ENV))).not.toContain(SECRET);
});
