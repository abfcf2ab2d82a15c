import { afterAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NO_MEMORY } from "../../lib/festival/alarm/notice.ts";
import { keepMemory, readMemory } from "./memory.ts";

const folder = await mkdtemp(join(tmpdir(), "fest-watch-memory-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

test("what a watcher keeps is what it reads, and nobody else's to read", async () => {
  const path = join(folder, "state", "watch.json");
  expect(await readMemory(path)).toEqual(NO_MEMORY);
  await keepMemory(path, { ...NO_MEMORY, failures: 2 });
  expect(await readMemory(path)).toEqual({ ...NO_MEMORY, failures: 2 });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("a file that is no watcher's is put aside, never overwritten", async () => {
  const path = join(folder, "README.md");
  await writeFile(path, "# dear to somebody\n");
  expect(await readMemory(path)).toEqual(NO_MEMORY);
  await keepMemory(path, NO_MEMORY);
  expect(await readFile(`${path}.old`, "utf8")).toBe("# dear to somebody\n");
});

test("a folder in its place is an error before anything is told, and leaves no draft", async () => {
  const failures = [readMemory(folder), keepMemory(folder, NO_MEMORY)].map((one) =>
    one.catch((error: unknown) => error),
  );
  for (const failure of await Promise.all(failures)) expect(failure).toMatchObject({ code: "EISDIR" });
  expect(existsSync(`${folder}.new`)).toBe(false);
});
