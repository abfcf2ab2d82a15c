import { describe, expect, test } from "bun:test";
import { FEST, first, KINDS, markdown, read, task } from "../testing/tree.ts";
import { PlanError } from "./error.ts";
import { readFestivalTree } from "./fest-tree.ts";
import type { Plan } from "./plan.ts";

type Files = Readonly<Record<string, string>>;

function fault(files: Files): string {
  try {
    read(files);
  } catch (error) {
    if (error instanceof PlanError) return error.message;
    throw error;
  }
  return "sound";
}
const order = (plan: Plan) =>
  Object.fromEntries(plan.tasks.map(({ id, spec }) => [id, (spec.depends_on ?? []).join(" ")]));
const specOf = (plan: Plan, id: string) => plan.tasks.find((one) => one.id === id)?.spec;
const gate = (fields: string) => markdown(`fest_type: gate\n${fields}`);

describe("a festival on disk", () => {
  const plan = read({
    "fest.yaml": `${FEST}recurrence:\n  every_seconds: 15\n`,
    "README.md": "# Not a part of it",
    "FESTIVAL_GOAL.md": "# Nor is this",
    ".fest/progress_events.jsonl": "{}",
    "001_OBSERVE/PHASE_GOAL.md": markdown("fest_type: phase\nfest_name: Look around"),
    "001_OBSERVE/01_rates_now/SEQUENCE_GOAL.md": markdown("fest_type: sequence\nfest_name: Rates"),
    "001_OBSERVE/01_rates_now/01_gather_rates.md": task(
      "fest_name: Gather\nreward: 50\ninput: { hours: 168 }",
    ),
    "001_OBSERVE/01_rates_now/02_testing.md": gate("gate: { hours: { equals: 168 } }"),
    "001_OBSERVE/results/01_old.md": "not in a sequence",
    "002_ACT/01_swap/01_trade_it.md": markdown(
      "fest_type: task\nkind: trade\nlease_seconds: 30\nreward: '7'",
    ),
  });

  test("has phases and sequences, named by their goals or else by their folders", () => {
    expect(plan).toMatchObject({ id: "T1", name: "Test", everySeconds: 15, gates: 1 });
    expect(plan.phases).toEqual([
      { id: "1", name: "Look around" },
      { id: "2", name: "Act" },
    ]);
    expect(plan.sequences).toEqual([
      { id: "1.1", name: "Rates" },
      { id: "2.1", name: "Swap" },
    ]);
  });

  test("has tasks with short ids that are free of paths, in order, as they will be said", () => {
    expect(plan.tasks.map(({ id, file, spec }) => ({ id, file, spec }))).toEqual([
      {
        id: "1.1.1",
        file: "001_OBSERVE/01_rates_now/01_gather_rates.md",
        spec: {
          name: "Gather",
          kind: "gather",
          role: "inference",
          input: { hours: 168 },
          gate: { hours: { equals: 168 } },
          reward: 50n,
        },
      },
      {
        id: "2.1.1",
        file: "002_ACT/01_swap/01_trade_it.md",
        spec: {
          name: "Trade it",
          kind: "trade",
          role: "defi",
          depends_on: ["1.1.1"],
          reward: 7n,
          lease_seconds: 30,
        },
      },
    ]);
  });

  test("is the same whatever order its files are found in", () => {
    const files = Object.fromEntries(
      ["03_c", "01_a", "10_d", "02_b"].map((stem) => [first(`${stem}.md`), task()]),
    );
    expect(read(files).tasks.map(({ id }) => id)).toEqual(["1.1.1", "1.1.2", "1.1.3", "1.1.10"]);
    expect(order(read(Object.fromEntries(Object.entries(files).toReversed())))).toEqual(order(read(files)));
  });

  test("that does not recur has one edition; a task without a reward earns 100", () => {
    const small = read({ [first("01_a.md")]: task() });
    expect(small.everySeconds).toBeNull();
    expect(small.tasks[0]?.spec.reward).toBe(100n);
  });

  test("takes goals without front matter for what they are: text", () => {
    const files = { [first("01_a.md")]: task(), "001_ONE/PHASE_GOAL.md": "# Phase Goal: all of it\n" };
    expect(read(files).phases).toEqual([{ id: "1", name: "One" }]);
  });
});

