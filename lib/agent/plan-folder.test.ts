import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PlanError } from "../festival/plan/error.ts";
import { outlineOf } from "../festival/plan/outline.ts";
import { planHash } from "../festival/plan/plan.ts";
import { FEST, first, task } from "../festival/testing/tree.ts";
import { FestError } from "../hedera/error.ts";
import { readPlanFolder } from "./plan-folder.ts";
import { KINDS } from "./work/kinds.ts";

const root = mkdtempSync(join(tmpdir(), "plan-folder-"));
afterAll(() => rmSync(root, { recursive: true }));

function folder(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries({ "fest.yaml": FEST, ...files })) {
    const file = join(root, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return join(root, name);
}

async function failure(reading: Promise<unknown>): Promise<FestError> {
  try {
    await reading;
  } catch (error) {
    if (error instanceof FestError) return error;
    throw error;
  }
  throw new Error("nothing was wrong");
}

describe("the festival that comes with the project", () => {
  const reading = readPlanFolder(join(import.meta.dir, "../../agents/plans/hbar-desk"), KINDS, 1_000n);

  test("has 12 tasks in 3 phases, 6 gates, and recurs", async () => {
    const plan = await reading;
    expect(plan).toMatchObject({ id: "HD0001", name: "HBAR desk", gates: 6, everySeconds: 15 });
    expect(plan.phases.map(({ name }) => name)).toEqual(["Observe", "Decide", "Act"]);
    expect(plan.tasks).toHaveLength(12);
    expect(outlineOf(plan, 1)).toHaveLength(1);
  });

  test("does every kind of work, with the other one, that a fresh desk allows, and gates what money hangs on", async () => {
    const { tasks } = await reading;
    const other = await readPlanFolder(join(import.meta.dir, "../../agents/plans/second-opinion"), KINDS);
    const done = new Set([...tasks, ...other.tasks].map(({ spec }) => spec.kind));
    // A gap is told from a dozen trades, which a desk of a minute's age does not have.
    expect(new Set([...done, "gap"])).toEqual(new Set(KINDS.keys()));
    const gated = tasks.filter(({ spec }) => spec.gate !== undefined).map(({ spec }) => spec.kind);
    expect(new Set(gated)).toEqual(new Set(["gather", "forecast", "position", "trade", "measure", "report"]));
  });

  test("depends on what it uses, and ends in one report", async () => {
    const { tasks } = await reading;
    const named = new Map(tasks.map(({ id, spec }) => [id, spec]));
    expect(named.get("3.1.1")?.uses).toEqual({ size: "2.1.1", risk: "2.2.1" });
    expect(named.get("3.2.2")?.uses).toEqual({ before: "1.3.1", after: "3.2.1", trade: "3.1.1" });
    const needed = new Set(
      tasks.flatMap(({ spec }) => [...Object.values(spec.uses ?? {}), ...(spec.depends_on ?? [])]),
    );
    expect(tasks.map(({ id }) => id).filter((id) => !needed.has(id))).toEqual(["3.3.1"]);
  });

  test("is known by its hash", async () => {
    expect(planHash(await reading)).toMatch(/^[0-9a-f]{64}$/);
    expect(planHash(await reading)).toBe(
      planHash(await readPlanFolder(join(import.meta.dir, "../../agents/plans/hbar-desk"), KINDS)),
    );
  });
});

describe("a folder", () => {
  test("is read with its files alone: hidden, foreign and unnumbered ones are none of it", async () => {
    const path = folder("sound", {
      [first("01_a.md")]: task(),
      [first("notes.txt")]: "x",
      [first(".01_hidden.md")]: "x",
      "docs/01_more/01_a.md": "x",
      ".fest/progress_events.jsonl": "x",
    });
    expect((await readPlanFolder(path, KINDS)).tasks.map(({ file }) => file)).toEqual([first("01_a.md")]);
  });

  test("that is not there, or is a file, is told by its name", async () => {
    for (const path of [join(root, "nowhere"), join(folder("other", {}), "fest.yaml")]) {
      const error = await failure(readPlanFolder(path, KINDS));
      expect(error.code).toBe("PLAN_FOLDER_UNREADABLE");
      expect(error.message).toContain(path);
      expect(error.cause).toBeDefined();
    }
  });

  test("that is no festival, or cannot be run, is told with file and line", async () => {
    mkdirSync(join(root, "empty"));
    const none = await failure(readPlanFolder(join(root, "empty"), KINDS));
    expect(none).toBeInstanceOf(PlanError);
    expect(none.message).toStartWith("fest.yaml:1: the festival has no fest.yaml");
    const circle = folder("circle", { [first("01_a.md")]: task("depends_on: [1.1.1]") });
    expect((await failure(readPlanFolder(circle, KINDS))).message).toStartWith(`${first("01_a.md")}:4: `);
    const dear = folder("dear", { [first("01_a.md")]: task("reward: 1001") });
    expect((await failure(readPlanFolder(dear, KINDS, 1_000n))).message).toContain("over the limit of 1000");
  });
});
