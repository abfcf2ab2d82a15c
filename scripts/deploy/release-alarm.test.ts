import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failed, passed } from "../smoke/check.ts";
import { type FailedRelease, tellReleaseFailed } from "./release-alarm.ts";

const received: string[] = [];
let status = 200;
const receiver = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: async (request) => {
    received.push(await request.text());
    return new Response("ok", { status });
  },
});
afterAll(() => receiver.stop(true));

const BAD: FailedRelease = {
  version: "0.1.0-bad",
  returned: "0.1.0-good",
  checks: [
    passed("smoke: heartbeats", "newer than the start"),
    failed("smoke: probe task", "no task was paid within 20 s", "bun run why"),
    passed("return", "0.1.0-good is running again"),
  ],
};
let config = "";

beforeEach(() => {
  config = mkdtempSync(join(tmpdir(), "fest-config-"));
  mkdirSync(join(config, "host"));
  writeFileSync(join(config, "host/fest.env"), "# Written by deploy.\nFEST_LOG=0.0.3001\n");
  received.length = 0;
  status = 200;
});
afterEach(() => rmSync(config, { recursive: true }));

function name(url: string, format: string): void {
  const lines = `FEST_WEBHOOK_URL=${url}\nFEST_WEBHOOK_FORMAT=${format}\n`;
  writeFileSync(join(config, "host/watch.env"), lines);
}

describe("a release that is taken back", () => {
  test("is told to the webhook, with what failed and what runs again", async () => {
    name(receiver.url.href, "json");
    expect(await tellReleaseFailed(config, BAD)).toMatchObject({ name: "alarm", status: "pass" });
    expect(received).toHaveLength(1);
    expect(JSON.parse(received[0] ?? "")).toMatchObject({
      kind: "firing",
      name: "release_failed",
      about: "0.1.0-bad",
      severity: "critical",
      message:
        "0.1.0-bad is not good, 0.1.0-good runs again: smoke: probe task: no task was paid within 20 s",
      log: "0.0.3001",
    });
  });

  test("is told in the webhook's own form", async () => {
    name(receiver.url.href, "slack");
    await tellReleaseFailed(config, { ...BAD, returned: null });
    expect(JSON.parse(received[0] ?? "").text).toContain(
      "0.1.0-bad is not good, there was none to return to",
    );
  });

  test("is told to nobody where there is no webhook, which the report says", async () => {
    const told = await tellReleaseFailed(config, BAD);
    expect(told).toMatchObject({
      status: "skip",
      message: "host/watch.env names no webhook, so nobody was told",
    });
  });

  test.each([
    ["does not take it", 500, "json", "it answered 500"],
    ["has a form that nobody knows", 200, "teletype", 'no webhook of the form "teletype"'],
  ])("by a webhook that %s is a failed check, and no other failure", async (_, answer, format, said) => {
    status = answer;
    name(`${receiver.url.href}secret-token`, format);
    const told = await tellReleaseFailed(config, BAD);
    expect(told).toMatchObject({ name: "alarm", status: "fail", message: expect.stringContaining(said) });
    expect(JSON.stringify(told)).not.toContain("secret-token");
  });
});
