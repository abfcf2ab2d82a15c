/** Takes the pictures of the page in docs/: of a festival of real agents on a devnet of its own. */
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { hashOf } from "../site/src/deployment/deployment.ts";
import { PageBench } from "../site/testing/browser.ts";
import { commandLine } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";
import { openStage, type Stage } from "./testing/stage.ts";

const command = commandLine("screenshots", "bun run screenshots docs")
  .description(
    "Take the pictures of the page in docs/ anew: of real agents' festival on a devnet of its own.",
  )
  .argument("[folder]", "where they go; default docs")
  .parse();
const DOCS = resolve(command.args[0] ?? join(import.meta.dir, "../docs"));
const DESKTOP = { width: 1440, height: 1020 };
const PHONE = { width: 390, height: 844 };
/** Editions that are behind the picture. */
const EDITIONS = 2;
/** Of consensus: so that a picture finds an edition at work. */
const LATENCY = "150ms";

try {
  const [stage, bench] = await Promise.all([openStage({ latency: LATENCY }), PageBench.start()]);
  try {
    await shoot(stage, bench);
  } finally {
    await bench.stop();
    await stage.stop();
  }
  process.exit(0);
} catch (error) {
  fail("screenshots", undefined, error);
}

async function shoot(stage: Stage, bench: PageBench): Promise<void> {
  const { mirror, relayWs } = stage.network;
  const hash = hashOf({ network: "devnet", mirror, relay: relayWs ?? undefined, log: stage.log });
  await stage.until((entry) => entry.type === "festival_commit" && entry.payload.edition === EDITIONS);
  await stage.until(
    (entry, _, all) =>
      entry.type === "task_result" &&
      all.filter(({ type }) => type === "task_result").length > EDITIONS * 12 + 5,
  );
  const { page } = await bench.open(hash, DESKTOP);
  await filled(page);
  // In the middle of an edition: some of it is paid, and some is not.
  await page.locator('fest-task [data-task-state="pending"]').nth(8).waitFor({ timeout: 120_000 });
  await page.locator('fest-task [data-task-state="paid"]').nth(3).waitFor({ timeout: 120_000 });
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await take(page, colorScheme === "dark" ? "page-dark" : "page");
  }
  await page.keyboard.press("v");
  await page.locator("[data-cheat=edit]").click();
  await page.locator("[data-caught]").waitFor();
  await take(page, "page-proof");
  await page.keyboard.press("Escape");

  const { page: phone } = await bench.open(hash, PHONE);
  await filled(phone);
  await take(phone, "page-phone");
  await phone.emulateMedia({ colorScheme: "dark" });
  await take(phone, "page-phone-dark");

  await stage.agents.dismiss("inference-001", "SIGKILL");
  await page.locator('[data-tile="liveness"][data-tone="bad"]').waitFor({ timeout: 120_000 });
  await take(page, "page-alarm");
}

async function filled(page: Page): Promise<void> {
  for (const panel of ["festival", "log", "agents", "trading", "inference"])
    await page.locator(`[data-panel="${panel}"][data-state="live"]`).waitFor();
  await page.locator('[data-tile="integrity"][data-tone="ok"]').waitFor();
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(DOCS, `${name}.png`) });
  console.log(join(DOCS, `${name}.png`));
}
