import { describe, expect, test } from "bun:test";
import { KINDS } from "../testing/tree.ts";
import { isRoadmap, readRoadmap, surveyRoadmap } from "./roadmap.ts";
import { countSurvey, stepsOf } from "./survey.ts";

const HOME = "/home/somebody/festivals/active/x-XX0001/001_BUILD/01_api";
const step = (number: number, ...tasks: object[]) => ({
  number,
  type: "sequential",
  parallel: tasks.length > 1,
  tasks,
});
const one = (number: number, name: string, more: object = {}) => ({
  id: `${HOME}/0${number}_${name}.md`,
  name: `0${number}_${name}.md`,
  path: `${HOME}/0${number}_${name}.md`,
  number,
  autonomy_level: "medium",
  status: "completed",
  is_gate: false,
  ...more,
});
/** What fest prints, with its traps: ids that are local paths, statuses and sums that are stale. */
const printed = (steps: object[]): string =>
  JSON.stringify({
    festival: {
      id: "/home/somebody/festivals/active/x-XX0001",
      metadata_id: "XX0001",
      name: "x-XX0001",
      metadata_name: "x",
      status: "active",
      stats: { tasks: { total: 99, completed: 0 }, sequences: { total: 7 }, progress: 100 },
    },
    roadmap: {
      festival_path: "/home/somebody/festivals/active/x-XX0001",
      phases: [
        {
          name: "001_BUILD",
          path: "/home/somebody/festivals/active/x-XX0001/001_BUILD",
          number: 1,
          status: "pending",
          sequences: [{ name: "01_api", path: HOME, number: 1, steps, total_tasks: 42, status: "pending" }],
        },
      ],
      summary: { total_tasks: 17 },
    },
  });
const TEXT = printed([
  step(1, one(1, "design")),
  step(2, one(2, "write", { status: "in_progress" }), one(2, "draw", { status: "pending" })),
  step(3, one(3, "testing", { is_gate: true, status: "pending" })),
  step(4, one(4, "ship", { status: "pending", dependencies: [`${HOME}/01_design.md`] })),
]);

describe("a roadmap", () => {
  test("is told from a plan file", () => {
    expect(isRoadmap(TEXT)).toBe(true);
    expect(isRoadmap(`\uFEFF${TEXT}`)).toBe(true);
    for (const text of ["id: x", '{"id":"x","phases":[]}', "[]", ""]) expect(isRoadmap(text)).toBe(false);
  });

  test("is a plan whose ids are short and free of local paths, gates left out, all of it for people", () => {
    const plan = readRoadmap("roadmap.json", TEXT, KINDS);
    expect(plan).toMatchObject({ id: "XX0001", name: "x", gates: 1, everySeconds: null });
    expect(plan.tasks.map(({ id, spec }) => [id, spec.name, spec.kind, spec.depends_on ?? []])).toEqual([
      ["1.1.1", "Design", "manual", []],
      ["1.1.2", "Write", "manual", ["1.1.1"]],
      ["1.1.2b", "Draw", "manual", ["1.1.1"]],
      ["1.1.4", "Ship", "manual", ["1.1.1"]],
    ]);
    const words = plan.tasks.flatMap(({ id, spec }) => [id, spec.name, ...(spec.depends_on ?? [])]);
    expect(words.join(" ")).not.toContain("somebody");
  });

  test("is surveyed by each task's own status, not by the sums and statuses that fest lets go stale", () => {
    const survey = surveyRoadmap("roadmap.json", TEXT);
    expect(countSurvey(survey)).toEqual({
      phases: 1,
      sequences: 1,
      tasks: 4,
      gates: 1,
      completed: 1,
      completedGates: 0,
    });
    expect(JSON.stringify(survey)).not.toContain("somebody");
    expect(stepsOf(survey)[0]).toMatchObject({ id: "1.1.1", file: "001_BUILD/01_api/01_design.md" });
  });

  test("may leave out lists and numbers", () => {
    const bare = JSON.stringify({
      festival: { name: "x" },
      roadmap: {
        phases: [
          { name: "A", sequences: [{ name: "b", steps: [{ tasks: [{ name: "c" }, { name: "d" }] }] }] },
          { sequences: null },
        ],
      },
    });
    expect(readRoadmap("r.json", bare, KINDS).tasks.map(({ id }) => id)).toEqual(["1.1.1", "1.1.2"]);
    expect(countSurvey(surveyRoadmap("r.json", bare))).toMatchObject({ phases: 2, tasks: 2 });
  });

  test("without tasks, or of another form, is refused with file and line", () => {
    expect(() => readRoadmap("r.json", printed([]), KINDS)).toThrow("r.json:1: the festival has no task");
    expect(() => readRoadmap("r.json", '{\n"festival": {},\n"roadmap": 3}', KINDS)).toThrow(
      /^r\.json:3: roadmap/,
    );
  });
});
