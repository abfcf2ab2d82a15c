/** A log whose every free text is an attack: the page shows it as text, in every panel and dialog. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import type { Body } from "../lib/festival/entry/entry.ts";
import { BODIES } from "../lib/festival/testing/bodies.ts";
import { hashOf } from "./src/deployment/deployment.ts";
import { plain } from "./src/text/plain.ts";
import { hasChromium, PageBench } from "./testing/browser.ts";
import { about, Storyteller } from "./testing/storyteller.ts";

setDefaultTimeout(90_000);

/** HTML, a script, an override of the direction of text, a null and an escape: what a field can hold. */
const HTML = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>";
const HOSTILE = `${HTML}\u202egnp.exe\u0000\u001b[2J`;
const said = (place: string) => `${place} ${HOSTILE}`;
const shown = (place: string) => plain(said(place)).replaceAll(/\s+/g, " ");

describe.skipIf(!hasChromium)("a page before a hostile log", () => {
  let story: Storyteller;
  let bench: PageBench;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    [story, bench] = await Promise.all([Storyteller.begin(), PageBench.start()]);
    await story.manifest(said("festival"), { roles: rolesOf(story) });
    await attack(story);
    await attackVitals(story);
    const { mirror } = story.stage.devnet.network;
    ({ page, complaints } = await bench.open(hashOf({ network: "custom", mirror, log: story.stage.topic })));
    await page.locator('[data-panel="log"][data-state="live"]').waitFor();
  });
  afterAll(async () => {
    await bench?.stop();
    await story?.close();
  });

  /** All text on the page, in every shadow root, as it is written. */
  const text = async () =>
    (
      await page.evaluate(() => {
        const texts: string[] = [];
        const visit = (root: Node) => {
          if (root instanceof Text) texts.push(root.data);
          if (root instanceof Element && root.shadowRoot !== null) visit(root.shadowRoot);
          if (!(root instanceof HTMLStyleElement)) root.childNodes.forEach(visit);
        };
        visit(document.body);
        return texts.join(" ");
      })
    ).replaceAll(/\s+/g, " ");

  /** Elements that only an attack could have brought, in every shadow root. */
  const strangers = () =>
    page.evaluate(() => {
      const found: string[] = [];
      const visit = (root: Document | ShadowRoot) => {
        for (const element of root.querySelectorAll("*")) {
          if (["IMG", "IFRAME", "OBJECT", "EMBED"].includes(element.tagName)) found.push(element.outerHTML);
          if (element.tagName === "SCRIPT" && !element.hasAttribute("src")) found.push(element.outerHTML);
          if (element.getAttributeNames().some((name) => name.startsWith("on")))
            found.push(element.outerHTML);
          if (element.shadowRoot !== null) visit(element.shadowRoot);
        }
      };
      visit(document);
      return found;
    });

  test.each(["festival", "phase", "sequence", "task"])("shows the %s's name as text", async (place) => {
    expect(await text()).toContain(shown(place));
  });

  test("shows a result, its verdict and their evidence as text, in the task and its causal chain", async () => {
    await page.locator('[data-task="1.1.1"] summary').click();
    await page.locator("fest-why [data-step]").first().waitFor();
    const all = await text();
    for (const place of ["metric", "output", "criterion", "value", "limit"])
      expect(all).toContain(shown(place).slice(0, 60));
  });

  test("shows every entry as text, closely too", async () => {
    let all = "";
    const count = (await story.state()).head?.sequence ?? 0;
    for (let sequence = 1; sequence <= count; sequence++) {
      await page.evaluate((entry) => {
        location.hash = `${location.hash.replace(/&entry=\d+/, "")}&entry=${entry}`;
      }, sequence);
      await page.locator("fest-entry h2", { hasText: `#${sequence} ` }).waitFor();
      expect(await strangers()).toEqual([]);
      all += await text();
    }
    await page.keyboard.press("Escape");
    for (const place of ["type", "nobody's"]) expect(all).toContain(shown(place).slice(0, 40));
  });

  test("shows what agents say of themselves as text, and goes on where it is no vital sign", async () => {
    const agent = page.locator('[data-agent="inference-001"]');
    await agent.locator("p.bad").waitFor();
    const all = await text();
    for (const place of ["code", "message", "version"]) expect(all).toContain(shown(place));
    expect(await agent.getAttribute("data-pulse")).toBe("working");
    await page.locator('fest-trades [data-figure="Pays for itself"]').waitFor();
  });

  test("has nothing on it that was not built in, whatever the log holds", async () => {
    expect(await strangers()).toEqual([]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(await text()).not.toMatch(/[\u0000-\u0008\u001b\u202a-\u202e\u2066-\u2069]/);
    expect(await page.title()).toStartWith(shown("festival").slice(0, 20));
    expect(complaints).toEqual([]);
  });
});

