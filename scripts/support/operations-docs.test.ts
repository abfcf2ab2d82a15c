/** Holds docs/operations.md and what hangs on it to what there is. */
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { Metrics } from "../../lib/agent/metrics.ts";
import { ALARMS, type AlarmName, alarmAnchor } from "../../lib/festival/alarm/alarm.ts";
import { systemClock } from "../../lib/mirror/clock.ts";
import packageJson from "../../package.json" with { type: "json" };
import { RUNBOOK } from "../watch/body.ts";

const ROOT = resolve(import.meta.dir, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const operations = read("docs/operations.md");

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = markdown.matchAll(/^#{1,6} (.+)$/gm);
  const slug = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
  return new Set([...headings].map(([, text = ""]) => slug(text)));
}

describe("docs/operations.md", () => {
  const anchors = anchorsOf(operations);
  const names = Object.keys(ALARMS).filter((name): name is AlarmName => name in ALARMS);

  test.each(names)("explains the alarm %s: how grave it is, and what to do", (name) => {
    expect(anchors).toContain(alarmAnchor(name));
    const [, section = ""] = operations.split(`### ${headingOf(name)}\n`);
    const [text = ""] = section.split("\n#");
    expect(text).toContain(`\`${name}\`, ${ALARMS[name].severity}`);
    expect(text.length).toBeGreaterThan(200);
  });

  test("has the same anchors on the page as on GitHub", () => {
    const html = Bun.markdown.html(operations, { headings: { ids: true }, tables: true });
    const ids = new Set([...html.matchAll(/<h[1-6] id="([^"]+)"/g)].map(([, id]) => id));
    for (const name of names) expect(ids).toContain(alarmAnchor(name));
  });

  test("leads nowhere that is not there", () => {
    const within = [...operations.matchAll(/\]\(#([^)]+)\)/g)].flatMap(([, anchor]) => anchor ?? []);
    expect(within.filter((anchor) => !anchors.has(anchor))).toEqual([]);
    const files = [...operations.matchAll(/\]\((?!#|https?:)([^)#]+)/g)].flatMap(([, path]) => path ?? []);
    for (const path of files) expect(() => read(join("docs", path))).not.toThrow();
  });

  test("names no command that there is none of", () => {
    const commands = [...operations.matchAll(/\bbun run ([a-z][a-z0-9:]*)/g)].flatMap(
      ([, name]) => name ?? [],
    );
    expect(commands.length).toBeGreaterThan(20);
    const known = new Set(Object.keys(packageJson.scripts));
    expect([...new Set(commands)].filter((name) => !known.has(name))).toEqual([]);
  });

  test("names no unit that there is none of", () => {
    const units = new Set(readdirSync(join(ROOT, "systemd")).map((name) => name.replace(/\.service$/, "")));
    const named = [...operations.matchAll(/`(fest-[a-z]+(?:\.timer)?)`/g)].flatMap(([, name]) => name ?? []);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !units.has(name))).toEqual([]);
  });

  test("names every metric, and the alerts and the dashboard none that there is not", async () => {
    const known = await metricNames();
    const own = [...known].filter((name) => name.startsWith("fest_"));
    expect(own.filter((name) => !operations.includes(`\`${name}\``))).toEqual([]);
    const used = (text: string) =>
      [...text.matchAll(/\b((?:fest|process|nodejs)_[a-z_]+)/g)].map(([, name = ""]) =>
        name.replace(/_bucket$/, ""),
      );
    const expressions = [...alertRules().map(({ expr }) => expr), ...grafanaExpressions()];
    expect(expressions.length).toBeGreaterThan(20);
    expect(expressions.flatMap(used).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe("docs/alerts.yml", () => {
  test("leads from every rule to the section that says what to do", () => {
    const anchors = new Set(
      Object.keys(ALARMS).map((name) => `${RUNBOOK}#alarm-${name.replaceAll("_", "-")}`),
    );
    for (const { annotations } of alertRules()) expect(anchors).toContain(annotations.runbook_url);
  });
});

test("every variable that the watcher reads is in .env.example", () => {
  for (const name of ["FEST_WEBHOOK_URL", "FEST_WEBHOOK_FORMAT", "FEST_BASELINE"]) {
    expect(read("scripts/watch.ts")).toContain(name);
    expect(read(".env.example")).toMatch(new RegExp(`^${name}=`, "m"));
  }
});

function headingOf(name: AlarmName): string {
  return `Alarm ${name.replaceAll("_", " ")}`;
}

/** Every metric of an agent. */
async function metricNames(): Promise<ReadonlySet<string>> {
  const metrics = new Metrics({
    self: { agent: "desk-001", account: "0.0.5" },
    version: "1",
    network: "devnet",
    log: "0.0.7",
    health: { pass: null, passedAt: null, follow: null, said: null, hold: () => null },
    means: () => ({ balance: null, spent: null }),
    clock: systemClock,
  });
  return new Set([...(await metrics.text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name));
}

const rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({ alert: z.string(), expr: z.string(), annotations: z.object({ runbook_url: z.string() }) }),
      ),
    }),
  ),
});

function alertRules() {
  return rules.parse(parse(read("docs/alerts.yml"))).groups.flatMap((group) => group.rules);
}

const dashboard = z.object({
  panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })) })),
});

function grafanaExpressions(): readonly string[] {
  const { panels } = dashboard.parse(JSON.parse(read("docs/grafana.json")));
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}
