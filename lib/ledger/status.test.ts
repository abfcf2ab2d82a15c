import { expect, test } from "bun:test";
import { proto } from "@hiero-ledger/proto";
import {
  CONSENSUS,
  consensusVerdict,
  PRECHECK,
  precheckVerdict,
  UNREACHABLE,
  UNRECOGNIZED,
} from "./status.ts";

const ALL = Object.keys(proto.ResponseCodeEnum);
const OURS = [UNREACHABLE, UNRECOGNIZED];

test("every row is a response code of Hedera's, or one of ours", () => {
  for (const status of [...Object.keys(PRECHECK), ...Object.keys(CONSENSUS)]) {
    expect([...ALL, ...OURS]).toContain(status);
  }
});

test("before consensus, all that may pass is sent again and all else stops", () => {
  const again = ALL.filter((status) => precheckVerdict(status) === "again");
  expect(again).toEqual([
    "INVALID_NODE_ACCOUNT",
    "BUSY",
    "UNKNOWN",
    "PLATFORM_NOT_ACTIVE",
    "PLATFORM_TRANSACTION_NOT_CREATED",
    "WAITING_FOR_LEDGER_ID",
    "CREATING_SYSTEM_ENTITIES",
  ]);
  const others = ALL.filter((status) => !again.includes(status));
  const special = others.filter((status) => precheckVerdict(status) !== "stop");
  expect(Object.fromEntries(special.map((status) => [status, precheckVerdict(status)]))).toEqual({
    OK: "accepted",
    TRANSACTION_EXPIRED: "next window",
    INVALID_TRANSACTION_START: "early",
    INSUFFICIENT_PAYER_BALANCE: "fund",
    DUPLICATE_TRANSACTION: "look up",
  });
});

test("at consensus, what is not listed failed: the id is used up", () => {
  const final = ALL.filter((status) => consensusVerdict(status) === "failed");
  expect(final.length).toBe(ALL.length - Object.keys(CONSENSUS).length + OURS.length);
  for (const status of [
    "TOKEN_NOT_ASSOCIATED_TO_ACCOUNT",
    "INSUFFICIENT_TOKEN_BALANCE",
    "INVALID_SIGNATURE",
    "INNER_TRANSACTION_FAILED",
    "THROTTLED_AT_CONSENSUS",
    "INSUFFICIENT_PAYER_BALANCE",
    "FAIL_INVALID",
  ]) {
    expect(final).toContain(status);
  }
});

test("only SUCCESS is executed", () => {
  expect(ALL.filter((status) => consensusVerdict(status) === "executed")).toEqual(["SUCCESS"]);
});

test("a status that doesn't exist stops before consensus and fails at it", () => {
  for (const status of ["NO_SUCH_STATUS", "__proto__", "toString", ""]) {
    expect(precheckVerdict(status)).toBe("stop");
    expect(consensusVerdict(status)).toBe("failed");
  }
});
