import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { hasChromium } from "./support/chromium.ts";
import { openSite } from "./support/site.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(240_000);

const checkSchema = z.strictObject({
  name: z.string(),
  status: z.enum(["pass", "fail", "skip"]),
  message: z.string(),
  fix: z.nullable(z.string()),
});
const reportSchema = z.strictObject({ ok: z.boolean(), checks: z.array(checkSchema) });
const ROLES = ["coordinator", "inference", "defi", "desk"];

/** Runs the command against a stage, as its host's configuration folder describes it. */
async function smokeOf(stage: Stage, healthBase: number | null, ...flags: readonly string[]) {
  const host = join(stage.deployment.folder, "host");
  await mkdir(host, { recursive: true });
  for (const [index, role] of ROLES.entries()) {
    const text = healthBase === null ? "" : `FEST_HEALTH_PORT=${healthBase + index}\n`;
    await writeFile(join(host, `${role}.env`), text);
  }
  const argv = [
    process.execPath,
    `${import.meta.dir}/smoke.ts`,
    "--json",
    "--config",
    stage.deployment.folder,
  ];
  const child = Bun.spawn([...argv, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  const out = await new Response(child.stdout).text();
  const code = await child.exited;
  const report = reportSchema.parse(JSON.parse(out));
  expect(code === 0).toBe(report.ok);
  return { ...report, of: (name: string) => report.checks.find((check) => check.name === name) };
}

/** Four ports in a row that nobody has now. */
function freePorts(): number {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port } = server;
  server.stop(true);
  return port ?? 0;
}

describe("smoke", () => {
  test("sees every agent beat and answer, a task paid, the page in a browser and the proof", async () => {
    const healthBase = freePorts();
    const stage = await openStage({ healthBase, planChanges: { everySeconds: 2 } });
    const site = await openSite(0);
    try {
      const report = await smokeOf(stage, healthBase, "--url", site.urlOf(stage));
      expect(report.checks.filter(({ status }) => status !== "pass")).toEqual([]);
      expect(report.ok).toBe(true);
      const names = report.checks.map(({ name }) => name);
      for (const agent of ["coordinator", "inference-001", "defi-001", "desk-001"]) {
        expect(names).toContain(`heartbeat ${agent}`);
        expect(names).toContain(`health ${agent}`);
      }
      expect(report.of("probe task")?.message).toMatch(/assigned by #\d+, passed its gate and paid by #\d+/);
      expect(report.of("dashboard")?.message).toContain(hasChromium ? "in a browser" : "is served");
      expect(report.of("verify")?.message).toMatch(/^\d+ entries verified$/);
    } finally {
      await site.stop();
      await stage.stop();
    }
  });

  test("names the agent that is dead and the task that is not paid, and says what to do", async () => {
    const stage = await openStage({ planChanges: { everySeconds: 2 } });
    try {
      await stage.until(({ type }) => type === "task_assignment");
      await stage.agents.dismiss("inference-001", "SIGKILL");
      const report = await smokeOf(stage, null, "--patience", "8");
      expect(report.ok).toBe(false);
      expect(report.of("heartbeat inference-001")).toMatchObject({ status: "fail", fix: "bun run status" });
      expect(report.of("heartbeat desk-001")?.status).toBe("pass");
      expect(report.of("probe task")?.status).toBe("fail");
      expect(report.of("probe task")?.fix).toMatch(/^bun run (why|status)/);
      expect(report.of("health desk-001")?.status).toBe("skip");
      expect(report.of("verify")?.status).toBe("pass");
    } finally {
      await stage.stop();
    }
  });

  test("without a log there is nothing to look at, and it says so", async () => {
    const child = Bun.spawn(
      [process.execPath, `${import.meta.dir}/smoke.ts`, "--json", "--config", "/nonexistent"],
      {
        env: { PATH: process.env.PATH },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const report = reportSchema.parse(JSON.parse(await new Response(child.stdout).text()));
    expect(report).toMatchObject({ ok: false, checks: [{ name: "configuration", status: "fail" }] });
    expect(await child.exited).toBe(1);
  });
});
