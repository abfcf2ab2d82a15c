import type { Browser, Page } from "playwright-core";
import { CHROMIUM, launchChromium } from "../../support/chromium.ts";
import { buildSite } from "../../support/site.ts";
import { median } from "../process.ts";
import { addressOf, openFilled, seen } from "./filled.ts";
import { type LongLog, startLongLog } from "./long-log.ts";
import { type PagesServer, startPages } from "./pages-server.ts";
import { startQuota } from "./quota.ts";

const VISITS = 7;
const SHORT = 100;
const LONG = 100_000;
const BURST = 1_000;
/** Minutes over which memory is watched; fewer for a quick look. */
const MINUTES = Number(process.env.BENCH_SITE_MINUTES ?? 10);
/** Bursts whose longest task is looked at. */
const BURSTS = 3;
/** Of one processor, in the slow visits. */
const SHARE = 0.25;

/** What the page weighs, and how fast it is; bytes are compressed, times in milliseconds. */
export interface SiteFigures {
  readonly bytes_first: number;
  readonly bytes_all: number;
  readonly fcp_ms: number;
  readonly panels_ms: number;
  readonly panels_100k_ms: number;
  readonly panels_ratio_100k: number;
  readonly panels_slow_ms: number;
  /** What a page with nothing but one line of text, set by a script, takes under the same load. */
  readonly empty_slow_ms: number;
  /** What slowed the processor down: a control group, or devtools, which spare workers. */
  readonly slow_cpu: "cgroup" | "devtools";
  readonly heap_growth_mb: number;
  readonly heap_minutes: number;
  readonly longest_task_ms: number;
}

/** Opens the built page in a real Chromium, before short and long logs, near and far. */
export async function benchSite(say: (line: string) => void): Promise<SiteFigures> {
  await buildSite();
  const [browser, pages] = [await launchChromium(), startPages()];
  const [short, long] = [startLongLog(SHORT), startLongLog(LONG)];
  try {
    const [near, far] = await inTurn([
      () => visit(browser, (page) => openFilled(page, addressOf(pages.url, short), short)),
      () => visit(browser, (page) => openFilled(page, addressOf(pages.url, long), long)),
    ]);
    say(`log of ${SHORT}: first paint ${near.fcp} ms, filled after ${near.done} ms`);
    say(`log of ${LONG}: filled after ${far.done} ms`);
    const slow = await slowVisits(browser, pages);
    say(`a quarter of the CPU (${slow.by}), 1.6 Mbit/s, 150 ms: filled after ${slow.filled} ms`);
    say(`an empty page likewise: ${slow.empty} ms`);
    const bursts: number[] = [];
    for (let burst = 0; burst < BURSTS; burst++) bursts.push(await longestTask(browser, pages, short));
    const longest = Math.round(median(bursts));
    say(`longest task while ${BURST} entries arrive: ${bursts.join(", ")} ms`);
    const growth = await heapGrowth(browser, pages, short);
    say(`heap after ${MINUTES} minutes at 10 entries a second: ${growth} MB more`);
    return {
      bytes_first: pages.firstBytes,
      bytes_all: pages.allBytes,
      fcp_ms: near.fcp,
      panels_ms: near.done,
      panels_100k_ms: far.done,
      panels_ratio_100k: Math.round((far.done / near.done) * 100) / 100,
      panels_slow_ms: slow.filled,
      empty_slow_ms: slow.empty,
      slow_cpu: slow.by,
      heap_growth_mb: growth,
      heap_minutes: MINUTES,
      longest_task_ms: longest,
    };
  } finally {
    await browser.close();
    for (const server of [pages, short, long]) await server.stop();
  }
}

/** What came of a visit: when something was painted first, and when all was there that was waited for. */
interface Visit {
  readonly fcp: number;
  readonly done: number;
}

/** Medians of what is measured in turn, so that a busy machine is as busy for one as for the other. */
async function inTurn(kinds: readonly [() => Promise<Visit>, () => Promise<Visit>]): Promise<[Visit, Visit]> {
  const [one, other]: [Visit[], Visit[]] = [[], []];
  for (let round = 0; round < VISITS; round++) {
    one.push(await kinds[0]());
    other.push(await kinds[1]());
  }
  return [medianOf(one), medianOf(other)];
}

function medianOf(visits: readonly Visit[]): Visit {
  return {
    fcp: Math.round(median(visits.map(({ fcp }) => fcp))),
    done: Math.round(median(visits.map(({ done }) => done))),
  };
}

type Act = (page: Page) => Promise<void>;

async function visit(browser: Browser, open: Act, burden?: Act): Promise<Visit> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await burden?.(page);
  const begun = performance.now();
  await open(page);
  const done = performance.now() - begun;
  const fcp = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  );
  await context.close();
  return { fcp, done };
}

/** Visits under a quarter of a processor and a slow link, of the page and of an empty one. */
async function slowVisits(browser: Browser, pages: PagesServer) {
  const quota = await startQuota(CHROMIUM, SHARE);
  const bound = quota === null ? browser : await launchChromium(quota.executable);
  const log = startLongLog(SHORT, { compressed: true });
  const burden = (page: Page) => slowDown(page, quota === null ? 1 / SHARE : 1);
  const openEmpty = async (page: Page) => {
    await page.goto(pages.emptyUrl, { waitUntil: "commit" });
    await seen(page, ["p"]);
  };
  try {
    const [filled, empty] = await inTurn([
      () => visit(bound, (page) => openFilled(page, addressOf(pages.url, log), log), burden),
      () => visit(bound, openEmpty, burden),
    ]);
    const by = quota === null ? ("devtools" as const) : ("cgroup" as const);
    return { filled: filled.done, empty: empty.done, by };
  } finally {
    if (quota !== null) await bound.close();
    await quota?.end();
    await log.stop();
  }
}

async function slowDown(page: Page, rate: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
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
  await openFilled(page, addressOf(pages.url, log), log);
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
  await openFilled(page, addressOf(pages.url, log), log);
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize;
  };
  // What the page loads once it is filled is no growth.
  await page.evaluate(() => customElements.whenDefined("fest-proof").then(() => undefined));
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
