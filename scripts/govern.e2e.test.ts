import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Party } from "../lib/agent/setup/deployment.ts";
import { environmentOf } from "../lib/agent/setup/environment.ts";
import { foldAll } from "../lib/festival/fold.ts";
import type { State } from "../lib/festival/state.ts";
import { createMirror } from "../lib/mirror/client.ts";
import { allItems } from "../lib/mirror/page.ts";
import { entriesOf, oneOf, type RawEntry } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(180_000);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ latency: "150ms" });
});
afterAll(() => stage?.stop());

/** Runs a command of this project, with a party's environment. */
async function run(script: string, args: readonly string[], party: Party = "owner") {
  const { network, deployment, festival } = stage;
  const env = { PATH: process.env.PATH ?? "", ...environmentOf(party, network, deployment, festival) };
  const argv = [process.execPath, `${import.meta.dir}/${script}.ts`, ...args];
  const child = Bun.spawn(argv, { env, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = [new Response(child.stdout).text(), new Response(child.stderr).text()];
  return { code: await child.exited, out: await out, err: await err };
}

async function stateNow(): Promise<State> {
  const mirror = createMirror({ baseUrl: stage.mirror });
  return foldAll(await allItems(await mirror.topicMessages({ topic: stage.festival.log, order: "asc" })));
}

const indexOf = (entries: readonly RawEntry[], type: string) =>
  entries.findIndex((entry) => entry.type === type);
const causeOf = ({ re }: RawEntry) => Number(re.split(".")[0]);

const saidBy = async (type: string) =>
  (await entriesOf(stage.mirror, stage.log)).filter((entry) => entry.type === type).length;

describe("a pause", () => {
  test("by anybody but the owner changes nothing, is not even sent, and says so", async () => {
    const { code, err } = await run("pause", [], "desk");
    expect(code).toBe(1);
    expect(err).toContain("does not count: pause is for owner");
    expect((await stateNow()).paused).toBe(false);
    expect(await saidBy("pause")).toBe(0);
  });

  test("by the owner holds every assignment of the next round, while what was begun is settled and paid", async () => {
    await stage.until(({ type }) => type === "payment_settled");
    const paused = await run("pause", ["--reason", "a look at it"]);
    expect(paused).toMatchObject({ code: 0, err: "" });
    for (;;) {
      const { obligations } = await stateNow();
      // A forecast's score is owed for hours yet, and no pause holds it up.
      const owed = [...obligations.values()].filter(({ kind }) => kind !== "score");
      const kinds = new Set(owed.map(({ kind }) => kind));
      if (kinds.size === 1 && kinds.has("assign")) break;
      await Bun.sleep(100);
    }
    const entries = await entriesOf(stage.mirror, stage.log);
    const own = entries.findLastIndex(({ type }) => type === "pause");
    const after = entries.slice(own + 1);
    expect(entries[own]?.payload).toEqual({ reason: "a look at it" });
    expect(after.filter(({ type }) => type === "payment_settled").length).toBeGreaterThan(0);
    const begunLater = after.filter(({ type }) => type === "task_assignment");
    for (const entry of begunLater) expect(causeOf(entry)).toBeLessThan(entries[own]?.sequence ?? 0);
  });

  test("ends with the owner's resume, and everything is done and paid", async () => {
    expect(await run("resume", [])).toMatchObject({ code: 0, err: "" });
    const entries = await stage.until(({ type }) => type === "festival_commit");
    const { tasks } = entries[indexOf(entries, "festival_commit")]?.payload ?? {};
    expect(tasks).toMatchObject({ planned: tasks.paid, failed: 0 });
    const held = entries
      .slice(indexOf(entries, "resume"))
      .filter((entry) => entry.type === "task_assignment");
    expect(held.length).toBeGreaterThan(0);
    const again = await run("resume", []);
    expect(again.err).toContain("does not count: there is no pause");
    expect(await saidBy("resume")).toBe(1);
  });
});

describe("why a task stands where it does", () => {
  test("is told with every entry's transaction, time and links, all of which the mirror node has", async () => {
    const { code, out } = await run("why", ["1.1.2", "--json"]);
    expect(code).toBe(0);
    const why = JSON.parse(out);
    expect(why).toMatchObject({ task_id: "1.1.2", state: "paid", edition: 1, uncounted: [] });
    expect(why.needs).toEqual([{ task_id: "1.1.1", state: "paid" }]);
    const entries = await entriesOf(stage.mirror, stage.log);
    const told = why.steps.flatMap((step: { entry: unknown }) => step.entry ?? []);
    const mine = entries.filter(({ task_id }) => task_id === "1.1.2").map(({ sequence }) => sequence);
    expect(new Set(told.map(({ sequence }: RawEntry) => sequence))).toEqual(new Set(mine));
    for (const { sequence, timestamp, transaction, links, body } of told) {
      const entry = entries[sequence - 1];
      expect({ timestamp, type: body.type }).toEqual({
        timestamp: entry?.timestamp ?? "",
        type: entry?.type ?? "",
      });
      expect(transaction.replace("@", "-").replace(/\.(\d{9})$/, "-$1")).toBe(entry?.transactionId);
      for (const link of links) expect((await fetch(link)).status).toBe(200);
    }
    const paid = told.find(({ type }: RawEntry) => type === "payment_settled");
    const id = paid.body.payload.transfer.replace("@", "-").replace(/\.(\d{9})$/, "-$1");
    expect(paid.links.some((link: string) => link.endsWith(id))).toBe(true);
    expect((await oneOf(stage.mirror, `transactions/${id}`)).transactions[0].name).toBe("CRYPTOTRANSFER");
  });

  test("is told in words: who owed what since when, and by which verdict it was paid", async () => {
    const { out } = await run("why", ["1.1.2"]);
    expect(out).toContain("1.1.2 Measure volatility: paid, attempt 1 by inference-001, edition 1");
    expect(out).toMatch(/\d+\.1 settle, owed by coordinator since #\d+\n {2}#\d+ payment_settled: /);
    expect(out).toContain("passed completed");
  });

  test("is an error for a task that is not there", async () => {
    const { code, err } = await run("why", ["9.9.9"]);
    expect(code).toBe(1);
    expect(err).toContain('has no task "9.9.9"');
  });
});
