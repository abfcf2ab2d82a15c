import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import type { Body } from "../../festival/entry/entry.ts";
import type { State } from "../../festival/state.ts";
import type { TestLog } from "../../festival/testing/log.ts";
import { about, go, type Spec, stage } from "../../festival/testing/stage.ts";
import { fromMillis } from "../../hedera/timestamp.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { transferHbar } from "../../ledger/accounts.ts";
import { openLedger } from "../../ledger/client.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import { MirrorError, MirrorUnavailable } from "../../mirror/error.ts";
import { contextOf, MARKET, startedAt } from "../testing/context.ts";
import type { WorkContext } from "../work/context.ts";
import { WORK } from "../work/kinds.ts";
import { measureWork } from "../work/measure.ts";
import { provenanceFor } from "../work/provenance.ts";
import { evidenceOf } from "./evidence.ts";

type Result = Body<"task_result">["payload"];

let devnet: Devnet;
let mirror: Mirror;
beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  mirror = createMirror({ baseUrl: devnet.network.mirror });
  // Something happens after `now`, so that the mirror node is known to be that far.
  const { accountId: account, privateKey: hex } = devnet.operator;
  const operator = openLedger({ network: devnet.network, account, key: { type: "ED25519", hex } });
  await transferHbar(operator, { to: "0.0.98", amount: 1n });
  operator.close();
});
afterAll(() => devnet.stop());

const now = fromMillis(Date.now());
const judge = evidenceOf(WORK);

/** A task with the result that was delivered for it, as its judge sees it. */
function judged(log: TestLog, payload: Result): WorkContext {
  const owed = log.the("execute", "last");
  log.discharge(owed, { ...about(owed), type: "task_result", payload });
  return { ...contextOf(log, mirror, { began: now }), state: startedAt(log.state, now) };
}
const begun = (spec: Spec) => go(stage({ last: spec }, withFund()), "last", "assign", "start");
const context = (log: TestLog): WorkContext => ({
  ...contextOf(log, mirror, { began: now }),
  state: startedAt(log.state, now),
});
const completed = (log: TestLog, result: KindResult): Result => ({
  status: "completed",
  output: { ...result.output },
  metrics: { ...result.metrics },
  provenance: provenanceFor(context(log), result),
});

/** The fund is the devnet's operator, which has HBAR. */
function withFund() {
  const { market } = MARKET.payload;
  if (market === undefined) throw new Error("there is a market");
  return {
    ...MARKET,
    payload: { ...MARKET.payload, market: { ...market, fund: "0.0.2" as const, pool: "0.0.98" as const } },
  };
}
async function work(log: TestLog, kind: string): Promise<KindResult> {
  const found = WORK.get(kind);
  if (found === undefined) throw new Error(`there is no ${kind}`);
  return found(context(log));
}

describe("what a judge does again", () => {
  test.each<[string, Spec]>([
    ["gather", { kind: "gather", input: { hours: 30 } }],
    ["position", { kind: "position", role: "defi" }],
  ])("passes an honest %s", async (kind, spec) => {
    const log = begun(spec);
    const result = await work(log, kind);
    expect(await judge(judged(log, completed(log, result)))).toEqual([
      { name: "recomputed", passed: true },
      { name: "provenance", passed: true },
    ]);
  });

  test.each<[string, (honest: Result) => Result]>([
    ["another output", (honest) => ({ ...honest, output: { ...honest.output, hours: 29 } })],
    ["a field more", (honest) => ({ ...honest, output: { ...honest.output, more: 1 } })],
    ["no output", ({ status, metrics }) => ({ status, ...(metrics ? { metrics } : {}) })],
    [
      "other metrics, by which the gate would be passed",
      (honest) => ({ ...honest, metrics: { hours: 168 } }),
    ],
    ["a metric more", (honest) => ({ ...honest, metrics: { ...honest.metrics, mape: 0 } })],
    ["no metrics", ({ status, output }) => ({ status, ...(output ? { output } : {}) })],
  ])("finds out %s", async (_, lie) => {
    const log = begun({ kind: "gather", input: { hours: 30 } });
    const honest = completed(log, await work(log, "gather"));
    const [criterion] = await judge(judged(log, lie(honest)));
    expect(criterion).toEqual({
      name: "recomputed",
      passed: false,
      value: "the same work gives another result",
    });
  });

  test("is nothing where the result itself says that it failed", async () => {
    expect(await judge(judged(begun({ kind: "gather" }), { status: "failed", error: "no" }))).toEqual([]);
  });

  test("fails a result of work that cannot be done as planned, with the reason", async () => {
    const log = begun({ kind: "volatility" });
    const [criterion] = await judge(judged(log, { status: "completed", output: {} }));
    expect(criterion).toMatchObject({ name: "recomputed", passed: false });
    expect(String(criterion?.value)).toContain('task last uses no result as "rates"');
  });

  test("fails a kind that nobody does", async () => {
    const log = begun({ kind: "poetry" });
    expect(await judge(judged(log, { status: "completed" }))).toEqual([
      { name: "kind", passed: false, value: "nobody does poetry" },
    ]);
  });

  test("fails a trade that was to be made and was not", async () => {
    const log = begun({ kind: "trade", role: "defi" });
    const [criterion] = await judge(judged(log, { status: "completed", output: { outcome: "held" } }));
    expect(criterion).toMatchObject({ name: "recomputed", passed: false });
  });
});

describe("a mirror node that cannot be read", () => {
  test("is no verdict: nothing is judged as long as it does not answer", async () => {
    const log = begun({ kind: "position", role: "defi" });
    const seen = judged(log, { status: "completed", output: {} });
    const away = createMirror({ baseUrl: "http://127.0.0.1:9", timeoutMs: 200, retries: 0 });
    await expect(judge({ ...seen, mirror: away })).rejects.toBeInstanceOf(MirrorError);
  });

  test("does not know a fund, or a trade, only yet", async () => {
    const log = begun({ kind: "position", role: "defi" });
    const unknown: State = startedAt(log.state, now);
    const state = { ...unknown, manifest: MARKET.payload };
    await expect(WORK.get("position")?.({ ...context(log), state })).rejects.toBeInstanceOf(
      MirrorUnavailable,
    );
  });

  test("makes a measurement wait for the trade that it measures", async () => {
    const held = {
      account: "0.0.2",
      token: "0.0.2002",
      hbar: "1",
      tokens: "1",
      reference_micro_usd: "90000",
    };
    const traded = {
      outcome: "settled",
      side: "buy",
      hbar: "1",
      tokens: "1",
      transaction: "0.0.2@1700000000.000000000",
    };
    const specs = { kind: "position", role: "defi" };
    const log = stage(
      {
        p: specs,
        t: specs,
        last: { kind: "measure", role: "defi", uses: { before: "p", after: "p", trade: "t" } },
      },
      withFund(),
    );
    for (const [id, output] of [
      ["p", held],
      ["t", traded],
    ] as const) {
      go(log, id, "assign", "start");
      const owed = log.the("execute", id);
      log.discharge(owed, { ...about(owed), type: "task_result", payload: { status: "completed", output } });
      go(log, id, "settle");
    }
    go(log, "last", "assign", "start");
    await expect(measureWork(context(log))).rejects.toBeInstanceOf(MirrorUnavailable);
  });
});
