import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { foldAll } from "../lib/festival/fold.ts";
import { parseTopicId } from "../lib/hedera/id.ts";
import { createMirror } from "../lib/mirror/client.ts";
import { allItems } from "../lib/mirror/page.ts";
import { ALL_HBAR, allOf, entriesOf, oneOf, paymentsOf, type RawEntry, totalHbar } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(180_000);

const committed = (entry: RawEntry) => entry.type === "festival_commit";

describe("a festival on real processes, read from the mirror's REST API alone", () => {
  let stage: Stage;
  let entries: readonly RawEntry[];
  let tasks: readonly RawEntry[];

  beforeAll(async () => {
    stage = await openStage();
    entries = (await stage.until(committed)).filter(
      ({ sequence }, _, all) => sequence <= (all.find(committed)?.sequence ?? 0),
    );
    tasks = entries.filter(({ type }) => type === "task_planned");
  });
  afterAll(() => stage?.stop());

  test("has at least twelve tasks, every one paid", () => {
    expect(tasks.length).toBeGreaterThanOrEqual(12);
    const commit = entries.find(committed);
    expect(commit?.payload.tasks).toEqual({ planned: tasks.length, paid: tasks.length, failed: 0 });
    expect(commit?.payload.trades).toBeGreaterThanOrEqual(1);
  });

  test("takes every task from plan to assignment to status to result to payment, in this order", () => {
    for (const { task_id: id, payload } of tasks) {
      const order = ["task_planned", "task_assignment", "status_update", "task_result", "payment_settled"];
      const seen = order.map(
        (type) => entries.find((entry) => entry.type === type && entry.task_id === id)?.sequence ?? 0,
      );
      const [planned = 0, assigned = 0, started = 0, result = 0, paid = 0] = seen;
      expect(planned).toBeGreaterThan(0);
      expect(assigned).toBeGreaterThan(planned);
      expect(started).toBeGreaterThan(assigned);
      expect(result).toBeGreaterThan(assigned);
      expect(paid).toBeGreaterThan(result);
      for (const needed of [...Object.values(payload.uses ?? {}), ...(payload.depends_on ?? [])]) {
        const before = entries.find((entry) => entry.type === "payment_settled" && entry.task_id === needed);
        expect(before?.sequence).toBeLessThan(assigned);
      }
    }
  });

  test("pays each task once, to the account of the agent that did it, in the batch of its entry", async () => {
    const roles = entries[0]?.payload.roles;
    const accounts = Object.assign({}, ...Object.values(roles));
    const payments = await paymentsOf(stage.mirror, accounts.coordinator, entries[0]?.payload.token);
    expect(payments.length).toBe(tasks.length);
    for (const { task_id: id, payload } of tasks) {
      const entry = entries.find(({ type, task_id }) => type === "payment_settled" && task_id === id);
      const doer =
        entries.find(({ type, task_id }) => type === "task_assignment" && task_id === id)?.to ?? "";
      const transferId = entry?.payload.transfer.replace("@", "-").replace(/\.(\d{9})$/, "-$1");
      const mine = payments.filter(({ transaction }) => transaction.transaction_id === transferId);
      expect(mine.length).toBe(1);
      expect(mine[0]?.to).toBe(accounts[doer]);
      expect(String(mine[0]?.amount)).toBe(payload.reward);
      const [said] = (await oneOf(stage.mirror, `transactions/${entry?.transactionId}`)).transactions;
      expect(said.parent_consensus_timestamp).toBe(mine[0]?.transaction.parent_consensus_timestamp);
      expect(said.parent_consensus_timestamp).not.toBeNull();
    }
  });

  test("trades between accounts with different keys, on a schedule with three signatures", async () => {
    const settled = entries.find(({ type }) => type === "trade_settled");
    const schedule = await oneOf(stage.mirror, `schedules/${settled?.payload.schedule_id}`);
    const signers = new Set(
      schedule.signatures.map((one: { public_key_prefix: string }) => one.public_key_prefix),
    );
    expect(signers.size).toBe(3);
    expect(schedule.executed_timestamp).toBe(settled?.payload.executed);
    const trade = (
      await allOf(stage.mirror, `transactions?timestamp=${schedule.executed_timestamp}`, "transactions")
    )[0];
    expect(trade).toMatchObject({ result: "SUCCESS", scheduled: true, name: "CRYPTOTRANSFER" });
    const { fund, pool } = stage.festival.accounts;
    const units = Number(settled?.payload.tokens);
    expect(
      trade.token_transfers
        .map((leg: { account: string; amount: number }) => [leg.account, leg.amount])
        .sort(),
    ).toEqual(
      [
        [fund, -units],
        [pool, units],
      ].sort(),
    );
    const moved = new Map(
      trade.transfers.map((leg: { account: string; amount: number }) => [leg.account, leg.amount]),
    );
    expect(moved.get(fund)).toBe(Number(settled?.payload.hbar));
    const keys = await Promise.all(
      [fund, pool].map(async (id) => (await oneOf(stage.mirror, `accounts/${id}`)).key.key),
    );
    expect(keys[0]).not.toBe(keys[1]);
  });

  test("has not one malformed, unauthorised, unknown or refused entry from our own agents", async () => {
    const mirror = createMirror({ baseUrl: stage.mirror });
    const messages = await allItems(
      await mirror.topicMessages({ topic: parseTopicId(stage.log), order: "asc" }),
    );
    const { counts } = foldAll(messages);
    expect(counts).toEqual({
      accepted: messages.length,
      unknown: 0,
      malformed: 0,
      unauthorised: 0,
      refused: 0,
    });
  });

  test("hears a heartbeat of every agent on the vitals topic", async () => {
    await Bun.sleep(0);
    const beats = (await entriesOf(stage.mirror, stage.festival.vitals)).filter(
      ({ type }) => type === "heartbeat",
    );
    expect(new Set(beats.map(({ payload }) => payload.agent_id))).toEqual(
      new Set(["coordinator", "inference-001", "defi-001", "desk-001"]),
    );
  });

  test("creates and destroys no HBAR", async () => {
    expect(await totalHbar(stage.mirror)).toBe(ALL_HBAR);
  });
});

