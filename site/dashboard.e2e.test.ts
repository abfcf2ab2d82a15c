/** The page before a festival of real agents: each figure is recomputed from REST, as a stranger would. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { entriesOf, oneOf, type RawEntry } from "../scripts/testing/rest.ts";
import { openStage, type Stage } from "../scripts/testing/stage.ts";
import { hashOf } from "./src/deployment/deployment.ts";
import { hasChromium, PageBench } from "./testing/browser.ts";

setDefaultTimeout(150_000);

const PANELS = ["festival", "log", "agents", "trading", "inference"];
const TILES = ["liveness", "work", "money", "risk", "integrity"];
const AXE = join(import.meta.dir, "../node_modules/axe-core/axe.min.js");

describe.skipIf(!hasChromium)("the dashboard", () => {
  let stage: Stage;
  let bench: PageBench;
  let page: Page;
  let complaints: string[];
  let entries: readonly RawEntry[];

  const hash = () => {
    const { mirror, relayWs } = stage.network;
    return hashOf({ network: "devnet", mirror, relay: relayWs ?? undefined, log: stage.log });
  };
  const text = async (selector: string) =>
    ((await page.locator(selector).first().textContent()) ?? "").replaceAll(/\s+/g, " ").trim();
  const count = (type: string) => entries.filter((entry) => entry.type === type).length;
  const commit = () => {
    const found = entries.find((entry) => entry.type === "festival_commit");
    if (found === undefined) throw new Error("there is no commit");
    return found;
  };

  beforeAll(async () => {
    [stage, bench] = await Promise.all([openStage(), PageBench.start()]);
    ({ page, complaints } = await bench.open(hash()));
    await stage.until((entry) => entry.type === "festival_commit");
    entries = await entriesOf(stage.mirror, stage.log);
  });
  afterAll(async () => {
    await bench?.stop();
    await stage?.stop();
  });

  test("fills every panel and tile from the ledger, without a reload", async () => {
    for (const name of PANELS) await page.locator(`[data-panel="${name}"][data-state="live"]`).waitFor();
    for (const name of TILES) await page.locator(`[data-tile="${name}"][data-state="live"]`).waitFor();
    const at = Number(await page.locator('[data-panel="log"]').getAttribute("data-seq"));
    expect(at).toBeGreaterThanOrEqual(commit().sequence);
  });

  test("shows the moment of a commit with the figures that the ledger has", async () => {
    await page.goto(`${bench.site.url}${hash()}&t=${commit().timestamp}`);
    await page.locator(`[data-panel="log"][data-seq="${commit().sequence}"]`).waitFor();
    await page.locator('[data-tile="integrity"][data-tone="ok"]').waitFor();
    entries = entries.filter(({ sequence }) => sequence <= commit().sequence);
    const { payload } = commit();
    expect(await text('[data-tile="work"] .said')).toBe(`edition ${payload.edition} done`);
    expect(await page.locator("fest-task [data-task-state=paid]").count()).toBe(payload.tasks.paid);
    const token = await oneOf(stage.mirror, `tokens/${stage.festival.token}`);
    const paid = Number(payload.amount) / 10 ** Number(token.decimals);
    expect(await text('[data-tile="money"] .facts')).toContain(
      `${paid.toLocaleString("en")} ${token.symbol}`,
    );
    expect(await text('[data-tile="integrity"] .facts')).toContain(
      `chain verified up to #${commit().sequence} of ${commit().sequence} · ${count("payment_settled")} of ${count("payment_settled")} payments found`,
    );
    expect(await text("fest-inference .aside")).toBe(`${inferenceJobs()} jobs`);
    expect(await page.locator("fest-inference [data-forecast]").count()).toBe(
      entries.filter((entry) => entry.payload?.output?.q50_micro_usd !== undefined).length,
    );
    expect(await page.locator('fest-trades [data-stage="settled"]').count()).toBe(count("trade_settled"));
  });

  function inferenceJobs(): number {
    const manifest = entries.find((entry) => entry.type === "manifest");
    const accounts: unknown[] = Object.values(manifest?.payload.roles.inference ?? {});
    return entries.filter((entry) => entry.type === "task_result" && accounts.includes(entry.payer)).length;
  }

  test("shows what each payment's transfer moved", async () => {
    const settled = entries.filter((entry) => entry.type === "payment_settled").toReversed();
    const rows = page.locator("fest-payments [data-payment]");
    expect(await rows.count()).toBe(settled.length);
    const id = settled[0]?.payload.transfer.replace("@", "-").replace(/\.(\d+)$/, "-$1");
    const { transactions } = await oneOf(stage.mirror, `transactions/${id}`);
    const moved = transactions[0].token_transfers.find((leg: { amount: number }) => leg.amount > 0);
    expect(moved.amount).toBe(Number(settled[0]?.payload.amount));
    expect(await rows.first().textContent()).toContain(String(moved.amount));
  });

  test("goes back to an earlier moment, and to now", async () => {
    const planned = entries.findLast((entry) => entry.type === "task_planned");
    await page.goto(`${bench.site.url}${hash()}&t=${planned?.timestamp}`);
    await page.locator(`[data-panel="log"][data-seq="${planned?.sequence}"]`).waitFor();
    expect(await text('[data-tile="work"] .said')).toBe("0 of 12 paid");
    await page.locator("fest-time button", { hasText: "Live" }).click();
    await page.locator('fest-time [data-moment="live"]').waitFor();
    expect(new URL(page.url()).hash).not.toContain("t=");
  });

  test("leads by a link to an entry and to a filter of the log", async () => {
    const link = await bench.open(`${hash()}&type=task_planned&entry=2`);
    await link.page.locator("fest-entry dialog[open]").waitFor();
    expect(await link.page.locator("fest-entry h2").textContent()).toContain("#2 ");
    await link.page.keyboard.press("Escape");
    await link.page.locator("fest-log .aside", { hasText: " of " }).waitFor();
    await link.page.close();
  });

  test("can be used by keyboard alone: the proof opens, a lie is caught, Escape closes it", async () => {
    const keys = await bench.open(hash());
    await keys.page.locator('[data-tile="integrity"] button').focus();
    await keys.page.keyboard.press("Enter");
    await keys.page.locator("[data-cheat=edit]").focus();
    await keys.page.keyboard.press("Enter");
    await keys.page.locator("[data-caught]").waitFor();
    await keys.page.keyboard.press("Escape");
    await keys.page.locator("fest-proof dialog[open]").waitFor({ state: "detached" });
    await keys.page.close();
  });

  test("lists its keys, and takes them", async () => {
    const keys = await bench.open(hash());
    await keys.page.locator('[data-panel="log"][data-state="live"]').waitFor();
    await keys.page.keyboard.press("?");
    await keys.page.locator("fest-keys dialog[open]").waitFor();
    await keys.page.keyboard.press("Escape");
    await keys.page.keyboard.press("v");
    await keys.page.locator("[data-proof]").waitFor();
    await keys.page.close();
  });

  test.each(["light", "dark"] as const)(
    "has no violation of WCAG 2.2 AA that axe finds, %s",
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.locator('[data-panel="inference"][data-state="live"]').waitFor();
      const violations = await violationsOf(page);
      expect(violations).toEqual([]);
    },
  );

  test("fits a phone", async () => {
    const phone = await bench.open(hash(), { width: 360, height: 740 });
    for (const name of PANELS)
      await phone.page.locator(`[data-panel="${name}"][data-state="live"]`).waitFor();
    const [content, width] = await phone.page.evaluate(() => [
      document.documentElement.scrollWidth,
      innerWidth,
    ]);
    expect(content).toBeLessThanOrEqual(width ?? 0);
    expect(await violationsOf(phone.page)).toEqual([]);
    await phone.page.close();
  });

  test("has nothing to complain of in its console", () => {
    expect(complaints).toEqual([]);
  });
});

/** What axe finds wrong, in words. The page's policy admits no foreign script, so it is evaluated from outside. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(await Bun.file(AXE).text());
  const found: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target.join(" ")).slice(0, 3).join(", ")))`,
  );
  return Array.isArray(found) ? found.map(String) : ["axe did not run"];
}
