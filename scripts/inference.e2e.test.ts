/** The plan `second-opinion` on real processes: with a language model that says much, with one that says nonsense, and with none. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { resolve } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { Hono } from "hono";
import { allOf, oneOf, type RawEntry } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

setDefaultTimeout(240_000);

const PLAN = resolve(import.meta.dir, "../agents/plans/second-opinion");
const ANALYSE = "1.2.1";
const REVIEW = "1.3.1";

let says: unknown;
const app = new Hono();
app.post("/v1/chat/completions", (c) =>
  c.json({
    choices: [{ message: { role: "assistant", content: JSON.stringify(says) } }],
    usage: { prompt_tokens: 900, completion_tokens: 300 },
  }),
);
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app.fetch });
const stages: Stage[] = [];
afterAll(async () => {
  for (const stage of stages) await stage.stop();
  await server.stop(true);
});

/** Plays the plan to its commit. */
async function play(
  env: Readonly<Record<string, string>>,
): Promise<{ stage: Stage; entries: readonly RawEntry[] }> {
  const stage = await openStage({ planFolder: PLAN, noise: null, env: { "inference-001": env } });
  stages.push(stage);
  const entries = await stage.until(({ type }) => type === "festival_commit");
  await stage.agents.stop();
  return { stage, entries };
}
const MODEL = {
  FEST_LLM_URL: `http://127.0.0.1:${server.port}/v1`,
  FEST_LLM_MODEL: "tiny-llama",
  FEST_LLM_USD_PER_MILLION_IN: "0.5",
  FEST_LLM_USD_PER_MILLION_OUT: "2",
};
const of = (entries: readonly RawEntry[], task: string, type: string) =>
  entries.filter((entry) => entry.task_id === task && entry.type === type);

test("what a model says at length goes into an HCS-1 file, which anybody can check against the log", async () => {
  const long = {
    summary: "The interval is wider than the volatility asks for. ".repeat(11),
    findings: ["1.1.2", "1.1.3", "1.1.2", "1.1.3"].map((task_id, index) => ({
      task_id,
      says: `${index}: ${"the figures fit each other, within what a week can tell. ".repeat(4)}`,
    })),
    agreement: "mixed",
  };
  says = long;
  const { stage, entries } = await play(MODEL);
  const [result] = of(entries, ANALYSE, "task_result");
  expect(of(entries, ANALYSE, "payment_settled")).toHaveLength(1);
  expect(result?.payload).toMatchObject({
    status: "completed",
    metrics: { findings: 4, astray: 0, agreement: "mixed" },
    // 900 x 0.5 and 300 x 2 dollars a million.
    provenance: { engine: "openai-chat", model: "tiny-llama", cost_micro_usd: "1050", tokens_in: 900 },
  });
  expect(result?.payload.output).toBeUndefined();

  const { topic, sha256 } = result?.payload.output_ref ?? {};
  expect((await oneOf(stage.mirror, `topics/${topic}`)).memo).toBe(`${sha256}:brotli:base64`);
  const messages = await allOf(stage.mirror, `topics/${topic}/messages?limit=100`, "messages");
  const chunks = messages.map(({ message }) => JSON.parse(Buffer.from(message, "base64").toString()));
  const base64 = chunks
    .toSorted((a, b) => a.o - b.o)
    .map(({ c }) => c)
    .join("")
    .replace("data:application/json;base64,", "");
  const file = brotliDecompressSync(Buffer.from(base64, "base64"));
  expect(new Bun.CryptoHasher("sha256").update(file).digest("hex")).toBe(sha256);
  expect(JSON.parse(file.toString())).toMatchObject({ ...long, deterministic: false });
});

test("the review says what each agent did and what it cost", async () => {
  const { entries } = { entries: await stages[0]?.until(({ type }) => type === "festival_commit") };
  const [result] = of(entries ?? [], REVIEW, "task_result");
  expect(of(entries ?? [], REVIEW, "payment_settled")).toHaveLength(1);
  const { agents, fees } = result?.payload.output ?? {};
  const inference = agents.find(({ agent }: { agent: string }) => agent === "inference-001");
  for (const trouble of ["late", "rejected", "failed"]) expect(inference).not.toHaveProperty(trouble);
  expect(inference.paid).toBeGreaterThanOrEqual(3);
  expect(agents.reduce((sum: bigint, one: { fees: string }) => sum + BigInt(one.fees), 0n)).toBe(
    BigInt(fees),
  );
  expect(BigInt(fees)).toBeGreaterThan(0n);
});

test("a model that talks of results that it was not given is sent back each time, and not paid", async () => {
  says = { summary: "Buy.", findings: [{ task_id: "9.9.9", says: "It will rise." }], agreement: "agree" };
  const { entries } = await play(MODEL);
  const gates = of(entries, ANALYSE, "quality_gate");
  expect(gates).toHaveLength(3);
  const failed = gates[0]?.payload.criteria.filter(({ passed }: { passed: boolean }) => !passed);
  expect(failed).toEqual([{ name: "about", passed: false, value: 1, limit: "is 0" }]);
  expect(of(entries, ANALYSE, "payment_settled")).toEqual([]);
  expect(of(entries, ANALYSE, "task_failed")).toHaveLength(1);
});

test("without a model the task is refused, says what to set, and the rest of the edition goes on", async () => {
  const { entries } = await play({});
  const [result] = of(entries, ANALYSE, "task_result");
  expect(result?.payload).toMatchObject({
    status: "failed",
    error: expect.stringContaining("Set FEST_LLM_URL and FEST_LLM_MODEL"),
  });
  expect(of(entries, ANALYSE, "payment_settled")).toEqual([]);
  expect(of(entries, REVIEW, "payment_settled")).toHaveLength(1);
});
