import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { advance, anchorIn } from "./continuity.ts";
import type { Message } from "./message.ts";
import { topicLog } from "./testing/topic-log.ts";

const log = topicLog("0.0.7");
for (let number = 1; number <= 12; number++) log.append(`message ${number}`);
const at = (sequence: number): Message => {
  const message = log.messages[sequence - 1];
  if (message === undefined) throw new Error(`no message ${sequence}`);
  return message;
};
const sequences = (messages: readonly Message[]) => messages.map((message) => message.sequence);

describe("advance", () => {
  test("takes what follows and drops what is known", () => {
    const { messages, position, fault } = advance(at(2), [at(1), at(2), at(3), at(4)], true);
    expect(sequences(messages)).toEqual([3, 4]);
    expect(position?.sequence).toBe(4);
    expect(fault).toBeNull();
  });

  test("takes a page that is in the wrong order, in the right one", () => {
    expect(sequences(advance(null, [at(3), at(1), at(2)], true).messages)).toEqual([1, 2, 3]);
  });

  test("starts at the first message where nothing is known", () => {
    expect(sequences(advance(null, [at(1), at(2)], true).messages)).toEqual([1, 2]);
    expect(advance(null, [at(2)], true)).toEqual({ messages: [], position: null, fault: "gap" });
  });

  test("stops before a gap", () => {
    const { messages, position, fault } = advance(at(2), [at(3), at(5), at(6)], true);
    expect(sequences(messages)).toEqual([3]);
    expect(position?.sequence).toBe(3);
    expect(fault).toBe("gap");
  });

  test("stops at a consensus time that is not later", () => {
    const early = { ...at(4), timestamp: at(3).timestamp };
    const { messages, fault } = advance(at(2), [at(3), early], true);
    expect(sequences(messages)).toEqual([3]);
    expect(fault).toBe("disorder");
  });

  test("stops at a message whose running hash does not fit, if told to verify", () => {
    const forged = { ...at(4), bytes: at(5).bytes };
    const verified = advance(at(2), [at(3), forged, at(5)], true);
    expect(sequences(verified.messages)).toEqual([3]);
    expect(verified.fault).toBe("tampered");
    expect(sequences(advance(at(2), [at(3), forged, at(5)], false).messages)).toEqual([3, 4, 5]);
  });

  test("cannot verify the first message after a position whose running hash is not known", () => {
    const { sequence, timestamp } = at(2);
    const forged = { ...at(4), bytes: at(5).bytes };
    expect(sequences(advance({ sequence, timestamp }, [at(3), forged], true).messages)).toEqual([3]);
  });

  test("never skips, repeats or reorders, whatever the pages are", () => {
    const page = fc.array(fc.integer({ min: 1, max: 12 }).map(at), { maxLength: 15 });
    fc.assert(
      fc.property(fc.array(page, { maxLength: 10 }), (pages) => {
        const seen: Message[] = [];
        let position: ReturnType<typeof advance>["position"] = null;
        for (const messages of pages) {
          const step = advance(position, messages, true);
          seen.push(...step.messages);
          position = step.position;
        }
        expect(seen).toEqual(log.messages.slice(0, seen.length));
        expect(position?.sequence ?? 0).toBe(seen.length);
      }),
    );
  });
});

describe("anchorIn", () => {
  const { sequence, timestamp, runningHash } = at(3);

  test("finds the known message", () => {
    expect(anchorIn([at(4), at(3)], at(3))).toBe(at(3));
    expect(anchorIn([at(3), at(4)], { sequence, timestamp })).toBe(at(3));
  });

  test("tells a mirror node that does not have it from one that has another", () => {
    expect(anchorIn([], at(3))).toBe("missing");
    expect(anchorIn([at(4)], at(3))).toBe("missing");
    expect(anchorIn([{ ...at(3), timestamp: timestamp + 1n }], at(3))).toBe("different");
    expect(anchorIn([{ ...at(3), sequence: 1 }], at(3))).toBe("different");
    expect(
      anchorIn([{ ...at(3), runningHash: at(4).runningHash }], { sequence, timestamp, runningHash }),
    ).toBe("different");
  });
});
