import { describe, expect, test } from "bun:test";
import { KINDS } from "../testing/tree.ts";
import { checkPlan } from "./check.ts";
import { planSchema, readPlanFile, surveyPlan } from "./plan-file.ts";
import { countSurvey } from "./survey.ts";

const YAML = `id: PF0001
name: One file
every_seconds: 60
phases:
  - name: Observe
    sequences:
      - name: Rates
        gate: { hours: { min: 1 } }
        tasks:
          - { id: rates, name: Gather, kind: gather, reward: 50 }
          - { name: Look at it }
  - name: Decide
    sequences:
      - name: Forecast
        tasks:
          - name: Forecast
            kind: forecast
            agent: inference
            uses: { rates: 1.1.rates }
            reward: "5000"
            approval: owner
`;
const plan = (text = YAML) => readPlanFile("plan.yaml", text, KINDS);
const fault = (text: string): string => {
  try {
    checkPlan(plan(text), 1_000n);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "sound";
};

describe("a plan file", () => {
  test("is the plan that a festival of the same content is", () => {
    expect(plan()).toMatchObject({ id: "PF0001", name: "One file", everySeconds: 60, gates: 1 });
    expect(plan().tasks.map(({ id, spec }) => ({ id, ...spec }))).toEqual([
      {
        id: "1.1.rates",
        name: "Gather",
        kind: "gather",
        role: "inference",
        gate: { hours: { min: 1 } },
        reward: 50n,
      },
      {
        id: "1.1.2",
        name: "Look at it",
        kind: "manual",
        role: "owner",
        depends_on: ["1.1.rates"],
        gate: { hours: { min: 1 } },
        reward: 100n,
      },
      {
        id: "2.1.1",
        name: "Forecast",
        kind: "forecast",
        role: "inference",
        uses: { rates: "1.1.rates" },
        reward: 5_000n,
        approval: "owner",
      },
    ]);
    expect(fault(YAML)).toBe("sound");
  });

  test("may be JSON, and is surveyed", () => {
    const json = JSON.stringify({
      id: "J",
      name: "J",
      phases: [{ name: "A", sequences: [{ name: "b", tasks: [{ name: "c" }] }] }],
    });
    expect(countSurvey(surveyPlan(plan(json)))).toMatchObject({
      phases: 1,
      sequences: 1,
      tasks: 1,
      gates: 0,
      completed: 0,
    });
  });

  test.each<[string, string, string | RegExp]>([
    [
      "a kind that nobody does",
      YAML.replace("kind: gather", "kind: poetry"),
      /^plan\.yaml:10: "poetry" is not a kind of task/,
    ],
    ["a field that is none", YAML.replace("reward: 50", "rewards: 50"), /^plan\.yaml:10: .*rewards/],
    [
      "an id twice",
      YAML.replace("{ name: Look at it }", "{ id: rates, name: Again }"),
      "plan.yaml:11: its id 1.1.rates is that of task 1 of the sequence, too",
    ],
    [
      "a use that is not there",
      YAML.replace("1.1.rates }", "1.9.rates }"),
      'plan.yaml:19: it depends on "1.9.rates", which is not a task',
    ],
    [
      "a circle",
      YAML.replace("{ name: Look at it }", "{ name: Look, depends_on: [2.1.1] }").replace(
        "uses: { rates: 1.1.rates }",
        "depends_on: [1.1.2]",
      ),
      "plan.yaml:11: its dependencies go in a circle: 1.1.2, 2.1.1",
    ],
    [
      "a reward over the limit",
      YAML.replace("            approval: owner\n", ""),
      /^plan\.yaml:20: its reward 5000 is over the limit of 1000/,
    ],
    ["no phases", "id: x\nname: y\nphases: []\n", /^plan\.yaml:3: phases/],
  ])("with %s is refused with file and line", (_, text, message) => {
    if (typeof message === "string") expect(fault(text)).toBe(message);
    else expect(fault(text)).toMatch(message);
  });

  test("has a published schema, which is what the reader reads by", async () => {
    const published: unknown = await Bun.file(`${import.meta.dir}/../../../docs/plan.schema.json`).json();
    // If this fails: bun scripts/write-plan-schema.ts
    expect(published).toEqual(JSON.parse(JSON.stringify(planSchema())));
    expect(published).toMatchObject({
      type: "object",
      required: ["id", "name", "phases"],
      additionalProperties: false,
    });
  });
});
