import { describe, expect, test } from "bun:test";
import { entryOf, taskOf, withEntry, withTask } from "./address.ts";

describe("a hash that points at an entry", () => {
  test("keeps everything else that it says", () => {
    const hash = withEntry("#network=devnet&log=0.0.5", 12);
    expect(hash).toBe("#network=devnet&log=0.0.5&entry=12");
    expect(withEntry(hash, 13)).toBe("#network=devnet&log=0.0.5&entry=13");
    expect(withEntry(hash, null)).toBe("#network=devnet&log=0.0.5");
  });

  test("is read back", () => {
    expect(entryOf(withEntry("#log=0.0.5", 12))).toBe(12);
  });

  test("points at a task beside it", () => {
    const hash = withTask("#log=0.0.5&entry=12", "1.1.2");
    expect([taskOf(hash), entryOf(hash), taskOf("#log=0.0.5")]).toEqual(["1.1.2", 12, null]);
  });

  test("points at none where the number is none", () => {
    for (const hash of ["", "#log=0.0.5", "#entry=", "#entry=0", "#entry=-1", "#entry=1e3", "#entry=x"]) {
      expect(entryOf(hash)).toBeNull();
    }
  });
});
