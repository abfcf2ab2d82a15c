import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { appendFile, cp, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseTimestamp, toMillis } from "../../lib/hedera/timestamp.ts";
import { copyPlan } from "../support/plan-copy.ts";
import { Container } from "./container.ts";
import { AGENTS, commitsOf, FestHost, paidTwice } from "./host.ts";
import { obstacle } from "./root.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(900_000);

const ROOT = resolve(import.meta.dir, "../..");
const SERVICES = ["fest-agents", "fest-devnet", "fest-watch", "fest-archive", "fest-dashboard", "fest-mcp"];
const missing = await obstacle();
if (missing !== null) console.warn(`systemd.e2e: no systemd is booted here: ${missing}`);
if (missing !== null && process.env.FEST_SYSTEMD === "required") throw new Error(`systemd.e2e: ${missing}`);

describe.skipIf(missing !== null)("fest-agents on a booted Debian", () => {
  let container: Container;
  let host: FestHost;

  beforeAll(async () => {
    container = await Container.boot({ "/src": ROOT }, { "/var/lib/private/fest-devnet": "96M" });
    host = new FestHost(container);
    await prepare(container);
  });
  afterAll(() => container?.stop());

  test("this checkout's own deploy command brings devnet, agents, timers and page up, checked and smoked", async () => {
    const report = await host.command("/src", "deploy", "--devnet", "--dashboard");
    expect(report.checks.filter(({ status }) => status === "fail")).toEqual([]);
    expect(report.ok).toBe(true);
    console.log(`    deploy to healthy: ${seconds(report.healthyMs)}`);
    expect(await isActive("fest-watch.timer", "fest-archive.timer", "fest-dashboard.service")).toBe(true);
    const version = await container.need("systemctl", "--version");
    expect(version).toMatch(/^systemd 252 /);
  });

  test("systemctl stop ends every agent within 30 seconds, in order; start has all active, and an edition commits", async () => {
    await container.need("systemctl", "stop", "fest-agents");
    for (const unit of await host.units(...AGENTS)) {
      expect({ name: unit.name, active: unit.active, result: unit.result }).toEqual({
        name: unit.name,
        active: "inactive",
        result: "success",
      });
    }
    const before = commitsOf(await host.entries()).length;
    await container.need("systemctl", "start", "fest-agents");
    expect((await host.units(...AGENTS)).map(({ active }) => active)).toEqual(Array(4).fill("active"));
    expect((await host.unit("fest-agents.service")).status).toMatch(/^4 of 4 agents ready/);
    await host.committed(before + 1);
  });

  test("systemd-analyze finds nothing to complain about, and no unit exposed by more than 1.1", async () => {
    const verify = await container.sh(
      "systemd-analyze verify /etc/systemd/system/fest-*.{service,timer} 2>&1",
    );
    expect(verify).toBe("");
    for (const unit of [...SERVICES.map((name) => `${name}.service`), ...AGENTS, "fest-alarm@x.service"]) {
      const said = await container.sh(`systemd-analyze security --no-pager ${unit}`);
      const level = /Overall exposure level for \S+: ([\d.]+)/.exec(said)?.[1];
      expect({ unit, exposed: Number(level) <= 1.1 }).toEqual({ unit, exposed: true });
    }
  });

  test("each agent that is killed comes back, and nothing is paid twice", async () => {
    const before = commitsOf(await host.entries()).length;
    for (const unit of AGENTS) {
      const { pid, restarts } = await host.unit(unit);
      await container.sh(`kill -9 ${pid}`);
      await container.until(`${unit} to be back`, async () => {
        const now = await host.unit(unit);
        return now.active === "active" && now.pid !== pid && now.restarts === restarts + 1;
      });
    }
    const entries = await host.committed(before + 2);
    expect(paidTwice(entries)).toEqual([]);
    expect(commitsOf(entries).at(-1)?.payload.tasks.failed).toBe(0);
  });

  test("the watchdog replaces an agent that hangs", async () => {
    const unit = "fest-agent@desk.service";
    await container.write(
      `/etc/systemd/system/${unit}.d/50-test.conf`,
      "[Service]\nWatchdogSec=20s\n",
      0o644,
    );
    await container.sh(`systemctl daemon-reload && systemctl restart ${unit}`);
    const { pid, restarts } = await host.unit(unit);
    await container.sh(`kill -STOP ${pid}`);
    await container.until("the watchdog", async () => {
      const now = await host.unit(unit);
      return now.active === "active" && now.pid !== pid && now.restarts > restarts;
    });
    expect(await container.sh(`journalctl -u ${unit} --no-pager`)).toContain("Watchdog timeout");
  });

  test("after a reboot everything runs again, on the same log", async () => {
    const before = await host.entries();
    await container.reboot();
    await host.healthy();
    const after = await host.committed(commitsOf(before).length + 1);
    expect(after.slice(0, before.length)).toEqual([...before]);
    expect(paidTwice(after)).toEqual([]);
  });

  test("what is wrong is said in one line by its unit, and is over when it is put right", async () => {
    const status = async (unit: string) => (await host.unit(unit)).status;
    const [inference = "", defi = "", desk = ""] = AGENTS.slice(1);
    // Another's key, no key, and a setting that cannot be.
    await container.sh(
      "systemd-creds encrypt --name=hedera-key-sealed /etc/fest-agents/inference.key /tmp/wrong",
    );
    await container.sh("cd /etc/credstore.encrypted && mkdir -p /root/kept && cp -a * /root/kept");
    await container.sh("mv /tmp/wrong /etc/credstore.encrypted/fest-agent-desk.sealed");
    await container.sh("rm /etc/credstore.encrypted/fest-agent-defi.sealed");
    await container.sh("echo FEST_FLOOR_HBAR=much >> /etc/fest-agents/host/inference.env");
    await container.need("systemctl", "restart", "--no-block", inference, defi, desk);
    await container.until("three problems to be told", async () => {
      const said = await Promise.all([status(inference), status(defi), status(desk)]);
      return said.every((line) => line.startsWith("waits: "));
    });
    expect(await status(desk)).toMatch(
      /^waits: the key is not that of account 0\.0\.\d+ \(INVALID_SIGNATURE\)$/,
    );
    expect(await status(defi)).toMatch(/^waits: HEDERA_PRIVATE_KEY_FILE names a file that can't be read/);
    expect(await status(inference)).toMatch(/^waits: FEST_FLOOR_HBAR can't be used/);
    await container.until("the umbrella to tell all three", async () => {
      const line = await status("fest-agents.service");
      return line.startsWith("1 of 4 agents ready; ") && line.split("; ").length >= 4;
    });
    await container.sh("cp -a /root/kept/* /etc/credstore.encrypted/");
    await container.sh("sed -i /FLOOR/d /etc/fest-agents/host/inference.env");
    // They are started anew by themselves, with what their files say then.
    await host.healthy();
  });

  test("an upgrade at work lets no task wait longer than a round", async () => {
    // A trip through consensus and back is the latency twice: until it is final, and until the mirror has it.
    const latencyMs = 1_000;
    const roundMs = 2 * latencyMs;
    await container.write("/etc/fest-agents/host/devnet.env", `FEST_DEVNET_FLAGS=--latency ${latencyMs}ms\n`);
    await container.need("systemctl", "restart", "fest-devnet");
    await host.healthy();
    const from = (await host.entries()).length;
    const report = await host.command("/srv/next", "deploy");
    expect(report.checks.filter(({ status }) => status === "fail")).toEqual([]);
    expect(report.previous).not.toBe(report.version);
    console.log(`    upgrade to healthy: ${seconds(report.healthyMs)}`);
    const waits = waitsOf((await host.entries()).slice(from)).map((wait) => wait - roundMs);
    console.log(
      `    longest wait beside its own round: ${Math.max(...waits)} ms of ${roundMs} ms, ${waits.length} steps`,
    );
    expect(waits.length).toBeGreaterThan(3);
    expect(Math.max(...waits)).toBeLessThanOrEqual(roundMs);
    expect(await container.sh("readlink -f /opt/fest-agents/current")).toContain(report.version ?? "none");
  });

  test("a release that fails smoke is taken back by itself", async () => {
    await container.sh("rm /etc/fest-agents/host/devnet.env; systemctl restart fest-devnet");
    await host.healthy();
    const good = (await container.sh("basename $(readlink -f /opt/fest-agents/current)")).trim();
    const report = await host.command("/srv/bad", "deploy", "--patience", "20");
    expect(report.ok).toBe(false);
    expect(report.checks.filter(({ status }) => status === "fail").map(({ name }) => name)).toContain(
      "smoke: probe task",
    );
    expect(report.returned).toBe(good);
    expect(report.checks.at(-1)).toMatchObject({ name: "alarm", status: "skip" });
    expect((await container.sh("basename $(readlink -f /opt/fest-agents/current)")).trim()).toBe(good);
    await host.healthy();
    expect((await host.command("/srv/next", "smoke")).ok).toBe(true);
  });

  test("rollback runs the release before again", async () => {
    const report = await host.command("/srv/next", "rollback");
    expect(report.checks.filter(({ status }) => status === "fail")).toEqual([]);
    console.log(
      `    rollback to ready: ${seconds(report.readyMs)}, to healthy: ${seconds(report.healthyMs)}`,
    );
    expect(await container.sh("readlink -f /opt/fest-agents/current")).toContain(report.version ?? "none");
    expect(paidTwice(await host.entries())).toEqual([]);
  });

  test("an agent that crashes again and again is given up, and raises the alarm", async () => {
    const unit = "fest-agent@desk.service";
    const crash = "[Service]\nExecStart=\nExecStart=/bin/false\nRestartSec=100ms\n";
    await container.write(`/etc/systemd/system/${unit}.d/50-test.conf`, crash, 0o644);
    await container.sh(`systemctl daemon-reload && systemctl restart --no-block ${unit}`);
    await container.until("the alarm", async () =>
      (await container.sh("journalctl -p alert --no-pager -o cat")).includes(`${unit} is failed`),
    );
    await container.until("the umbrella to tell of it", async () =>
      (await host.unit("fest-agents.service")).status.includes("desk has failed"),
    );
    await container.sh(`rm -r /etc/systemd/system/${unit}.d && systemctl daemon-reload`);
    await container.sh(`systemctl reset-failed ${unit} && systemctl start ${unit}`);
    await host.healthy();
  });

  test("a full disk and a ledger that is away are said, and over when there is room again", async () => {
    const { restarts } = await host.unit("fest-devnet.service");
    await container.sh("head -c 200M /dev/zero > /var/lib/private/fest-devnet/filler || true");
    await container.until("devnet to say that the disk is full", async () =>
      /^waits: the disk is full: \d+ MB free/.test((await host.unit("fest-devnet.service")).status),
    );
    await container.until("every agent to say that nobody answers", async () => {
      const units = await host.units(...AGENTS);
      return units.every(({ status }) => /^waits: the mirror node \S+ does not answer: /.test(status));
    });
    expect((await host.units(...AGENTS)).map(({ active }) => active)).toEqual(Array(4).fill("active"));
    await container.sh("rm /var/lib/private/fest-devnet/filler");
    await host.healthy();
    const now = await host.unit("fest-devnet.service");
    expect(now.restarts).toBeGreaterThan(restarts);
    expect(paidTwice(await host.entries())).toEqual([]);
  });

  test("no key of any agent is in the journal", async () => {
    const keys = await container.sh("cat /etc/fest-agents/*.key");
    const journal = await container.sh("journalctl --no-pager -o cat");
    for (const key of keys.split("\n").filter((line) => line.length > 20))
      expect(journal.includes(key)).toBe(false);
  });

  async function isActive(...units: readonly string[]): Promise<boolean> {
    return (await host.units(...units)).every(({ active }) => active === "active");
  }
});

/** A small disk for the ledger, a plan that hardly rests, and two more checkouts: a good one, and one that does no work. */
async function prepare(container: Container): Promise<void> {
  const { root } = container;
  await copyPlan(join(ROOT, "agents/plans/hbar-desk"), join(root, "srv/plan"), { everySeconds: 2 });
  await container.sh("chmod -R a+rX /srv");
  await container.write(
    "/etc/fest-agents/host/coordinator.env",
    "FEST_HEALTH_PORT=8701\nFEST_PLAN=/srv/plan\n",
  );
  for (const name of ["next", "bad"]) {
    const folder = join(root, "srv", name);
    await mkdir(folder, { recursive: true });
    const filter = (path: string) => !/(^|\/)(\.git|node_modules|dist)$/.test(path);
    await cp(ROOT, folder, { recursive: true, filter });
    await container.need("ln", "-s", "/src/node_modules", `/srv/${name}/node_modules`);
  }
  await appendFile(join(root, "srv/next/agents/desk.ts"), "// Another release.\n");
  const idle = 'import { runAgent } from "../lib/agent/run.ts";\n\nawait runAgent(() => ({}));\n';
  await writeFile(join(root, "srv/bad/agents/inference.ts"), idle);
}

/** Milliseconds of consensus time from each assignment to its start, and from each result to its payment. */
function waitsOf(entries: Awaited<ReturnType<FestHost["entries"]>>): readonly number[] {
  const ends: Readonly<Record<string, string>> = {
    task_assignment: "status_update",
    task_result: "payment_settled",
  };
  return entries.flatMap(({ type, task_id: task, timestamp }, at) => {
    const end = ends[type];
    if (end === undefined) return [];
    const next = entries.slice(at).find((later) => later.type === end && later.task_id === task);
    return next === undefined
      ? []
      : [toMillis(parseTimestamp(next.timestamp)) - toMillis(parseTimestamp(timestamp))];
  });
}

function seconds(milliseconds: number | null | undefined): string {
  return milliseconds == null ? "never" : `${(milliseconds / 1_000).toFixed(1)} s`;
}
