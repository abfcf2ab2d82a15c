/**
 * Every figure on the page, of every panel, tile, dialog and row: each is recomputed from raw REST answers by a
 * stranger who has no code of the page (`testing/numbers`), and one that nothing explains fails by name.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { forecastPlan, forecastTask, Hours } from "../scripts/testing/hours.ts";
import { openStage, type Stage } from "../scripts/testing/stage.ts";
import { hashOf } from "./src/deployment/deployment.ts";
import { hasChromium, PageBench } from "./testing/browser.ts";
import { differencesOf } from "./testing/numbers/check.ts";
import { CutMirror } from "./testing/numbers/cut-mirror.ts";
import {
  cheatPlaces,
  connectionPlaces,
  entryPlaces,
  type Lie,
  proofPlaces,
} from "./testing/numbers/dialogs.ts";
import { START } from "./testing/numbers/fixed.ts";
import { type Ledger, readLedger, type Said } from "./testing/numbers/ledger.ts";
import { type Moment, momentNow, momentOf } from "./testing/numbers/moment.ts";
import { noticePlaces } from "./testing/numbers/notice.ts";
import { pagePlaces } from "./testing/numbers/page.ts";
import { closeEntry, drawnRows, expectExplained, openTasks, scrollLog } from "./testing/numbers/reading.ts";
import { endOf, readAtRest } from "./testing/numbers/resting.ts";
import { openTaskPlaces } from "./testing/numbers/tasks.ts";
import { whyPlaces } from "./testing/numbers/why.ts";
import { nanosOf, VIEWER } from "./testing/numbers/wording.ts";

setDefaultTimeout(240_000);

const MILLI = 1_000_000n;
/** A viewer's clock that stands still so long after the last message. */
const clockAfter = (end: string, seconds: number) =>
  (nanosOf(end) / MILLI + BigInt(seconds) * 1_000n) * MILLI;
const dateOf = (clock: bigint) => new Date(Number(clock / MILLI));
const size = { width: 1440, height: 900 };
const LIES: readonly Lie[] = ["edit", "drop", "reorder", "forge"];

/** The last entry of each type. */
function oneOfEach(entries: readonly Said[]): readonly Said[] {
  return [...new Map(entries.map((entry) => [entry.body?.type, entry])).values()];
}

