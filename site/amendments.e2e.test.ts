import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { entriesOf, type RawEntry } from "../scripts/testing/rest.ts";
import { hashOf } from "./src/deployment/deployment.ts";
import { hasChromium, PageBench } from "./testing/browser.ts";
import { Storyteller } from "./testing/storyteller.ts";

// A browser on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(180_000);

describe.skipIf(!hasChromium)("a plan that the owner changes", () => {
  let story: Storyteller;
  let bench: PageBench;
  let page: Page;
  beforeAll(async () => {
    [story, bench] = await Promise.all([Storyteller.begin(), PageBench.start()]);
    await story.manifest("Changing");
    await story.plan();
    const { mirror, relayWs } = story.stage.devnet.network;
    const log = story.stage.topic;
    ({ page } = await bench.open(hashOf({ network: "devnet", mirror, relay: relayWs ?? undefined, log })));
    await page.locator('fest-task [data-task="1.1.2"]').waitFor();
  });
  afterAll(async () => {
    await bench?.stop();
    await story?.close();
  });

  test("shows the task more under its new sequence, the one withdrawn as failed, and both in its history", async () => {
    const { topic, coordinator: owner } = story.stage;
    const payload = {
      name: "One more",
      kind: "gather",
      role: "inference",
      reward: 1n,
      steps: [{ id: "1.2", name: "Afterthoughts" }],
    };
    await story.say(topic, owner, { v: 1, type: "task_planned", task_id: "1.2.1", payload });
    await page.locator('fest-task [data-task="1.2.1"][data-task-state="pending"]').waitFor();
    await story.say(topic, owner, { v: 1, type: "task_withdrawn", task_id: "1.1.2" });
    await page.locator('fest-task [data-task="1.1.2"][data-task-state="failed"]').waitFor();
    const festival = page.locator("fest-festival");
    expect(await festival.locator("h4", { hasText: "1.2 Afterthoughts" }).count()).toBe(1);
    const changes = await festival.locator("ul li").allTextContents();
    const { mirror } = story.stage.devnet.network;
    const numberOf = (entries: readonly RawEntry[], type: string) =>
      entries.findLast((entry) => entry.type === type)?.sequence;
    const entries = await entriesOf(mirror, topic);
    expect(changes).toEqual([
      `#${numberOf(entries, "task_planned")}: the owner added 1.2.1`,
      `#${numberOf(entries, "task_withdrawn")}: the owner withdrew 1.1.2`,
    ]);
  });
});
