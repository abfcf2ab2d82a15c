import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Locator, Page } from "playwright-core";
import { BODIES } from "../lib/festival/testing/bodies.ts";
import { hashOf } from "./src/deployment/deployment.ts";
import { hasChromium, PageBench } from "./testing/browser.ts";
import { Storyteller } from "./testing/storyteller.ts";

if (!hasChromium) console.warn("page.e2e: there is no /usr/bin/chromium here, so the page is not tested");

setDefaultTimeout(60_000);

const PHONE = { width: 360, height: 740 };
const NAME = "<b>Bold</b> & <script>festival</script>";

describe.skipIf(!hasChromium)("the page", () => {
  let story: Storyteller;
  let bench: PageBench;
  let page: Page;
  let complaints: string[];

  const hash = (log: string = story.stage.topic) => {
    const { mirror, relayWs } = story.stage.devnet.network;
    return hashOf({ network: "devnet", mirror, relay: relayWs ?? undefined, log });
  };

  beforeAll(async () => {
    [story, bench] = await Promise.all([Storyteller.begin(), PageBench.start()]);
    await story.manifest(NAME);
    ({ page, complaints } = await bench.open(hash()));
  });
  afterAll(async () => {
    await bench?.stop();
    await story?.close();
  });

  test("names the festival, as text whatever it is called", async () => {
    await shows(page.locator("fest-header h1"), NAME);
    expect(await page.locator("fest-header h1 b").count()).toBe(0);
    expect(await page.title()).toBe(`${NAME} · fest-agents`);
    await hasState(page, "festival", "empty");
    await shows(page.locator("fest-festival .empty"), "The log has no plan yet.");
  });

  test("shows a plan that appears, without a reload", async () => {
    await story.plan();
    await page.locator('fest-task [data-task="1.1.2"]').waitFor();
    expect(await taskStates(page)).toEqual({ "1.1.1": "pending", "1.1.2": "pending" });
    await shows(page.locator('fest-task [data-task="1.1.2"] .who'), "after 1.1.1");
    await hasState(page, "festival", "live");
  });

  test("shows each new entry without a reload, in the log and in what follows from it", async () => {
    await story.assign();
    await page.locator('[data-task="1.1.1"][data-task-state="assigned"]').waitFor();
    await shows(
      page.locator("[data-entry]").first().locator(".said"),
      "to inference-001, attempt 1, lease 10 min",
    );
    const { provenance, output_ref } = BODIES.task_result.payload;
    await story.work({ rows: 48 }, { provenance, output_ref });
    await page.locator('[data-task="1.1.1"][data-task-state="review"]').waitFor();
    const head = (await story.state()).head?.sequence ?? 0;
    expect(await page.locator("fest-log").getAttribute("data-seq")).toBe(String(head));
  });

  test("shows who made a result, from what, at which cost, and the file that it is in", async () => {
    const made = async (place: string) => {
      const rows = await page.locator(`${place} [data-made]`).allTextContents();
      return rows.map(squeezed);
    };
    const head = (await story.state()).head?.sequence ?? 0;
    await page.locator('[data-task="1.1.1"] summary').click();
    await page.locator("fest-task [data-made=file]").waitFor();
    const inTask = await made("fest-task");
    expect(inTask).toEqual([
      "embedded engine, model ewma-t5, version 1, for 0.000012 USD, 900 tokens read, 80 tokens written",
      `SHA-256 ${"ab".repeat(32)}`,
      `SHA-256 ${"cd".repeat(32)}`,
      `HCS-1, topic 0.0.5001, SHA-256 ${"ab".repeat(32)}`,
    ]);
    const href = await page.locator("fest-task [data-made=file] a").getAttribute("href");
    expect(href).toBe(`${story.stage.devnet.network.mirror}/api/v1/topics/0.0.5001`);
    await page.locator('[data-task="1.1.1"] summary').click();
    await page.locator(`[data-entry="${head}"] button`).click();
    await page.locator("fest-entry [data-made=file]").waitFor();
    expect(await made("fest-entry")).toEqual(inTask);
    await page.keyboard.press("Escape");
    await page.locator("fest-entry dialog[open]").waitFor({ state: "detached" });
  });

  test("shows a payment, and that the mirror node has its transfer", async () => {
    await story.pay();
    const payment = page.locator("fest-payments [data-payment]");
    await payment.locator('[data-finding="found"]').waitFor();
    await shows(payment.locator("td").nth(3), "2.5 FEST");
    const href = await payment.locator("[data-finding] a").getAttribute("href");
    const { transactions } = await (await fetch(href ?? "")).json();
    expect(transactions[0].token_transfers).toContainEqual(
      expect.objectContaining({ account: story.stage.worker.account, amount: 250 }),
    );
    await shows(page.locator("fest-header dd").nth(2), "1 of 2");
  });

  test("shows an agent's vital signs", async () => {
    await story.heartbeat("1.1.2");
    const agent = page.locator('[data-agent="inference-001"][data-pulse="working"]');
    await agent.waitFor();
    const said = squeezed((await agent.textContent()) ?? "");
    expect(said).toContain("working on 1.1.2");
    expect(said).toContain("up 1 min 15 s · 3 done, 1 failed · 12.5 ℏ · 88 MB");
    await page.locator('[data-agent="coordinator"][data-pulse="not seen"]').waitFor();
  });

  test("shows hostile messages as text, and why they do not count", async () => {
    const { topic, worker } = story.stage;
    const html = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    await story.say(topic, worker, html);
    await story.say(topic, worker, JSON.stringify({ v: 1, type: html, payload: html }));
    await story.say(topic, worker, JSON.stringify({ v: 1, type: "pause", payload: { reason: html } }));
    const [pause, unknown, malformed] = await newest(page, 3);
    expect(malformed).toContain("malformed: not JSON in UTF-8");
    expect(unknown).toContain(html);
    expect(pause).toContain("unauthorised: pause is for owner");
    expect(pause).toContain(html);
    await page.locator("[data-entry] button").first().click();
    await shows(
      page.locator("fest-entry pre"),
      JSON.stringify({ v: 1, type: "pause", payload: { reason: html } }, null, 2),
    );
    expect(await page.locator("img, script:not([src])").count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.locator("fest-entry dialog[open]").waitFor({ state: "detached" });
    await shows(page.locator("fest-header dd").last(), "3 not accepted");
  });

  test("filters the log by type and by words", async () => {
    await page.locator("fest-log select").selectOption("task_planned");
    await shows(page.locator("fest-log .aside"), "2 of ");
    await page.locator("fest-log select").selectOption("");
    await page.locator("fest-log input").fill("gather RATES");
    await shows(page.locator("fest-log .aside"), "1 of ");
    await page.locator("fest-log input").fill("");
  });

  test("keeps what somebody reads in its place, and says how much is new", async () => {
    const narrow = await bench.open(hash(), PHONE);
    await narrow.page.locator("[data-entry]").first().waitFor();
    const scroller = narrow.page.locator("fest-log .scroller");
    await scroller.evaluate((element) => element.scrollTo({ top: 120 }));
    const before = await topRow(narrow.page);
    await story.say(story.stage.topic, story.stage.coordinator, { v: 1, type: "tick" });
    await shows(narrow.page.locator("fest-log .newer"), "1 new");
    expect(await topRow(narrow.page)).toBe(before);
    await narrow.page.locator("fest-log .newer").click();
    await shows(narrow.page.locator("[data-entry]").first(), "tick");
    await narrow.page.close();
  });

  test("points at one entry by its address", async () => {
    const linked = await bench.open(`${hash()}&entry=1`);
    await shows(linked.page.locator("fest-entry h2"), "#1 manifest");
    await linked.page.locator("fest-entry button[autofocus]").click();
    await linked.page.waitForFunction(() => !location.hash.includes("entry="));
    await linked.page.close();
  });

  test("asks which log to show if it is told none, and shows the one that is named", async () => {
    const fresh = await bench.open("");
    await shows(fresh.page.locator("fest-start h1"), "Which festival?");
    await fresh.page.locator("button").click();
    await shows(fresh.page.locator("[role=alert]"), "no log topic is given");
    await fresh.page.locator("input[name=log]").fill(story.stage.topic);
    await fresh.page.locator("input[name=mirror]").fill(story.stage.devnet.network.mirror);
    await fresh.page.locator("button").click();
    await shows(fresh.page.locator("fest-header h1"), NAME);
    await shows(fresh.page.locator("fest-header dd").first(), "live woken by stream");
    expect(fresh.complaints).toEqual([]);
    await fresh.page.close();
  });

  test("shows its deployment's own festival if it is told none", async () => {
    const { mirror, relayWs } = story.stage.devnet.network;
    await bench.configure({ network: "devnet", mirror, relayWs, log: story.stage.topic });
    const visit = await bench.open("");
    await shows(visit.page.locator("fest-header h1"), NAME);
    expect(visit.complaints).toEqual([]);
    await visit.page.close();
    await bench.configure({ network: "devnet" });
    const wrong = await bench.open("");
    await shows(wrong.page.locator("[role=alert]"), "config.json: log is wrong");
    await wrong.page.close();
    await bench.configure(null);
  });

  test("has light and dark colours, and remembers which somebody chose", async () => {
    const visit = await bench.open(hash());
    const paper = () => visit.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await visit.page.emulateMedia({ colorScheme: "dark" });
    const dark = await paper();
    await visit.page.locator("fest-theme button").click();
    const light = await paper();
    expect(light).not.toBe(dark);
    await visit.page.reload();
    await visit.page.locator("fest-header h1").waitFor();
    expect(await paper()).toBe(light);
    await visit.page.close();
  });

  test("says that a topic is not there", async () => {
    const lost = await bench.open(hash("0.0.999999"));
    await shows(lost.page.locator('[data-notice="absent"] h2'), "Topic 0.0.999999 was not found");
    expect(await lost.page.locator("[data-panel]").count()).toBe(0);
    expect(lost.complaints.filter((text) => !/404/.test(text))).toEqual([]);
    await lost.page.close();
  });

  test("has nothing to complain of in its console", () => {
    expect(complaints).toEqual([]);
  });

  test("keeps what it has when the mirror node goes away, and says how old it is", async () => {
    await story.close();
    await shows(page.locator('[data-notice="offline"]'), "Offline. What is shown ends with an entry");
    await shows(page.locator("fest-header [role=status]"), "offline");
    await hasState(page, "log", "offline");
    expect(await page.locator("fest-payments [data-payment]").count()).toBe(1);
    const late = await bench.open(hash());
    await shows(late.page.locator('[data-notice="offline"] h2'), "The mirror node cannot be reached");
    expect(await late.page.locator("[data-panel]").count()).toBe(0);
    await late.page.close();
  });
});

/** Waits until an element's text contains this. */
async function shows(element: Locator, text: string): Promise<void> {
  const wanted = squeezed(text);
  let last = "";
  for (let look = 0; look < 400; look++) {
    last = squeezed((await element.first().textContent({ timeout: 20_000 })) ?? "");
    if (last.includes(wanted)) return;
    await Bun.sleep(50);
  }
  expect(last).toContain(wanted);
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

async function hasState(page: Page, panel: string, state: string): Promise<void> {
  await page.locator(`[data-panel="${panel}"][data-state="${state}"]`).waitFor();
}

async function taskStates(page: Page): Promise<Record<string, string>> {
  const tasks = await page
    .locator("fest-task details")
    .evaluateAll((elements) =>
      elements.map((element) => [element.getAttribute("data-task"), element.getAttribute("data-task-state")]),
    );
  return Object.fromEntries(tasks);
}

/** The text of the newest entries, newest first, once the last of them is no entry of ours. */
async function newest(page: Page, count: number): Promise<readonly string[]> {
  await shows(page.locator("[data-entry]").first(), "pause");
  const rows = await page.locator("[data-entry]").allTextContents();
  return rows.slice(0, count).map(squeezed);
}

/** Which entry is at the top of what can be seen of the log. */
async function topRow(page: Page): Promise<number> {
  return page.locator("fest-log .scroller").evaluate((scroller) => {
    const top = scroller.getBoundingClientRect().top;
    const rows = [...scroller.querySelectorAll("[data-entry]")];
    const first = rows
      .filter((row) => row.getBoundingClientRect().bottom > top + 1)
      .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[0];
    return Number(first?.getAttribute("data-entry"));
  });
}
