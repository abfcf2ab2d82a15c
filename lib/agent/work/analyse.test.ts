import { describe, expect, test } from "bun:test";
import type { Body } from "../../festival/entry/entry.ts";
import { outputHash } from "../../festival/provenance.ts";
import { about } from "../../festival/testing/stage.ts";
import { createMirror } from "../../mirror/client.ts";
import { evidenceOf } from "../duty/evidence.ts";
import { contextOf, delivered } from "../testing/context.ts";
import { analyseWork } from "./analyse.ts";
import type { WorkContext } from "./context.ts";
import { WORK } from "./kinds.ts";
import { provenanceFor } from "./provenance.ts";

type Result = Body<"task_result">["payload"];

const mirror = createMirror({ baseUrl: "http://127.0.0.1:9" });
const WORDS = {
  engine: "openai-chat",
  model: "tiny-llama",
  version: "1",
  deterministic: false,
  summary: "It is calm.",
  findings: [{ task_id: "calm", says: "Volatility is low." }],
  agreement: "agree",
};
const METRICS = { findings: 1, astray: 0, agreement: "agree" };

/** A log on which an analysis of a volatility is due. */
const due = () =>
  delivered(
    { calm: { spec: { kind: "volatility" }, output: { annual_ewma: 0.4 } } },
    { kind: "analyse", uses: { calm: "calm" } },
  );

/** What the judge finds wrong with a delivered analysis. */
async function faults(change: (honest: Result, context: WorkContext) => Result) {
  const log = due();
  const context = contextOf(log, mirror);
  const maker = { engine: WORDS.engine, model: WORDS.model, version: WORDS.version, cost: 5n };
  const provenance = provenanceFor(context, { output: WORDS, metrics: METRICS, maker });
  const payload = change({ status: "completed", output: WORDS, metrics: METRICS, provenance }, context);
  const owed = log.the("execute", "last");
  log.discharge(owed, { ...about(owed), type: "task_result", payload });
  const criteria = await evidenceOf(WORK)(contextOf(log, mirror));
  return criteria.filter(({ passed }) => !passed).map(({ name }) => name);
}

const withOutput = (output: object) => (result: Result, _: WorkContext) => {
  const { provenance } = result;
  if (provenance === undefined) return result;
  const output_sha256 = outputHash(provenance.input_sha256, output);
  return { ...result, output: { ...output }, provenance: { ...provenance, output_sha256 } };
};

test("an analysis without a language model is refused, and says what to set", async () => {
  await expect(analyseWork(null)(contextOf(due(), mirror))).rejects.toMatchObject({
    code: "MODEL_MISSING",
    fix: expect.stringContaining("FEST_LLM_URL"),
  });
});

describe("of what nobody can do again, the gate judges", () => {
  test("that there is nothing wrong with an honest one", async () => {
    expect(await faults((honest) => honest)).toEqual([]);
  });

  test.each<[string, string, (honest: Result, context: WorkContext) => Result]>([
    ["its form", "form", withOutput({ ...WORDS, agreement: "perhaps" })],
    ["that it does not pass for something computed", "form", withOutput({ ...WORDS, deterministic: true })],
    ["its figures", "figures", (honest) => ({ ...honest, metrics: { ...METRICS, findings: 3 } })],
    ["its output's hash", "provenance", (honest) => ({ ...honest, output: { ...WORDS, summary: "Buy!" } })],
    [
      "its input's hash",
      "provenance",
      (honest) => ({
        ...honest,
        ...(honest.provenance && { provenance: { ...honest.provenance, input_sha256: "ab".repeat(32) } }),
      }),
    ],
  ])("%s", async (_, name, lie) => {
    expect(await faults(lie)).toEqual([name]);
  });

  test("that it is about the results that it was given", async () => {
    const output = { ...WORDS, findings: [{ task_id: "elsewhere", says: "I made this up." }] };
    const astray = { findings: 1, astray: 1, agreement: "agree" };
    expect(
      await faults((honest, context) => ({ ...withOutput(output)(honest, context), metrics: astray })),
    ).toEqual(["about"]);
  });
});
