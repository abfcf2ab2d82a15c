/** The fund's report of profit and loss, where more was said on the vitals topic since than the page reads of it. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { BODIES } from "../lib/festival/testing/bodies.ts";
import { TINYBARS_PER_HBAR } from "../lib/hedera/amount.ts";
import { hashOf } from "./src/deployment/deployment.ts";
import { formatUsd } from "./src/text/amount.ts";
import { hasChromium, PageBench } from "./testing/browser.ts";
import { Storyteller } from "./testing/storyteller.ts";

setDefaultTimeout(180_000);

const REPORT = BODIES.pnl_report;
/** More than the two pages of the vitals topic that are read back in time. */
const HEARTBEATS = 205;

describe.skipIf(!hasChromium)("an old report", () => {
  let story: Storyteller;
  let bench: PageBench;

  beforeAll(async () => {
    [story, bench] = await Promise.all([Storyteller.begin(), PageBench.start()]);
    const { topic, coordinator: owner, worker, token } = story.stage;
    const limits = {
      max_trade: TINYBARS_PER_HBAR,
      max_position: TINYBARS_PER_HBAR,
      min_balance: 0n,
      max_deviation_bps: 200,
      max_signal_age: 900,
    };
    await story.manifest("Long ago", {
      roles: {
        coordinator: { coordinator: owner.account },
        inference: { "inference-001": worker.account },
        defi: { "defi-001": worker.account },
      },
      market: { fund: worker.account, token, limits },
    });
    await story.plan();
    for (const task_id of ["1.1.2", "1.1.1"])
      await story.say(topic, owner, { v: 1, type: "task_withdrawn", task_id });
    await story.commit();
    await story.say(story.vitals, worker, REPORT);
    for (let beat = 0; beat < HEARTBEATS; beat++) await story.heartbeat();
  });
  afterAll(async () => {
    await bench?.stop();
    await story?.close();
  });

  test("is found by the edition's commit, and shown", async () => {
    const { mirror } = story.stage.devnet.network;
    const { page } = await bench.open(hashOf({ network: "custom", mirror, log: story.stage.topic }));
    const profit = page.locator('fest-trades [data-figure="Profit and loss"] dd');
    await profit.waitFor();
    expect(await profit.textContent()).toBe(`${formatUsd(REPORT.payload.net)} USD`);
    await page.locator('[data-tile="risk"]', { hasText: "below its best" }).waitFor();
    await page.close();
  });
});
