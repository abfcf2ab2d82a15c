import { describe, expect, test } from "bun:test";
import { contextOf, delivered } from "../testing/context.ts";
import { riskWork } from "./risk.ts";

const size = (action: string, hbar: string) => ({
  engine: "embedded",
  model: "m",
  version: "1",
  action,
  hbar,
  reference_micro_usd: "90000",
  weight: 0.5,
  target: 0.6,
  reason: "x",
  spread_bps: 200,
});
const position = (hbar: string, tokens: string) => ({
  account: "0.0.1006",
  token: "0.0.2002",
  hbar,
  tokens,
  reference_micro_usd: "90000",
});

async function judged(sized: object, held: object, seconds = 0) {
  const log = delivered(
    { s: { spec: {}, output: { ...sized } }, p: { spec: { role: "defi" }, output: { ...held } } },
    { kind: "risk", role: "defi", uses: { size: "s", position: "p" } },
  );
  const began = (log.task("last").began ?? 0n) + BigInt(seconds) * 1_000_000_000n;
  const { output, metrics } = await riskWork(contextOf(log, undefined, { began }));
  const checks: unknown = output.checks;
  const failed = Array.isArray(checks)
    ? checks.flatMap((one) => (one.passed ? [] : [one.name]))
    : ["no checks"];
  return { approved: metrics.approved, action: metrics.action, failed };
}
const wide = { ...size("buy", "1000000000"), spread_bps: 1_001 };
const RICH = position("50000000000", "90000000");

describe("the risk of a sized trade", () => {
  test.each<[string, object, object, number, string[]]>([
    ["within every limit", size("buy", "1000000000"), RICH, 0, []],
    ["larger than a trade may be", size("buy", "10000000001"), RICH, 0, ["trade_tinybar"]],
    [
      "that leaves too much HBAR",
      size("buy", "1000000000"),
      position("99500000000", "90000000"),
      0,
      ["position_tinybar"],
    ],
    ["that the fund cannot pay", size("buy", "1000000000"), position("50000000000", "1"), 0, ["tokens_left"]],
    [
      "that leaves too little HBAR",
      size("sell", "1000000000"),
      position("1000000001", "0"),
      0,
      ["hbar_left_tinybar"],
    ],
    ["whose forecast says too little", wide, RICH, 0, ["spread_bps"]],
    ["whose signal is old", size("buy", "1000000000"), RICH, 901, ["signal_age_s"]],
  ])("%s", async (_, sized, held, seconds, failed) => {
    expect(await judged(sized, held, seconds)).toMatchObject({ approved: failed.length === 0, failed });
  });

  test("of a hold needs no approval, whatever the fund", async () => {
    expect(await judged(size("hold", "0"), position("0", "0"), 9_999)).toEqual({
      approved: true,
      action: "hold",
      failed: [],
    });
  });
});
