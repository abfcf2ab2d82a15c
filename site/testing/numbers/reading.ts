/** Reads a page as a stranger who holds every figure of it against the ledger. */
import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { differencesOf } from "./check.ts";
import type { Said } from "./ledger.ts";
import { isGapless } from "./log.ts";
import type { Moment } from "./moment.ts";
import { pagePlaces } from "./page.ts";
import type { Place } from "./place.ts";

/** The page must come to rest within this time, however busy the machine is. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 200;

/** What is looked at besides what the page shows at rest. */
export interface Besides {
  /** What of the log is listed, newest first; absent: all of it. */
  readonly listed?: readonly Said[];
  /** What of that was there when the viewer scrolled down; absent: all of it. */
  readonly held?: readonly Said[];
  /** What is open. */
  readonly open?: readonly Place[];
}

/** Waits until every figure of the page is explained, and fails with all that are not. */
export async function expectExplained(
  page: Page,
  moment: Moment,
  mirror: string,
  { listed = moment.story.entries.toReversed(), held = listed, open = [] }: Besides = {},
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const drawn = await drawnRows(page);
    const listing = { listed, held, drawn };
    const differences = await differencesOf(page, [...pagePlaces(moment, mirror, listing), ...open]);
    if (!isGapless(listing)) differences.push(`the log draws ${drawn.join(", ")}`);
    if (differences.length === 0) return;
    if (Date.now() > deadline) expect(differences).toEqual([]);
    await Bun.sleep(LOOK_MS);
  }
}

/** The numbers of the log's entries that are drawn, in the order in which they stand. */
export function drawnRows(page: Page): Promise<number[]> {
  return page
    .locator("fest-log [data-entry]")
    .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-entry"))));
}

/** Closes the entry that is looked at, and waits until the page knows: it is told a moment later. */
export async function closeEntry(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.locator("fest-entry h2").waitFor({ state: "detached" });
}

/** Opens every task, or closes all of them. */
export async function openTasks(page: Page, open: boolean): Promise<void> {
  await page.locator("fest-task details").evaluateAll((all, wanted) => {
    for (const details of all) if (details instanceof HTMLDetailsElement) details.open = wanted;
  }, open);
}

/** Scrolls the log by the height of what can be seen; false at its end. */
export async function scrollLog(page: Page): Promise<boolean> {
  return page.locator("fest-log .scroller").evaluate((list) => {
    const before = list.scrollTop;
    list.scrollTop += list.clientHeight;
    return list.scrollTop > before;
  });
}
