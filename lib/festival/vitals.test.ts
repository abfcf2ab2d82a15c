import { describe, expect, test } from "bun:test";
import type { AccountId } from "../hedera/id.ts";
import type { Body, EntryName } from "./entry/entry.ts";
import { BODIES } from "./testing/bodies.ts";
import { ACCOUNTS, MANIFEST, START, TestLog } from "./testing/log.ts";
import { lifeOf, problemOf, type Signs, silenceOf, vitalOf, withOlder } from "./vitals.ts";

const log = new TestLog();
log.say(MANIFEST, ACCOUNTS.owner);
const AGENT = "inference-001";
const SECOND = 1_000_000_000n;

/** The agent's signs after it said these things, one a second, newest last. */
function signsAfter(...said: readonly (EntryName | Body)[]): Signs | undefined {
  const topic = new TestLog();
  for (const body of said) {
    topic.advance(1);
    topic.say(typeof body === "string" ? BODIES[body] : body, ACCOUNTS.inference);
  }
  let signs: Signs | undefined;
  for (const message of topic.messages.toReversed()) {
    const vital = vitalOf(log.state, message);
    if (vital !== null) signs = withOlder(signs, vital);
  }
  return signs;
}

const broken: Body<"heartbeat"> = {
  ...BODIES.heartbeat,
  payload: { ...BODIES.heartbeat.payload, status: "error" },
};
const after = (seconds: number) => START + BigInt(seconds) * SECOND;

describe("a vital sign", () => {
  test.each<[string, AccountId, EntryName, string | null]>([
    ["of an agent by its own account counts", ACCOUNTS.inference, "heartbeat", AGENT],
    ["of an agent by another account does not", ACCOUNTS.defi, "heartbeat", null],
    ["by a stranger does not", ACCOUNTS.stranger, "agent_lost", null],
    ["is not what belongs on the log", ACCOUNTS.inference, "task_result", null],
  ])("%s", (_, payer, name, agent) => {
    const topic = new TestLog();
    topic.say(BODIES[name], payer);
    const [message] = topic.messages;
    const vital = message === undefined ? null : vitalOf(log.state, message);
    expect(vital?.body.payload.agent_id ?? null).toBe(agent);
  });
});

describe("an agent", () => {
  const lifeAfter = (seconds: number, ...said: readonly (EntryName | Body)[]) =>
    lifeOf(signsAfter(...said), 5, after(said.length + seconds));

  test("that never said anything is unknown", () => {
    expect(lifeOf(undefined, 5, after(1))).toBe("unknown");
    expect(silenceOf(undefined, after(1))).toBeNull();
  });

  test("is alive up to three intervals after its last sign, and silent after that", () => {
    expect(lifeAfter(15, "agent_started", "heartbeat")).toBe("alive");
    expect(lifeAfter(17, "agent_started", "heartbeat")).toBe("silent");
  });

  test("that ended in an orderly way is stopped, however long ago", () => {
    expect(lifeAfter(1_000, "heartbeat", "agent_stopped")).toBe("stopped");
  });

  test("is lost once the network says so, and was last heard of by its own heartbeat", () => {
    expect(lifeAfter(0, "heartbeat", "agent_lost")).toBe("lost");
    expect(silenceOf(signsAfter("heartbeat", "agent_lost"), after(11))).toBe(9);
  });

  test("that speaks again after the network gave it up is not lost", () => {
    expect(lifeAfter(0, "agent_lost", "heartbeat")).toBe("alive");
    expect(lifeAfter(0, "agent_lost", "agent_started")).toBe("alive");
  });

  test("that may not work says why until it works again, and is given more time between its heartbeats", () => {
    const held = signsAfter("heartbeat", "agent_error", broken);
    expect(held && problemOf(held)).toMatchObject({ code: "X", message: "y" });
    expect(lifeAfter(150, "agent_error", broken)).toBe("alive");
    expect(lifeAfter(152, "agent_error", broken)).toBe("silent");
    const again = signsAfter("agent_error", broken, "heartbeat");
    expect(again && problemOf(again)).toBeNull();
  });
});
