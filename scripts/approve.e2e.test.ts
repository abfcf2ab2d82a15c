import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ended, runCommand } from "./testing/command.ts";
import { allOf, oneOf, type RawEntry } from "./testing/rest.ts";
import { openStage, type Stage, type StageOptions } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(300_000);

const GATHER = "fest_type: task\nkind: gather\ninput: { hours: 6 }\nreward: 5000\napproval: owner";
/** How often the coordinator of the first festival is killed. */
const CRASHES = 8;
const COMMITTED = ({ type }: RawEntry) => type === "festival_commit";

/** Hosts a festival of one large payment that waits so many seconds. */
async function open(
  seconds: number,
  options: StageOptions = {},
): Promise<{ stage: Stage; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "fest-approve-"));
  await mkdir(join(folder, "001_ONE/01_alpha"), { recursive: true });
  await writeFile(join(folder, "fest.yaml"), "metadata:\n  id: AP0001\n  name: Large payment\n");
  const task = `---\n${GATHER}\napproval_seconds: ${seconds}\n---\n`;
  await writeFile(join(folder, "001_ONE/01_alpha/01_gather.md"), task);
  const stage = await openStage({ latency: "100ms", planFolder: folder, ...options });
  const close = async () => {
    await stage.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { stage, close };
}

describe("a large payment", () => {
  let stage: Stage;
  let close = async () => {};
  beforeAll(async () => {
    // The coordinator dies before, between and after its effects, and always comes back.
    const crashes = (start: number) => ({ FEST_CRASH_AT: String(3 - (start % 3)) });
    const envOfStart = (name: string, start: number) =>
      name === "coordinator" && start < CRASHES ? crashes(start) : {};
    ({ stage, close } = await open(3_600, { envOfStart }));
  });
  afterAll(() => close());
  const approve = (party: "owner" | "desk" = "owner"): Promise<Ended> =>
    runCommand(stage, "approve", ["1.1.1", "--json"], party);

  test("becomes a schedule without an admin key that nobody but the owner can complete", async () => {
    const log = await stage.until(({ type }) => type === "payment_scheduled");
    const { payload } = log.find(({ type }) => type === "payment_scheduled") ?? { payload: {} };
    expect(payload).toMatchObject({ amount: "5000", token_id: stage.festival.token });
    const byDesk = await approve("desk");
    expect(byDesk.code).toBe(1);
    const schedule = await oneOf(stage.mirror, `schedules/${payload.schedule_id}`);
    expect(schedule).toMatchObject({ admin_key: null, executed_timestamp: null, wait_for_expiry: false });
    expect(log.some(({ type }) => type === "payment_settled")).toBe(false);
  });

  test("is one schedule, however often the coordinator dies over it", async () => {
    const { coordinator } = stage.festival.accounts;
    const schedules = await allOf(stage.mirror, `schedules?account.id=${coordinator}`, "schedules");
    const payments = schedules.filter(
      (one) => one.memo.startsWith(`fest ${stage.log} `) && one.admin_key === null,
    );
    expect(payments).toHaveLength(1);
    expect(payments[0]?.payer_account_id).toBe(stage.festival.accounts.owner);
  });

  test("settles with the owner's signature, once, by the scheduled transfer", async () => {
    const { code, out, err } = await approve();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({ task_id: "1.1.1", amount: "5000" });
    const log = await stage.until(COMMITTED);
    const settled = log.filter(({ type }) => type === "payment_settled");
    const scheduled = log.find(({ type }) => type === "payment_scheduled");
    expect(settled).toHaveLength(1);
    expect(settled[0]?.payload.transfer).toBe(scheduled?.payload.transfer);
    const { inference } = stage.festival.accounts;
    const balances = await allOf(stage.mirror, `tokens/${stage.festival.token}/balances`, "balances");
    expect(balances.find(({ account }) => account === inference)?.balance).toBe(5_000);
    expect(await stage.audit()).toMatchObject({ unmatched: [], paidTwice: [], paid: 5_000n });
  });

  test("is proven from the mirror node alone, like any other", async () => {
    const { code, out } = await runCommand(stage, "verify", ["--json"]);
    expect(JSON.parse(out)).toMatchObject({ ok: true });
    expect(code).toBe(0);
  });

  test("is not approved twice", async () => {
    const { code, err } = await approve();
    expect(code).toBe(1);
    expect(err).toContain("no edition is at work");
  });
});

describe("a large payment that nobody signs", () => {
  let stage: Stage;
  let close = async () => {};
  beforeAll(async () => {
    ({ stage, close } = await open(10));
  });
  afterAll(() => close());

  test("expires without moving anything, and is asked for again", async () => {
    const log = await stage.until((entry, _, all) => {
      const asked = all.filter(({ type }) => type === "payment_scheduled");
      return entry.type === "payment_failed" && asked.length > 1;
    });
    const failed = log.find(({ type }) => type === "payment_failed");
    expect(failed?.payload.status).toBe("SCHEDULE_EXPIRED");
    const schedules = log.flatMap(({ type, payload }) =>
      type === "payment_scheduled" ? [payload.schedule_id] : [],
    );
    expect(new Set(schedules).size).toBe(schedules.length);
    expect(log.some(({ type }) => type === "payment_settled")).toBe(false);
    expect(await stage.audit()).toMatchObject({ payments: 0, transfers: 0, unmatched: [] });
  });
});
