/** Every state of the page, light and dark, on a desk and on a phone: axe finds nothing, and nothing scrolls sideways. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { archiveLog } from "../lib/agent/proof/archive.ts";
import { formatBundle } from "../lib/festival/bundle/bundle.ts";
import { BODIES } from "../lib/festival/testing/bodies.ts";
import type { TopicId } from "../lib/hedera/id.ts";
import { createTopic } from "../lib/ledger/topics.ts";
import { hashOf } from "./src/deployment/deployment.ts";
import { hasChromium, PageBench } from "./testing/browser.ts";
import { faultsOf, SIZES } from "./testing/looks.ts";
import { type Lie, LyingMirror, lieAboutMessages } from "./testing/lying-mirror.ts";
import { Storyteller } from "./testing/storyteller.ts";
import { tellOfTrouble } from "./testing/troubled.ts";

// A browser on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(300_000);

type Festival = "told" | "bare" | "empty" | "paused" | "troubled";

/** A state: how the page comes to it, and what it shows then, for as long as it is looked at. */
interface PageState {
  readonly name: string;
  readonly shows: string;
  /** The festival that it is about. */
  readonly festival?: Festival;
  /** The address, instead of a festival's. */
  readonly hash?: string;
  /** What follows the festival in the address. */
  readonly also?: string;
  /** How the mirror node lies from the start. */
  readonly lie?: Lie;
  /** How it lies once the page is live. */
  readonly later?: Lie;
  /** What somebody does then; `bundle` is a file of the festival that is told. */
  readonly reach?: (page: Page, bundle: string) => Promise<unknown>;
}

/** Whatever the log came to, it was read. */
const READ = '[data-panel="log"]:not([data-state="loading"], [data-seq="0"])';
const LIVE = '[data-panel="log"][data-state="live"]';
const refusal: Lie = async () => new Response("{}", { status: 429, headers: { "retry-after": "1" } });
const failure: Lie = async () => new Response("no", { status: 503 });
const emptiness: Lie = lieAboutMessages(() => []);
const gap: Lie = lieAboutMessages((messages) => messages.filter((one) => one.sequence_number !== 5));
/** Nothing yet, and always more to come. */
const endlessness: Lie = async (path) => {
  if (!path.includes("/messages?")) return null;
  await Bun.sleep(200);
  const [before, page = "0"] = path.split("&page=");
  return Response.json({ messages: [], links: { next: `${before}&page=${Number(page) + 1}` } });
};
const oblivion: Lie = async (path) =>
  path.includes("/messages")
    ? Response.json({ messages: [], links: { next: null } })
    : Response.json({ _status: { messages: [{ message: "Not found" }] } }, { status: 404 });
/** Another tick than the network agreed on: the last entry of a log that ends with one. */
const forgedTick: Lie = lieAboutMessages((messages) =>
  messages.map((one) =>
    atob(one.message) === '{"v":1,"type":"tick"}' ? { ...one, message: btoa('{"v": 1,"type":"tick"}') } : one,
  ),
);

const press = (key: string) => (page: Page) => page.keyboard.press(key);
const click = (selector: string) => (page: Page) => page.locator(selector).first().click();
const cheat = async (page: Page) => {
  await page.keyboard.press("v");
  await page.locator("[data-cheat=edit]").click();
};
const choose = async (page: Page, text: string) => {
  const file = { name: "festival.jsonl", mimeType: "text/plain", buffer: Buffer.from(text) };
  await page.locator("fest-start input[type=file]").setInputFiles(file);
};
const chooseDark = async (page: Page) => {
  const button = page.locator("fest-theme button");
  while (!(await button.textContent())?.includes("dark")) await button.click();
};
const media = (features: Parameters<Page["emulateMedia"]>[0]) => (page: Page) => page.emulateMedia(features);
const bad = (tile: string) => `[data-tile="${tile}"][data-tone="bad"]`;

