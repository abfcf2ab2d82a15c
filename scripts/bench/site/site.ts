import type { Browser, Page } from "playwright-core";
import { CHROMIUM, launchChromium } from "../../support/chromium.ts";
import { buildSite } from "../../support/site.ts";
import { median } from "../process.ts";
import { type LongLog, startLongLog } from "./long-log.ts";
import { type PagesServer, startPages } from "./pages-server.ts";
import { startQuota } from "./quota.ts";

const VISITS = 5;
const SHORT = 100;
const LONG = 100_000;
const BURST = 1_000;
/** Minutes over which memory is watched; fewer for a quick look. */
const MINUTES = Number(process.env.BENCH_SITE_MINUTES ?? 10);
const PANELS = ["festival", "log", "agents", "trading", "inference"];
const TILES = ["liveness", "work", "money", "risk", "integrity"];
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
    const near = await visits(browser, pages, short);
    say(`log of ${SHORT}: first paint ${near.fcp} ms, filled after ${near.filled} ms`);
    const far = await visits(browser, pages, long);
    say(`log of ${LONG}: filled after ${far.filled} ms`);
    const slow = await slowVisits(browser, pages, short);
    say(`a quarter of the CPU (${slow.by}), 1.6 Mbit/s, 150 ms: filled after ${slow.filled} ms`);
    const bytes = bytesOf(pages);
    const bursts: number[] = [];
    for (let burst = 0; burst < BURSTS; burst++) bursts.push(await longestTask(browser, pages, short));
    const longest = Math.round(median(bursts));
    say(`longest task while ${BURST} entries arrive: ${bursts.join(", ")} ms`);
    const growth = await heapGrowth(browser, pages, short);
    say(`heap after ${MINUTES} minutes at 10 entries a second: ${growth} MB more`);
    return {
      ...bytes,
      fcp_ms: near.fcp,
      panels_ms: near.filled,
      panels_100k_ms: far.filled,
      panels_ratio_100k: Math.round((far.filled / near.filled) * 100) / 100,
      panels_slow_ms: slow.filled,
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

/** The first view is the page, its style and its first script; what comes after is everything else that was built for it. */
function bytesOf({ weights }: PagesServer): Pick<SiteFigures, "bytes_first" | "bytes_all"> {
  const sum = (some: readonly (readonly [string, number])[]) =>
    some.reduce((total, [, size]) => total + size, 0);
  const files = [...weights].filter(([path]) => !/runbook|config\.json/.test(path));
  const first = files.filter(([path]) => /(index|\.css|icon)/.test(path));
  return { bytes_first: sum(first), bytes_all: sum(files) };
}

/** Visits under a quarter of a processor and a slow link. */
async function slowVisits(browser: Browser, pages: PagesServer, log: LongLog) {
  const quota = await startQuota(CHROMIUM, SHARE);
  if (quota === null) {
    const times = await visits(browser, pages, log, (page) => slowDown(page, 1 / SHARE));
    return { ...times, by: "devtools" as const };
  }
  const bound = await launchChromium(quota.executable);
  try {
    return { ...(await visits(bound, pages, log, (page) => slowDown(page, 1))), by: "cgroup" as const };
  } finally {
    await bound.close();
    await quota.end();
  }
}

type Burden = (page: Page) => Promise<void>;

async function visits(browser: Browser, pages: PagesServer, log: LongLog, burden?: Burden) {
  const times: { fcp: number; filled: number }[] = [];
  for (let visit = 0; visit < VISITS; visit++) times.push(await oneVisit(browser, pages, log, burden));
  return {
    fcp: Math.round(median(times.map(({ fcp }) => fcp))),
    filled: Math.round(median(times.map(({ filled }) => filled))),
  };
}

async function oneVisit(browser: Browser, pages: PagesServer, log: LongLog, burden?: Burden) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await burden?.(page);
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
  const filled = `[data-state="live"][data-seq="${log.length}"]`;
  await Promise.all([
    ...PANELS.map((name) => page.locator(`[data-panel="${name}"]${filled}`).waitFor()),
    ...TILES.map((name) => page.locator(`[data-tile="${name}"]${filled}`).waitFor()),
  ]);
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
