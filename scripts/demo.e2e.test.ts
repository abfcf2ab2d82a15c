import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLines } from "./support/supervisor.ts";
import { PLAN } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(120_000);

// biome-ignore lint/suspicious/noExplicitAny: the events of another process
type Event = any;

/** Starts the demo as a user would, without the page. */
function demo(...flags: string[]) {
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/demo.ts`, "--json", "--no-site", ...flags], {
    env: process.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const events: Event[] = [];
  const said: string[] = [];
  const waiting = new Set<() => void>();
  const read = readLines(child.stdout, (line) => {
    events.push(JSON.parse(line));
    for (const look of waiting) look();
  });
  const heard = readLines(child.stderr, (line) => said.push(line));
  const event = (name: string) =>
    new Promise<Event>((resolve) => {
      const look = () => {
        const found = events.find((one) => one.event === name);
        if (found) resolve(found);
      };
      waiting.add(look);
      look();
    });
  const ended = Promise.all([child.exited, read, heard]).then(([code]) => code);
  return { child, events, said, event, ended };
}

/** All that a demo says to a program when it does not begin. */
const refusal = (why: string) =>
  expect.objectContaining({ ok: false, message: expect.stringContaining(why) });

/** Whether a process runs (a zombie does not). */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "State:\tX");
  return !/State:\t[ZX]/.test(status);
}

async function noneLeft(pids: Readonly<Record<string, number>>): Promise<boolean> {
  for (let look = 0; look < 200; look++) {
    const running = await Promise.all(Object.values(pids).map(isRunning));
    if (!running.includes(true)) return true;
    await Bun.sleep(50);
  }
  return false;
}

describe("bun run demo", () => {
  test("--once --json says ready first and committed last, exits 0, and leaves no process", async () => {
    const { events, ended } = demo("--once", "--port-base", "0");
    expect(await ended).toBe(0);
    const [ready] = events;
    expect(ready).toMatchObject({ event: "ready", site: null });
    for (const field of ["log", "vitals", "token"]) expect(ready[field]).toMatch(/^0\.0\.\d+$/);
    expect(ready.mirror).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(Object.keys(ready.accounts).sort()).toEqual([
      "coordinator",
      "defi",
      "desk",
      "fund",
      "inference",
      "owner",
      "pool",
    ]);
    expect(Object.keys(ready.pids).sort()).toEqual([
      "coordinator",
      "defi-001",
      "desk-001",
      "devnet",
      "inference-001",
    ]);
    const last = events.at(-1);
    expect(last).toMatchObject({ event: "committed", festival: "HD0001", edition: 1, payments: 12 });
    expect(last.tasks).toEqual({ planned: 12, paid: 12, failed: 0 });
    expect(last.trades).toBeGreaterThanOrEqual(1);
    expect(last.entries).toBeGreaterThan(60);
    expect(last.usd).toBeGreaterThan(0);
    expect(last.seconds).toBeGreaterThan(0);
    expect(await noneLeft(ready.pids)).toBe(true);
  });

  test("runs on until Ctrl-C, then stops cleanly with exit 0", async () => {
    const { child, event, ended } = demo("--port-base", "0");
    const { pids } = await event("ready");
    await event("committed");
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(await noneLeft(pids)).toBe(true);
  });

  test("takes its processes along even when it is killed with SIGKILL", async () => {
    const { child, event } = demo("--port-base", "0");
    const { pids } = await event("ready");
    child.kill("SIGKILL");
    expect(await noneLeft(pids)).toBe(true);
  });

  test("carries on with the same log, edition after edition, from --data", async () => {
    const data = await mkdtemp(join(tmpdir(), "fest-data-"));
    try {
      const first = demo("--once", "--port-base", "0", "--data", data);
      expect(await first.ended).toBe(0);
      const second = demo("--port-base", "0", "--data", data);
      const ready = await second.event("ready");
      expect(ready.log).toBe(first.events[0].log);
      const committed = await second.event("committed");
      expect(committed.edition).toBe(1);
      for (;;) {
        const next = second.events.find((one) => one.event === "committed" && one.edition === 2);
        if (next) {
          expect(next.tasks).toEqual({ planned: 12, paid: 12, failed: 0 });
          break;
        }
        await Bun.sleep(50);
      }
      second.child.kill("SIGTERM");
      expect(await second.ended).toBe(0);
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  });

  test("refuses ports that are taken, by name", async () => {
    const taken = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    try {
      const { said, events, ended } = demo("--once", "--port-base", String(taken.port));
      expect(await ended).not.toBe(0);
      expect(said.join(" ")).toContain(String(taken.port));
      expect(events).toEqual([refusal(String(taken.port))]);
    } finally {
      await taken.stop(true);
    }
  });

  test.each([
    ["a kind that nobody does", "kind: volatility", "kind: astrology", "02_measure_volatility.md:11"],
    ["a circle of dependencies", "  rates: 01_gather_rates", "  rates: 3.3.1", "circle"],
    ["a dependency that is not there", "  rates: 01_gather_rates", "  rates: 9.9.9", "9.9.9"],
  ])(
    "refuses a plan with %s, with file and line, before anything is started",
    async (_, field, wrong, expected) => {
      const folder = await mkdtemp(join(tmpdir(), "fest-plan-"));
      try {
        await cp(PLAN, folder, { recursive: true });
        const file = join(folder, "001_OBSERVE/01_rates/02_measure_volatility.md");
        await writeFile(file, (await readFile(file, "utf8")).replace(field, wrong));
        const { said, events, ended } = demo("--once", "--port-base", "0", "--plan", folder);
        expect(await ended).not.toBe(0);
        expect(said.join(" ")).toContain(expected);
        expect(events).toEqual([refusal(expected)]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );

  test("names a flag that is wrong", async () => {
    const { said, ended } = demo("--latency", "soon");
    expect(await ended).not.toBe(0);
    expect(said.join(" ")).toContain("soon");
  });
});