const STATES: readonly PageState[] = [
  { name: "the start screen", hash: "#choose", shows: "fest-start form" },
  {
    name: "the start screen with an error",
    hash: "#choose",
    shows: "fest-start [role=alert]",
    reach: click("fest-start button"),
  },
  { name: "a bad link", hash: "#network=devnet&log=1010", shows: "fest-start [role=alert]" },
  { name: "a link to a file", hash: "#file=festival.jsonl", shows: "fest-start [role=alert]" },
  { name: "the runbook", hash: "runbook.html", shows: "h1" },
  { name: "loading", festival: "told", lie: endlessness, shows: '[data-panel="log"][data-state="loading"]' },
  { name: "live", festival: "told", shows: LIVE },
  { name: "delayed", festival: "told", lie: gap, shows: '[data-notice="delayed"]' },
  { name: "stale", festival: "told", later: emptiness, shows: '[data-notice="stale"]' },
  { name: "offline", festival: "told", later: failure, shows: '[data-notice="offline"].banner' },
  { name: "refused with 429", festival: "told", later: refusal, shows: '[data-notice="offline"].banner' },
  {
    name: "refused with 429 from the start",
    festival: "told",
    lie: refusal,
    shows: '[data-notice="offline"].screen',
  },
  { name: "network reset", festival: "told", later: oblivion, shows: '[data-notice="reset"]' },
  { name: "topic not found", festival: "told", lie: oblivion, shows: '[data-notice="absent"]' },
  { name: "an empty topic", festival: "empty", shows: '[data-panel="log"][data-state="empty"]' },
  {
    name: "a festival without a plan",
    festival: "bare",
    shows: '[data-panel="festival"][data-state="empty"]',
  },
  {
    name: "an alarm on each tile",
    festival: "troubled",
    lie: forgedTick,
    shows: ["liveness", "work", "money", "risk", "integrity"].map(bad).join(" ~ "),
  },
  { name: "paused", festival: "paused", shows: "fest-header .chip.wait" },
  {
    name: "a failed task opened",
    festival: "troubled",
    also: "&task=1.1.2",
    shows: '[data-task="1.1.2"][data-task-state="failed"] [data-why] li',
  },
  {
    name: "a task opened, and why it stands where it does",
    festival: "told",
    also: "&task=1.1.1",
    shows: '[data-why="1.1.1"] [data-step]',
  },
  { name: "an entry", festival: "told", also: "&entry=7", shows: "fest-entry dialog[open] [data-made=file]" },
  { name: "the proof", festival: "told", reach: press("v"), shows: '[data-proof="proven"]' },
  { name: "the proof after a cheat", festival: "told", reach: cheat, shows: "[data-caught]" },
  {
    name: "the proof of a log that does not hold",
    festival: "troubled",
    lie: forgedTick,
    reach: press("v"),
    shows: '[data-proof="broken"]',
  },
  { name: "the connections", festival: "told", reach: press("c"), shows: "fest-connection dialog[open]" },
  { name: "the keys", festival: "told", reach: press("?"), shows: "fest-keys dialog[open]" },
  { name: "the payments", festival: "told", shows: '[data-payment] [data-finding="found"]' },
  {
    name: "an earlier moment",
    festival: "told",
    reach: (page) => page.locator('fest-time input[type="range"]').fill("5"),
    shows: '[data-moment="past"]',
  },
  { name: "a filter that nothing passes", festival: "told", also: "&q=nowhere", shows: "fest-log .empty" },
  {
    name: "a festival in a file",
    hash: "#choose",
    reach: choose,
    shows: '[data-tile="integrity"][data-tone="ok"]',
  },
  {
    name: "a file with a changed entry",
    hash: "#choose",
    reach: (page, bundle) => choose(page, bundle.replace(/"message":"[^"]+"/, '"message":"e30="')),
    shows: bad("integrity"),
  },
  {
    name: "a damaged file",
    hash: "#choose",
    reach: (page, bundle) => choose(page, bundle.slice(0, -40)),
    shows: "fest-start [role=alert]",
  },
  { name: "on paper", festival: "told", also: "&task=1.1.1", reach: media({ media: "print" }), shows: LIVE },
  { name: "with dark colours chosen", festival: "told", reach: chooseDark, shows: LIVE },
  {
    name: "with less motion",
    festival: "told",
    reach: media({ reducedMotion: "reduce" }),
    shows: LIVE,
  },
  { name: "in forced colours", festival: "told", reach: media({ forcedColors: "active" }), shows: LIVE },
];

describe.skipIf(!hasChromium)("every state of the page", () => {
  let bench: PageBench;
  let bundle: string;
  const stories: Storyteller[] = [];
  const festivals = new Map<Festival, { readonly mirror: LyingMirror; readonly log: TopicId }>();

  async function host(festival: Festival, story: Storyteller, log = story.stage.topic): Promise<void> {
    const { mirror } = story.stage.devnet.network;
    festivals.set(festival, { mirror: new LyingMirror(mirror), log });
  }

  async function begin(
    festival: Festival,
    tell: (story: Storyteller) => Promise<void>,
  ): Promise<Storyteller> {
    const story = await Storyteller.begin();
    stories.push(story);
    await tell(story);
    await host(festival, story);
    return story;
  }

  beforeAll(async () => {
    const told = await begin("told", async (story) => {
      await story.manifest("Told");
      await story.plan();
      await story.assign();
      const { provenance, output_ref } = BODIES.task_result.payload;
      await story.work({ rows: 48 }, { provenance, output_ref });
      await story.pay();
      await story.heartbeat();
    });
    await host("empty", told, await createTopic(told.stage.operator, { submitKeys: [], memo: "empty" }));
    await begin("bare", (story) => story.manifest("Without a plan"));
    await begin("paused", async (story) => {
      await story.manifest("Paused");
      await story.plan();
      await story.say(story.stage.topic, story.stage.coordinator, { v: 1, type: "pause" });
    });
    await begin("troubled", tellOfTrouble);
    const { topic: log } = told.stage;
    const mirrorUrl = told.stage.devnet.network.mirror;
    bundle = formatBundle((await archiveLog({ log, network: "devnet", mirrorUrl, evidence: false })).bundle);
    bench = await PageBench.start();
  });
  afterAll(async () => {
    await bench?.stop();
    for (const { mirror } of festivals.values()) await mirror.stop();
    for (const story of stories) await story.close();
  });

  function festivalOf(festival: Festival) {
    const hosted = festivals.get(festival);
    if (hosted === undefined) throw new Error(`there is no festival ${festival}`);
    return hosted;
  }

  async function visit({ festival, hash = "", also = "", lie, later }: PageState): Promise<Page> {
    if (festival === undefined) return (await bench.open(hash)).page;
    const { mirror, log } = festivalOf(festival);
    mirror.lie = lie ?? null;
    const { page } = await bench.open(hashOf({ network: "custom", mirror: mirror.url, log }) + also);
    if (later === undefined) return page;
    await page.locator(LIVE).waitFor();
    mirror.lie = later;
    return page;
  }

  test.each(STATES.map((state) => [state.name, state] as const))("%s", async (_, state) => {
    const page = await visit(state);
    if (state.reach !== undefined) {
      if (state.festival !== undefined) await page.locator(READ).waitFor();
      await state.reach(page, bundle);
    }
    const shown = page.locator(state.shows).first();
    await shown.waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect(await shown.isVisible()).toBe(true);
    await page.close();
  });

  test("is printed in ink, whatever colours were chosen", async () => {
    const page = await visit({ name: "chosen", festival: "told", shows: LIVE });
    await chooseDark(page);
    const ink = () => page.evaluate(() => getComputedStyle(document.documentElement).color);
    const onScreen = await ink();
    await page.emulateMedia({ media: "print" });
    expect(await ink()).not.toBe(onScreen);
    await page.close();
  });

  test.each(["desk", "phone"] as const)("nothing moves while the log is read, on a %s", async (place) => {
    const { mirror, log } = festivalOf("told");
    mirror.lie = null;
    const { page } = await bench.open(hashOf({ network: "custom", mirror: mirror.url, log }), SIZES[place]);
    await page.locator('[data-tile="integrity"][data-tone="ok"]').waitFor();
    // What others call the cumulative layout shift: 0.1 and more is felt.
    expect(await page.evaluate(shiftOf)).toBeLessThan(0.02);
    await page.close();
  });
});

/** How far things on the page have moved by themselves so far, as browsers measure it. */
function shiftOf(): Promise<number> {
  return new Promise((resolve) => {
    const sum = (list: PerformanceObserverEntryList) =>
      list.getEntries().reduce((total, entry) => total + Number(Reflect.get(entry, "value")), 0);
    new PerformanceObserver((list) => resolve(sum(list))).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(0), 1_000);
  });
}