describe.skipIf(!hasChromium)("every figure of a festival of real agents is explained", () => {
  let stage: Stage;
  let bench: PageBench;
  let mirror: CutMirror;
  let ledger: Ledger;
  let moment: Moment;
  let page: Page;
  let hash: string;
  let complaints: string[];

  const explained = (besides: Parameters<typeof expectExplained>[3] = {}) =>
    expectExplained(page, moment, mirror.url, besides);
  const openAt = (clock: bigint, more = "") =>
    bench.open(`${hash}${more}`, size, { zone: VIEWER.zone, clock: dateOf(clock) });

  beforeAll(async () => {
    [stage, bench] = await Promise.all([openStage(), PageBench.start()]);
    ledger = await readAtRest(stage);
    // What the agents go on to say is after the end; without them the machine is the page's.
    await stage.agents.stop();
    const end = endOf(ledger);
    mirror = new CutMirror(stage.mirror, end);
    moment = momentNow(ledger, clockAfter(end, 2));
    const { relayWs } = stage.network;
    const stream = stage.mirror;
    hash = hashOf({
      network: "devnet",
      mirror: mirror.url,
      relay: relayWs ?? undefined,
      stream,
      log: stage.log,
    });
    ({ page, complaints } = await openAt(moment.clock));
  });
  afterAll(async () => {
    await bench?.stop();
    await mirror?.stop();
    await stage?.stop();
  });

  test("on the page at rest", () => explained());

  test("in every row of the log, down to its first entry", async () => {
    const seen = new Set<number>();
    do {
      await explained();
      for (const row of await drawnRows(page)) seen.add(row);
    } while (await scrollLog(page));
    expect(seen.size).toBe(ledger.entries.length);
  });

  test("in a log that is filtered", async () => {
    const filtered = await openAt(moment.clock, "&type=task_result&q=forecast");
    const listed = moment.story.entries
      .filter(({ body, text }) => body.type === "task_result" && text.toLowerCase().includes("forecast"))
      .toReversed();
    await expectExplained(filtered.page, moment, mirror.url, { listed });
    await filtered.page.close();
  });

  test("in every task that is opened, and in its causal chain", async () => {
    await openTasks(page, true);
    await explained({ open: [...openTaskPlaces(moment), ...whyPlaces(moment)] });
    await openTasks(page, false);
  });

  test("in the proof, and in what comes of each lie", async () => {
    await page.keyboard.press("v");
    await explained({ open: proofPlaces(moment) });
    for (const lie of LIES) {
      await page.locator(`[data-cheat=${lie}]`).click();
      await explained({ open: [...proofPlaces(moment), ...cheatPlaces(moment, lie)] });
    }
    await page.keyboard.press("Escape");
  });

  test("among the connections and the keys", async () => {
    await page.keyboard.press("c");
    const { relayWs } = stage.network;
    await explained({ open: connectionPlaces([mirror.url, mirror.url, stage.mirror, relayWs ?? ""]) });
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await explained();
    await page.keyboard.press("Escape");
  });

  test("in one entry of each type, looked at closely", async () => {
    for (const entry of oneOfEach(ledger.entries)) {
      await page.goto(`${bench.site.url}${hash}&entry=${entry.sequence}`);
      await explained({ open: entryPlaces(moment, entry) });
      await closeEntry(page);
    }
  });

  test("to a viewer who comes four minutes later, when nobody was heard any more", async () => {
    const late = momentNow(ledger, moment.clock + 240n * 1_000n * MILLI);
    const opened = await openAt(late.clock);
    await expectExplained(opened.page, late, mirror.url);
    await opened.page.close();
  });

  test("at moments of the past", async () => {
    const types = ["manifest", "festival_plan", "status_update", "task_result", "risk_check_requested"];
    for (const type of [...types, "trade_settled", "payment_settled"]) {
      const entry = ledger.entries.find(({ body }) => body.type === type);
      if (entry === undefined) throw new Error(`no entry is a ${type}`);
      await page.goto(`${bench.site.url}${hash}&t=${entry.timestamp}`);
      await expectExplained(page, momentOf(ledger, entry, moment.clock), mirror.url);
    }
    await page.goto(`${bench.site.url}${hash}`);
    await explained();
  });

  test("in every task that is opened while the first ones are under way", async () => {
    for (const type of ["task_planned", "task_assignment", "status_update", "task_result"]) {
      const entry = ledger.entries
        .filter(({ body }) => body.type === type)
        .at(type === "task_planned" ? 11 : 0);
      if (entry === undefined) throw new Error(`no entry is a ${type}`);
      const past = momentOf(ledger, entry, moment.clock);
      await page.goto(`${bench.site.url}${hash}&t=${entry.timestamp}`);
      await expectExplained(page, past, mirror.url);
      await openTasks(page, true);
      await expectExplained(page, past, mirror.url, { open: [...openTaskPlaces(past), ...whyPlaces(past)] });
      await openTasks(page, false);
    }
    await page.goto(`${bench.site.url}${hash}`);
    await explained();
  });

  test("on the page that asks for a festival", async () => {
    const start = await bench.open("#choose");
    await start.page.locator("fest-start form").first().waitFor();
    expect(await differencesOf(start.page, START)).toEqual([]);
    await start.page.close();
  });

  test("in what comes while the log is read further down, and when the mirror node stops answering", async () => {
    const commit = ledger.entries.find(({ body }) => body.type === "festival_commit");
    if (commit === undefined) throw new Error("there is no commit");
    const growing = new CutMirror(stage.mirror, commit.timestamp);
    const address = hashOf({ network: "devnet", mirror: growing.url, log: stage.log });
    const viewer = { zone: VIEWER.zone, clock: dateOf(moment.clock) };
    const opened = await bench.open(address, size, viewer);
    const before = { ...momentOf(ledger, commit, moment.clock), now: moment.clock, past: null };
    const begun = { ...before, ledger: { ...ledger, entries: before.story.entries } };
    await expectExplained(opened.page, begun, growing.url);

    await scrollLog(opened.page);
    growing.until = endOf(ledger);
    const listed = before.story.entries.toReversed();
    await expectExplained(opened.page, moment, growing.url, { held: listed });

    growing.isDown = true;
    const isOfLog = (path: string) => path.includes(`/topics/${stage.log}/`);
    while (!growing.refused.some(isOfLog)) await Bun.sleep(50);
    const refused = `${growing.url}${growing.refused.find(isOfLog)}`;
    await expectExplained(opened.page, moment, growing.url, {
      held: listed,
      open: noticePlaces(moment, refused),
    });
    await opened.page.close();
    await growing.stop();
  });

  test("and one that is wrong, or that nothing explains, is named", async () => {
    const listed = moment.story.entries.toReversed();
    const listing = { listed, held: listed, drawn: await drawnRows(page) };
    const differences = () => differencesOf(page, pagePlaces(moment, mirror.url, listing));
    expect(await differences()).toEqual([]);
    await page.locator("fest-tiles").evaluate((tiles) => {
      const facts = tiles.shadowRoot?.querySelector('[data-tile="work"] .facts');
      for (const text of facts?.childNodes ?? [])
        if (text instanceof Text) text.data = text.data.replace("0 at work", "1 at work");
      const stranger = document.createElement("p");
      stranger.textContent = "about 7 apples";
      tiles.shadowRoot?.append(stranger);
      tiles.shadowRoot?.querySelector("ul")?.setAttribute("aria-label", "5 tiles");
    });
    const named = (await differences()).join("\n");
    expect(named).toContain('fest-tiles [data-tile="work"] .facts: it says "1 at work');
    expect(named).toContain('says "about 7 apples"');
    expect(named).toContain('its aria-label, says "5 tiles"');
  });

  test("without a complaint in the console", () => {
    expect(complaints).toEqual([]);
  });
});

