import type { Page } from "playwright-core";
import { FestError } from "../../../lib/hedera/error.ts";
import { hashOf } from "../../../site/src/deployment/deployment.ts";
import type { LongLog } from "./long-log.ts";

const PANELS = ["festival", "log", "agents", "trading", "inference"];
const TILES = ["liveness", "work", "money", "risk", "integrity"];
/** Between two looks at the page, in milliseconds. */
const LOOK_MS = 30;

/** The page's address for a log; it names the vitals, as the demo's does. */
export function addressOf(page: string, { url, topic, vitals }: LongLog): string {
  return page + hashOf({ network: "custom", mirror: url, log: topic, vitals });
}

/** Opens the page, and waits until all panels and tiles are live and folded to the log's end. */
export async function openFilled(page: Page, address: string, log: LongLog): Promise<void> {
  await page.goto(address, { waitUntil: "commit" });
  const filled = `[data-state="live"][data-seq="${log.length}"]`;
  const panels = PANELS.map((name) => `[data-panel="${name}"]${filled}`);
  await seen(page, [...panels, ...TILES.map((name) => `[data-tile="${name}"]${filled}`)]);
}

/**
 * Waits until all of these are on the page, on its own or on `<fest-app>` and its tiles. Asked by devtools' protocol
 * itself: Playwright's locators bring a script into the page that under a quarter of a processor takes a second.
 *
 * @throws FestError `BENCH_FAILED`
 */
export async function seen(page: Page, selectors: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const expression = `new Promise((resolve) => {
    const look = () => {
      const app = document.querySelector("fest-app")?.shadowRoot;
      const roots = [document, app, app?.querySelector("fest-tiles")?.shadowRoot];
      const there = (one) => roots.some((root) => root?.querySelector(one));
      if (${JSON.stringify(selectors)}.every(there)) resolve();
      else setTimeout(look, ${LOOK_MS});
    };
    look();
  })`;
  const { exceptionDetails } = await session.send("Runtime.evaluate", { expression, awaitPromise: true });
  if (exceptionDetails !== undefined) {
    throw new FestError("BENCH_FAILED", `the page cannot be watched: ${exceptionDetails.text}`);
  }
}
