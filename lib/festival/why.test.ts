import { describe, expect, test } from "bun:test";
import { fold } from "./fold.ts";
import { EMPTY_STATE } from "./state.ts";
import { ACCOUNTS } from "./testing/log.ts";
import { perform } from "./testing/player.ts";
import { go, outline, planned, stage } from "./testing/stage.ts";
import { type Why, whyTask } from "./why.ts";

const TASK = "1.1.1";

/** A chain in short: kind, how it ended, and by which entry. */
function chainOf(why: Why | null): readonly string[] {
  return (why?.steps ?? []).map(({ obligation, end }) =>
    end.kind === "open" ? `${obligation.kind} open` : `${obligation.kind} ${end.kind} by ${end.by.name}`,
  );
}

describe("why a task stands where it does", () => {
  test("is told from its plan to its payment, each obligation with its cause and its end", () => {
    const log = stage({ [TASK]: {} });
    go(log, TASK, "assign", "start", "execute", "settle");
    const why = whyTask(log.messages, TASK);
    expect(why?.task).toEqual(log.task(TASK));
    expect(chainOf(why)).toEqual([
      "plan_task discharged by task_planned",
      "assign discharged by task_assignment",
      "start discharged by status_update",
      "execute discharged by task_result",
      "watch closed by status_update",
      "watch closed by task_result",
      "start closed by task_result",
      "settle discharged by payment_settled",
    ]);
    for (const { cause, end } of why?.steps ?? []) {
      if (end.kind !== "open") expect(end.by.stamp.sequence).toBeGreaterThan(cause);
    }
  });

  test("is told from a state on, if that lies before its edition, as from the beginning", () => {
    const log = stage({ [TASK]: {} });
    go(log, TASK, "assign", "start", "execute", "settle");
    const [manifest, ...rest] = log.messages;
    if (manifest === undefined) throw new Error("there is no manifest");
    const from = fold(EMPTY_STATE, manifest);
    expect(whyTask(rest, TASK, undefined, from)).toEqual(whyTask(log.messages, TASK));
  });

  test("names the entry that created each obligation, which is the one that ended another", () => {
    const log = stage({ [TASK]: {} });
    go(log, TASK, "assign", "start", "execute", "settle");
    const steps = whyTask(log.messages, TASK)?.steps ?? [];
    const causeOf = (kind: string) => steps.find(({ obligation }) => obligation.kind === kind)?.cause;
    const enderOf = (kind: string) => {
      const end = steps.find(({ obligation }) => obligation.kind === kind)?.end;
      return end === undefined || end.kind === "open" ? undefined : end.by.stamp.sequence;
    };
    expect(causeOf("settle")).toBeNumber();
    expect(causeOf("settle")).toBe(enderOf("execute"));
    expect(causeOf("execute")).toBe(enderOf("assign"));
    expect(causeOf("assign")).toBe(enderOf("plan_task"));
  });

  test("shows what is still owed, and what the task waits for", () => {
    const log = stage({ [TASK]: {}, "1.1.2": { uses: { rates: TASK } } });
    go(log, TASK, "assign");
    expect(chainOf(whyTask(log.messages, TASK)).slice(1)).toEqual([
      "assign discharged by task_assignment",
      "start open",
      "execute open",
      "watch open",
    ]);
    const waiting = whyTask(log.messages, "1.1.2");
    expect(chainOf(waiting)).toEqual(["plan_task discharged by task_planned"]);
    expect(waiting?.needs.map(({ id, state }) => [id, state])).toEqual([[TASK, "assigned"]]);
  });

  test("shows what was said of the task and did not count, with the reason", () => {
    const log = stage({ [TASK]: {} });
    const owed = log.the("assign");
    const forged = { attempt: 1, lease_seconds: 60 };
    const head = { v: 1, re: owed.id, task_id: TASK, to: "inference-001" } as const;
    log.say({ ...head, type: "task_assignment", payload: forged }, ACCOUNTS.defi);
    const why = whyTask(log.messages, TASK);
    expect(why?.uncounted.map(({ entry, verdict }) => [entry.name, verdict.kind])).toEqual([
      ["task_assignment", "unauthorised"],
    ]);
    expect(chainOf(why)).toContain("assign open");
  });

  test("is told of the last edition that has the task, or of the one that is asked for", () => {
    const log = stage({ [TASK]: {} }, undefined, { every_seconds: 1 });
    go(log, TASK, "assign", "start", "execute", "settle");
    perform(log, log.the("commit"));
    const plan = log.the("plan");
    log.advance(2);
    log.discharge(plan, outline(plan, { edition: 2 }));
    const task = log.the("plan_task");
    expect(whyTask(log.messages, TASK)?.edition).toBe(1);
    log.discharge(task, planned(task, TASK, {}));
    expect(chainOf(whyTask(log.messages, TASK))).toEqual([
      "plan_task discharged by task_planned",
      "assign open",
    ]);
    expect(whyTask(log.messages, TASK, 1)?.task.state).toBe("paid");
    expect(whyTask(log.messages, TASK, 3)).toBeNull();
  });

  test("is nothing for a task that nobody planned", () => {
    expect(whyTask(stage({ [TASK]: {} }).messages, "9.9.9")).toBeNull();
    expect(whyTask([], TASK)).toBeNull();
  });
});