describe("the order of tasks", () => {
  test("is that of their numbers, across sequences and phases", () => {
    const plan = read({
      [first("01_a.md")]: task(),
      [first("02_b.md")]: task(),
      "001_ONE/02_beta/01_c.md": task(),
      "002_TWO/01_gamma/01_d.md": task(),
    });
    expect(order(plan)).toEqual({ "1.1.1": "", "1.1.2": "1.1.1", "1.2.1": "1.1.2", "2.1.1": "1.2.1" });
  });

  test("goes by numbers, not by their text: 2 is before 10, in files and folders", () => {
    const plan = read({
      [first("2_b.md")]: task(),
      [first("10_c.md")]: task(),
      "001_ONE/10_late/1_d.md": task(),
    });
    expect(fault({ [first("01_a.md")]: task(), "1_TWO/01_x/01_b.md": task() })).toMatch(
      /its number 1 is that of/,
    );
    expect(order(plan)).toEqual({ "1.1.2": "", "1.1.10": "1.1.2", "1.10.1": "1.1.10" });
  });

  test("lets tasks of one number run side by side; the next waits for all of them", () => {
    const plan = read({
      [first("01_a.md")]: task(),
      [first("02_b.md")]: task(),
      [first("02_c.md")]: task(),
      [first("02_d.md")]: task(),
      [first("03_e.md")]: task(),
    });
    expect(order(plan)).toEqual({
      "1.1.1": "",
      "1.1.2": "1.1.1",
      "1.1.2b": "1.1.1",
      "1.1.2c": "1.1.1",
      "1.1.3": "1.1.2 1.1.2b 1.1.2c",
    });
  });

  test("has letters enough for any number of them", () => {
    const names = Array.from({ length: 60 }, (_, index) => `01_task_${10 + index}`);
    const plan = read(Object.fromEntries(names.map((name) => [first(`${name}.md`), task()])));
    const ids = plan.tasks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(60);
    expect(ids.slice(24, 29)).toEqual(["1.1.1y", "1.1.1z", "1.1.1aa", "1.1.1ab", "1.1.1ac"]);
  });

  test("is what a task states, where it states it: nothing, an id, a file's name", () => {
    const plan = read({
      [first("01_a.md")]: task(),
      [first("02_b.md")]: task("depends_on: []"),
      [first("03_c.md")]: task("depends_on: [1.1.1]"),
      [first("04_d.md")]: task("depends_on: [01_a, 02_b.md]"),
      [first("05_e.md")]: task("uses: { rates: 01_a }"),
      [first("06_f.md")]: task("uses: { rates: 1.1.1 }\ndepends_on: [05_e]"),
    });
    expect(order(plan)).toEqual({
      "1.1.1": "",
      "1.1.2": "",
      "1.1.3": "1.1.1",
      "1.1.4": "1.1.1 1.1.2",
      "1.1.5": "",
      "1.1.6": "1.1.5",
    });
    expect(specOf(plan, "1.1.5")?.uses).toEqual({ rates: "1.1.1" });
    expect(specOf(plan, "1.1.6")?.uses).toEqual({ rates: "1.1.1" });
  });

  test("is not guessed from a path, whose last part may be a task of this sequence, too", () => {
    const plan = read({
      [first("01_read.md")]: task(),
      "001_ONE/02_beta/01_read.md": task(),
      "001_ONE/02_beta/02_b.md": task("depends_on: [../01_alpha/01_read.md]"),
    });
    expect(specOf(plan, "1.2.2")?.depends_on).toEqual(["../01_alpha/01_read.md"]);
  });
});

