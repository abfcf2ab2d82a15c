import { describe, expect, test } from "bun:test";
import { TestLog } from "../../../lib/festival/testing/log.ts";
import { begin, play } from "../../../lib/festival/testing/player.ts";
import { whyTask } from "../../../lib/festival/why.ts";
import { EMPTY_LOG, type LogView, logFrom, readOn } from "./feed.ts";
import { whyIn } from "./why.ts";

/** A log of several editions. */
function longLog(): TestLog {
  const log = new TestLog();
  begin(log);
  for (let move = 0; log.messages.length < 700; move++) play(log, { pick: move, way: 1, wait: 1 });
  return log;
}

const LOG = longLog();
const TASK = [...(LOG.state.edition?.tasks.keys() ?? [])][0] ?? "";
const WHOLE = whyTask(LOG.messages, TASK);

/** What a page knows that began to read at an entry, and folded to the log's end. */
function viewFrom(sequence: number): LogView {
  const before = readOn(EMPTY_LOG, LOG.messages.slice(0, sequence - 1));
  return readOn(logFrom(before.state), LOG.messages.slice(sequence - 1));
}

describe("why a task of the page stands where it does", () => {
  test("is what the whole log says, though only the edition is folded", () => {
    expect(WHOLE?.steps.length).toBeGreaterThan(0);
    expect(whyIn(readOn(EMPTY_LOG, LOG.messages), TASK)).toEqual({
      why: expect.objectContaining({ ...WHOLE }),
      since: null,
    });
  });

  test("is the same for a page that began at a checkpoint before the edition", () => {
    const known = whyIn(viewFrom(2), TASK);
    expect(known?.since).toBeNull();
    expect(known?.why.steps).toEqual(WHOLE?.steps ?? []);
  });

  test("says from where on it is known, if the edition began before that", () => {
    const last = LOG.messages.length;
    const known = whyIn(viewFrom(last), TASK);
    expect(known?.since).toBe(last);
    expect(known?.why.steps.length).toBeLessThan(WHOLE?.steps.length ?? 0);
  });

  test("is nothing for a task that the edition does not have", () => {
    expect(whyIn(readOn(EMPTY_LOG, LOG.messages), "9.9.9")).toBeNull();
    expect(whyIn(EMPTY_LOG, TASK)).toBeNull();
  });
});
