import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Releases } from "./releases.ts";

let root = "";
let releases: Releases;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "fest-releases-"));
  releases = new Releases(root);
});
afterEach(() => rmSync(root, { recursive: true }));

const at = (hour: number) => `2026-11-21T${String(hour).padStart(2, "0")}:00:00Z`;

async function install(version: string, hour: number, good: boolean): Promise<void> {
  mkdirSync(releases.folderOf(version), { recursive: true });
  const installed = at(hour);
  await releases.save({ version, commit: null, installed, good: good ? installed : null, compiled: false });
}

describe("installed releases", () => {
  test("are none before the first", async () => {
    expect(await releases.list()).toEqual([]);
    expect(await releases.current()).toBeNull();
    expect(await releases.lastGood(null)).toBeNull();
  });

  test("are made current by a link that always leads somewhere", async () => {
    await install("1", 1, true);
    await install("2", 2, false);
    await releases.activate("1");
    await releases.activate("2");
    expect(readlinkSync(join(root, "current"))).toBe("releases/2");
    expect(await releases.current()).toBe("2");
  });

  test("that are good are gone back to, the newest first, and never the one that failed", async () => {
    await install("1", 1, true);
    await install("2", 2, true);
    await install("3", 3, false);
    expect((await releases.lastGood("3"))?.version).toBe("2");
    expect((await releases.lastGood("2"))?.version).toBe("1");
  });

  test("are pruned but for the current one, three good ones and what still runs", async () => {
    for (let hour = 1; hour <= 6; hour += 1) await install(`${hour}`, hour, true);
    await install("bad", 7, false);
    await install("running", 8, false);
    await releases.activate("6");
    expect(await releases.prune(new Set(["running"]))).toEqual(["1", "2", "bad"]);
    expect((await releases.list()).map(({ version }) => version)).toEqual(["3", "4", "5", "6", "running"]);
    expect(existsSync(releases.folderOf("1"))).toBe(false);
  });

  test("are named by the newest commit of their sources, and by the last one known where there is none", async () => {
    await install("1", 1, true);
    const committed = await releases.name(await releases.get("1"), "a".repeat(40));
    expect(committed).toEqual({ ...(await releases.get("1")), commit: "a".repeat(40) });
    expect((await releases.name(committed, null)).commit).toBe("a".repeat(40));
    await releases.name(committed, "b".repeat(40));
    expect((await releases.get("1")).commit).toBe("b".repeat(40));
  });

  test("that were never finished do not count, and those of unknown name are named", async () => {
    mkdirSync(releases.folderOf("half"), { recursive: true });
    await install("1", 1, true);
    expect((await releases.list()).map(({ version }) => version)).toEqual(["1"]);
    expect(releases.get("2")).rejects.toThrow('there is no release "2". Installed are: 1.');
  });

  test("whose record is damaged are told of", async () => {
    await install("1", 1, true);
    writeFileSync(`${releases.folderOf("1")}.json`, "{}");
    expect(releases.list()).rejects.toThrow("is damaged");
  });
});
