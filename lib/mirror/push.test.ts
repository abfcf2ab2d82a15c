import { describe, expect, test } from "bun:test";
import { keepConnected, type PushReports } from "./push.ts";
import { quickClock } from "./testing/clock.ts";

const BACKOFF = { firstMs: 100, maxMs: 400 };
type Ending = (reports: PushReports) => string | null;

/** Keeps up connections that end like these, one after the other; the last one stands until it is closed. */
async function through(...endings: readonly Ending[]) {
  const clock = quickClock();
  const states: string[] = [];
  const standing = Promise.withResolvers<void>();
  let made = 0;
  let woken = 0;
  const source = keepConnected({
    clock,
    backoff: BACKOFF,
    connect: (reports, signal) =>
      new Promise((resolve) => {
        const ending = endings[made];
        made += 1;
        if (ending !== undefined) return resolve(ending(reports));
        standing.resolve();
        signal.addEventListener("abort", () => resolve("of its own"));
      }),
  });
  source.onHealth(({ state }) => states.push(state));
  source.subscribe(() => {
    woken += 1;
  });
  await standing.promise;
  return { source, clock, states, made: () => made, woken: () => woken };
}

describe("a connection that is kept up", () => {
  test("is made again at once where the last one ended without a failure", async () => {
    const { source, clock } = await through(() => null);
    expect(clock.waits).toEqual([]);
    expect(source.health).toMatchObject({ state: "connecting", failures: 0, reason: null });
    source.close();
  });

  test("waits longer after every failure, and says why the last one was", async () => {
    const fails: Ending = () => "cut";
    const { source, clock } = await through(fails, fails, fails, fails);
    expect(clock.waits).toEqual([75, 150, 300, 300]);
    expect(source.health).toMatchObject({ failures: 4, reason: "cut" });
    source.close();
  });

  test("begins to count anew after one that lasted", async () => {
    const lasting: Ending = (reports) => {
      reports.lasts();
      return "cut";
    };
    const { source, clock } = await through(() => "cut", lasting);
    expect(clock.waits).toEqual([75, 75]);
    source.close();
  });

  test("wakes when it opens and at every push, and knows when it heard something", async () => {
    const telling: Ending = (reports) => {
      reports.opened();
      reports.heard();
      reports.wake();
      return null;
    };
    const { source, states, woken } = await through(() => null, telling);
    expect(woken()).toBe(2);
    expect(states).toEqual(["open", "connecting"]);
    expect(source.health.heardAt).toBeGreaterThan(0n);
    source.close();
  });

  test("is closed for good by whoever asked for it, which is no failure", async () => {
    const { source, made } = await through(() => "cut");
    const closed = new Promise<void>((resolve) => source.onHealth(() => resolve()));
    source.close();
    await closed;
    expect(source.health).toMatchObject({ state: "closed", failures: 1, reason: "closed by us" });
    expect(made()).toBe(2);
  });
});