const uses = { rates: "1.1.1" };

/** Every hour: what is forecast for the next one, a forecast that would have to be tested on more than there is, and what waits for that. */
const PLAN = forecastPlan(1, [
  forecastTask("1.1.1", "gather", { input: { hours: 72 } }),
  forecastTask("1.1.2", "forecast", { input: { horizon_hours: 1 }, uses, gate: { held_back: { min: 1 } } }),
  forecastTask("1.1.3", "forecast", {
    input: { horizon_hours: 2 },
    uses,
    gate: { held_back: { min: 9_999 } },
  }),
  forecastTask("1.1.4", "volatility", { uses: { rates: "1.1.3" } }),
]);

describe.skipIf(!hasChromium)("every figure of hours of failures and scores is explained", () => {
  let hours: Hours;
  let bench: PageBench;
  let ledger: Ledger;
  let moment: Moment;
  let page: Page;
  let hash: string;

  const mirrorUrl = () => hours.devnet.network.mirror;

  beforeAll(async () => {
    [hours, bench] = await Promise.all([Hours.begin(PLAN), PageBench.start()]);
    await hours.passUntil(({ scores }) => [...scores.values()].some(({ count }) => count >= 2));
    await hours.rest();
    await hours.say(hours.log, { v: 1, type: "tick" });
    await hours.say(hours.log, "1 word, and no entry");
    await hours.say(hours.log, '{"v":1,"type":"from_2030"}');
    await hours.say(hours.vitals, beat("idle"));
    await hours.say(hours.vitals, trouble);
    await hours.say(hours.vitals, beat("error"));
    ledger = await readLedger(mirrorUrl(), hours.log);
    moment = momentNow(ledger, clockAfter(endOf(ledger), 7));
    hash = hashOf({ network: "devnet", mirror: mirrorUrl(), log: hours.log });
    const viewer = { zone: VIEWER.zone, clock: dateOf(moment.clock) };
    ({ page } = await bench.open(hash, size, viewer));
  });
  afterAll(async () => {
    await bench?.stop();
    await hours?.stop();
  });

  const beat = (status: "idle" | "error") =>
    ({
      v: 1,
      type: "heartbeat",
      payload: {
        agent_id: "inference-001",
        status,
        uptime_seconds: 90_061,
        completed_tasks: 12,
        failed_tasks: 3,
        rss_mb: 88,
        balance: 123_456_789_012n,
        sequence: 1,
        version: "1.2.3",
      },
    }) as const;
  const trouble = {
    v: 1,
    type: "agent_error",
    payload: { agent_id: "inference-001", code: "BALANCE_LOW", message: "9 ℏ are left of 10" },
  } as const;

  test("on the page at rest", () => expectExplained(page, moment, mirrorUrl()));

  test("in every task that is opened, whether it was paid or failed", async () => {
    await openTasks(page, true);
    await expectExplained(page, moment, mirrorUrl(), {
      open: [...openTaskPlaces(moment), ...whyPlaces(moment)],
    });
    await openTasks(page, false);
  });

  test("in entries that failed, scored, or do not count", async () => {
    for (const entry of oneOfEach(ledger.entries)) {
      await page.goto(`${bench.site.url}${hash}&entry=${entry.sequence}`);
      await expectExplained(page, moment, mirrorUrl(), { open: entryPlaces(moment, entry) });
      await closeEntry(page);
    }
  });

  test("at the moments at which work was rejected, tried again, given up and scored", async () => {
    for (const type of ["quality_gate", "task_failed", "forecast_scored"]) {
      for (const entry of ledger.entries.filter(({ body }) => body?.type === type).slice(0, 2)) {
        await page.goto(`${bench.site.url}${hash}&t=${entry.timestamp}`);
        await expectExplained(page, momentOf(ledger, entry, moment.clock), mirrorUrl());
      }
    }
  });
});
