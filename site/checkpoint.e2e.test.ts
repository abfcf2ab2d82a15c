/** A page that begins a long log at its newest checkpoint, and reads and proves what lies before it meanwhile. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type LongLog, startLongLog } from "../scripts/bench/site/long-log.ts";
import { hashOf } from "./src/deployment/deployment.ts";
import { hasChromium, PageBench } from "./testing/browser.ts";
import { type Lie, LyingMirror, lieAboutMessages } from "./testing/lying-mirror.ts";

setDefaultTimeout(120_000);

const LENGTH = 2_300;

describe.skipIf(!hasChromium)("a page before a long log", () => {
  let log: LongLog;
  let mirror: LyingMirror;
  let bench: PageBench;

  beforeAll(async () => {
    log = startLongLog(LENGTH);
    mirror = new LyingMirror(log.url);
    bench = await PageBench.start();
  });
  afterAll(async () => {
    await bench?.stop();
    await mirror?.stop();
    await log?.stop();
  });

  async function visit(lie: Lie | null, more = "") {
    mirror.lie = lie;
    const hash = hashOf({ network: "custom", mirror: mirror.url, log: log.topic });
    return (await bench.open(hash + more)).page;
  }

  test("shows its end before it has read its beginning", async () => {
    const asked: string[] = [];
    const page = await visit(async (path, answer) => {
      // Whatever lies before the checkpoint is withheld until the page has shown the log's end.
      if (/messages\?limit=\d+&order=asc$/.test(path)) asked.push(path);
      return asked.length > 0 && /order=asc$/.test(path) ? new Response("later", { status: 503 }) : answer();
    });
    await page.locator(`[data-panel="log"][data-state="live"][data-seq="${LENGTH}"]`).waitFor();
    await page.locator("fest-time", { hasText: "earlier entries still to be read" }).waitFor();
    await page.locator('[data-tile="integrity"][data-tone="work"]').waitFor();
    mirror.lie = null;
    const facts = page.locator('[data-tile="integrity"] .facts', {
      hasText: `chain verified up to #${LENGTH} of ${LENGTH}`,
    });
    await facts.waitFor();
    await page.close();
  });

  test("finds what was tampered with long before the checkpoint, and names it", async () => {
    const page = await visit(
      lieAboutMessages((messages) =>
        messages.map((one) =>
          one.sequence_number === 150 ? { ...one, message: btoa('{"v":1,"type":"none"}') } : one,
        ),
      ),
    );
    const alarm = page.locator('[data-tile="integrity"][data-tone="bad"]');
    await alarm.waitFor();
    expect(await alarm.textContent()).toContain("#150: its running hash is not what its content gives");
    await page.close();
  });

  test("finds what was tampered with after it, without waiting for what lies before", async () => {
    const page = await visit(
      lieAboutMessages((messages) =>
        messages.map((one) =>
          one.sequence_number === 2_100 ? { ...one, message: btoa('{"v":1,"type":"none"}') } : one,
        ),
      ),
    );
    const alarm = page.locator('[data-tile="integrity"][data-tone="bad"]');
    await alarm.waitFor();
    expect(await alarm.textContent()).toContain("#2100: its running hash is not what its content gives");
    await page.close();
  });

  test("goes back in time to before the checkpoint, once that is read", async () => {
    const page = await visit(null);
    await page.locator('[data-tile="integrity"]', { hasText: `verified up to #${LENGTH} of` }).waitFor();
    const response = await fetch(`${log.url}/api/v1/topics/${log.topic}/messages/777`);
    const { consensus_timestamp } = await response.json();
    await page.evaluate((time) => {
      location.hash += `&t=${time}`;
    }, consensus_timestamp);
    await page.locator('[data-panel="log"][data-seq="777"]').waitFor();
    await page.close();
  });
});
