import { expect, test } from "bun:test";
import type { Body } from "./entry/entry.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "./testing/log.ts";
import { perform } from "./testing/player.ts";

const carries_on = {
  log: "0.0.9001",
  sequence: 412,
  edition: 7,
  archive_sha256: "a".repeat(64),
} as const;
const carrying: Body<"manifest"> = { ...MANIFEST, payload: { ...MANIFEST.payload, carries_on } };

/** What becomes of a plan for an edition, as the first entry after a manifest. */
function planned(manifest: Body<"manifest">, edition: number): string {
  const log = new TestLog();
  log.say(manifest, ACCOUNTS.owner);
  const owed = log.the("plan");
  const plan = new TestLog();
  plan.say(MANIFEST, ACCOUNTS.owner);
  perform(plan, plan.the("plan"));
  const bytes = plan.messages.at(-1)?.bytes ?? new Uint8Array();
  const body: Body<"festival_plan"> = JSON.parse(new TextDecoder().decode(bytes));
  log.discharge(owed, { ...body, re: owed.id, payload: { ...body.payload, edition } });
  return log.outcome;
}

test("a festival begins with its first edition, and one that carries another on with the next one", () => {
  expect(planned(MANIFEST, 1)).toBe("accepted");
  expect(planned(MANIFEST, 8)).toContain("edition 1 is next");
  expect(planned(carrying, 8)).toBe("accepted");
  expect(planned(carrying, 1)).toContain("edition 8 is next");
});
