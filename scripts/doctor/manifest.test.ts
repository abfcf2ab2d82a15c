import { afterAll, beforeAll, describe, setDefaultTimeout, test } from "bun:test";
import { expectFound, type Fault } from "./testing/faults.ts";
import { ROLES, Ward } from "./testing/ward.ts";

setDefaultTimeout(120_000);

let ward: Ward;
beforeAll(async () => {
  ward = await Ward.open();
});
afterAll(() => ward?.close());

const FAULTS: readonly Fault[] = [
  [
    "an account that is not there",
    "account-missing",
    "0.0.999999",
    (p) => p.set("desk", "HEDERA_ACCOUNT_ID", "0.0.999999"),
  ],
  [
    "a log that is not there",
    "log-missing",
    "0.0.999999",
    (p) => {
      for (const role of ROLES) p.set(role, "FEST_LOG", "0.0.999999");
    },
  ],
  [
    "a log without a manifest",
    "log-empty",
    "no manifest",
    (p, ward) => {
      for (const role of ROLES) p.set(role, "FEST_LOG", ward.festival.vitals);
    },
  ],
  ["other vitals", "vitals-mismatch", "0.0.4", (p) => p.set("desk", "FEST_VITALS", "0.0.4")],
  [
    "a name that the manifest has not",
    "agent-unknown",
    "desk-009",
    (p) => p.set("desk", "FEST_AGENT", "desk-009"),
  ],
  [
    "an account that the manifest does not bind",
    "agent-account",
    "would not count",
    (p, ward) => p.set("desk", "HEDERA_ACCOUNT_ID", ward.festival.accounts.fund),
  ],
  [
    "another role's name",
    "agent-role",
    "plays inference",
    (p) => p.set("desk", "FEST_AGENT", "inference-001"),
  ],
  [
    "a floor above the balance",
    "balance-floor",
    "desk",
    (p) => p.set("desk", "FEST_FLOOR_HBAR", "4000000000"),
  ],
];

describe("doctor finds, of what an environment names on the ledger,", () => {
  test.each(FAULTS)("%s", (_, name, says, plant) => expectFound(ward, name, says, plant));
});
