import { expect, test } from "bun:test";
import { type Body, encodeEntry } from "../../../lib/festival/entry/entry.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "../../../lib/festival/testing/log.ts";
import type { FollowState } from "../../../lib/mirror/follow.ts";
import { deploymentOf } from "../deployment/deployment.ts";
import { logFrom } from "../ledger/feed.ts";
import { NO_VITALS, observe } from "../ledger/vitals.ts";
import { FrameStore } from "./frame-store.ts";
import { isSettled, whenSettled } from "./settled.ts";
import { NO_LEDGER, type Snapshot } from "./snapshot.ts";

const UNKNOWN: Snapshot = { ...NO_LEDGER, deployment: null, parameters: null, problem: null, moment: null };
const deployment = deploymentOf({ network: "custom", mirror: "http://127.0.0.1:1", log: "0.0.7" });
const READING: Snapshot = { ...UNKNOWN, deployment, parameters: {} };
const HEARTBEAT: Body<"heartbeat"> = {
  v: 1,
  type: "heartbeat",
  payload: {
    agent_id: "inference-001",
    status: "idle",
    uptime_seconds: 5,
    completed_tasks: 1,
    failed_tasks: 0,
    rss_mb: 90,
    sequence: 1,
  },
};
const following = (phase: FollowState["phase"]): FollowState => ({
  phase,
  position: null,
  provenAt: null,
  failures: 0,
  error: null,
});

test("the page is settled when there is nothing to read, or when it cannot be read", () => {
  expect(isSettled(UNKNOWN)).toBe(false);
  expect(isSettled({ ...UNKNOWN, parameters: {} })).toBe(true);
  expect(isSettled(READING)).toBe(false);
  expect(isSettled({ ...READING, logFollow: following("connecting") })).toBe(false);
  for (const phase of ["unreachable", "absent", "tampered", "gap", "catching-up", "live"] as const) {
    expect(isSettled({ ...READING, logFollow: following(phase) })).toBe(true);
  }
  expect(isSettled({ ...READING, defect: "it is broken" })).toBe(true);
});

test("a log that names its vitals is settled when these are there, or cannot be read", () => {
  const { state } = new TestLog();
  const log = new TestLog();
  log.say(MANIFEST, ACCOUNTS.owner);
  const read = { ...READING, logFollow: following("live") };
  expect(isSettled({ ...read, log: logFrom(state) })).toBe(true);
  const named = { ...read, log: logFrom(log.state) };
  expect(isSettled(named)).toBe(false);
  expect(isSettled({ ...named, vitalsFollow: following("unreachable") })).toBe(true);
  const topic = new TestLog();
  topic.submit(encodeEntry(HEARTBEAT), ACCOUNTS.inference);
  expect(isSettled({ ...named, vitals: observe(NO_VITALS, topic.messages, log.state) })).toBe(true);
});

test("who waits for it is told once, after the picture", async () => {
  const shown: (() => void)[] = [];
  const store = new FrameStore<Snapshot>(READING, (show) => shown.push(show));
  const picture = () => {
    for (const show of shown.splice(0)) show();
  };
  let told = 0;
  const waiting = whenSettled(store).then(() => {
    told += 1;
  });
  store.change({ pushes: NO_LEDGER.pushes });
  picture();
  store.change({ logFollow: following("live") });
  await Bun.sleep(0);
  expect(told).toBe(0);
  picture();
  // Views render in microtasks after they were told.
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  expect(told).toBe(0);
  await waiting;
  expect(told).toBe(1);
});
