import { expect, test } from "bun:test";
import { TestLog } from "../testing/log.ts";
import { begin, play } from "../testing/player.ts";
import { restoreState, STATE_FORMAT } from "./checkpoint.ts";
import { encodeValue } from "./codec.ts";

/** The names of everything that a state holds, content aside. */
function shapeOf(value: unknown): unknown {
  if (value instanceof Map) return value.size === 0 ? "map" : { map: shapeOf([...value.values()][0]) };
  if (value instanceof Uint8Array) return "bytes";
  if (Array.isArray(value)) return value.length === 0 ? "list" : [shapeOf(value[0])];
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]));
}

test("a state of another form needs another STATE_FORMAT, so that no version reads what it cannot", () => {
  const log = new TestLog();
  begin(log);
  for (let move = 0; move < 14; move++) play(log, { pick: 0, way: 1, wait: 0 });
  const { counts: _counts, manifest: _manifest, ...state } = log.state;
  const hash = Bun.hash(encodeValue(shapeOf(state))).toString(16);
  expect({ format: STATE_FORMAT, hash }).toEqual({ format: 4, hash: "375e4e56b02ef8f8" });
});

test("a checkpoint that another form of state was written to is not restored", () => {
  const text = encodeValue({ format: STATE_FORMAT + 1, reserved: new Map() });
  const hash = new Bun.CryptoHasher("sha256").update(text).digest("hex");
  expect(restoreState([text], hash)).toBeNull();
});