describe("who does a task", () => {
  const specs = (files: Files) => read(files).tasks.map(({ id, spec }) => `${id} ${spec.kind} ${spec.role}`);

  test("is a person, if nothing states its kind, whatever its name says", () => {
    const files = {
      [first("01_swap_and_trade.md")]: markdown("fest_type: task\nfest_name: Forecast a trade"),
    };
    expect(specs(files)).toEqual(["1.1.1 manual owner"]);
    expect(specs({ [first("01_a.md")]: markdown("fest_type: task\nagent: owner") })).toEqual([
      "1.1.1 manual owner",
    ]);
  });

  test("may be stated in a mapping file, by path or id; what the task states itself counts before it", () => {
    const mapping = [
      "tasks:",
      "  001_ONE/01_alpha/01_a.md: { kind: trade, reward: 7 }",
      "  1.1.2: { kind: forecast, gate: { mape: { max: 3 } } }",
      "  001_ONE/01_alpha/03_c: { kind: forecast }",
    ].join("\n");
    const plan = read({
      [first("01_a.md")]: markdown("fest_type: task"),
      [first("02_b.md")]: markdown("fest_type: task\nreward: 5"),
      [first("03_c.md")]: task(),
      "fest-agents.yaml": mapping,
    });
    expect(plan.tasks.map(({ spec }) => [spec.kind, spec.role, spec.reward])).toEqual([
      ["trade", "defi", 7n],
      ["forecast", "inference", 5n],
      ["gather", "inference", 100n],
    ]);
    expect(specOf(plan, "1.1.2")?.gate).toEqual({ mape: { max: 3 } });
  });
});

describe("a festival of other habits", () => {
  test("has steps right in a phase, folders with dots, and notes that are no tasks", () => {
    const plan = read({
      "001_ONE/01_note.md": "# Only a note\n",
      "001_ONE/02_do_it.md": task(),
      "001_ONE/WORKFLOW.md": markdown("fest_type: workflow"),
      "001_ONE/output_specs/01_x.md": "no task",
      "002_TWO/01_v1.2_api/01_set_.env.demo.md": task(),
      "gates/implementation/QUALITY_GATE_TESTING.md": "---\nfest_type: gate\nfest_id: {{ .GateID }}\n---\n",
    });
    expect(plan.tasks.map(({ id }) => id)).toEqual(["1.0.2", "2.1.1"]);
    expect(plan.sequences.map(({ id, name }) => `${id} ${name}`)).toEqual(["1.0 One", "2.1 V1.2 api"]);
    expect(plan.gates).toBe(0);
  });
});

describe("gates", () => {
  const tasks = {
    [first("01_a.md")]: task("gate: { hours: { max: 9 }, own: { equals: true } }"),
    [first("02_b.md")]: markdown("fest_type: task\nkind: forecast"),
  };
  const withGates = (...gates: string[]) =>
    read({
      ...tasks,
      ...Object.fromEntries(gates.map((text, index) => [first(`0${index + 3}_gate.md`), text])),
    });

  test("are for every task of their sequence, or for the kinds that they name", () => {
    const plan = withGates(
      gate("gate: { sound: { min: 1 } }"),
      gate("applies_to: [forecast]\ngate: { mape: { max: 25 } }"),
    );
    expect(plan.gates).toBe(2);
    expect(specOf(plan, "1.1.1")?.gate).toEqual({
      sound: { min: 1 },
      hours: { max: 9 },
      own: { equals: true },
    });
    expect(specOf(plan, "1.1.2")?.gate).toEqual({ sound: { min: 1 }, mape: { max: 25 } });
  });

  test("give way to a task's own bound for the same metric", () => {
    expect(specOf(withGates(gate("gate: { hours: { max: 99 } }")), "1.1.1")?.gate?.hours).toEqual({ max: 9 });
  });

  test("are counted even if they state no bound for machines", () => {
    const plan = withGates(gate("fest_gate_type: review"));
    expect(plan.gates).toBe(1);
    expect(specOf(plan, "1.1.2")).not.toHaveProperty("gate");
  });

  test("are no tasks: nothing waits for them, and they have no id", () => {
    const plan = read({ [first("01_gate.md")]: gate("fest_name: G"), [first("02_a.md")]: task() });
    expect(order(plan)).toEqual({ "1.1.2": "" });
  });

  test("of one sequence leave the others alone", () => {
    const plan = read({ ...tasks, "001_ONE/02_beta/01_gate.md": gate("gate: { x: { min: 1 } }") });
    expect(specOf(plan, "1.1.2")).not.toHaveProperty("gate");
  });
});

