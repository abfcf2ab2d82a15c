import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { entriesOf, type RawEntry } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(300_000);

const committed = (edition: number) => (entry: RawEntry) =>
  entry.type === "festival_commit" && entry.payload.edition === edition;

/** Every payment has its one transfer to whoever did the work, and nothing of ours was turned away. */
async function expectCleanBooks(stage: Stage): Promise<void> {
  const { unmatched, paidTwice, payments, transfers, paid, moved, ...rest } = await stage.audit();
  expect({ unmatched, paidTwice }).toEqual({ unmatched: [], paidTwice: [] });
  expect(payments).toBe(transfers);
  expect(moved).toBe(paid);
  expect(rest).toMatchObject({ hbarConserved: true, tokensConserved: true });
}

describe("two workers of one role", () => {
  test("share its work, and each is paid for its own", async () => {
    const stage = await openStage({ more: { inference: ["inference-002"] } });
    try {
      const entries = await stage.until(committed(1));
      expect(entries.find(committed(1))?.payload.tasks).toEqual({ planned: 12, paid: 12, failed: 0 });
      const given = new Map(
        entries.flatMap((entry) => (entry.type === "task_assignment" ? [[entry.task_id, entry.to]] : [])),
      );
      expect(new Set(given.values())).toEqual(new Set(["inference-001", "inference-002", "defi-001"]));
      for (const { agent, account } of stage.crew.members) {
        const results = entries.filter(({ type, payer }) => type === "task_result" && payer === account);
        for (const { task_id } of results) expect(given.get(task_id)).toBe(agent);
      }
      await expectCleanBooks(stage);
      expect((await stage.audit()).state.counts.accepted).toBe(entries.length);
    } finally {
      await stage.stop();
    }
  });
});

describe("two coordinators at once, with one account and key", () => {
  test("do the same and every task is paid once, also when one of them dies", async () => {
    const stage = await openStage({ coordinators: 2, latency: "120ms", logLevel: "info" });
    try {
      const paid = ({ type }: RawEntry) => type === "payment_settled";
      await stage.until((_, __, all) => all.filter(paid).length >= 3);
      await stage.agents.dismiss("coordinator", "SIGKILL");
      const entries = await stage.until(committed(1));
      expect(entries.find(committed(1))?.payload.tasks).toEqual({ planned: 12, paid: 12, failed: 0 });
      await expectCleanBooks(stage);
      expect(stage.said.some((line) => isPerformedTwice(line, stage.said))).toBe(true);
    } finally {
      await stage.stop();
    }
  });
});

/** Whether another coordinator than the one that said this line performed the same obligation. */
function isPerformedTwice(line: string, said: readonly string[]): boolean {
  const obligation = /"obligation":"([\d.]+)","owes":"settle".*"msg":"performed"/.exec(line)?.[1];
  if (obligation === undefined) return false;
  const again = new RegExp(
    `"obligation":"${obligation.replace(".", "\\.")}","owes":"settle".*"msg":"performed"`,
  );
  return said.filter((other) => again.test(other)).length === 2;
}

describe("two festivals on one network", () => {
  test("run side by side, each on its own log, and neither counts the other's", async () => {
    const first = await openStage();
    const second = await openStage({ devnet: first.devnet });
    try {
      expect(second.log).not.toBe(first.log);
      for (const stage of [first, second]) {
        const entries = await stage.until(committed(1));
        expect(entries.find(committed(1))?.payload.tasks).toEqual({ planned: 12, paid: 12, failed: 0 });
        const own = new Set<string>(Object.values(stage.festival.accounts));
        expect(entries.filter(({ payer }) => !own.has(payer))).toEqual([]);
        await expectCleanBooks(stage);
        expect((await stage.audit()).state.counts.unauthorised).toBe(0);
      }
    } finally {
      await second.stop();
      await first.stop();
    }
  });
});

describe("a worker", () => {
  test("is added, removed and replaced while the festival runs", async () => {
    const stage = await openStage({ planChanges: { everySeconds: 1 } });
    const { crew } = stage;
    const paidTo = (agent: string, after: number) => (entry: RawEntry) =>
      entry.type === "payment_settled" && entry.to === agent && entry.sequence > after;
    const head = async () => (await entriesOf(stage.mirror, stage.log)).length;
    try {
      await stage.until(paidTo("inference-001", 0));

      const [added] = await crew.add("inference", "inference-002");
      if (added === undefined) throw new Error("nobody was added");
      stage.run(added);
      await stage.until(paidTo("inference-002", 0));

      await crew.remove("inference-001");
      const removed = await head();
      await stage.agents.dismiss("inference-001");
      await stage.until(committed(await editionAfter(stage, removed)));

      const successor = await crew.replace("inference-002");
      const replaced = await head();
      await stage.agents.dismiss("inference-002");
      stage.run(successor);
      expect(successor.account).not.toBe(added.account);
      const entries = await stage.until(committed(await editionAfter(stage, replaced)));

      const assigned = ({ type }: RawEntry) => type === "task_assignment" || type === "task_reassigned";
      expect(
        entries.filter((one) => one.sequence > removed && assigned(one) && one.to === "inference-001"),
      ).toEqual([]);
      const late = entries.filter(({ sequence, payer }) => sequence > replaced && payer === added.account);
      expect(late).toEqual([]);
      expect(entries.some((one) => one.type === "task_result" && one.payer === successor.account)).toBe(true);
      for (const { payload } of entries.filter(({ type }) => type === "festival_commit")) {
        expect(payload.tasks).toEqual({ planned: 12, paid: 12, failed: 0 });
      }
      await expectCleanBooks(stage);
    } finally {
      await stage.stop();
    }
  });
});

/** The first edition that begins after an entry of the log. */
async function editionAfter(stage: Stage, sequence: number): Promise<number> {
  const begun = ({ type, payload, sequence: at }: RawEntry) =>
    type === "festival_plan" && payload.part === 1 && at > sequence;
  return (await stage.until(begun)).find(begun)?.payload.edition;
}
