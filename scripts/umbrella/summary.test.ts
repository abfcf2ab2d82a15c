import { describe, expect, test } from "bun:test";
import type { UnitState } from "../deploy/systemctl.ts";
import { allSettled, allStopped, summary } from "./summary.ts";

function unit(role: string, change: Partial<UnitState> = {}): UnitState {
  return {
    name: `fest-agent@${role}.service`,
    active: "active",
    status: "folded to entry 7, idle",
    invocation: "a",
    restarts: 0,
    pid: 1,
    busy: false,
    startedAt: null,
    result: "success",
    skipped: false,
    ...change,
  };
}

describe("the umbrella's line", () => {
  test("counts the agents that are ready, and says what the others say", () => {
    const agents = [
      unit("coordinator"),
      unit("defi", { active: "activating", status: "waits: the key is not that of account 0.0.9" }),
      unit("desk", { active: "failed", status: "", result: "start-limit-hit" }),
      unit("inference", { active: "inactive", status: "" }),
    ];
    expect(summary(agents)).toBe(
      "1 of 4 agents ready; defi waits: the key is not that of account 0.0.9; " +
        "desk has failed (start-limit-hit); inference is inactive",
    );
  });

  test("does not count an agent that is up but holds back or waits", () => {
    expect(summary([unit("desk", { status: "holds (BALANCE_LOW): 0 HBAR" })])).toBe(
      "0 of 1 agents ready; desk holds (BALANCE_LOW): 0 HBAR",
    );
  });
});

describe("an agent that another host runs", () => {
  test("is neither waited for nor counted", () => {
    const agents = [unit("coordinator"), unit("desk", { active: "inactive", skipped: true })];
    expect(allSettled(agents)).toBe(true);
    expect(summary(agents)).toBe("1 of 1 agents ready");
  });
});

describe("the umbrella is up", () => {
  test("once each agent works, has said what it waits for, or has given up", () => {
    const waiting = unit("defi", { active: "activating", status: "waits: the mirror node does not answer" });
    const failed = unit("desk", { active: "failed", status: "" });
    expect(allSettled([unit("coordinator"), waiting, failed])).toBe(true);
    expect(allSettled([unit("coordinator"), unit("defi", { active: "activating", status: "" })])).toBe(false);
    expect(allSettled([unit("coordinator"), unit("defi", { active: "inactive", busy: true })])).toBe(false);
    expect(allSettled([])).toBe(false);
  });
});

describe("the umbrella's stop", () => {
  test("waits for agents that stop, or are about to", () => {
    const before = [unit("desk")];
    expect(allStopped([unit("desk", { active: "deactivating" })], before)).toBe(false);
    expect(allStopped([unit("desk", { busy: true })], before)).toBe(false);
    expect(allStopped([unit("desk", { active: "inactive" })], before)).toBe(true);
    expect(allStopped([unit("desk", { active: "failed" })], before)).toBe(true);
  });

  test("does not wait for an agent that was started anew, or that nobody stops", () => {
    const before = [unit("desk")];
    expect(allStopped([unit("desk", { busy: true, invocation: "b" })], before)).toBe(true);
    expect(allStopped([unit("desk")], before)).toBe(true);
  });
});