describe("a festival is refused with file and line", () => {
  const at = first("01_a.md");
  test.each<[string, Files, string | RegExp]>([
    ["without a task", {}, "fest.yaml:1: the festival has no task"],
    [
      "a fest.yaml without a name",
      { "fest.yaml": "metadata:\n  id: T1\n" },
      /^fest\.yaml:2: metadata\.name: /,
    ],
    ["a broken fest.yaml", { "fest.yaml": "metadata:\n  id: [\n" }, /^fest\.yaml:3: /],
    [
      "a task without front matter",
      { [at]: "# Do it\n" },
      /^001_ONE\/01_alpha\/01_a\.md:1: it has no front matter/,
    ],
    ["a task without a type", { [at]: markdown("kind: gather") }, /01_a\.md:2: fest_type: /],
    [
      "a type that is neither task nor gate",
      { [at]: markdown("fest_type: sequence\nkind: gather") },
      /01_a\.md:2: fest_type: /,
    ],
    [
      "an agent without a kind",
      { [at]: markdown("fest_type: task\nagent: defi") },
      /^001_ONE\/01_alpha\/01_a\.md:3: it names the agent "defi" and no kind/,
    ],
    [
      "a mapping to a task that is not there",
      { [at]: task(), "fest-agents.yaml": "tasks:\n  1.1.1: {}\n  1.1.7: { kind: gather }\n" },
      'fest-agents.yaml:3: "1.1.7" is no task of the festival',
    ],
    [
      "a mapping to a kind that nobody does",
      { [at]: markdown("fest_type: task"), "fest-agents.yaml": "tasks:\n  1.1.1:\n    kind: poetry\n" },
      /^fest-agents\.yaml:3: "poetry" is not a kind of task/,
    ],
    [
      "a kind that nobody does",
      { [at]: markdown("fest_type: task\nkind: poetry") },
      `${at}:3: "poetry" is not a kind of task. Choose one of gather, forecast, trade.`,
    ],
    [
      "a kind that every object has",
      { [at]: markdown("fest_type: task\nkind: constructor") },
      `${at}:3: "constructor" is not a kind of task. Choose one of gather, forecast, trade.`,
    ],
    [
      "an agent that does not do that",
      { [at]: task("agent: defi") },
      `${at}:4: gather is done by inference, not by defi`,
    ],
    [
      "a gate for a kind that nobody does",
      { [at]: gate("applies_to: [gathr]") },
      /01_a\.md:3: "gathr" is not a kind of task/,
    ],
    [
      "a bound without a bound",
      { [at]: task("gate:\n  mape: { maximum: 3 }") },
      /01_a\.md:5: gate\.mape has no bound/,
    ],
    [
      "a bound that is not a number",
      { [at]: task("gate:\n  mape: { max: .nan }") },
      /01_a\.md:5: gate\.mape\.max: /,
    ],
    ["a reward below nothing", { [at]: task("reward: -5") }, /01_a\.md:4: reward: /],
    ["a reward with a fraction", { [at]: task("reward: 1.5") }, /01_a\.md:4: reward: /],
    [
      "a dependency that YAML takes for a number",
      { [at]: task("depends_on: [1.2]") },
      /01_a\.md:4: depends_on\.0: /,
    ],
    ["a lease without time", { [at]: task("lease_seconds: 0") }, /01_a\.md:4: lease_seconds: /],
    ["a name without end", { [at]: task(`fest_name: ${"x".repeat(201)}`) }, /01_a\.md:4: fest_name: /],
    [
      "two sequences of one number",
      { [at]: task(), "001_ONE/1_beta/02_b.md": task() },
      '001_ONE/1_beta:1: its number 1.1 is that of "Alpha", too',
    ],
  ])("%s", (_, files, message) => {
    if (typeof message === "string") expect(fault(files)).toBe(message);
    else expect(fault(files)).toMatch(message);
  });

  test("a folder that is no festival", () => {
    expect(() => readFestivalTree(new Map(), KINDS)).toThrow("fest.yaml:1: the festival has no fest.yaml");
  });
});
