import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { lockedPackages, lockProblems } from "./lock.ts";

const ROOT = resolve(import.meta.dir, "../..");
const LOCK = `{
  "workspaces": { "": { "dependencies": { "a": "1.0.0", "@s/b": "2.0.0", }, "devDependencies": { "dev": "9.0.0" } } },
  "packages": {
    "a": ["a@1.0.0", "", { "dependencies": { "c": "1.0.0" }, "optionalDependencies": { "other-system": "1.0.0" } }, "sha512-x"],
    "@s/b": ["@s/b@2.0.0", "", { "dependencies": { "c": "2.0.0" } }, "sha512-x"],
    "c": ["c@1.0.0", "", {}, "sha512-x"],
    "@s/b/c": ["@else/c@2.0.0-beta.1", "", {}, "sha512-x"],
    "other-system": ["other-system@1.0.0", "", {}, "sha512-x"],
    "dev": ["dev@9.0.0", "", {}, "sha512-x"],
  },
}`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fest-lock-"));
  const installed = { a: "1.0.0", "@s/b": "2.0.0", c: "1.0.0", "@s/b/node_modules/c": "2.0.0-beta.1" };
  for (const [name, version] of Object.entries(installed)) {
    mkdirSync(join(folder, "node_modules", name), { recursive: true });
    writeFileSync(join(folder, "node_modules", name, "package.json"), JSON.stringify({ version }));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the lock file", () => {
  test("tells what is needed to run and where it lies, and leaves out what only developers need", () => {
    expect(lockedPackages(LOCK).map(({ folder, version }) => `${folder} ${version}`)).toEqual([
      "node_modules/@s/b 2.0.0",
      "node_modules/@s/b/node_modules/c 2.0.0-beta.1",
      "node_modules/a 1.0.0",
      "node_modules/c 1.0.0",
      "node_modules/other-system 1.0.0",
    ]);
    expect(lockedPackages(LOCK, ["dev"]).map(({ key }) => key)).toContain("dev");
  });

  test("finds nothing wrong where everything is as locked, with another system's packages away", async () => {
    expect(await lockProblems(folder, lockedPackages(LOCK))).toEqual([]);
  });

  test("finds a package of another version and one that is missing", async () => {
    const changed = LOCK.replace("a@1.0.0", "a@1.0.1").replace("c@1.0.0", "c@1.0.9");
    expect(await lockProblems(folder, lockedPackages(changed, ["dev"]))).toEqual([
      "a is 1.0.0, the lock file says 1.0.1",
      "c is 1.0.0, the lock file says 1.0.9",
      "dev is missing, the lock file says 9.0.0",
    ]);
  });

  test("of this project agrees with what is installed", async () => {
    const text = await readFile(join(ROOT, "bun.lock"), "utf8");
    const packages = lockedPackages(text, ["playwright-core"]);
    expect(packages.length).toBeGreaterThan(100);
    expect(await lockProblems(ROOT, packages)).toEqual([]);
  });

  test("that is damaged is refused", () => {
    expect(() => lockedPackages("{")).toThrow("bun.lock cannot be read");
    expect(() => lockedPackages(LOCK.replace('"c": ["c@', '"d": ["c@'))).toThrow("lacks c");
  });
});
