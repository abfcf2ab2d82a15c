import { describe, expect, test } from "bun:test";
import { agentOf, agentsOf, chooseAgent, coordinatorOf, maySpeak } from "./roles.ts";
import { EMPTY_STATE } from "./state.ts";
import { ACCOUNTS } from "./testing/log.ts";
import { go, manifestWith, stage } from "./testing/stage.ts";

const THREE = manifestWith({
  inference: { "inference-001": "0.0.1003", "inference-002": "0.0.1013", "inference-003": "0.0.1023" },
});

describe("who may speak", () => {
  const { state } = stage({ "1.1.1": {} });
  test.each([
    ["owner", ["owner"]],
    ["coordinator", ["coordinator"]],
    ["defi", ["defi"]],
    ["desk", ["desk"]],
    ["worker", ["inference", "defi"]],
    ["agent", ["coordinator", "inference", "defi", "desk"]],
  ] as const)("as %s is by the manifest: %j", (speaker, expected) => {
    const names = ["owner", "coordinator", "inference", "defi", "desk", "fund", "stranger"] as const;
    expect(names.filter((name) => maySpeak(state, ACCOUNTS[name], speaker))).toEqual([...expected]);
  });

  test("before there is a manifest is anyone as owner, and nobody as anything else", () => {
    expect(maySpeak(EMPTY_STATE, ACCOUNTS.stranger, "owner")).toBe(true);
    expect(maySpeak(EMPTY_STATE, ACCOUNTS.stranger, "agent")).toBe(false);
  });
});

describe("the agents", () => {
  test("are those of the manifest, with role and account", () => {
    const { state } = stage({ "1.1.1": {} }, THREE);
    expect(agentsOf(state).map(({ id }) => id)).toEqual([
      "coordinator",
      "inference-001",
      "inference-002",
      "inference-003",
      "defi-001",
      "desk-001",
    ]);
    expect(agentOf(state, "inference-002")).toEqual({
      id: "inference-002",
      role: "inference",
      account: "0.0.1013",
    });
    expect(coordinatorOf(state)?.account).toBe(ACCOUNTS.coordinator);
    expect(agentOf(state, "toString")).toBeUndefined();
    expect(agentsOf(EMPTY_STATE)).toEqual([]);
  });
});

describe("the next attempt goes to", () => {
  const log = stage({ "1.1.1": {}, "1.1.2": {}, "1.1.3": {} }, THREE);
  const next = (role = "inference", except: string | null = null) => chooseAgent(log.state, role, except)?.id;

  test("the agent of the role with the least work, the first of equals", () => {
    expect(next()).toBe("inference-001");
    go(log, "1.1.1", "assign");
    expect(next()).toBe("inference-002");
    expect(next("defi")).toBe("defi-001");
  });

  test("another one than last time, unless there is no other", () => {
    expect(next("inference", "inference-002")).toBe("inference-003");
    expect(next("defi", "defi-001")).toBe("defi-001");
    expect(next("poet")).toBeUndefined();
  });

  test("nobody who let a lease run out, until it is heard again or a while has passed", () => {
    const lost = go(stage({ "1.1.1": {}, "1.1.2": {} }, THREE), "1.1.1", "assign", "start");
    const chosen = (turn: number) => chooseAgent(lost.state, "inference", null, turn)?.id;
    const everyone = () => new Set([0, 1, 2].map(chosen));
    lost.advance(61);
    go(lost, "1.1.1", "watch");
    expect(everyone()).toEqual(new Set(["inference-002", "inference-003"]));
    lost.advance(600);
    lost.say({ v: 1, type: "tick" }, ACCOUNTS.coordinator);
    expect(everyone()).toEqual(new Set(["inference-001", "inference-002", "inference-003"]));
  });

  test("one who let a lease run out as soon as it works again", () => {
    const alone = go(stage({ "1.1.1": {} }), "1.1.1", "assign", "start");
    alone.advance(61);
    go(alone, "1.1.1", "watch");
    expect(alone.state.silent.has("inference-001")).toBe(true);
    expect(chooseAgent(alone.state, "inference")?.id).toBe("inference-001");
    go(alone, "1.1.1", "start");
    expect(alone.state.silent.size).toBe(0);
  });
});
