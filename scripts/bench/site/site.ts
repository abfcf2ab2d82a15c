import type { Browser, Page } from "playwright-core";
import { buildSite } from "../../support/site.ts";
import { launchBrowser } from "../../testing/browser.ts";
import { median } from "../process.ts";
import { type LongLog, startLongLog } from "./long-log.ts";
import { type PagesServer, startPages } from "./pages-server.ts";

const VISITS = 5;
const SHORT = 100;
const LONG = 100_000;
const BURST = 1_000;
/** Minutes over which memory is watched; fewer for a quick look. */
const MINUTES = Number(process.env["BENCH_SITE_MINUTES"] ?? 10);
const PANELS = ["festival", "log"];

/** What the page weighs, and how fast it is; bytes are compressed, times in milliseconds. */
export interface SiteFigures {
  readonly bytes_first: number;
  readonly bytes_all: number;
  readonly fcp_ms: number;
  readonly panels_ms: number;
  readonly panels_100k_ms: number;
  readonly panels_ratio_100k: number;
  readonly panels_slow_ms: number;
  readonly heap_growth_mb: number;
  readonly heap_minutes: number;
  readonly longest_task_ms: number;
}

/** Opens the built page in a real Chromium, before short and long logs, near and far. */
export async function benchSite(say: (line: string) => void): Promise<SiteFigures> {
  await buildSite();
  const [browser, pages] = [await launchBrowser(), startPages()];
  const [short, long] = [startLongLog(SHORT), startLongLog(LONG)];
  try {
    const near = await visits(browser, pages, short, false);
    say(`log of ${SHORT}: first paint ${near.fcp} ms, filled after ${near.filled} ms`);
    const far = await visits(browser, pages, long, false);
    say(`log of ${LONG}: filled after ${far.filled} ms`);
    const slow = await visits(browser, pages, short, true);
    say(`a quarter of the CPU, 1.6 Mbit/s, 150 ms: filled after ${slow.filled} ms`);
    const bytes = bytesOf(pages);
    const longest = await longestTask(browser, pages, short);
    say(`longest task while ${BURST} entries arrive: ${longest} ms`);
    const growth = await heapGrowth(browser, pages, short);
    say(`heap after ${MINUTES} minutes at 10 entries a second: ${growth} MB more`);
    return {
      ...bytes,
      fcp_ms: near.fcp,
      panels_ms: near.filled,
      panels_100k_ms: far.filled,
      panels_ratio_100k: Math.round((far.filled / near.filled) * 100) / 100,
      panels_slow_ms: slow.filled,
      heap_growth_mb: growth,
      heap_minutes: MINUTES,
      longest_task_ms: longest,
    };
  } finally {
    await browser.close();
    for (const server of [pages, short, long]) await server.stop();
  }
}

function bytesOf({ sent }: PagesServer): Pick<SiteFigures, "bytes_first" | "bytes_all"> {
  const files = [...sent];
  const sum = (some: readonly (readonly [string, number])[]) =>
    some.reduce((total, [, size]) => total + size, 0);
  const first = files.filter(([path]) => /(index|\.css|icon)/.test(path));
  return { bytes_first: sum(first), bytes_all: sum(files) };
}

async function visits(browser: Browser, pages: PagesServer, log: LongLog, slow: boolean) {
  const times: { fcp: number; filled: number }[] = [];
  for (let visit = 0; visit < VISITS; visit++) times.push(await oneVisit(browser, pages, log, slow));
  return {
    fcp: Math.round(median(times.map(({ fcp }) => fcp))),
    filled: Math.round(median(times.map(({ filled }) => filled))),
  };
}

async function oneVisit(browser: Browser, pages: PagesServer, log: LongLog, slow: boolean) {
  const context = await browser.newContext();
  const page = await context.newPage();
  if (slow) await slowDown(page);
  const begun = performance.now();
  await open(page, pages, log);
  const filled = performance.now() - begun;
  const fcp = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  );
  await context.close();
  return { fcp, filled };
}

/** Opens the page, and waits until it is folded to the log's end. */
async function open(page: Page, pages: PagesServer, log: LongLog): Promise<void> {
  await page.goto(`${pages.url}#network=custom&mirror=${log.url}&log=${log.topic}`, { waitUntil: "commit" });
  for (const panel of PANELS) {
    await page.locator(`[data-panel="${panel}"][data-state="live"][data-seq="${log.length}"]`).waitFor();
  }
  await page.locator(`[data-tile="work"][data-state="live"]`).waitFor();
}

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await session.send("Network.enable");
  const bytesPerSecond = 1_600_000 / 8;
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
}

async function longestTask(browser: Browser, pages: PagesServer, log: LongLog): Promise<number> {
  const page = await browser.newPage();
  await open(page, pages, log);
  await page.evaluate(() => {
    performance.setResourceTimingBufferSize(10_000);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) performance.mark("long", { detail: duration });
    }).observe({ type: "longtask" });
  });
  log.add(BURST);
  await page.locator(`[data-panel="log"][data-seq="${log.length}"]`).waitFor();
  const durations = await page.evaluate(() =>
    performance
      .getEntriesByName("long")
      .flatMap((mark) => (mark instanceof PerformanceMark ? [Number(mark.detail)] : [])),
  );
  await page.close();
  return Math.round(Math.max(0, ...durations));
}

async function heapGrowth(browser: Browser, pages: PagesServer, log: LongLog): Promise<number> {
  const page = await browser.newPage();
  await open(page, pages, log);
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize;
  };
  const before = await heap();
  for (let second = 0; second < MINUTES * 60; second++) {
    log.add(10);
    await Bun.sleep(1_000);
  }
  await page.locator(`[data-panel="log"][data-seq="${log.length}"]`).waitFor();
  const growth = (await heap()) - before;
  await page.close();
  return Math.round(growth / 100_000) / 10;
}
