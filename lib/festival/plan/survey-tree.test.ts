import { describe, expect, test } from "bun:test";
import { FEST, first, markdown, read, task } from "../testing/tree.ts";
import { PlanError } from "./error.ts";
import { countSurvey, type Survey, stepsOf } from "./survey.ts";
import { surveyFestivalTree } from "./survey-tree.ts";

type Files = Readonly<Record<string, string>>;
const survey = (files: Files, fest: string | null = FEST): Survey =>
  surveyFestivalTree(
    new Map(Object.entries({ ...(fest === null ? {} : { "fest.yaml": fest }), ...files })),
    "some-folder",
  );
const counts = (files: Files, fest?: string | null) => {
  const { phases, sequences, tasks, gates, completed } = countSurvey(survey(files, fest));
  return [phases, sequences, tasks, gates, completed];
};
const gate = (fields = "") => markdown(`fest_type: gate\n${fields}`);
const done = (fields = "") => markdown(`fest_type: task\nfest_status: completed\n${fields}`);
const events = (...list: object[]) => list.map((event) => `${JSON.stringify(event)}\n`).join("");
const A = first("01_a.md");

describe("a survey counts", () => {
  test.each<[string, Files, readonly number[]]>([
    [
      "phases, sequences, tasks, gates and what is completed",
      { [A]: done(), [first("02_b.md")]: gate() },
      [1, 1, 1, 1, 1],
    ],
    [
      "by what front matter marks, not by names",
      { [first("01_testing.md")]: task(), [first("02_do.md")]: gate() },
      [1, 1, 1, 1, 0],
    ],
    [
      "with Windows line ends and a byte order mark",
      { [A]: `\uFEFF${done().replaceAll("\n", "\r\n")}` },
      [1, 1, 1, 0, 1],
    ],
    ["with blank lines before front matter", { [A]: `\n\n${task()}` }, [1, 1, 1, 0, 0]],
    [
      "marks in quotes, in capitals, with comments",
      { [A]: markdown('fest_type: "Task" # yes') },
      [1, 1, 1, 0, 0],
    ],
    [
      "whatever stands in the other fields",
      { [A]: task("fest_order: <no value>\nfest_name: 7\nfest_created: 0001-01-01T00:00:00Z") },
      [1, 1, 1, 0, 0],
    ],
    ["no file without front matter", { [A]: "# A\n", [first("02_b.md")]: task() }, [1, 1, 1, 0, 0]],
    [
      "no goals, workflows, overviews",
      {
        [A]: task(),
        "001_ONE/PHASE_GOAL.md": markdown("fest_type: phase"),
        "001_ONE/WORKFLOW.md": markdown("fest_type: workflow"),
        "FESTIVAL_GOAL.md": markdown("fest_type: festival"),
      },
      [1, 1, 1, 0, 0],
    ],
    [
      "no templates of gates, however broken",
      { [A]: task(), "gates/implementation/QUALITY_GATE.md": gate("fest_id: {{ .GateID }}") },
      [1, 1, 1, 0, 0],
    ],
    ["nothing in hidden folders", { [A]: task(), ".festival/templates/01_x.md": task() }, [1, 1, 1, 0, 0]],
    [
      "phases without sequences",
      {
        "001_INGEST/PHASE_GOAL.md": "# Goal\n",
        "001_INGEST/output_specs/README.md": "x",
        "002_PLAN/inputs/a.txt": "",
      },
      [2, 0, 0, 0, 0],
    ],
    ["steps right in a phase", { "001_ONE/01_a.md": task(), "001_ONE/02_b.md": gate() }, [1, 0, 1, 1, 0]],
    ["steps in folders below a sequence", { [first("deep/er/01_a.md")]: task() }, [1, 1, 1, 0, 0]],
    [
      "folders and files with dots, dashes and other letters",
      { "001-EINS/01_v1.2 größe/01_set_.env.demo.md": task(), "001-EINS/01_v1.2 größe/zehn.md": task() },
      [1, 1, 2, 0, 0],
    ],
    [
      "folders without a number that have a goal",
      { "ONE/PHASE_GOAL.md": "x", "ONE/alpha/SEQUENCE_GOAL.md": "x", "ONE/alpha/a.md": task() },
      [1, 1, 1, 0, 0],
    ],
    [
      "two phases of one number",
      { "001_A/01_x/01_a.md": task(), "001_B/01_x/01_a.md": task() },
      [2, 2, 2, 0, 0],
    ],
  ])("%s", (_, files, expected) => {
    expect(counts(files)).toEqual([...expected]);
  });

  test("as completed what front matter or the last event says", () => {
    const event = (name: string, ts: string, file = A) => ({ ts, event: name, task: file });
    const file = (text: string, ...list: object[]) =>
      counts({ [A]: text, ".fest/progress_events.jsonl": events(...list) })[4];
    expect(file(task(), event("completed", "2026-02-20T23:27:14.543699Z"))).toBe(1);
    expect(
      file(task(), event("completed", "2026-02-20T23:27:14Z"), event("reset", "2026-02-21T00:36:52Z")),
    ).toBe(0);
    expect(
      file(done("fest_updated: 2026-02-22T00:00:00-07:00"), event("reset", "2026-02-21T00:00:00Z")),
    ).toBe(1);
    expect(file(done("fest_updated: 2026-02-20T00:00:00Z"), event("reset", "2026-02-21T00:00:00Z"))).toBe(0);
    expect(file(task(), event("completed", "x", `/home/somebody/festivals/active/T1/${A}`))).toBe(1);
    expect(file(task(), event("completed", "x", A.replaceAll("/", "\\").replace(".md", "")))).toBe(1);
    expect(
      file(task(), { ts: "x", event: "wf_step_done", phase: "001_ONE", step: 1 }, event("started", "x")),
    ).toBe(0);
    expect(file(done(), event("completed", "x", first("09_gone.md")))).toBe(1);
  });
});

