import { describe, expect, test } from "bun:test";
import { addSeconds, timestampOf } from "../../../lib/hedera/timestamp.ts";
import { MirrorUnavailable } from "../../../lib/mirror/error.ts";
import type { FollowState } from "../../../lib/mirror/follow.ts";
import { type LinkState, linkStateOf, panelStateOf, troubleOf } from "./link-state.ts";

const NOW = timestampOf(1_700_000_000n);
const POSITION = { sequence: 5, timestamp: NOW };

function following(phase: FollowState["phase"], provenSecondsAgo: number | null): FollowState {
  const provenAt = provenSecondsAgo === null ? null : addSeconds(NOW, -provenSecondsAgo);
  return { phase, position: provenAt === null ? null : POSITION, provenAt, failures: 0, error: null };
}

describe("how the page stands to the log", () => {
  test.each<[FollowState["phase"], number | null, LinkState]>([
    ["connecting", null, "connecting"],
    ["catching-up", 0, "reading"],
    ["live", 1, "live"],
    ["live", 41, "delayed"],
    ["unreachable", 2, "delayed"],
    ["unreachable", 6, "offline"],
    ["unreachable", null, "offline"],
    ["absent", null, "absent"],
    ["absent", 3, "reset"],
    ["diverged", 3, "reset"],
    ["tampered", 3, "tampered"],
    ["stale", 3, "stale"],
    ["gap", 3, "delayed"],
    ["disorder", 3, "delayed"],
  ])("following is %s, proven %p seconds ago: %s", (phase, ago, state) => {
    expect(linkStateOf(following(phase, ago), NOW)).toBe(state);
  });

  test("is connecting before it begins", () => {
    expect(linkStateOf(null, NOW)).toBe("connecting");
  });
});

test("what is wrong is said in words, and nothing is said while nothing is wrong", () => {
  expect(troubleOf(following("live", 1))).toBeNull();
  const error = new MirrorUnavailable("http://127.0.0.1:1 could not be reached");
  expect(troubleOf({ ...following("unreachable", 9), error })).toBe(
    "http://127.0.0.1:1 could not be reached",
  );
  expect(troubleOf(following("tampered", 1))).toContain("running hash");
});

describe("a panel", () => {
  test("is empty only if the page is live, and loading until then", () => {
    expect(panelStateOf("live", 0)).toBe("empty");
    expect(panelStateOf("connecting", 0)).toBe("loading");
    expect(panelStateOf("reading", 3)).toBe("live");
  });

  test("keeps what it has when the mirror node goes away, and says that it did", () => {
    expect(panelStateOf("offline", 3)).toBe("offline");
    expect(panelStateOf("reset", 3)).toBe("error");
  });
});
