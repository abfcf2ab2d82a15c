/** Fails if any import goes up a layer; part of `bun run check`. */
import { dirname, join, normalize, relative, resolve } from "node:path";
import { checkImport, type Violation } from "./support/layers.ts";

const root = resolve(import.meta.dir, "..");
const transpiler = new Bun.Transpiler({ loader: "ts" });
const violations: Violation[] = [];
let files = 0;

for (const folder of ["agents", "lib", "scripts", "site"]) {
  for (const file of new Bun.Glob("**/*.ts").scanSync({ cwd: join(root, folder) })) {
    const path = `${folder}/${file.replaceAll("\\", "/")}`;
    if (path.startsWith("site/dist/")) continue;
    files += 1;
    for (const imported of await importsOf(path)) {
      const rule = checkImport(path, imported);
      if (rule !== null) violations.push({ file: path, imported, rule });
    }
  }
}

for (const { file, imported, rule } of violations) console.error(`${file} imports ${imported}, but ${rule}`);
console.log(`${files} files, ${violations.length} imports that go up`);
process.exit(violations.length === 0 && files > 0 ? 0 : 1);

/** What a file imports, types too: they bind as much as values do. */
async function importsOf(path: string): Promise<readonly string[]> {
  const source = await Bun.file(join(root, path)).text();
  const values = transpiler.scanImports(source).map((found) => found.path);
  const types = [...source.matchAll(/\bfrom\s+"([^"]+)"/g)].flatMap((match) => match[1] ?? []);
  return [...new Set([...values, ...types])].map((imported) =>
    imported.startsWith(".") ? relative(root, normalize(join(root, dirname(path), imported))) : imported,
  );
}
