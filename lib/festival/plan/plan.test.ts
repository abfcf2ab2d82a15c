import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { FEST, first, read, task } from "../testing/tree.ts";
import { planHash } from "./plan.ts";

const FILES = {
  [first("01_a.md")]: task("reward: 7"),
  [first("02_b.md")]: task("fest_name: B\ninput: { hours: 3 }"),
};

describe("the hash of a plan", () => {
  test("is SHA-256 over what its entries will say, as JSON, amounts in text", () => {
    const spec = (name: string, rest: object) => ({ name, kind: "gather", role: "inference", ...rest });
    const text = JSON.stringify({
      id: "T1",
      name: "Test",
      everySeconds: null,
      phases: [{ id: "1", name: "One" }],
      sequences: [{ id: "1.1", name: "Alpha" }],
      tasks: [
        { id: "1.1.1", spec: spec("A", { reward: "7" }) },
        { id: "1.1.2", spec: spec("B", { input: { hours: 3 }, depends_on: ["1.1.1"], reward: "100" }) },
      ],
    });
    expect(planHash(read(FILES))).toBe(createHash("sha256").update(text).digest("hex"));
  });

  test("does not depend on the order of files, their prose, their line ends, or what readers ignore", () => {
    const expected = planHash(read(FILES));
    const crlf = Object.fromEntries(
      Object.entries(FILES).map(([path, text]) => [path, `\uFEFF${text.replaceAll("\n", "\r\n")}`]),
    );
    for (const files of [
      Object.fromEntries(Object.entries(FILES).toReversed()),
      crlf,
      { ...FILES, [first("01_a.md")]: `${task("reward: 7\nfest_status: completed")}\nMore words.` },
      { ...FILES, "README.md": "hello", ".fest/notes.md": "x" },
    ]) {
      expect(planHash(read(files))).toBe(expected);
    }
  });

  test.each<[string, Record<string, string>]>([
    ["a reward", { ...FILES, [first("01_a.md")]: task("reward: 8") }],
    ["a name", { ...FILES, [first("01_a.md")]: task("reward: 7\nfest_name: C") }],
    ["an input", { ...FILES, [first("02_b.md")]: task("fest_name: B\ninput: { hours: 4 }") }],
    ["a task more", { ...FILES, [first("03_c.md")]: task() }],
    ["a phase's name", { ...FILES, "001_ONE/PHASE_GOAL.md": "---\nfest_name: Uno\n---\n" }],
    ["the recurrence", { ...FILES, "fest.yaml": `${FEST}recurrence:\n  every_seconds: 5\n` }],
  ])("changes with %s", (_, files) => {
    expect(planHash(read(files))).not.toBe(planHash(read(FILES)));
  });
});
