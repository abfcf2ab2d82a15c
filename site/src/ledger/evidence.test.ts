import { expect, test } from "bun:test";
import { ACCOUNTS, MANIFEST, TestLog } from "../../../lib/festival/testing/log.ts";
import { evidenceOf } from "./evidence.ts";
import { EMPTY_LOG, entryAt, readOn } from "./feed.ts";

const log = new TestLog();
log.say(MANIFEST, ACCOUNTS.owner);
log.say({ v: 1, type: "tick" }, ACCOUNTS.coordinator);
const view = readOn(EMPTY_LOG, log.messages);

test("evidence holds the bytes, the hash, and the hash before it", () => {
  const entry = entryAt(view, 2);
  if (entry === null) throw new Error("there is no entry 2");
  const evidence: unknown = JSON.parse(evidenceOf(entry, entryAt(view, 1)));
  expect(evidence).toMatchObject({
    topic: "0.0.3001",
    sequence: 2,
    payer: ACCOUNTS.coordinator,
    message_hex: Buffer.from('{"v":1,"type":"tick"}').toString("hex"),
    previous_running_hash: "0".repeat(96),
    verdict: { kind: "accepted" },
  });
});

test("the first entry has none before it", () => {
  const entry = entryAt(view, 1);
  expect(entry && JSON.parse(evidenceOf(entry, entryAt(view, 0))).previous_running_hash).toBeNull();
});
