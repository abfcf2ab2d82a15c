import { describe, expect, test } from "bun:test";
import { addSeconds } from "../../hedera/timestamp.ts";
import type { Body } from "../entry/entry.ts";
import { ACCOUNTS, MANIFEST, START, TestLog } from "../testing/log.ts";
import { type Vital, vitalOf } from "../vitals.ts";
import { compareVersions, releaseFailed, restarting } from "./release.ts";

const festival = new TestLog();
festival.say(MANIFEST, ACCOUNTS.owner);
const agent_id = "inference-001";

const started = (version: string): Body => ({ v: 1, type: "agent_started", payload: { agent_id, version } });
const stopped = (version: string): Body => ({ v: 1, type: "agent_stopped", payload: { agent_id, version } });
const beat = (version: string): Body => {
  const counts = { uptime_seconds: 1, completed_tasks: 0, failed_tasks: 0, rss_mb: 1, sequence: 1 };
  return { v: 1, type: "heartbeat", payload: { agent_id, version, status: "idle", ...counts } };
};

/** The agent's signs after it said these things, a minute apart; newest first. */
function signs(...said: readonly Body[]): readonly Vital[] {
  const topic = new TestLog();
  for (const body of said) {
    topic.advance(60);
    topic.say(body, ACCOUNTS.inference);
  }
  return topic.messages.toReversed().flatMap((message) => vitalOf(festival.state, message) ?? []);
}

describe("a release that was taken back", () => {
  test("is told by the version that came back, however long that had run before", () => {
    const [a, b] = ["0.1.0-aaaa", "0.1.0-bbbb"];
    const signed = signs(beat(a), beat(a), stopped(a), started(b), beat(b), stopped(b), started(a));
    expect(releaseFailed(signed)).toBe(`went back from release ${b} to ${a}`);
    expect(releaseFailed(signs(beat(a), stopped(a), started(b), beat(b)))).toBeNull();
  });

  test("is told by an older version", () => {
    expect(releaseFailed(signs(started("1.10.0"), started("1.9.9")))).toBe(
      "went back from release 1.10.0 to 1.9.9",
    );
    expect(releaseFailed(signs(started("1.9.9"), started("1.10.0")))).toBeNull();
  });

  test("is none while copies are upgraded one after the other", () => {
    const [a, b] = ["0.1.0-aaaa", "0.1.0-bbbb"];
    expect(
      releaseFailed(signs(beat(a), started(b), beat(a), beat(b), beat(a), started(b), beat(b))),
    ).toBeNull();
  });

  test("is forgotten with the next release", () => {
    const [a, b, c] = ["0.1.0-aaaa", "0.1.0-bbbb", "0.1.0-cccc"];
    expect(releaseFailed(signs(beat(a), started(b), started(a), started(c)))).toBeNull();
    expect(releaseFailed([])).toBeNull();
  });
});

describe("an agent that starts again and again", () => {
  const crash = started("1");

  test("is told by its starts of the last ten minutes that no stop came before", () => {
    const now = addSeconds(START, 300);
    expect(restarting(signs(crash, crash, crash, beat("1"), crash), now, 4)).toContain("4 times");
    expect(restarting(signs(crash, crash, crash), now, 4)).toBeNull();
    expect(restarting(signs(stopped("1"), crash, crash, crash, crash), now, 4)).toBeNull();
    expect(restarting(signs(crash, crash, crash, crash), addSeconds(START, 900), 4)).toBeNull();
  });
});

test("versions are compared by their numbers", () => {
  expect(compareVersions("1.10.0", "1.9.2")).toBeGreaterThan(0);
  expect(compareVersions("v1.2", "1.2.0")).toBe(0);
  expect(compareVersions("0.9", "1.0-rc1")).toBeLessThan(0);
});
