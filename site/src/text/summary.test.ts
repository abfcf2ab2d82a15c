import { describe, expect, test } from "bun:test";
import { decode } from "../../../lib/festival/entry/decode.ts";
import { type Body, encodeEntry } from "../../../lib/festival/entry/entry.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "../../../lib/festival/testing/log.ts";
import { parseTimestamp } from "../../../lib/hedera/timestamp.ts";
import { type LogTokens, summariseMessage } from "./summary.ts";

const TOKENS: LogTokens = {
  payment: { symbol: "FEST", decimals: 2 },
  market: { symbol: "USDX", decimals: 6 },
};
const head = { v: 1, re: "7.1", task_id: "1.1.1" } as const;

function said(body: Body | string): string {
  const log = new TestLog();
  log.submit(typeof body === "string" ? new TextEncoder().encode(body) : encodeEntry(body), ACCOUNTS.owner);
  const [message] = log.messages;
  if (message === undefined) throw new Error("nothing was submitted");
  return summariseMessage(decode(message), TOKENS);
}

describe("an entry on one line", () => {
  test("says who is bound by a manifest", () => {
    expect(said(MANIFEST)).toBe("Test festival: 4 agents in 4 roles");
  });

  test("says what came of the work", () => {
    const result = { status: "completed", duration_ms: 1_250, metrics: { mape: 0.02 } } as const;
    expect(said({ ...head, type: "task_result", payload: result })).toBe("completed in 1.2 s, mape 0.02");
    const failed = { status: "failed", error: "no rates" } as const;
    expect(said({ ...head, type: "task_result", payload: failed })).toBe("failed: no rates");
  });

  test("says which criteria failed", () => {
    const criteria = [
      { name: "completed", passed: true },
      { name: "coverage", passed: false, value: 0.4, limit: "0.5..0.95" },
    ];
    const payload = { attempt: 2, passed: false as const, criteria };
    expect(said({ ...head, type: "quality_gate", payload })).toBe("attempt 2 failed: coverage");
  });

  test("says amounts in their tokens", () => {
    const transfer = { payer: ACCOUNTS.coordinator, validStart: parseTimestamp("1700000000.000000001") };
    const paid = { amount: 250n, token_id: MANIFEST.payload.token, transfer, criteria: [] };
    expect(said({ ...head, type: "payment_settled", to: "inference-001", payload: paid })).toBe(
      "2.5 FEST to inference-001, 0 checks passed",
    );
    const quote = {
      side: "buy",
      hbar: 4_250_000_000n,
      tokens: 3_987_650n,
      expires: parseTimestamp("1700000060.000000000"),
    } as const;
    expect(said({ ...head, type: "quote", payload: quote })).toBe("buy 42.5 ℏ for 3.98765 USDX");
    expect(said({ ...head, type: "quote", payload: { declined: "no inventory" } })).toBe(
      "declined: no inventory",
    );
  });
});

describe("a message that is no entry", () => {
  test("is said to be unknown, or what is wrong with it", () => {
    expect(said('{"v":1,"type":"from_the_future"}')).toBe("a type that this page does not know");
    expect(said("<script>")).toBe("not JSON in UTF-8");
  });
});
