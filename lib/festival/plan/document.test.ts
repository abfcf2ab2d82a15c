import { describe, expect, test } from "bun:test";
import * as z from "zod/mini";
import { hasFrontMatter, readFrontMatter, readYaml } from "./document.ts";
import { PlanError } from "./error.ts";

const schema = z.object({
  name: z.optional(z.string()),
  list: z.optional(z.array(z.object({ count: z.int() }))),
  any: z.optional(z.unknown()),
});

function fault(read: () => unknown): PlanError {
  try {
    read();
  } catch (error) {
    if (error instanceof PlanError) return error;
    throw error;
  }
  throw new Error("nothing was wrong");
}

describe("front matter", () => {
  test.each([
    ["Unix line ends", "---\nname: a\n---\n# b\n"],
    ["Windows line ends", "---\r\nname: a\r\n---\r\n# b\r\n"],
    ["a byte order mark", "\uFEFF---\nname: a\n---\n# b\n"],
    ["both", "\uFEFF---\r\nname: a\r\n---\r\n"],
    ["spaces after the fences", "---  \nname: a\n---\t\n# b"],
    ["rules in the text", "---\nname: a\n---\n# b\n\n---\n\nname: c\n---\n"],
    ["blank lines before it", "\n  \n---\nname: a\n---\n"],
    ["comments", "---\n# why\nname: a # this\n---\n"],
  ])("is read with %s", (_, text) => {
    expect(hasFrontMatter(text)).toBe(true);
    expect(readFrontMatter("a.md", text, schema).value).toEqual({ name: "a" });
  });

  test.each([
    ["an empty file", ""],
    ["text alone", "# Title\n"],
    ["text before it", "# Title\n---\nname: a\n---\n"],
    ["no end", "---\nname: a\n"],
    ["a longer fence", "----\nname: a\n----\n"],
  ])("is missing in a file with %s", (_, text) => {
    const error = fault(() => readFrontMatter("a.md", text, schema));
    expect(error.message).toStartWith("a.md:1: it has no front matter");
    expect(error).toMatchObject({ code: "PLAN_INVALID", file: "a.md", line: 1 });
    expect(error.fix).toBeDefined();
  });
});

describe("a defect is named with the line of the file", () => {
  test.each<[string, string, number, RegExp]>([
    ["a field of the wrong type", "---\nany: 1\n\nname: [1]\n---\n", 4, /name: /],
    ["a field deep in a list", "---\nlist:\n  - count: 1\n  - count: x\n---\n", 4, /list\.1\.count: /],
    ["a field that is missing", "---\nlist:\n  - count: 1\n  - other: 2\n---\n", 4, /list\.1\.count: /],
    ["fields that are none", "---\n- a\n---\n", 2, /front matter: /],
    ["no fields", "---\n---\n", 2, /front matter: /],
    ["after blank lines", "\n\n---\nany: 1\nname: [1]\n---\n", 5, /name: /],
    ["a tab", "---\nname: a\n\tany: b\n---\n", 3, /[Tt]abs/],
    ["a key twice", "---\nname: a\nany: 1\nname: b\n---\n", 4, /unique/],
    ["a bracket that stays open", "---\nname: a\nlist: [1, 2\n---\n", 3, /./],
    ["with Windows line ends", "---\r\nany: 1\r\n\r\nname: [1]\r\n---\r\n", 4, /name: /],
    ["an alias of nothing", "---\nany: *x\n---\n", 2, /alias/],
    ["an alias of itself", "---\nany: &x\n  y: *x\n---\n", 2, /./],
  ])("%s", (_, text, line, problem) => {
    const error = fault(() => readFrontMatter("a/b.md", text, schema));
    expect(error.line).toBe(line);
    expect(error.message).toStartWith(`a/b.md:${line}: `);
    expect(error.message).toMatch(problem);
    expect(error.message).not.toMatch(/at line/);
  });

  test("a file that would fill the memory is refused instead", () => {
    const lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"];
    for (let n = 1; n < 9; n++)
      lines.push(
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(", ")}]`,
      );
    expect(fault(() => readYaml("fest.yaml", lines.join("\n"), schema)).message).toMatch(/alias/i);
  });
});

describe("the line of a field", () => {
  const { lineOf } = readYaml("x.yaml", "name: a\nlist:\n  - count: 1\n  - count: 2\n", schema);
  test.each([
    [["name"], 1],
    [["list", 1, "count"], 4],
    [["list", 0, "other"], 3],
    [["list", 7, "count"], 3],
    [["nothing"], 1],
  ] as const)("%j is %d: its own, or that of what should hold it", (path, line) => {
    expect(lineOf(...path)).toBe(line);
  });
});