describe("agents killed with SIGKILL in the middle", () => {
  test("coordinator, inference and defi come back, and every task is paid exactly once", async () => {
    const stage = await openStage({ latency: "120ms" });
    try {
      const kill = (name: string) => process.kill(stage.agents.pids[name] ?? 0, "SIGKILL");
      await stage.until(({ type }) => type === "task_assignment");
      kill("inference-001");
      await stage.until(({ type }) => type === "task_result");
      kill("coordinator");
      await stage.until(({ type }) => type === "quote");
      kill("defi-001");
      kill("coordinator");
      const entries = await stage.until(committed);
      const tasks = entries.filter(({ type }) => type === "task_planned");
      expect(entries.find(committed)?.payload.tasks.paid).toBe(tasks.length);
      const { accounts, token } = stage.festival;
      const payments = await paymentsOf(stage.mirror, accounts.coordinator, token);
      expect(payments.length).toBe(tasks.length);
      expect(
        new Set(entries.filter(({ type }) => type === "payment_settled").map(({ task_id }) => task_id)).size,
      ).toBe(tasks.length);
      expect(entries.filter(({ type }) => type === "trade_settled").length).toBe(1);
      const mirror = createMirror({ baseUrl: stage.mirror });
      const messages = await allItems(
        await mirror.topicMessages({ topic: parseTopicId(stage.log), order: "asc" }),
      );
      expect(foldAll(messages).counts.accepted).toBe(messages.length);
      expect(await totalHbar(stage.mirror)).toBe(ALL_HBAR);
    } finally {
      await stage.stop();
    }
  });
});

describe("a worker that returns a bad result", () => {
  test("is rejected with the reasons each time and not paid, and what needs its result is told", async () => {
    const stage = await openStage({
      scripts: { "inference-001": `${import.meta.dir}/testing/lying-inference.ts` },
    });
    try {
      const entries = await stage.until(committed);
      const verdicts = entries.filter(({ type, task_id }) => type === "quality_gate" && task_id === "1.1.1");
      expect(verdicts.length).toBe(3);
      for (const { payload } of verdicts) {
        expect(payload.passed).toBe(false);
        expect(payload.criteria.find((one: { name: string }) => one.name === "recomputed")).toMatchObject({
          passed: false,
        });
      }
      expect(
        entries.find(({ type, task_id }) => type === "task_failed" && task_id === "1.1.1")?.payload.reason,
      ).toContain("recomputed");
      expect(
        entries.find(({ type, task_id }) => type === "task_failed" && task_id === "1.1.2")?.payload.reason,
      ).toContain("1.1.1");
      expect(entries.filter(({ type }) => type === "payment_settled").map(({ task_id }) => task_id)).toEqual([
        "1.3.1",
      ]);
      const { accounts, token } = stage.festival;
      const payments = await paymentsOf(stage.mirror, accounts.coordinator, token);
      expect(payments.map(({ to }) => to)).toEqual([accounts.defi]);
      expect(entries.find(committed)?.payload.tasks).toEqual({ planned: 12, paid: 1, failed: 11 });
    } finally {
      await stage.stop();
    }
  });
});
