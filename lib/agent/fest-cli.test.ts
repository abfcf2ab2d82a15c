import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FestError } from "../hedera/error.ts";
import { festRoadmap } from "./fest-cli.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fest-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that answers as fest does. */
function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}
async function codeOf(asking: Promise<string>): Promise<string> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof FestError) return error.code;
    throw error;
  }
}
const LISTS = {
  planning: { count: 1, festivals: [{ id: "PL0001" }] },
  active: { count: 1, festivals: [{ id: "/home/somebody/festivals/active/AC0001", metadata_id: "AC0001" }] },
  "dungeon/completed": { count: 1, festivals: [{ id: "DC0001" }] },
};

describe("the fest CLI", () => {
  test("is asked for the festival that is named", async () => {
    const fest = program("echo", 'echo "$@"');
    expect(await festRoadmap("x-XX0001", { program: fest })).toBe(
      "show --festival x-XX0001 --json --roadmap\n",
    );
  });

  test("is asked for the first that is active, ready or planned, by a name and not by a path", async () => {
    const fest = program("lists", `[ "$2" = all ] && echo '${JSON.stringify(LISTS)}' || echo "$3"`);
    expect(await festRoadmap(null, { program: fest })).toBe("AC0001\n");
  });

  test.each([
    ["done festivals only", '{"dungeon/completed":{"festivals":[{"id":"X1"}]}}', "FEST_EMPTY"],
    ["nothing", "{}", "FEST_EMPTY"],
    ["something else", "no JSON", "FEST_FAILED"],
  ])("that lists %s", async (_, text, code) => {
    expect(await codeOf(festRoadmap(null, { program: program("odd", `echo '${text}'`) }))).toBe(code);
  });

  test.each(["--help", "a b", "x;y", "", "../../etc"])("is not asked for %j", async (selector) => {
    expect(await codeOf(festRoadmap(selector, { program: program("never", "exit 9") }))).toBe(
      "FEST_SELECTOR_INVALID",
    );
  });

  test("that fails is quoted; that hangs is ended; that is not there is told of", async () => {
    const fails = festRoadmap("x", { program: program("fails", "echo broken >&2; exit 3") });
    await expect(fails).rejects.toThrow("fest ended with code 3: broken");
    const hangs = program("hangs", "exec sleep 600");
    expect(await codeOf(festRoadmap("x", { program: hangs, timeoutMs: 50 }))).toBe("FEST_TIMED_OUT");
    expect(await codeOf(festRoadmap("x", { program: join(folder, "none") }))).toBe("FEST_MISSING");
  });
});
