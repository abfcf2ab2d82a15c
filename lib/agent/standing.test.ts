import { describe, expect, test } from "bun:test";
import { EMPTY_STATE } from "../festival/state.ts";
import { MANIFEST } from "../festival/testing/log.ts";
import type { Outcome } from "../ledger/effect.ts";
import { MirrorUnavailable } from "../mirror/error.ts";
import type { FollowState } from "../mirror/follow.ts";
import type { Hold } from "./guard.ts";
import type { Pass } from "./loop.ts";
import { Standing } from "./standing.ts";

const [[agent = "", account] = []] = Object.entries(MANIFEST.payload.roles.inference ?? {});
const LIVE: FollowState = { phase: "live", position: null, provenAt: 1n, failures: 0, error: null };
const AT_HEAD: Pass = {
  state: { ...EMPTY_STATE, manifest: MANIFEST.payload },
  caughtUp: true,
  last: null,
  active: [],
};
const EXECUTED: Outcome = { kind: "executed", already: false };

function standing(known: {
  follow?: FollowState;
  pass?: Pass;
  said?: Outcome;
  hold?: Hold;
  account?: `${number}.${number}.${number}`;
}): Standing {
  const one = new Standing({
    agent,
    account: known.account ?? account ?? "0.0.0",
    log: "0.0.7",
    mirror: "http://mirror",
    hold: () => known.hold ?? null,
  });
  if (known.follow) one.followed(known.follow);
  if (known.pass) one.passed(known.pass);
  if (known.said) one.said(known.said);
  return one;
}

describe("how an agent stands", () => {
  test("is ready once it has folded to the head and the network took what it said", () => {
    const whole = standing({ follow: LIVE, pass: AT_HEAD, said: EXECUTED });
    expect(whole.ready).toBe(true);
    expect(whole.line).toBe("folded to entry 0, idle");
  });

  test.each([
    ["before anything is known", {}, "connects to the mirror node http://mirror"],
    [
      "before the head",
      { follow: { ...LIVE, phase: "catching-up" as const }, pass: { ...AT_HEAD, caughtUp: false } },
      "folds the log, at entry 0",
    ],
    ["before the network took its greeting", { follow: LIVE, pass: AT_HEAD }, "folded; greets the network"],
    [
      "with a mirror node that is away",
      {
        follow: { ...LIVE, phase: "unreachable" as const, error: new MirrorUnavailable("no\n connection") },
        pass: AT_HEAD,
        said: EXECUTED,
      },
      "waits: the mirror node http://mirror does not answer: no connection",
    ],
    [
      "without a manifest",
      { follow: LIVE, pass: { ...AT_HEAD, state: EMPTY_STATE }, said: EXECUTED },
      "waits: the log 0.0.7 has no manifest",
    ],
    [
      "under another account",
      { follow: LIVE, pass: AT_HEAD, said: EXECUTED, account: "0.0.99" as const },
      `waits: the manifest binds ${agent} to ${account}, not to 0.0.99`,
    ],
    [
      "with another account's key",
      {
        follow: LIVE,
        pass: AT_HEAD,
        said: { kind: "refused", status: "INVALID_SIGNATURE", curable: false } as const,
      },
      `waits: the key is not that of account ${account} (INVALID_SIGNATURE)`,
    ],
    [
      "while no node answers",
      { follow: LIVE, pass: AT_HEAD, said: { kind: "pending", status: "UNREACHABLE" } as const },
      "waits: the network does not answer (UNREACHABLE)",
    ],
  ])("is not ready %s, and says so in one line", (_, known, line) => {
    const one = standing(known);
    expect(one.ready).toBe(false);
    expect(one.line).toBe(line);
  });

  test("says why it holds back, and stays ready", () => {
    const hold = { code: "BALANCE_LOW", message: "the account has 0.5 HBAR" };
    const one = standing({ follow: LIVE, pass: AT_HEAD, said: EXECUTED, hold });
    expect(one.ready).toBe(true);
    expect(one.line).toBe("holds (BALANCE_LOW): the account has 0.5 HBAR");
  });
});
