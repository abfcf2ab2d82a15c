import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SiteServer, serveSite } from "./serve.ts";

let folder: string;
let site: SiteServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fest-serve-"));
  await mkdir(join(folder, "dist/assets"), { recursive: true });
  await writeFile(join(folder, "dist/index.html"), "<!doctype html>");
  await writeFile(join(folder, "dist/config.json"), "null");
  await writeFile(join(folder, "dist/assets/index-abc.js"), "export {};");
  await writeFile(join(folder, "secret.txt"), "not part of the page");
  site = serveSite({ port: 0, dist: join(folder, "dist") });
});

afterAll(async () => {
  await site.stop();
  await rm(folder, { recursive: true });
});

async function get(path: string) {
  const response = await fetch(new URL(path, site.url));
  return { status: response.status, type: response.headers.get("content-type"), headers: response.headers };
}

describe("the built page's server", () => {
  test("gives every file its type", async () => {
    expect(await get("/")).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/html/) });
    expect(await get("/config.json")).toMatchObject({
      status: 200,
      type: expect.stringMatching(/^application\/json/),
    });
    expect(await get("/assets/index-abc.js")).toMatchObject({
      status: 200,
      type: expect.stringMatching(/^text\/javascript/),
    });
  });

  test("lets hashed assets be kept for ever, and the rest be asked for anew", async () => {
    expect((await get("/assets/index-abc.js")).headers.get("cache-control")).toContain("immutable");
    expect((await get("/")).headers.get("cache-control")).toBe("no-cache");
    expect((await get("/config.json")).headers.get("cache-control")).toBe("no-cache");
  });

  test("has nothing else", async () => {
    for (const path of ["/nothing.js", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"]) {
      expect((await get(path)).status).toBe(404);
    }
  });

  test("listens on the loopback interface only", () => {
    expect(new URL(site.url).hostname).toBe("127.0.0.1");
  });

  test("says that there is no page where none was built", () => {
    expect(() => serveSite({ port: 0, dist: folder })).toThrow(
      expect.objectContaining({ code: "SITE_NOT_BUILT" }),
    );
  });

  test("says that its port is taken", () => {
    const port = Number(new URL(site.url).port);
    expect(() => serveSite({ port, dist: join(folder, "dist") })).toThrow(
      expect.objectContaining({ code: "PORT_IN_USE" }),
    );
  });
});
