import { expect, test } from "bun:test";
import type { State, Trade } from "./state.ts";
import { ACCOUNTS } from "./testing/log.ts";
import { go, stage } from "./testing/stage.ts";
import { openTrade, quoteWaits } from "./trades.ts";

const TRADE: Trade = {
  stage: "requested",
  desk: "desk-001",
  account: ACCOUNTS.desk,
  side: "buy",
  hbar: 1n,
  tokens: 0n,
  expires: null,
  schedule: null,
  transaction: null,
  executed: null,
  reason: null,
};
const log = go(stage({ a: { kind: "trade" }, b: { kind: "trade" } }), "a", "assign", "start");

/** The state with a trade of one of its tasks at a stage. */
function withTrade(task: string, at: Trade["stage"], state: State = log.state): State {
  if (state.edition === null) throw new Error("there is an edition");
  const found = log.task(task);
  const tasks = new Map(state.edition.tasks).set(task, { ...found, trade: { ...TRADE, stage: at } });
  return { ...state, edition: { ...state.edition, tasks } };
}

test.each<[Trade["stage"], boolean]>([
  ["requested", true],
  ["quoted", true],
  ["proposed", true],
  ["approved", true],
  ["settled", false],
  ["failed", false],
])("a trade that is %s is open: %p", (at, open) => {
  expect(openTrade(withTrade("a", at))?.id).toBe(open ? "a" : undefined);
});

test("a desk gives one price at a time, in the order in which it was asked", () => {
  const owed = (id: string, agent = "desk-001") => ({
    ...log.the("execute", "a"),
    id,
    agent,
    kind: "quote" as const,
  });
  const [first, second] = [owed("7.1"), owed("8.1")];
  const state: State = {
    ...log.state,
    obligations: new Map([
      ["6.1", owed("6.1", "desk-002")],
      [first.id, first],
      [second.id, second],
    ]),
  };
  expect(quoteWaits(state, first)).toBeNull();
  expect(quoteWaits(state, second)).toBe("another price was asked for before");
  expect(quoteWaits(withTrade("b", "quoted", state), first)).toBe("another quote stands");
  expect(quoteWaits(withTrade("b", "settled", state), first)).toBeNull();
});
