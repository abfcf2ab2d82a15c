import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checksumProblems, digestOf, hashFolder, needIntact, writeChecksums } from "./checksums.ts";

let folder = "";
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "fest-checksums-"));
  mkdirSync(join(folder, "a/b"), { recursive: true });
  writeFileSync(join(folder, "a/b/one"), "1");
  writeFileSync(join(folder, "two"), "2");
  symlinkSync("two", join(folder, "link"));
  await writeChecksums(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a release's own checksums", () => {
  test("hold while nothing changes, also by sha256sum", async () => {
    expect(await checksumProblems(folder)).toEqual([]);
    const check = Bun.spawnSync(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], {
      cwd: folder,
    });
    expect(check.exitCode).toBe(0);
  });

  test("find a file that was changed, one that was added and one that is missing", async () => {
    writeFileSync(join(folder, "two"), "3");
    writeFileSync(join(folder, "a/three"), "3");
    rmSync(join(folder, "a/b/one"));
    expect(await checksumProblems(folder)).toEqual([
      "a/b/one is missing",
      "link was changed",
      "two was changed",
      "a/three was added",
    ]);
    expect(needIntact(folder)).rejects.toThrow(
      "a/b/one is missing, link was changed, two was changed, and 1 more",
    );
  });

  test("are missed where they are not there", async () => {
    rmSync(join(folder, "SHA256SUMS"));
    expect(await checksumProblems(folder)).toEqual(["SHA256SUMS is missing"]);
  });

  test("come to one digest of paths and contents", async () => {
    const before = digestOf(await hashFolder(folder));
    writeFileSync(join(folder, "two"), "3");
    expect(digestOf(await hashFolder(folder))).not.toBe(before);
    writeFileSync(join(folder, "two"), "2");
    expect(digestOf(await hashFolder(folder))).toBe(before);
  });
});
