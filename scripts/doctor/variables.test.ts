import { afterAll, beforeAll, describe, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { expectFound, type Fault } from "./testing/faults.ts";
import { Ward } from "./testing/ward.ts";

setDefaultTimeout(120_000);

let ward: Ward;
beforeAll(async () => {
  ward = await Ward.open();
});
afterAll(() => ward?.close());

const FAULTS: readonly Fault[] = [
  [
    "no network's name",
    "env:HEDERA_NETWORK",
    "inference",
    (p) => p.set("inference", "HEDERA_NETWORK", "testnt"),
  ],
  ["no account", "env:HEDERA_ACCOUNT_ID", "not set", (p) => p.set("inference", "HEDERA_ACCOUNT_ID", null)],
  ["a malformed account", "env:HEDERA_ACCOUNT_ID", "desk", (p) => p.set("desk", "HEDERA_ACCOUNT_ID", "1001")],
  ["no type of key", "env:HEDERA_KEY_TYPE", "not set", (p) => p.set("defi", "HEDERA_KEY_TYPE", null)],
  ["no log", "env:FEST_LOG", "not set", (p) => p.set("coordinator", "FEST_LOG", null)],
  ["no name", "env:FEST_AGENT", "not set", (p) => p.set("inference", "FEST_AGENT", null)],
  [
    "a budget that is no amount",
    "env:FEST_BUDGET_HBAR_PER_DAY",
    "desk",
    (p) => p.set("desk", "FEST_BUDGET_HBAR_PER_DAY", "much"),
  ],
  ["a floor below zero", "env:FEST_FLOOR_HBAR", "below zero", (p) => p.set("desk", "FEST_FLOOR_HBAR", "-1")],
  ["a port that is none", "env:FEST_HEALTH_PORT", "desk", (p) => p.set("desk", "FEST_HEALTH_PORT", "99999")],
  [
    "a mirror that is no URL",
    "env:HEDERA_MIRROR_URL",
    "desk",
    (p) => p.set("desk", "HEDERA_MIRROR_URL", "mirror"),
  ],
  [
    "a variable that nothing reads",
    "env-unknown",
    "FEST_BUDGET_HBAR_PER_DAY is",
    (p) => p.set("desk", "FEST_BUDGET_HBAR_PERDAY", "9"),
  ],
  [
    "a line that is none",
    "env-file",
    ":1 is no NAME=value",
    (p) => writeFileSync(p.file("desk.env"), `oops\n${readFileSync(p.file("desk.env"), "utf8")}`),
  ],
  [
    "a mirror of another network",
    "env:HEDERA_MIRROR_URL",
    "mainnet",
    (p) => p.set("desk", "HEDERA_MIRROR_URL", "https://mainnet.mirrornode.hedera.com"),
  ],
  [
    "a role on another network",
    "network-differs",
    "owner",
    (p) => {
      p.set("owner", "HEDERA_NETWORK", "custom");
    },
  ],
  [
    "a role of another festival",
    "log-differs",
    "0.0.9999",
    (p) => p.set("inference", "FEST_LOG", "0.0.9999"),
  ],
  ["no plan", "plan", "nowhere", (p) => p.set("coordinator", "FEST_PLAN", "/nowhere")],
];

describe("doctor finds, of what an environment says,", () => {
  test.each(FAULTS)("%s", (_, name, says, plant) => expectFound(ward, name, says, plant));
});
