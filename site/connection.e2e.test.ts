/** How the page is connected: each way shown, the best one used, and the next one when it is cut. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { hashOf, type Parameters } from "./src/deployment/deployment.ts";
import { hasChromium, PageBench } from "./testing/browser.ts";
import { LyingMirror } from "./testing/lying-mirror.ts";
import { RelayProxy } from "./testing/relay-proxy.ts";
import { Storyteller } from "./testing/storyteller.ts";

setDefaultTimeout(120_000);

describe.skipIf(!hasChromium)("the page's connections", () => {
  let story: Storyteller;
  let bench: PageBench;
  let relay: RelayProxy;
  let mirror: LyingMirror;

  beforeAll(async () => {
    [story, bench] = await Promise.all([Storyteller.begin(), PageBench.start()]);
    const { network } = story.stage.devnet;
    relay = new RelayProxy(network.relayWs ?? "");
    mirror = new LyingMirror(network.mirror);
    await story.manifest("Connected");
  });
  afterAll(async () => {
    await bench?.stop();
    await relay?.stop();
    await mirror?.stop();
    await story?.close();
  });

  async function visit(parameters: Parameters): Promise<Page> {
    const { page } = await bench.open(
      hashOf({ network: "custom", mirror: mirror.url, log: story.stage.topic, ...parameters }),
    );
    await page.locator('[data-panel="log"][data-state="live"]').waitFor();
    await page.keyboard.press("c");
    await page.locator("fest-connection dialog[open]").waitFor();
    return page;
  }

  const source = (page: Page, id: string, tone: string) =>
    page.locator(`fest-connection [data-source="${id}"][data-tone="${tone}"]`);
  const waker = (page: Page, name: string) => page.locator(`fest-connection [data-waker="${name}"]`);

  /** A new entry comes to the screen, without a reload. */
  async function showsNewEntry(page: Page): Promise<void> {
    const before = (await story.state()).head?.sequence ?? 0;
    await story.say(story.stage.topic, story.stage.coordinator, { v: 1, type: "tick" });
    await page.locator(`[data-panel="log"][data-seq="${before + 1}"]`).waitFor();
  }

  test("uses the stream where there is one, and shows each of its ways", async () => {
    const { network } = story.stage.devnet;
    const page = await visit({ relay: relay.url, stream: network.mirror });
    await waker(page, "stream").waitFor();
    for (const id of ["log", "stream", "relay"]) await source(page, id, "ok").waitFor();
    await showsNewEntry(page);
    await page.close();
  });

  test("goes on with polling when the WebSocket is cut, and is woken again when it is back", async () => {
    const page = await visit({ relay: relay.url });
    await waker(page, "relay").waitFor();
    expect(await source(page, "stream", "idle").textContent()).toContain("not configured");
    relay.cut();
    await waker(page, "polling").waitFor();
    await source(page, "relay", "wait").waitFor();
    await showsNewEntry(page);
    relay.mend();
    await waker(page, "relay").waitFor();
    await source(page, "relay", "ok").waitFor();
    await showsNewEntry(page);
    await page.close();
  });

  test("falls back to the relay where no stream can be had, and says why", async () => {
    const page = await visit({ relay: relay.url, stream: mirror.url });
    await waker(page, "relay").waitFor();
    const lost = source(page, "stream", "wait");
    await lost.waitFor();
    expect(await lost.textContent()).toMatch(/lost.*failure/s);
    await showsNewEntry(page);
    await page.close();
  });

  test.each([
    [
      "refuses with 429",
      "offline",
      () => new Response("{}", { status: 429, headers: { "retry-after": "1" } }),
    ],
    ["fails with 503", "offline", () => new Response("no", { status: 503 })],
    ["answers with a page of HTML", "offline", () => new Response("<!doctype html>")],
  ])("has its own screen for a mirror node that %s, and recovers by itself", async (_, notice, answer) => {
    const page = await visit({});
    await page.keyboard.press("Escape");
    mirror.lie = async () => answer();
    await page.locator(`[data-notice="${notice}"]`).waitFor();
    expect(await page.locator("[data-panel=log]").getAttribute("data-state")).toBe("offline");
    mirror.lie = null;
    await page.locator('[data-panel="log"][data-state="live"]').waitFor();
    await showsNewEntry(page);
    await page.close();
  });
});
