/** Holds the README to what there is. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { dependencies, devDependencies, scripts } from "../../package.json" with { type: "json" };

const ROOT = resolve(import.meta.dir, "../..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");

/** Every match's first group, once. */
const all = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map(([, one = ""]) => one)),
];

/** A section without its heading. */
const section = (title: string) => readme.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";

describe("the README", () => {
  test("has a line for every command, and none for any other", () => {
    const rows = all(section("Commands"), /`bun run ([\w:]+)/g);
    expect(rows.toSorted()).toEqual(Object.keys(scripts).toSorted());
    const named = all(readme, /bun(?:@[\d.]+)? run ([\w:]+)/g);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test("leads nowhere that is not there, and to every page of docs", () => {
    const paths = all(readme, /\]\((?!https?:)([^)#]+)/g);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const pages = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
    expect(pages.filter((page) => !paths.includes(`docs/${page}`))).toEqual([]);
  });

  test("names every dependency, with why", () => {
    const named = all(section("Dependencies"), /`([@\w/-]+)`/g);
    const wanted = Object.keys({ ...dependencies, ...devDependencies });
    expect(wanted.filter((name) => !named.includes(name))).toEqual([]);
  });

  test("shows the tree as it is", () => {
    const [, tree = ""] = section("Where things are").split("```");
    const folders = all(tree, /^([\w/]+)\/ /gm);
    const lib = readdirSync(join(ROOT, "lib")).map((name) => `lib/${name}`);
    expect(folders.toSorted()).toEqual(["agents", "scripts", "site", "systemd", ...lib].toSorted());
  });
});
