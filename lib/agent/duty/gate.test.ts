/** What the coordinator pays for and what it sends back: real work on a real devnet, and what a liar could make of it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import { settleTask } from "../../festival/decision/settlement.ts";
import type { Body } from "../../festival/entry/entry.ts";
import { effectId } from "../../festival/obligation.ts";
import { inputHash, inputOf, outputHash } from "../../festival/provenance.ts";
import { TRANSFER_PART } from "../../festival/rules/work.ts";
import type { TestLog } from "../../festival/testing/log.ts";
import { about, go, type Spec, stage } from "../../festival/testing/stage.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import { MARKET } from "../testing/context.ts";
import type { WorkContext } from "../work/context.ts";
import { WORK } from "../work/kinds.ts";
import { provenanceFor } from "../work/provenance.ts";
import { evidenceOf } from "./evidence.ts";

type Result = Body<"task_result">["payload"];

let devnet: Devnet;
let mirror: Mirror;
beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  mirror = createMirror({ baseUrl: devnet.network.mirror });
});
afterAll(() => devnet.stop());

const PLAN: Readonly<Record<string, Spec>> = {
  rates: { kind: "gather", input: { hours: 48 } },
  one: { kind: "forecast", input: { horizon_hours: 1 }, uses: { rates: "rates" } },
  two: { kind: "forecast", input: { horizon_hours: 2 }, uses: { rates: "rates" } },
  calm: { kind: "volatility", uses: { rates: "rates" } },
};

function contextOf({ state }: TestLog, id: string): WorkContext {
  const task = state.edition?.tasks.get(id);
  if (task === undefined) throw new Error(`there is no task ${id}`);
  return { state, task, mirror, signal: new AbortController().signal };
}

/** What an honest agent hands in. */
async function honest(log: TestLog, id: string): Promise<Result> {
  const context = contextOf(log, id);
  const result = await WORK.get(context.task.spec.kind)?.(context);
  if (result === undefined) throw new Error(`nobody does task ${id}`);
  const { output, metrics } = result;
  const provenance = provenanceFor(context, result);
  return { status: "completed", output: { ...output }, metrics: { ...metrics }, duration_ms: 3, provenance };
}

/** Hands in a result, has it judged, and folds what the coordinator says of it. */
async function judge(log: TestLog, id: string, payload: Result) {
  const owed = log.the("execute", id);
  log.discharge(owed, { ...about(owed), type: "task_result", payload });
  const settle = log.the("settle", id);
  const evidence = await evidenceOf(WORK)(contextOf(log, id));
  return settleTask(log.state, settle, evidence, effectId(settle, 0, TRANSFER_PART));
}

/** A log on which some tasks were done and paid, and one was begun. */
async function until(id: string, ...before: readonly string[]): Promise<TestLog> {
  const log = stage(PLAN, MARKET);
  for (const done of before) {
    go(log, done, "assign", "start");
    expect(await judge(log, done, await honest(log, done))).toMatchObject({ kind: "pay" });
    go(log, done, "settle");
  }
  return go(log, id, "assign", "start");
}

/** Why a result was sent back. */
async function reasons(log: TestLog, id: string, payload: Result): Promise<Record<string, unknown>> {
  const settlement = await judge(log, id, payload);
  if (settlement?.kind !== "reject") return { paid: true };
  const failed = settlement.body.payload.criteria.filter(({ passed }) => !passed);
  return Object.fromEntries(failed.map(({ name, value }) => [name, value]));
}

/** The same result with another output, its own hash made to fit as a careful liar would. */
function withOutput({ provenance, ...result }: Result, output: NonNullable<Result["output"]>): Result {
  if (provenance === undefined) return { ...result, output };
  const output_sha256 = outputHash(provenance.input_sha256, output);
  return { ...result, output, provenance: { ...provenance, output_sha256 } };
}

