/** The page before a mirror node that lies, lags or refuses: each lie is found, each trouble has its own words. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { hashOf } from "./src/deployment/deployment.ts";
import { hasChromium, PageBench } from "./testing/browser.ts";
import { type Lie, LyingMirror, lieAboutMessages } from "./testing/lying-mirror.ts";
import { Storyteller } from "./testing/storyteller.ts";

setDefaultTimeout(60_000);

describe.skipIf(!hasChromium)("the proof", () => {
  let story: Storyteller;
  let bench: PageBench;
  let mirror: LyingMirror;

  beforeAll(async () => {
    [story, bench] = await Promise.all([Storyteller.begin(), PageBench.start()]);
    mirror = new LyingMirror(story.stage.devnet.network.mirror);
    await story.manifest("Proof");
    await story.plan();
    await story.assign();
    await story.work({ rows: 48 });
    await story.pay();
  });
  afterAll(async () => {
    await bench?.stop();
    await mirror?.stop();
    await story?.close();
  });

  /** Opens the page with the mirror node lying so from the start. */
  async function visit(lie: Lie | null): Promise<Page> {
    mirror.lie = lie;
    const hash = hashOf({ network: "custom", mirror: mirror.url, log: story.stage.topic });
    return (await bench.open(hash)).page;
  }

  const integrity = (page: Page, tone: string) =>
    page.locator(`[data-tile="integrity"][data-tone="${tone}"]`);

  test("holds where nobody lies: every entry, every payment", async () => {
    const page = await visit(null);
    await integrity(page, "ok").waitFor();
    const { sequence } = (await story.state()).head ?? { sequence: 0 };
    await page.locator('[data-tile="integrity"] button').click();
    const said = (await page.locator("[data-verdict]").textContent())?.replaceAll(/\s+/g, " ") ?? "";
    expect(said).toContain(`${sequence} entries of ${sequence} verified, 0 gaps, 1 of 1 payment`);
    await page.close();
  });

  test.each([
    ["edit", "running hash"],
    ["drop", "missing"],
    ["reorder", "missing"],
    ["forge", "running hash"],
  ])("catches a visitor who tries to %s", async (kind, reason) => {
    const page = await visit(null);
    await integrity(page, "ok").waitFor();
    await page.locator('[data-tile="integrity"] button').click();
    await page.locator(`[data-cheat="${kind}"]`).click();
    const caught = page.locator("[data-caught]");
    await caught.waitFor();
    expect(await caught.textContent()).toContain(reason);
    expect(await caught.getAttribute("data-caught")).not.toBe("none");
    await page.close();
  });

  test("finds one message that was tampered with, and names it", async () => {
    const page = await visit(
      lieAboutMessages((messages) =>
        messages.map((one) =>
          one.sequence_number === 4 ? { ...one, message: btoa('{"v":1,"type":"tick"}') } : one,
        ),
      ),
    );
    await integrity(page, "bad").waitFor();
    expect(await integrity(page, "bad").textContent()).toContain(
      "#4: its running hash is not what its content gives",
    );
    await page.locator('[data-notice="tampered"]').waitFor();
    await page.close();
  });

  test("finds an entry that is missing, and names it", async () => {
    const page = await visit(
      lieAboutMessages((messages) => messages.filter((one) => one.sequence_number !== 5)),
    );
    await integrity(page, "bad").waitFor();
    expect(await integrity(page, "bad").textContent()).toContain("#5: it is missing");
    await page.close();
  });

  test("finds a payment whose transfer is not what the log says", async () => {
    const page = await visit(async (path, answer) => {
      if (!path.includes("/transactions/")) return null;
      const text = await (await answer()).text();
      return new Response(text.replaceAll('"amount":250', '"amount":249'), {
        headers: { "content-type": "application/json" },
      });
    });
    await integrity(page, "bad").waitFor();
    expect(await integrity(page, "bad").textContent()).toContain("its transfer moved something else");
    await page.close();
  });

  test("has its own words for a mirror node that refuses, and recovers by itself", async () => {
    const page = await visit(
      async () => new Response("{}", { status: 429, headers: { "retry-after": "1" } }),
    );
    await page.locator('[data-notice="offline"]').waitFor();
    mirror.lie = null;
    await page.locator('[data-panel="log"][data-state="live"]').waitFor();
    await page.close();
  });

  test("has its own words for a mirror node that forgets what it had, and for a network that was reset", async () => {
    const page = await visit(null);
    await integrity(page, "ok").waitFor();
    mirror.lie = lieAboutMessages(() => []);
    await page.locator('[data-notice="stale"]').waitFor();
    mirror.lie = async (path) =>
      path.includes("/messages")
        ? Response.json({ messages: [], links: { next: null } })
        : Response.json({ _status: { messages: [{ message: "Not found" }] } }, { status: 404 });
    await page.locator('[data-notice="reset"]').waitFor();
    mirror.lie = null;
    await page.locator('[data-panel="log"][data-state="live"]').waitFor();
    await page.close();
  });
});
