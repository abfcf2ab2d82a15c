import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { decode } from "../festival/entry/decode.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "../festival/testing/log.ts";
import type { ScheduleId } from "../hedera/id.ts";
import { type Stage, setStage } from "../ledger/testing/stage.ts";
import { createMirror, type Mirror } from "../mirror/client.ts";
import { systemClock } from "../mirror/clock.ts";
import type { Message } from "../mirror/message.ts";
import { allItems } from "../mirror/page.ts";
import { DeadManSwitch } from "./dead-man.ts";
import { createLogger } from "./logger.ts";
import type { Pass } from "./loop.ts";

const AGENT = "inference-001";
const LOST_SECONDS = 4;
let stage: Stage;
let mirror: Mirror;
let switches: DeadManSwitch[] = [];

beforeAll(async () => {
  stage = await setStage();
  mirror = createMirror({ baseUrl: stage.devnet.network.mirror });
});
afterEach(async () => {
  await Promise.all(switches.map((one) => one.stop()));
  switches = [];
});
afterAll(() => stage.close());

/** A process of the worker that lives: every one has a ledger of its own, as real ones do. */
function live(): { readonly deadMan: DeadManSwitch; crash(): void } {
  const ledger = stage.again(stage.worker);
  const logger = createLogger(AGENT, "silent");
  const options = {
    agent: AGENT,
    version: "1",
    log: stage.topic,
    ledger,
    mirror,
    logger,
    clock: systemClock,
  };
  const deadMan = new DeadManSwitch(options);
  switches.push(deadMan);
  deadMan.update(passWith(LOST_SECONDS));
  return { deadMan, crash: () => ledger.close() };
}

function passWith(lostSeconds?: number): Pass {
  const log = new TestLog();
  const lost = lostSeconds === undefined ? {} : { lost_seconds: lostSeconds };
  const payload = { ...MANIFEST.payload, vitals: stage.topic, ...lost };
  return {
    state: log.say({ ...MANIFEST, payload }, ACCOUNTS.owner),
    caughtUp: true,
    last: null,
    active: [],
  };
}

const said = async (): Promise<Message[]> =>
  allItems(await mirror.topicMessages({ topic: stage.topic, order: "asc" }));

/** The worker's schedules that wait for their expiry. */
function pending(): ScheduleId[] {
  const schedules = [...stage.devnet.ledger.schedules.values()];
  return schedules.filter((one) => one.executed === null && one.deleted === null).map((one) => one.id);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await Bun.sleep(20);
}

describe("the dead man's switch", () => {
  test("of an agent that lives is renewed again and again, and never fires", async () => {
    const before = (await said()).length;
    live();
    const seen = new Set<ScheduleId>();
    await until(() => {
      for (const id of pending()) seen.add(id);
      return seen.size >= 4;
    });
    expect((await said()).length).toBe(before);
  }, 30_000);

  test("is taken back by an orderly stop", async () => {
    const { deadMan } = live();
    await until(() => pending().length === 1);
    await deadMan.stop();
    expect(pending()).toEqual([]);
  }, 30_000);

  test("fires at its expiry once its agent is gone, as an entry that names the agent, by its own account", async () => {
    const before = (await said()).length;
    const { crash } = live();
    await until(() => pending().length === 1);
    crash();
    await until(async () => (await said()).length > before);
    const [message] = (await said()).slice(before);
    if (message === undefined) throw new Error("nothing was said");
    expect(message.payer).toBe(stage.worker.account);
    expect(message.transactionId).toMatchObject({ payer: stage.worker.account, scheduled: true });
    const entry = { name: "agent_lost", body: { payload: { agent_id: AGENT, version: "1" } } };
    expect(decode(message)).toMatchObject({ kind: "entry", entry });
  }, 30_000);

  test("that a crashed process left behind is deleted by the next one", async () => {
    const before = (await said()).length;
    const { crash } = live();
    await until(() => pending().length === 1);
    const [left] = pending();
    crash();
    live();
    await until(() => pending().length === 1 && pending()[0] !== left);
    const now = stage.devnet.ledger.schedules.get(left ?? "0.0.0");
    expect(now?.deleted).not.toBeNull();
    expect((await said()).length).toBe(before);
  }, 30_000);

  test("counts once for two copies of an agent: while one of them lives, nothing is said", async () => {
    const before = (await said()).length;
    const first = live();
    live();
    await until(() => pending().length === 1);
    first.crash();
    const seen = new Set<ScheduleId>();
    await until(() => {
      for (const id of pending()) seen.add(id);
      return seen.size >= 3;
    });
    expect((await said()).length).toBe(before);
  }, 30_000);

  test("is not set where the manifest does not ask for it", async () => {
    const { ledger } = stage.worker;
    const logger = createLogger(AGENT, "silent");
    const options = { agent: AGENT, version: "1", log: stage.topic, ledger, mirror, logger };
    const deadMan = new DeadManSwitch({ ...options, clock: systemClock });
    deadMan.update(passWith());
    await deadMan.stop();
    expect(pending()).toEqual([]);
  });
});
