import { describe, expect, test } from "bun:test";
import { genesis } from "../genesis.ts";
import type { Account } from "../record.ts";
import { State } from "./state.ts";

function stateWithTreasury(): { state: State; treasury: Account } {
  const state = new State(genesis(0n));
  const treasury = state.accounts.get("0.0.2");
  if (!treasury) throw new Error("genesis has no treasury");
  return { state, treasury };
}

describe("a savepoint", () => {
  test("undoes what it changed, and nothing else", () => {
    const { state, treasury } = stateWithTreasury();
    state.putAccount({ ...treasury, memo: "before" });
    state.begin();
    state.putAccount({ ...treasury, memo: "after" });
    state.putAccount({ ...treasury, id: state.newId() });
    state.rollback();
    expect(state.accounts.get("0.0.2")?.memo).toBe("before");
    expect(state.accounts.get("0.0.1001")).toBeUndefined();
  });

  test("gives entity numbers back when it is undone", () => {
    const { state } = stateWithTreasury();
    state.begin();
    expect(state.newId()).toBe("0.0.1001");
    state.rollback();
    expect(state.newId()).toBe("0.0.1001");
    expect(state.newId()).toBe("0.0.1002");
  });

  test("that was kept is undone with the one around it", () => {
    const { state, treasury } = stateWithTreasury();
    state.begin();
    state.putAccount({ ...treasury, memo: "outer" });
    state.begin();
    state.putAccount({ ...treasury, memo: "inner" });
    state.commit();
    expect(state.accounts.get("0.0.2")?.memo).toBe("inner");
    state.rollback();
    expect(state.accounts.get("0.0.2")?.memo).toBe("");
  });

  test("reports the first version before and the last after, over all inner savepoints", () => {
    const { state, treasury } = stateWithTreasury();
    const level = state.begin();
    state.putAccount({ ...treasury, memo: "1" });
    state.begin();
    state.putAccount({ ...treasury, memo: "2" });
    const [touched, ...rest] = state.accounts.touchedSince(level);
    expect(rest).toEqual([]);
    expect(touched?.before?.memo).toBe("");
    expect(touched?.after.memo).toBe("2");
    expect(state.changesSince(level)).toEqual([{ kind: "account", entity: { ...treasury, memo: "2" } }]);
  });
});

test("restored entities are never numbered again", () => {
  const { treasury } = stateWithTreasury();
  const state = new State([{ kind: "account", entity: { ...treasury, id: "0.0.1042" } }]);
  expect(state.newId()).toBe("0.0.1043");
});
