import { describe, expect, test } from "bun:test";
import type { Trade } from "../../festival/state.ts";
import { ACCOUNTS } from "../../festival/testing/log.ts";
import { contextOf, delivered } from "../testing/context.ts";
import { WorkError } from "./context.ts";
import { describeTrade, NOT_ACCEPTABLE, tradeIntent } from "./trade.ts";

const SETTLED: Trade = {
  stage: "settled",
  desk: "desk-001",
  account: ACCOUNTS.desk,
  side: "buy",
  hbar: 50_00000000n,
  tokens: 4_500_000n,
  expires: 1n,
  schedule: "0.0.4001",
  transaction: { payer: ACCOUNTS.defi, validStart: 1_700_000_000_000_000_000n },
  executed: 1_700_000_001_000_000_000n,
  reason: null,
};
const size = (action: string, changes: object = {}) => ({
  engine: "embedded",
  model: "m",
  version: "1",
  action,
  hbar: action === "hold" ? "0" : "5000000000",
  reference_micro_usd: "90000",
  weight: 0.5,
  target: 0.6,
  reason: "within the band",
  ...changes,
});
const risk = (approved: boolean) => ({
  action: "buy",
  approved,
  checks: [
    { name: "trade_tinybar", passed: true, value: "1", limit: "at most 2" },
    { name: "position_tinybar", passed: approved, value: "3", limit: "at most 2" },
  ],
});
const intent = (
  sized: Record<string, unknown>,
  checked: Record<string, unknown>,
  trade: Trade | null = null,
) =>
  tradeIntent(
    contextOf(
      delivered(
        { s: { spec: {}, output: sized }, r: { spec: { role: "defi" }, output: checked } },
        { kind: "trade", role: "defi", uses: { size: "s", risk: "r" } },
      ),
      undefined,
      { trade },
    ),
  );

describe("what is to be done for a trade", () => {
  test("is the trade that was sized, if the risk check passed", () => {
    expect(intent(size("buy"), risk(true))).toEqual({ kind: "trade", side: "buy", hbar: 50_00000000n });
    expect(intent(size("sell"), risk(true))).toMatchObject({ side: "sell" });
  });

  test("is nothing where the size says hold, and the result says why", () => {
    expect(intent(size("hold"), risk(true))).toEqual({
      kind: "done",
      result: { output: { outcome: "held", reason: "within the band" }, metrics: { outcome: "held" } },
    });
  });

  test("is nothing where a limit did not hold, and the result says which", () => {
    expect(intent(size("buy"), risk(false))).toMatchObject({
      kind: "done",
      result: { output: { outcome: "held", reason: "risk check: position_tinybar" } },
    });
  });

  test("is to tell how a trade that is over ended", () => {
    expect(intent(size("buy"), risk(true), SETTLED)).toMatchObject({
      kind: "done",
      result: { output: { outcome: "settled" } },
    });
  });

  test("cannot be told from results of another form", () => {
    expect(() => intent({ action: "buy" }, risk(true))).toThrow(WorkError);
    expect(() => intent(size("buy"), {})).toThrow(WorkError);
  });
});

describe("the result of a trade", () => {
  test("that settled names amounts, price, schedule and transaction, as text", () => {
    expect(describeTrade(SETTLED)).toEqual({
      output: {
        outcome: "settled",
        side: "buy",
        hbar: "5000000000",
        tokens: "4500000",
        price_micro_usd: "90000",
        schedule_id: "0.0.4001",
        transaction: "0.0.1004@1700000000.000000000",
        executed: "1700000001.000000000",
      },
      metrics: { outcome: "settled" },
    });
  });

  test("whose quote the fund did not take is a hold, and says why", () => {
    const reason = `${NOT_ACCEPTABLE}: edge_bps 2 >=5`;
    const declined: Trade = { ...SETTLED, stage: "failed", schedule: null, transaction: null, reason };
    expect(describeTrade(declined)).toEqual({
      output: { outcome: "held", reason },
      metrics: { outcome: "held" },
    });
    expect(describeTrade({ ...declined, schedule: "0.0.4001" }).metrics).toEqual({ outcome: "failed" });
  });

  test.each<[string, Partial<Trade>, string]>([
    ["failed", { stage: "failed", reason: "no inventory" }, "no inventory"],
    ["failed without a word", { stage: "failed" }, "it did not execute"],
    ["has no transaction", { transaction: null }, "it did not execute"],
  ])("that %s names the reason and no amounts", (_, changes, reason) => {
    expect(describeTrade({ ...SETTLED, ...changes })).toEqual({
      output: { outcome: "failed", reason },
      metrics: { outcome: "failed" },
    });
  });
});
