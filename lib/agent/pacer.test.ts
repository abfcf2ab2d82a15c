import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addSeconds } from "../hedera/timestamp.ts";
import { Pacer } from "./pacer.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fest-pacer-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (seconds: number) => addSeconds(1_000_000_000_000_000_000n, seconds);
const pacer = () => new Pacer({ RUNTIME_DIRECTORY: folder });

describe("the pace of starts", () => {
  test("answers the first crash at once, and then waits twice as long each time, up to a minute", () => {
    const waits = Array.from({ length: 10 }, (_, start) => pacer().start(at(start)));
    expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
  });

  test("forgets the starts after an orderly end", () => {
    for (let start = 0; start < 5; start += 1) pacer().start(at(start));
    pacer().end();
    expect(pacer().start(at(6))).toBe(0);
  });

  test("forgets a start after ten minutes", () => {
    for (let start = 0; start < 5; start += 1) pacer().start(at(start));
    expect(pacer().start(at(605))).toBe(0);
  });

  test("does not mind a file that it cannot read", () => {
    writeFileSync(join(folder, "starts"), "nonsense\n\n-1\n");
    expect(pacer().start(at(0))).toBe(0);
  });

  test("does nothing outside systemd", () => {
    for (let start = 0; start < 5; start += 1) expect(new Pacer({}).start(at(start))).toBe(0);
    new Pacer({}).end();
  });
});
