import { expect, test } from "bun:test";
import { addSeconds, timestampOf } from "../../../lib/hedera/timestamp.ts";
import { spendingOf } from "./runway.ts";
import type { AgentVitals } from "./vitals.ts";

const NOW = timestampOf(1_700_000_000n);

/** An agent that said these balances, ten seconds apart. */
function agent(...balances: readonly (bigint | null)[]): AgentVitals {
  const beats = balances.map((balance, index) => ({
    timestamp: addSeconds(NOW, index * 10),
    status: "idle" as const,
    balance,
  }));
  return { last: null, beats, started: null, stopped: null, lost: null, error: null };
}

test("spending is what went since the first heartbeat, taken to a day", () => {
  expect(spendingOf(agent(1_000n, 980n, 960n, 940n))).toEqual({
    balance: 940n,
    perDay: (60n * 86_400n) / 30n,
    runwaySeconds: 470n,
  });
});

test("a balance that rose begins anew", () => {
  expect(spendingOf(agent(10n, 5n, 100n, 100n, 90n, 70n))?.perDay).toBe((30n * 86_400n) / 30n);
});

test("who spends nothing never runs out", () => {
  expect(spendingOf(agent(7n, 7n, 7n, 7n))?.runwaySeconds).toBeNull();
});

test("less than half a minute, or no balance, says nothing", () => {
  expect(spendingOf(agent(1_000n, 900n))).toBeNull();
  expect(spendingOf(agent(null, null, null, null, null))).toBeNull();
  expect(spendingOf(undefined)).toBeNull();
});
