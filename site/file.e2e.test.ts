/** The page without a mirror node: a festival from a file, and evidence that leaves the page as one. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { archiveLog } from "../lib/agent/proof/archive.ts";
import { auditSelection } from "../lib/festival/bundle/audit.ts";
import { formatBundle, parseBundle } from "../lib/festival/bundle/bundle.ts";
import { auditInclusion, proveTask } from "../lib/festival/proof/inclusion.ts";
import { allItems } from "../lib/mirror/page.ts";
import { hashOf } from "./src/deployment/deployment.ts";
import { hasChromium, PageBench } from "./testing/browser.ts";
import { Storyteller } from "./testing/storyteller.ts";

setDefaultTimeout(120_000);

describe.skipIf(!hasChromium)("a festival in a file", () => {
  let story: Storyteller;
  let bench: PageBench;
  let bundle: string;
  let entries: number;

  beforeAll(async () => {
    [story, bench] = await Promise.all([Storyteller.begin(), PageBench.start()]);
    await story.manifest("Kept in a file");
    await story.plan();
    await story.assign();
    await story.work({ rows: 48 });
    await story.pay();
    await story.heartbeat();
    const archived = await archiveLog({
      log: story.stage.topic,
      network: "devnet",
      mirrorUrl: story.stage.devnet.network.mirror,
      evidence: false,
    });
    expect(archived.verification.problems).toEqual([]);
    bundle = formatBundle(archived.bundle);
    entries = archived.verification.entries;
  });
  afterAll(async () => {
    await bench?.stop();
    await story?.close();
  });

  /** Opens the page, and chooses a file on its start screen. */
  async function choose(text: string, name = "festival.jsonl") {
    const { page, complaints } = await bench.open("#choose");
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const buffer = Buffer.from(text);
    await page.locator("fest-start input[type=file]").setInputFiles({ name, mimeType: "text/plain", buffer });
    return { page, complaints, asked };
  }

  const integrity = (page: Page, tone: string) =>
    page.locator(`[data-tile="integrity"][data-tone="${tone}"]`);

  test("is shown whole and proven, and no mirror node is asked", async () => {
    const { page, complaints, asked } = await choose(bundle);
    await integrity(page, "ok").waitFor();
    await page.locator("h1", { hasText: "Kept in a file" }).waitFor();
    for (const panel of ["festival", "log", "agents", "payments"]) {
      await page.locator(`[data-panel="${panel}"][data-state="live"][data-seq="${entries}"]`).waitFor();
    }
    await page.locator("fest-header").getByText("from a file").waitFor();
    await page.locator('[data-finding="found"]').first().waitFor();
    const { origin } = new URL(bench.site.url);
    expect(asked.filter((url) => !url.startsWith(origin) && !url.startsWith("blob:"))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("is looked through like any other: an entry opens, and the moment stays the file's end", async () => {
    const { page } = await choose(bundle);
    await integrity(page, "ok").waitFor();
    expect(page.url()).toContain("#file=festival.jsonl");
    await page.keyboard.press("l");
    await integrity(page, "ok").waitFor();
    await page.reload();
    await page
      .locator('fest-start [role="alert"]', { hasText: "Choose the file festival.jsonl again" })
      .waitFor();
    await page.close();
  });

  test("with a changed entry is not believed", async () => {
    const lines = bundle.split("\n");
    const at = lines.findIndex(
      (line) => line.includes(`"sequence_number":4,`) && line.includes(story.stage.topic),
    );
    const line = JSON.parse(lines[at] ?? "");
    line.body.message = btoa(`${atob(line.body.message)} `);
    const { page } = await choose(lines.with(at, JSON.stringify(line)).join("\n"));
    await integrity(page, "bad").waitFor();
    expect(await integrity(page, "bad").textContent()).toContain("#4: its running hash");
    await page.close();
  });

  test.each([
    ["no JSON", "<script>alert(1)</script>", "line 1"],
    ["another JSON", '{"kind":"<img src=x onerror=alert(1)>"}', "line 1"],
    ["nothing", "", "line 1"],
  ])("that is %s is refused in words, and its text stays text", async (_, text, said) => {
    const { page, complaints } = await choose(text, "<img src=x onerror=alert(1)>.jsonl");
    await page.locator('fest-start [role="alert"]', { hasText: said }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("whose header names a script for a mirror node leads nowhere", async () => {
    const [header = "", ...rest] = bundle.split("\n");
    const hostile = JSON.stringify({ ...JSON.parse(header), mirror: "javascript:alert(1)" });
    const { page, complaints } = await choose([hostile, ...rest].join("\n"));
    await integrity(page, "ok").waitFor();
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("can be dropped on a page that shows a live log, which the way back leads to", async () => {
    const { page } = await bench.open(
      hashOf({ network: "custom", mirror: story.stage.devnet.network.mirror, log: story.stage.topic }),
    );
    await page.locator("h1", { hasText: "Kept in a file" }).waitFor();
    const dropped = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "dropped.jsonl"));
      return transfer;
    }, bundle);
    await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
    const said = page.locator("fest-header").getByText("from a file");
    await said.waitFor();
    await page.goBack();
    await said.waitFor({ state: "detached" });
    await page.locator("h1", { hasText: "Kept in a file" }).waitFor();
    await page.close();
  });

  test("that is a broken inclusion proof is refused in words", async () => {
    const proof = { kind: "fest-inclusion", version: 1 };
    const { page } = await choose(JSON.stringify(proof), "task.json");
    await page.locator('fest-start [role="alert"]', { hasText: "the proof: " }).waitFor();
    await page.close();
  });

  test("evidence of a payment, copied from the live page, holds without the network, and not if a bit of it is changed", async () => {
    const { page } = await bench.open(
      hashOf({ network: "custom", mirror: story.stage.devnet.network.mirror, log: story.stage.topic }),
    );
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator("[data-payment] button").first().click();
    await page.locator('fest-entry [data-copy="ready"]').click();
    await page.locator('fest-entry [data-copy="copied"]').waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    await page.close();

    const audit = await auditSelection(parseBundle(text));
    expect(audit).toMatchObject({ ok: true, problems: [], entries: 6, payments: { total: 1, matched: 1 } });
    const forged = await auditSelection(parseBundle(text.replaceAll('"amount":250', '"amount":251')));
    expect(forged).toMatchObject({ ok: false, problems: [{ name: "payment" }] });

    const { page: other } = await choose(text, "evidence.jsonl");
    await other.locator('fest-start [role="alert"]', { hasText: "1 of 1 payments" }).waitFor();
    await other.close();
  });

  test("that proves what came of a task says so, and does not hold once a bit of it is changed", async () => {
    const { topic, coordinator: owner } = story.stage;
    await story.say(topic, owner, { v: 1, type: "task_withdrawn", task_id: "1.1.2" });
    await story.commit();
    const log = await allItems(await story.mirror.topicMessages({ topic, limit: 100, order: "asc" }));
    const proof = proveTask(log, { network: "devnet", taskId: "1.1.1" });
    const root = auditInclusion(proof).root ?? "none";
    const said = (page: Page, text: string) => page.locator('fest-start [role="alert"]', { hasText: text });

    const { page, asked, complaints } = await choose(JSON.stringify(proof), "proof.json");
    await said(page, `task_result, payment_settled are under its root ${root}`).waitFor();
    expect(asked.filter((url) => !url.startsWith(bench.site.url))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();

    const [sibling = ""] = proof.leaves[0]?.path ?? [];
    const forged = JSON.stringify(proof).replace(sibling, "0".repeat(64));
    const { page: other } = await choose(forged, "forged.json");
    await said(other, "it does not hold").waitFor();
    await other.close();
  });
});