describe("a survey names", () => {
  test("a festival by fest.yaml, else by its goal, else by its folder", () => {
    expect(survey({ [A]: task() })).toMatchObject({ id: "T1", name: "Test" });
    const goal = { "FESTIVAL_GOAL.md": markdown("fest_type: festival\nfest_id: GO0001\nfest_name: By goal") };
    expect(survey({ [A]: task(), ...goal }, null)).toMatchObject({ id: "GO0001", name: "By goal" });
    expect(survey({ [A]: task() }, null)).toMatchObject({ id: "some-folder", name: "some-folder" });
    expect(survey({ [A]: task(), ...goal }, "version: 1\n")).toMatchObject({ id: "GO0001" });
  });

  test("steps by ids that are short, free of paths, and those of the plan", () => {
    const files = {
      [first("02_a_gate.md")]: gate(),
      [first("02_b.md")]: task(),
      [first("02_c.md")]: task(),
      [first("10_d.md")]: task(),
    };
    const steps = stepsOf(survey(files));
    expect(steps.map(({ id, file }) => `${id} ${file.split("/").at(-1)}`)).toEqual([
      "1.1.2c 02_a_gate.md",
      "1.1.2 02_b.md",
      "1.1.2b 02_c.md",
      "1.1.10 10_d.md",
    ]);
    const planned = read(files).tasks.map(({ id }) => id);
    expect(steps.flatMap(({ id, type }) => (type === "task" ? [id] : []))).toEqual(planned);
    expect(new Set(steps.map(({ id }) => id)).size).toBe(4);
  });
});

describe("a survey tells of", () => {
  const fault = (files: Files, fest: string | null = FEST): string => {
    try {
      survey(files, fest);
    } catch (error) {
      if (error instanceof PlanError) return error.message;
      throw error;
    }
    return "sound";
  };

  test.each<[string, Files, RegExp]>([
    [
      "broken front matter",
      { [A]: "---\nfest_type: task\nfest_name: [x\n---\n" },
      /^001_ONE\/01_alpha\/01_a\.md:3: /,
    ],
    [
      "front matter without an end",
      { [A]: "---\nfest_type: task\n" },
      /^001_ONE\/01_alpha\/01_a\.md:1: it has no front matter/,
    ],
    ["a key twice", { [A]: "---\nfest_type: task\nfest_type: gate\n---\n" }, /01_a\.md:3: .*unique/],
  ])("%s with file and line", (_, files, message) => {
    expect(fault(files)).toMatch(message);
  });

  test("a broken fest.yaml, and a folder that is no festival", () => {
    expect(fault({ [A]: task() }, "metadata:\n  id: [\n")).toMatch(/^fest\.yaml:3: /);
    expect(fault({ "notes/a.md": "# a" }, null)).toMatch(/^fest\.yaml:1: the festival has no fest\.yaml/);
  });

  test("what is odd and does not matter: prose that begins with a rule, half an event, a step without marks", () => {
    const odd = survey({
      [A]: "---\nNot: [yaml\n---\n",
      [first("02_b.md")]: "# B\n",
      ".fest/progress_events.jsonl": '{"event":"completed"}\n{"ts":"2026',
    });
    expect(odd.oddities.map(({ file, line }) => `${file}:${line}`)).toEqual([
      ".fest/progress_events.jsonl:2",
      `${A}:1`,
      `${first("02_b.md")}:1`,
    ]);
  });
});
