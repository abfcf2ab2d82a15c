import { describe, expect, test } from "bun:test";
import { addSeconds, timestampOf } from "../../../lib/hedera/timestamp.ts";
import { pulseOf, slotsOf } from "./pulse.ts";
import type { AgentVitals } from "./vitals.ts";

const NOW = timestampOf(1_700_000_000n);
const INTERVAL = 5;

function agent(...secondsAgo: readonly number[]): AgentVitals {
  const beats = secondsAgo.map((ago) => ({
    timestamp: addSeconds(NOW, -ago),
    status: "working" as const,
    balance: null,
  }));
  const last = beats.at(-1);
  const beat = {
    agent_id: "a",
    status: "working" as const,
    uptime_seconds: 1,
    completed_tasks: 0,
    failed_tasks: 0,
    rss_mb: 1,
    sequence: 1,
  };
  return {
    last: last === undefined ? null : { timestamp: last.timestamp, beat },
    beats,
    started: null,
    stopped: null,
    lost: null,
    error: null,
  };
}

describe("an agent's pulse", () => {
  test("is what it said last, while its heartbeats come", () => {
    expect(pulseOf(agent(3), INTERVAL, NOW)).toBe("working");
    expect(pulseOf(agent(10), INTERVAL, NOW)).toBe("working");
  });

  test("is late after two of its intervals, and silent after four", () => {
    expect(pulseOf(agent(11), INTERVAL, NOW)).toBe("late");
    expect(pulseOf(agent(21), INTERVAL, NOW)).toBe("silent");
    expect(pulseOf(agent(21), 90, NOW)).toBe("working");
  });

  test("is lost where the network says so, whatever it said last", () => {
    expect(pulseOf({ ...agent(1), lost: NOW }, INTERVAL, NOW)).toBe("lost");
  });

  test("is an error, and not silence, while one that may not act beats slowly", () => {
    const healthy = agent(30);
    const beat = healthy.last === null ? null : { ...healthy.last.beat, status: "error" as const };
    const ill = { ...healthy, last: beat && { timestamp: addSeconds(NOW, -30), beat } };
    expect(pulseOf(ill, INTERVAL, NOW)).toBe("error");
    expect(pulseOf(healthy, INTERVAL, NOW)).toBe("silent");
  });

  test("ended where it said so, and began where it came back", () => {
    const stopped = { ...agent(30), stopped: addSeconds(NOW, -20) };
    expect(pulseOf(stopped, INTERVAL, NOW)).toBe("stopped");
    expect(pulseOf({ ...agent(1), stopped: addSeconds(NOW, -20) }, INTERVAL, NOW)).toBe("working");
  });

  test("is not known of an agent that was never heard", () => {
    expect(pulseOf(undefined, INTERVAL, NOW)).toBe("not seen");
    expect(pulseOf(agent(), INTERVAL, NOW)).toBe("not seen");
  });
});

describe("a heartbeat bar", () => {
  test("shows in which intervals the agent was heard, and in which it was not", () => {
    expect(slotsOf(agent(24, 19, 4), INTERVAL, NOW, 6)).toEqual([
      "before",
      "working",
      "working",
      "none",
      "none",
      "working",
    ]);
  });

  test("forgives a heartbeat that is late by less than half an interval", () => {
    expect(slotsOf(agent(14, 11, 4), INTERVAL, NOW, 3)).toEqual(["working", "working", "working"]);
    expect(slotsOf(agent(14, 13, 4), INTERVAL, NOW, 3)).toEqual(["working", "none", "working"]);
  });

  test("moves on once an interval", () => {
    const vitals = agent(14, 9, 4);
    const at = (seconds: number) => slotsOf(vitals, INTERVAL, addSeconds(NOW, seconds), 4);
    expect(at(4)).toEqual(at(0));
    expect(at(5)).toEqual(["working", "working", "working", "none"]);
  });
});