describe("the gate pays", () => {
  test.each(["rates", "one", "two", "calm"])("for an honest %s", async (id) => {
    const log = await until(id, ...(id === "rates" ? [] : ["rates"]));
    const settlement = await judge(log, id, await honest(log, id));
    const criteria = settlement?.kind === "pay" ? settlement.body.payload.criteria : [];
    expect(criteria.filter(({ passed }) => passed).map(({ name }) => name)).toEqual([
      "completed",
      "recomputed",
      "provenance",
      ...(PLAN[id]?.kind === "forecast" ? ["quantiles"] : []),
    ]);
  });
});

describe("the gate sends back", () => {
  test("a result that differs in one byte", async () => {
    const log = await until("one", "rates");
    const result = await honest(log, "one");
    const text = JSON.stringify(result.output);
    const last = String(result.output?.last_micro_usd);
    const other = JSON.parse(text.replace(last, `${BigInt(last) + 1n}`));
    expect(JSON.stringify(other)).toHaveLength(text.length);
    expect(await reasons(log, "one", withOutput(result, other))).toEqual({
      recomputed: "the same work gives another result",
    });
  });

  test("a forecast with crossed quantiles, and says so", async () => {
    const log = await until("one", "rates");
    const result = await honest(log, "one");
    const { q10_micro_usd, q90_micro_usd } = result.output ?? {};
    const crossed = { ...result.output, q10_micro_usd: q90_micro_usd, q90_micro_usd: q10_micro_usd };
    expect(await reasons(log, "one", withOutput(result, crossed))).toEqual({
      recomputed: "the same work gives another result",
      quantiles: "they cross",
    });
  });

  test("a result that states another task's output hash, and names that task", async () => {
    const log = await until("two", "rates", "one");
    const output_sha256 = log.task("one").result?.payload.provenance?.output_sha256 ?? "";
    const { provenance, ...result } = await honest(log, "two");
    if (provenance === undefined) throw new Error("it states where it comes from");
    const copied = { ...result, provenance: { ...provenance, output_sha256 } };
    expect(await reasons(log, "two", copied)).toEqual({ provenance: "its output hash is that of task one" });
  });

  test("another task's whole result, handed in once more", async () => {
    const log = await until("two", "rates", "one");
    const copied = log.task("one").result?.payload;
    if (copied === undefined) throw new Error("it was delivered");
    expect(await reasons(log, "two", copied)).toEqual({
      recomputed: "the same work gives another result",
      provenance: "its output hash is that of task one",
    });
  });

  test.each<[string, string, (result: Result) => Result]>([
    ["no provenance", "it states none", ({ provenance: _, ...result }) => result],
    [
      "the hash of another input",
      "its input hash is not that of its input",
      (result) => ({
        ...result,
        ...(result.provenance && { provenance: { ...result.provenance, input_sha256: "ab".repeat(32) } }),
      }),
    ],
    [
      "the hash of another output",
      "its output hash is not that of its output",
      (result) => ({
        ...result,
        ...(result.provenance && { provenance: { ...result.provenance, output_sha256: "ab".repeat(32) } }),
      }),
    ],
    [
      "a model that did not do it",
      "embedded/oracle/1 does not do this work",
      (result) => ({
        ...result,
        ...(result.provenance && { provenance: { ...result.provenance, model: "oracle" } }),
      }),
    ],
  ])("a result with %s", async (_, reason, lie) => {
    const log = await until("one", "rates");
    expect(await reasons(log, "one", lie(await honest(log, "one")))).toEqual({ provenance: reason });
  });
});

test("a stranger recomputes both hashes from the log alone", async () => {
  const log = await until("one", "rates");
  const { output, provenance } = await honest(log, "one");
  const input = inputOf(log.state, log.task("one"));
  expect(input).toMatchObject({
    task_id: "one",
    edition: 1,
    uses: {
      rates: { task_id: "rates", sha256: log.task("rates").result?.payload.provenance?.output_sha256 },
    },
  });
  const sha256 = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");
  const input_sha256 = sha256(JSON.stringify(input));
  expect(provenance).toMatchObject({
    engine: "embedded",
    model: "ewma-t5",
    version: "1",
    input_sha256,
    output_sha256: sha256(`${input_sha256}\n${JSON.stringify(output)}`),
  });
  expect(input && inputHash(input)).toBe(input_sha256);
});
