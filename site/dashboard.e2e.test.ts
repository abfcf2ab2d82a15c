/** The page before a festival of real agents: what it shows, and how it is used. Its figures are held against REST one by one in `numbers.e2e.test.ts`. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { entriesOf, oneOf, type RawEntry } from "../scripts/testing/rest.ts";
import { openStage, type Stage } from "../scripts/testing/stage.ts";
import { hashOf } from "./src/deployment/deployment.ts";
import { hasChromium, PageBench } from "./testing/browser.ts";
import { faultsOf } from "./testing/looks.ts";
import { amountText } from "./testing/numbers/wording.ts";

setDefaultTimeout(150_000);

const PANELS = ["festival", "log", "agents", "trading", "inference"];
const TILES = ["liveness", "work", "money", "risk", "integrity"];

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

  /** The texts of everything that a selector finds, spaces squeezed. */
  const texts = async (selector: string) =>
    (await page.locator(selector).allTextContents()).map((one) => one.replaceAll(/\s+/g, " ").trim());

  /** Where an edition begins. */
  function firstOf(edition: number): number {
    const plan = entries.find((entry) => entry.type === "festival_plan" && entry.payload.edition === edition);
    return plan?.sequence ?? 0;
  }

  test("shows each task with the reward and the state that the ledger has", async () => {
    const token = await oneOf(stage.mirror, `tokens/${stage.festival.token}`);
    const planned = entries.filter(
      (entry) => entry.type === "task_planned" && entry.sequence > firstOf(commit().payload.edition),
    );
    const rows = await texts("fest-task summary");
    expect(rows).toHaveLength(planned.length);
    for (const { task_id, payload } of planned) {
      const reward = `${amountText(payload.reward, Number(token.decimals))} ${token.symbol}`;
      expect(rows.find((row) => row.startsWith(`${task_id} `))).toMatch(
        new RegExp(`${payload.name}.* ${reward.replaceAll(".", "\\.")} paid$`),
      );
    }
    expect(await page.locator("fest-graph [data-node-state=paid]").count()).toBe(planned.length);
    const edges = planned.flatMap(({ payload }) => [
      ...new Set([...Object.values(payload.uses ?? {}), ...(payload.depends_on ?? [])]),
    ]);
    expect(await page.locator("fest-graph [data-edge]").count()).toBe(edges.length);
  });

  test("tells a task's causal chain: each duty with its entry, transaction and evidence", async () => {
    await page.goto(`${bench.site.url}${hash()}&t=${commit().timestamp}&task=1.1.2`);
    await page.locator('[data-why="1.1.2"] [data-step]').first().waitFor();
    const about = entries.filter(
      (entry) => entry.task_id === "1.1.2" && entry.sequence > firstOf(commit().payload.edition),
    );
    const chain = (await texts("fest-why ol")).join(" ");
    for (const { sequence, type, transactionId } of about) {
      expect(chain).toContain(`#${sequence} ${type.replaceAll("_", " ")}`);
      expect(chain).toContain(transactionId.replace(/-(\d+)-(\d+)$/, "@$1.$2"));
    }
    const verdict = about.find((entry) => entry.type === "payment_settled");
    for (const { name } of verdict?.payload.criteria ?? [])
      await page.locator(`fest-why [data-criterion="${name}"]`).first().waitFor();
    await page.goto(`${bench.site.url}${hash()}&t=${commit().timestamp}`);
  });

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
    await keys.page.locator('[data-tile="integrity"][data-tone="ok"]').waitFor();
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

  test("is accessible and fits a phone with every panel filled, light and dark", async () => {
    await page.locator('[data-panel="inference"][data-state="live"]').waitFor();
    await page.locator('[data-task="1.1.1"] summary').click();
    await page.locator('[data-why="1.1.1"] [data-step]').first().waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });

  test("has nothing to complain of in its console", () => {
    expect(complaints).toEqual([]);
  });
});
