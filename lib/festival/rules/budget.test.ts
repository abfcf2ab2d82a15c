import { describe, expect, test } from "bun:test";
import { failTask } from "../decision/assignment.ts";
import { MANIFEST } from "../testing/log.ts";
import { go, stage } from "../testing/stage.ts";

const limited = (edition?: bigint) => ({
  ...MANIFEST,
  payload: {
    ...MANIFEST.payload,
    limits: { ...MANIFEST.payload.limits, ...(edition === undefined ? {} : { edition }) },
  },
});
const FIRST = { "1.1.1": { reward: 30n }, "1.1.2": { reward: 30n }, "1.1.3": { reward: 40n } };

describe("an edition's limit", () => {
  test("that the plan keeps changes nothing", () => {
    const log = stage(FIRST, limited(100n));
    expect(log.owed("assign")).toHaveLength(3);
    expect(log.owed("fail")).toEqual([]);
  });

  test("is kept from the first assignment on: what would pass it is failed with the reason, what fits goes on", () => {
    const log = stage({ ...FIRST, "1.1.4": { reward: 10n } }, limited(70n));
    expect(log.owed("assign").map(({ taskId }) => taskId)).toEqual(["1.1.1", "1.1.2", "1.1.4"]);
    const owed = log.the("fail", "1.1.3");
    const body = failTask(log.state, owed);
    expect(body?.payload.reason).toBe("its reward of 40 is more than the edition's limit leaves");
    if (body !== null) log.discharge(owed, body);
    expect(log.task("1.1.3").state).toBe("failed");
  });

  test("counts what was paid and what is under way", () => {
    const log = stage(
      { "1.1.1": { reward: 30n }, "1.1.2": { reward: 30n }, "1.1.3": { reward: 30n, depends_on: ["1.1.1"] } },
      limited(89n),
    );
    go(log, "1.1.2", "assign");
    go(log, "1.1.1", "assign", "start", "execute", "settle");
    expect(log.kinds("1.1.3")).toEqual(["fail"]);
  });

  test("does not count what failed", () => {
    const log = stage(
      { "1.1.1": { reward: 30n }, "1.1.2": { reward: 90n }, "1.1.3": { reward: 60n, depends_on: ["1.1.1"] } },
      limited(100n),
    );
    go(log, "1.1.2", "fail");
    go(log, "1.1.1", "assign", "start", "execute", "settle");
    expect(log.kinds("1.1.3")).toEqual(["assign"]);
  });

  test("is none where the manifest has none", () => {
    expect(stage({ "1.1.1": { reward: 1_000n } }, limited()).owed("assign")).toHaveLength(1);
  });
});
