import { describe, expect, test } from "bun:test";
import { inspect } from "node:util";
import { ConfigError, type Environment } from "../hedera/config.ts";
import { SigningKey } from "../ledger/key.ts";
import { readAgentConfig } from "./config.ts";

const SECRET = SigningKey.generate("ED25519").reveal().hex;
const ENV: Environment = {
  HEDERA_ACCOUNT_ID: "0.0.1003",
  HEDERA_KEY_TYPE: "ED25519",
  HEDERA_PRIVATE_KEY: SECRET,
  FEST_AGENT: "inference-001",
  FEST_LOG: "0.0.3001",
};

function failure(env: Environment): ConfigError {
  try {
    readAgentConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("nothing was wrong");
}
const wrong = (env: Environment) =>
  failure(env)
    .problems.map(({ variable }) => variable)
    .toSorted();

describe("an agent's configuration", () => {
  test("needs an account with its key, a name and a log; the rest has defaults", () => {
    expect(readAgentConfig(ENV)).toMatchObject({
      agent: "inference-001",
      log: "0.0.3001",
      planFolder: null,
      gitCommit: null,
      healthPort: null,
      crashAt: null,
      logLevel: "info",
      ledger: { account: "0.0.1003", network: { name: "devnet" } },
    });
  });

  test("takes what is stated, and empty variables for what they are", () => {
    expect(
      readAgentConfig({
        ...ENV,
        FEST_PLAN: " plans/mine ",
        FEST_GIT_COMMIT: "0123abc",
        FEST_HEALTH_PORT: "8701",
        FEST_LOG_LEVEL: "debug",
      }),
    ).toMatchObject({ planFolder: "plans/mine", gitCommit: "0123abc", healthPort: 8701, logLevel: "debug" });
    expect(readAgentConfig({ ...ENV, FEST_PLAN: "", FEST_HEALTH_PORT: " " })).toMatchObject({
      planFolder: null,
      healthPort: null,
    });
  });

  test("limits what an agent spends: a floor everywhere, a budget a day where HBAR costs money", () => {
    const limitsOf = (env: Environment) => readAgentConfig({ ...ENV, ...env }).limits;
    expect(limitsOf({})).toEqual({ perDay: null, floor: 100_000_000n });
    expect(limitsOf({ HEDERA_NETWORK: "testnet" })).toEqual({ perDay: 5_000_000_000n, floor: 100_000_000n });
    expect(limitsOf({ FEST_BUDGET_HBAR_PER_DAY: "2.5", FEST_FLOOR_HBAR: "0" })).toEqual({
      perDay: 250_000_000n,
      floor: 0n,
    });
  });

  test("that is empty is told everything that it needs at once", () => {
    expect(wrong({})).toEqual(
      ["FEST_AGENT", "FEST_LOG", "HEDERA_ACCOUNT_ID", "HEDERA_KEY_TYPE", "HEDERA_PRIVATE_KEY"].toSorted(),
    );
  });

  test("that is wrong is told everything that is wrong at once, each with what to do", () => {
    const env = {
      ...ENV,
      FEST_AGENT: "Inference 1",
      FEST_LOG: "3001",
      FEST_GIT_COMMIT: "HEAD",
      FEST_HEALTH_PORT: "65536",
      FEST_LOG_LEVEL: "loud",
      HEDERA_ACCOUNT_ID: "0.0",
    };
    expect(wrong(env)).toEqual(
      [
        "FEST_AGENT",
        "FEST_GIT_COMMIT",
        "FEST_HEALTH_PORT",
        "FEST_LOG",
        "FEST_LOG_LEVEL",
        "HEDERA_ACCOUNT_ID",
      ].toSorted(),
    );
    for (const { fix } of failure(env).problems) expect(fix).toMatch(/^[A-Z].*\.$/);
  });

  test.each([
    [
      "FEST_HEALTH_PORT",
      ["0", "9", "8701", "59999", "64999", "65535"],
      ["65536", "65540", "99999", "-1", "8e3", "87011"],
    ],
    ["FEST_AGENT", ["a", "coordinator", "inference-001"], ["1a", "A", "a_b", "іnference", "a".repeat(33)]],
    ["FEST_GIT_COMMIT", ["0123abc", "f".repeat(64)], ["012345", "0123ABC", "main", "f".repeat(65)]],
    ["FEST_BUDGET_HBAR_PER_DAY", ["0", "2.5", "100"], ["-1", "much", "1e3", "0.000000001"]],
    ["FEST_CRASH_AT", ["1", "999999"], ["0", "-1", "1.5", "soon"]],
    ["FEST_FLOOR_HBAR", ["0", "0.00000001"], ["-0.5", "1 HBAR"]],
    ["FEST_LOG", ["0.0.5"], ["0.0.05", "5", "0.0.5-abcde", "0.0.x"]],
  ])("reads %s", (variable, good, bad) => {
    for (const value of good) expect(() => readAgentConfig({ ...ENV, [variable]: value })).not.toThrow();
    for (const value of bad) expect(wrong({ ...ENV, [variable]: value })).toEqual([variable]);
  });

  test("shows no secret, neither read nor refused", () => {
    expect(inspect(readAgentConfig(ENV), { depth: 9, showHidden: true })).not.toContain(SECRET);
    const broken = failure({ ...ENV, HEDERA_PRIVATE_KEY: `${SECRET}zz`, FEST_LOG: "x" });
    expect(inspect(broken, { depth: 9 })).not.toContain(SECRET.slice(8, 40));
    expect(JSON.stringify(broken)).not.toContain(SECRET.slice(8, 40));
  });
});
