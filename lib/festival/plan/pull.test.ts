import { describe, expect, test } from "bun:test";
import { ACCOUNTS, type TestLog } from "../testing/log.ts";
import { go, stage } from "../testing/stage.ts";
import { FEST, first, markdown, read, task } from "../testing/tree.ts";
import { plainField, setFields } from "./front-matter.ts";
import { pullFrom } from "./pull.ts";
import { countSurvey } from "./survey.ts";
import { surveyFestivalTree } from "./survey-tree.ts";

type Files = ReadonlyMap<string, string>;
const [A, B, GATE] = [first("01_a.md"), first("02_b.md"), first("03_gate.md")] as const;
const FILES: Files = new Map([
  ["fest.yaml", FEST],
  [A, task("fest_status: pending # why\nreward: 10")],
  [B, task("reward: 10").replaceAll("\n", "\r\n")],
  [GATE, markdown("fest_type: gate\nfest_status: pending")],
]);
const pull = (log: TestLog, files: Files) => {
  const festival = Object.fromEntries([...files].filter(([path]) => /\.(md|yaml)$/.test(path)));
  return pullFrom(log.state, "0.0.3001", {
    files,
    plan: read(festival),
    survey: surveyFestivalTree(files, "x"),
  });
};
const after = (log: TestLog, files: Files): Files => new Map([...files, ...pull(log, files).files]);
const begun = () => {
  const { tasks } = read(Object.fromEntries(FILES));
  return stage(Object.fromEntries(tasks.map(({ id, spec }) => [id, spec])));
};

describe("pulling", () => {
  test("before anything was done writes nothing", () => {
    expect(pull(begun(), FILES)).toEqual({ files: new Map(), completed: [] });
  });

  test("writes statuses, events and results with their places on the ledger", () => {
    const log = go(begun(), "1.1.1", "assign", "start", "execute", "settle");
    const { files, completed } = pull(log, FILES);
    expect(completed).toEqual(["1.1.1"]);
    expect([...files.keys()]).toEqual([first("results/01_a.json"), ".fest/progress_events.jsonl", A]);
    expect(files.get(A)).toMatch(/^fest_status: completed\nreward: 10\n+fest_updated: 20.*Z\n---/m);
    const result = JSON.parse(files.get(first("results/01_a.json")) ?? "");
    expect(result).toMatchObject({
      task_id: "1.1.1",
      ledger: { log: "0.0.3001", payment: { amount: "10", account: ACCOUNTS.inference } },
    });
    const [event] = (files.get(".fest/progress_events.jsonl") ?? "").split("\n");
    expect(JSON.parse(event ?? "")).toMatchObject({ event: "completed", task: A });
  });

  test("twice changes nothing the second time, and fest then counts what was paid", () => {
    const log = go(begun(), "1.1.1", "assign", "start", "execute", "settle");
    go(log, "1.1.2", "assign", "start");
    const once = after(log, FILES);
    expect(pull(log, once).files).toEqual(new Map());
    expect(countSurvey(surveyFestivalTree(once, "x"))).toMatchObject({
      tasks: 2,
      completed: 1,
      completedGates: 0,
    });
    expect(once.get(B)).toContain("\r\nfest_status: in_progress\r\n");
    go(log, "1.1.2", "execute", "settle");
    const twice = after(log, once);
    expect(countSurvey(surveyFestivalTree(twice, "x"))).toMatchObject({ completed: 2, completedGates: 1 });
    expect(pull(log, twice).files).toEqual(new Map());
  });

  test("goes on where it was cut short", () => {
    const log = go(begun(), "1.1.1", "assign", "start", "execute", "settle");
    const whole = after(log, FILES);
    for (const [path, text] of pull(log, FILES).files) {
      const cut = new Map([...FILES, [path, text]]);
      expect(after(log, cut)).toEqual(whole);
    }
  });

  test("tells of a task that failed as blocked, with the reason, behind events that fest wrote", () => {
    const log = begun();
    log.say({ v: 1, type: "task_withdrawn", task_id: "1.1.1", payload: { reason: "no" } }, ACCOUNTS.owner);
    const earlier = '{"ts":"2020-01-01T00:00:00Z","event":"started","task":"x"}';
    const text = pull(log, new Map([...FILES, [".fest/progress_events.jsonl", earlier]])).files.get(
      ".fest/progress_events.jsonl",
    );
    const lines = (text ?? "").trimEnd().split("\n");
    expect(lines[0]).toBe(earlier);
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ event: "blocked", task: A, reason: "withdrawn: no" });
  });
});

describe("a field of front matter", () => {
  test("is set where it stands, or last, and nothing else is touched", () => {
    const text = "\uFEFF---\r\n# c\r\na: 1 # x\r\nb: 2\r\n---\r\n\r\na: 1\r\n";
    expect(setFields(text, { a: "9", z: "8" })).toBe(
      "\uFEFF---\r\n# c\r\na: 9\r\nb: 2\r\nz: 8\r\n---\r\n\r\na: 1\r\n",
    );
    expect(setFields("---\n---\n", { a: "1" })).toBe("---\na: 1\n---\n");
    for (const none of ["# a: 1\n", "---\na: 1\n", ""]) expect(setFields(none, { a: "2" })).toBe(none);
  });

  test("is read without its comment and quotes", () => {
    expect(plainField('---\na: "x y" # z\n---\n', "a")).toBe("x y");
    expect(plainField("---\nb: 1\n---\na: 2\n", "a")).toBeNull();
  });
});
