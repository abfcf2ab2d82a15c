/** Holds README, docs/ and .env.example to what there is. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { scripts } from "../../package.json" with { type: "json" };

const ROOT = resolve(import.meta.dir, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const PAGES = [
  "README.md",
  ...readdirSync(join(ROOT, "docs")).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : [])),
];

/** Every `bun run NAME ...` of a page, up to where the command ends. */
function commandsOf(page: string): readonly { readonly name: string; readonly rest: string }[] {
  const commands = read(page).matchAll(
    /\bbun(?:@[\d.]+)?(?: --env-file=\S+)? run ([a-z][\w:-]*)([^`;&\n]*)/g,
  );
  return [...commands].map(([, name = "", rest = ""]) => ({ name, rest }));
}

/** Source that may declare a command's options. */
const declarations = ["scripts", "scripts/support"]
  .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(folder, name)))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
  .map(read)
  .join("\n");

describe.each(PAGES)("%s", (page) => {
  test("leads to files that are there", () => {
    const paths = [...read(page).matchAll(/\]\((?!#|[a-z]+:)([^)#\s]+)/g)].flatMap(([, path]) => path ?? []);
    expect(paths.filter((path) => !existsSync(join(ROOT, dirname(page), path)))).toEqual([]);
  });

  test("leads to headings that are there", () => {
    const links = [...read(page).matchAll(/\]\(([^):\s]*)#([^)\s]+)\)/g)];
    const lost = links.filter(([, path = "", anchor = ""]) => {
      const target = path === "" ? page : join(dirname(page), path);
      return !anchorsOf(read(target)).has(anchor);
    });
    expect(lost.map(([link]) => link)).toEqual([]);
  });

  test("names commands and options that there are", () => {
    const commands = commandsOf(page);
    expect(commands.filter(({ name }) => !(name in scripts)).map(({ name }) => name)).toEqual([]);
    const options = commands.flatMap(({ rest }) =>
      [...rest.matchAll(/--([a-z-]+)/g)].map(([, option]) => option),
    );
    const unknown = options.filter((option) => !new RegExp(`"--(?:no-)?${option}[" ]`).test(declarations));
    expect(unknown).toEqual([]);
  });
});

test("README names every command", () => {
  const named = new Set(commandsOf("README.md").map(({ name }) => name));
  // What these do is said by their names, to those who change the code.
  const own = Object.keys(scripts).filter((name) => !["format", "dev"].includes(name));
  expect(own.filter((name) => !named.has(name))).toEqual([]);
});

test(".env.example lists every variable that is read, and no other", () => {
  const listed = [...read(".env.example").matchAll(/^((?:FEST|HEDERA)_[A-Z_]+)=/gm)].flatMap(
    ([, name]) => name ?? [],
  );
  expect(listed.toSorted()).toEqual([...variablesRead()].toSorted());
});

/** What the code, its tests apart, and the units read: a name in quotes that is no error's code, or one of the environment's. */
function variablesRead(): ReadonlySet<string> {
  const sources = ["agents", "lib", "scripts", "site/src", "systemd"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter(
        (entry) => entry.isFile() && !/\.test\.ts$/.test(entry.name) && !/\/testing$/.test(entry.parentPath),
      )
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")),
  );
  const names = sources.flatMap((text) =>
    [
      ...text.matchAll(/(?<!Error\(\s*)"((?:FEST|HEDERA)_[A-Z_]+[A-Z])"/g),
      ...text.matchAll(/\benv\.((?:FEST|HEDERA)_[A-Z_]+)/g),
      ...text.matchAll(/\$\{?((?:FEST|HEDERA)_[A-Z_]+)/g),
    ].flatMap(([, name]) => name ?? []),
  );
  return new Set(names);
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const slug = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
  return new Set([...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, text = ""]) => slug(text)));
}
