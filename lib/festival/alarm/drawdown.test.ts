import { expect, test } from "bun:test";
import type { AccountId } from "../../hedera/id.ts";
import type { Body } from "../entry/entry.ts";
import { BODIES } from "../testing/bodies.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "../testing/log.ts";
import { drawdownOf, type Report, reportOf } from "./drawdown.ts";

const festival = new TestLog();
festival.say(MANIFEST, ACCOUNTS.owner);
const HBAR = 100_000_000n;

/** A fund with HBAR at a price in micro-USD, and tokens. */
function reportAt(hbar: bigint, price: bigint, tokens = 0n): Body<"pnl_report"> {
  const { payload } = BODIES.pnl_report;
  const opening = { hbar: 10n * HBAR, tokens: 0n, price: 50_000n };
  return {
    ...BODIES.pnl_report,
    payload: { ...payload, agent_id: "defi-001", opening, closing: { hbar, tokens, price } },
  };
}

/** What counts of reports that were said one after the other; newest first. */
function reports(said: readonly Body[], payer: AccountId = ACCOUNTS.defi): readonly Report[] {
  const vitals = new TestLog();
  for (const body of said) vitals.say(body, payer);
  return vitals.messages.toReversed().flatMap((message) => reportOf(festival.state, message) ?? []);
}

test("the fund is measured by its highest value, and is well again when that is near", () => {
  const [up, down] = [reportAt(20n * HBAR, 50_000n), reportAt(10n * HBAR, 80_000n, 100_000n)];
  expect(drawdownOf(reports([up]))).toEqual({ bps: 0, sequence: 1 });
  expect(drawdownOf(reports([up, down]))).toEqual({ bps: 1_000, sequence: 2 });
  expect(drawdownOf(reports([up, down, up]))).toEqual({ bps: 0, sequence: 3 });
});

test("what the fund began with counts, too", () => {
  expect(drawdownOf(reports([reportAt(10n * HBAR, 25_000n)]))?.bps).toBe(5_000);
});

test("a report of anybody but the DeFi agent itself is none", () => {
  expect(reports([reportAt(HBAR, 1n)], ACCOUNTS.stranger)).toEqual([]);
  expect(reports([reportAt(HBAR, 1n)], ACCOUNTS.desk)).toEqual([]);
  expect(reports([BODIES.heartbeat])).toEqual([]);
  expect(drawdownOf([])).toBeNull();
});
