import { describe, expect, test } from "bun:test";
import { type Finding, keyOf } from "../../../lib/festival/proof/legs.ts";
import { transferOf } from "../../../lib/festival/proof/payments.ts";
import { TestLog } from "../../../lib/festival/testing/log.ts";
import { begin, play } from "../../../lib/festival/testing/player.ts";
import type { FollowState } from "../../../lib/mirror/follow.ts";
import { EMPTY_LOG, readOn } from "./feed.ts";
import { NO_CHAIN, proofOf } from "./proof.ts";

const log = new TestLog();
begin(log);
while (log.state.commits < 1) play(log, { pick: 0, way: 0, wait: 1 });
const view = readOn(EMPTY_LOG, log.messages);
const whole = { ...NO_CHAIN, upTo: log.messages.length };

/** What the mirror node shows of every payment. */
const findings = (finding: Finding) =>
  new Map(
    view.payments.flatMap((payment) => {
      const expected = transferOf(payment);
      return expected === null ? [] : [[keyOf(expected), finding] as const];
    }),
  );

const follow = (phase: FollowState["phase"]): FollowState => ({
  phase,
  position: { sequence: 7, timestamp: 1n },
  provenAt: null,
  failures: 0,
  error: null,
});

describe("a log is", () => {
  test("proven once its chain is verified and every transfer is found", () => {
    const proof = proofOf(view, whole, findings("found"), null);
    expect(proof).toMatchObject({ verdict: "proven", objections: [], payments: { total: 5, matched: 5 } });
  });

  test("not proven while a transfer, or an entry, is still to be looked at", () => {
    expect(proofOf(view, whole, findings("checking"), null).verdict).toBe("working");
    expect(proofOf(view, NO_CHAIN, findings("found"), null).verdict).toBe("working");
    expect(proofOf(EMPTY_LOG, NO_CHAIN, new Map(), null).verdict).toBe("working");
  });

  test("broken by one payment whose transfer moved something else, which it names", () => {
    const some = new Map(findings("found"));
    const [, forged] = view.payments;
    const expected = forged === undefined ? null : transferOf(forged);
    if (expected !== null) some.set(keyOf(expected), "different");
    const proof = proofOf(view, whole, some, null);
    expect(proof.verdict).toBe("broken");
    expect(proof.objections).toEqual([
      { sequence: forged?.sequence ?? 0, reason: "its transfer moved something else" },
    ]);
  });

  test.each([
    ["tampered", 8, "running hash"],
    ["gap", 8, "missing"],
    ["disorder", 8, "consensus time"],
    ["diverged", 7, "another message"],
  ] as const)("broken while the mirror node's log is %s", (phase, sequence, reason) => {
    const [objection] = proofOf(view, whole, findings("found"), follow(phase)).objections;
    expect(objection).toMatchObject({ sequence, reason: expect.stringContaining(reason) });
  });

  test("not broken by a mirror node that is away", () => {
    expect(proofOf(view, whole, findings("found"), follow("unreachable")).verdict).toBe("proven");
  });
});
