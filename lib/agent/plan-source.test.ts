import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countSurvey } from "../festival/plan/survey.ts";
import { TestLog } from "../festival/testing/log.ts";
import { go, stage } from "../festival/testing/stage.ts";
import { FEST, first, KINDS, read, task } from "../festival/testing/tree.ts";
import { pullPlan } from "./plan-pull.ts";
import { readPlan, surveyPath } from "./plan-source.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "plan-source-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const FILES = {
  "fest.yaml": FEST,
  [first("01_a.md")]: task("reward: 10"),
  [first("02_b.md")]: task("reward: 10"),
};
function put(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, name, path, ".."), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}
const one = (kind: string) => ({
  id: "X",
  name: "x",
  phases: [{ name: "A", sequences: [{ name: "b", tasks: [{ name: "c", kind }] }] }],
});

describe("a plan", () => {
  test("is read from a folder, a YAML or JSON file, or what fest printed, as one model", async () => {
    const files = put("kinds", {
      "plan.json": JSON.stringify(one("gather")),
      "plan.yaml":
        "id: X\nname: x\nphases: [{ name: A, sequences: [{ name: b, tasks: [{ name: c, kind: gather }] }] }]\n",
      "roadmap.json": JSON.stringify({
        festival: { name: "x" },
        roadmap: { phases: [{ name: "A", sequences: [{ name: "b", steps: [{ tasks: [{ name: "c" }] }] }] }] },
      }),
    });
    for (const path of [
      join(files, "plan.json"),
      join(files, "plan.yaml"),
      join(files, "roadmap.json"),
      put("tree", FILES),
    ]) {
      const plan = await readPlan(path, KINDS);
      expect(plan.tasks[0]?.id).toBe("1.1.1");
      expect(countSurvey(await surveyPath(path, KINDS)).tasks).toBe(plan.tasks.length);
    }
  });

  test("in a file is refused with the file's own name and the line", async () => {
    const folder = put("bad", { "mine.yaml": "id: X\nname: x\nphases: 3\n" });
    await expect(readPlan(join(folder, "mine.yaml"), KINDS)).rejects.toThrow(/^mine\.yaml:3: phases/);
  });

  test("that is not there is no empty plan", async () => {
    await expect(readPlan(join(root, "nowhere"), KINDS)).rejects.toMatchObject({
      code: "PLAN_FOLDER_UNREADABLE",
    });
    await expect(surveyPath(join(root, "nowhere"), KINDS)).rejects.toMatchObject({
      code: "PLAN_FOLDER_UNREADABLE",
    });
  });
});

describe("pulling into a folder", () => {
  test("writes whole files, leaves no drafts, and the second time nothing", async () => {
    const folder = put("pulled", FILES);
    const { tasks } = read(FILES);
    const log = stage(Object.fromEntries(tasks.map(({ id, spec }) => [id, spec])));
    go(log, "1.1.1", "assign", "start", "execute", "settle");
    const pulled = await pullPlan(folder, KINDS, log.state, "0.0.3001");
    expect(pulled).toMatchObject({ completed: ["1.1.1"] });
    expect(pulled.written).toHaveLength(3);
    const names = readdirSync(folder, { recursive: true }).map(String);
    expect(names.filter((name) => name.endsWith(".new"))).toEqual([]);
    expect(readFileSync(join(folder, first("01_a.md")), "utf8")).toContain("fest_status: completed");
    expect((await surveyPath(folder, KINDS)).phases).toHaveLength(1);
    expect((await pullPlan(folder, KINDS, log.state, "0.0.3001")).written).toEqual([]);
  });

  test("of a log without an edition writes nothing", async () => {
    const folder = put("empty", FILES);
    expect((await pullPlan(folder, KINDS, new TestLog().state, "0.0.3001")).written).toEqual([]);
  });
});
