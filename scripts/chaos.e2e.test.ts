import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { playReal } from "./chaos/real.ts";
import { describeFailure, type SeedReport, summarise } from "./chaos/report.ts";
import { playSimulated } from "./chaos/seeds.ts";
import { simulate } from "./chaos/simulate.ts";
import { takeSnapshot } from "./chaos/snapshot.ts";

const IN_CI = process.env.CI === "true";
/** Seeds in virtual time. */
const SIMULATED = IN_CI ? 2_000 : 200;
/** Seeds on real processes. */
const REAL = IN_CI ? 20 : 2;
/** A seed in which the owner has a task to do, a payment to sign, and a change of the plan in mind. */
const BUSY_OWNER = 49;
/** Simulated seeds a test. */
const SLICE = 500;

// A hang is what this ends, not slowness.
setDefaultTimeout(1_800_000);

/** Nothing lost, nothing paid twice, and all that is needed to see why not. */
function expectWell(reports: readonly SeedReport[], seeds: number, flags = ""): void {
  const failures = reports
    .filter(({ problems }) => problems.length > 0)
    .map((report) => describeFailure(report, `bun run chaos --from ${report.seed} --seeds 1${flags}`));
  expect(failures).toEqual([]);
  expect(summarise(reports)).toMatchObject({
    seeds,
    passed: seeds,
    failed: [],
    double_payments: 0,
    lost_tasks: 0,
  });
}

describe("chaos in virtual time", () => {
  const slices = Array.from({ length: Math.ceil(SIMULATED / SLICE) }, (_, slice) => slice * SLICE);
  test.each(slices)("every task is paid once or fails for a reason, from seed %i on", async (from) => {
    const seeds = Math.min(SLICE, SIMULATED - from);
    const reports = await playSimulated({ from, seeds });
    expectWell(reports, seeds);
    const { kills, faults } = summarise(reports);
    expect(kills).toBeGreaterThan(seeds);
    expect(faults).toBeGreaterThan(seeds);
  });

  test("repeats exactly: the same seed makes the same faults and the same log", async () => {
    const snapshot = await takeSnapshot();
    const first = await simulate({ seed: BUSY_OWNER, snapshot });
    await simulate({ seed: 8, snapshot });
    const again = await simulate({ seed: BUSY_OWNER, snapshot: await takeSnapshot() });
    expect(again.faults).toEqual(first.faults);
    expect(again.log).toEqual(first.log);
    expect(first.log.length).toBeGreaterThan(30);
  });

  test("without derived transaction ids it finds a double payment within 50 seeds", async () => {
    const snapshot = await takeSnapshot();
    let doublePayments = 0;
    for (let seed = 0; seed < 50 && doublePayments === 0; seed++) {
      ({ doublePayments } = await simulate({ seed, snapshot, derivedIds: false }));
    }
    expect(doublePayments).toBeGreaterThan(0);
  });
});

describe("chaos on real processes", () => {
  test("every task is paid once, whichever steps of their effects the processes die at", async () => {
    const reports = await playReal({ from: 0, seeds: REAL });
    expectWell(reports, REAL, " --real");
    expect(summarise(reports).kills).toBeGreaterThan(0);
  });
});

test("the command ends in one JSON object and says by its exit code that all is well", async () => {
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/chaos.ts`, "--seeds", "2", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = (await new Response(child.stdout).text()).trim().split("\n");
  expect(await child.exited).toBe(0);
  expect(lines).toHaveLength(1);
  expect(Object.keys(JSON.parse(lines[0] ?? ""))).toEqual([
    "seeds",
    "passed",
    "failed",
    "kills",
    "faults",
    "double_payments",
    "lost_tasks",
  ]);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ seeds: 2, passed: 2, failed: [] });
});