describe.skipIf(!hasChromium)("a page whose own script is hostile", () => {
  let bench: PageBench;
  let page: Page;

  beforeAll(async () => {
    bench = await PageBench.start();
    ({ page } = await bench.open("#choose"));
    await page.locator("fest-start form").first().waitFor();
  });
  afterAll(() => bench?.stop());

  test.each([
    ["an element's innerHTML", () => Object.assign(document.body, { innerHTML: "<b></b>" })],
    [
      "a shadow root's innerHTML",
      () => Object.assign(document.querySelector("fest-app")?.shadowRoot ?? {}, { innerHTML: "<b></b>" }),
    ],
    ["insertAdjacentHTML", () => document.body.insertAdjacentHTML("beforeend", "<b></b>")],
    ["document.write", () => document.write("<b></b>")],
    ["a parser", () => new DOMParser().parseFromString("<b></b>", "text/html")],
    ["a frame's document", () => Object.assign(document.createElement("iframe"), { srcdoc: "<b></b>" })],
    ["a script's text", () => Object.assign(document.createElement("script"), { text: "1" })],
    [
      "a foreign script's address",
      () => Object.assign(document.createElement("script"), { src: "https://x.example/" }),
    ],
    ["a foreign worker's address", () => new Worker("https://x.example/")],
    ["a policy of its own", () => window.trustedTypes?.createPolicy("mine", {})],
  ])("lets no script write text as markup or code by %s", async (_, attempt) => {
    const end = await page.evaluate(attempt).then(
      () => "it was let",
      (error: unknown) => String(error),
    );
    expect(end).toContain("TypeError");
  });
});

/** The worker trades, too, so that it may report profit and loss. */
function rolesOf({ stage: { coordinator, worker } }: Storyteller) {
  return {
    coordinator: { coordinator: coordinator.account },
    inference: { "inference-001": worker.account },
    defi: { "defi-001": worker.account },
  };
}

/** Says something hostile in every field of a vital sign that takes text, and what is none at all. */
async function attackVitals(story: Storyteller): Promise<void> {
  const { worker } = story.stage;
  const who = { agent_id: "inference-001", version: said("version") };
  const { heartbeat, pnl_report: report } = BODIES;
  const most = Number.MAX_SAFE_INTEGER;
  const beat = { ...heartbeat.payload, ...who, uptime_seconds: most, failed_tasks: most, rss_mb: most };
  const signs: readonly (Body | string)[] = [
    { v: 1, type: "agent_started", payload: who },
    { v: 1, type: "agent_stopped", payload: { ...who, reason: said("reason") } },
    { v: 1, type: "agent_error", payload: { ...who, code: said("code"), message: said("message") } },
    { v: 1, type: "agent_lost", payload: { ...who, started: 1n } },
    { ...report, payload: { ...report.payload, version: HTML } },
    said("no JSON"),
    JSON.stringify({ v: 1, type: said("type").slice(0, 64), payload: HOSTILE }),
    JSON.stringify({ v: 1, type: "heartbeat", payload: { agent_id: HOSTILE, status: HOSTILE } }),
    JSON.stringify({
      v: 1,
      type: "agent_error",
      payload: { agent_id: "__proto__", code: "x", message: "y" },
    }),
    { ...heartbeat, payload: { ...beat, balance: 9_999_999_999_999_999_999n } },
  ];
  for (const sign of signs) await story.say(story.vitals, worker, sign);
}

/** Says something hostile in every field that takes free text. */
async function attack(story: Storyteller): Promise<void> {
  const { topic, worker, coordinator } = story.stage;
  const outline = {
    edition: 1,
    part: 1,
    parts: 1,
    name: said("plan"),
    tasks: 1,
    plan_sha256: "0".repeat(64),
    phases: [{ id: "1", name: said("phase") }],
    sequences: [{ id: "1.1", name: said("sequence") }],
  };
  await story.discharge("plan", ({ id: re }) => ({ v: 1, type: "festival_plan", re, payload: outline }));
  const task = {
    name: said("task"),
    kind: "rates",
    role: "inference",
    reward: 250n,
    gate: { [HTML]: { equals: said("limit").slice(0, 200) } },
  };
  await story.discharge("plan_task", ({ id: re }) => ({
    v: 1,
    type: "task_planned",
    re,
    task_id: "1.1.1",
    payload: task,
  }));
  await story.assign();
  const started = { new_status: "in_progress", message: said("status") } as const;
  await story.discharge("start", (owed) => ({ ...about(owed), type: "status_update", payload: started }));
  const result: Body<"task_result">["payload"] = {
    status: "completed",
    output: { [HTML]: said("output") },
    metrics: { [said("metric").slice(0, 60)]: said("value") },
  };
  await story.discharge("execute", (owed) => ({ ...about(owed), type: "task_result", payload: result }));
  const criteria = [{ name: said("criterion"), passed: false, value: said("value"), limit: said("limit") }];
  await story.discharge("settle", (owed) => ({
    ...about(owed),
    type: "quality_gate",
    payload: { attempt: 1, passed: false, criteria },
  }));
  await story.say(topic, worker, said("nobody's"));
  await story.say(topic, worker, JSON.stringify({ v: 1, type: said("type").slice(0, 64), payload: HOSTILE }));
  await story.say(topic, worker, JSON.stringify({ v: 1, type: "pause", payload: { reason: HOSTILE } }));
  await story.say(topic, coordinator, JSON.stringify({ v: 1, type: "resume", payload: { reason: HOSTILE } }));
}
