import { describe, expect, test } from "bun:test";
import { FEST, first, read, task } from "../testing/tree.ts";
import { checkPlan, MAX_TASKS } from "./check.ts";
import { PlanError } from "./error.ts";
import type { Plan } from "./plan.ts";

function fault(plan: Plan, maxReward?: bigint): string {
  try {
    checkPlan(plan, maxReward);
  } catch (error) {
    if (error instanceof PlanError) return error.message;
    throw error;
  }
  return "sound";
}

const A = first("01_a.md");
const B = first("02_b.md");

describe("a plan", () => {
  test("that can be run to its end is sound", () => {
    expect(fault(read({ [A]: task("reward: 1000"), [B]: task("uses: { a: 01_a }") }), 1_000n)).toBe("sound");
  });

  test.each<[string, Record<string, string>, string]>([
    [
      "a dependency that is not there",
      { [A]: task(), [B]: task("reward: 1\ndepends_on:\n  - 1.1.1\n  - 1.1.9") },
      `${B}:7: it depends on "1.1.9", which is not a task`,
    ],
    [
      "a use that is not there",
      { [A]: task("reward: 1\nuses:\n  rates: 9.9.9") },
      `${A}:6: it depends on "9.9.9", which is not a task`,
    ],
    [
      "a circle of two",
      { [A]: task("depends_on: [1.1.2]"), [B]: task("depends_on: [1.1.1]") },
      `${A}:4: its dependencies go in a circle: 1.1.1, 1.1.2`,
    ],
    [
      "a task that waits for itself",
      { [A]: task(), [B]: task("uses:\n  self: 02_b") },
      `${B}:5: its dependencies go in a circle: 1.1.2`,
    ],
    ["a reward of nothing", { [A]: task("reward: 0") }, `${A}:4: its reward is 0`],
    [
      "more for a hold than for doing it",
      { [A]: task("reward: 10\nhold_reward: 11") },
      `${A}:5: its reward for holding, 11, is not between 1 and its reward of 10`,
    ],
    [
      "a reward over the limit",
      { [A]: task("reward: 1001") },
      `${A}:4: its reward 1001 is over the limit of 1000. State \`approval: owner\` to have the owner sign its payment.`,
    ],
  ])("with %s is refused with file and line", (_, files, message) => {
    expect(fault(read(files), 1_000n)).toBe(message);
  });

  test("with a reward over the limit that the owner is to sign passes", () => {
    expect(fault(read({ [A]: task("reward: 1001\napproval: owner") }), 1_000n)).toBe("sound");
  });

  test("with a reward over a limit that is not known yet passes", () => {
    expect(fault(read({ [A]: task("reward: 1001") }))).toBe("sound");
  });

  test("with the same id twice is refused, and told which files have it", () => {
    const plan = read({ [A]: task(), [B]: task() });
    const twice = { ...plan, tasks: plan.tasks.map((one) => ({ ...one, id: "1.1.1" })) };
    expect(fault(twice)).toBe(`${B}:1: its id 1.1.1 is that of ${A}, too`);
  });

  test("with a task that fits in no entry is refused", () => {
    const long = task(`input:\n  text: ${"x".repeat(900)}`);
    expect(fault(read({ [A]: long }))).toMatch(
      /^001_ONE\/01_alpha\/01_a\.md:1: task_planned has \d+ bytes, over 1024/,
    );
  });

  test("with an outline that fits in no entry is refused", () => {
    const name = "大".repeat(200);
    const plan = read({
      [A]: task(),
      "fest.yaml": FEST.replace("Test", name),
      "001_ONE/PHASE_GOAL.md": `---\nfest_name: ${name}\n---\n`,
    });
    expect(fault(plan)).toMatch(/^fest\.yaml:1: festival_plan has \d+ bytes, over 1024/);
  });

  test("with more than ten thousand tasks is refused", () => {
    const plan = read({ [A]: task() });
    const [one] = plan.tasks;
    const tasks = Array.from({ length: MAX_TASKS + 1 }, (_, index) => ({ ...one, id: `${index}` }));
    expect(fault({ ...plan, tasks: tasks.flatMap((each) => (one ? [{ ...one, id: each.id }] : [])) })).toBe(
      "fest.yaml:1: it has 10001 tasks, more than 10000",
    );
  });
});
