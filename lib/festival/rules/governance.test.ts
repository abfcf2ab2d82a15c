import { describe, expect, test } from "bun:test";
import { addSeconds } from "../../hedera/timestamp.ts";
import { encodeEntry } from "../entry/entry.ts";
import { effectId } from "../obligation.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "../testing/log.ts";
import { perform } from "../testing/player.ts";
import { about, go, manifestWith, stage } from "../testing/stage.ts";

const NEW = "0.0.2222";
const says = (log: TestLog, manifest = MANIFEST) => log.say(manifest, ACCOUNTS.owner);

describe("the first manifest", () => {
  test("makes its payer the owner, and the coordinator owes the plan", () => {
    const log = new TestLog();
    says(log);
    expect(log.state.owner).toBe(ACCOUNTS.owner);
    expect(log.the("plan")).toMatchObject({ id: "1.1", agent: "coordinator", payer: ACCOUNTS.coordinator });
  });

  test("need not name a coordinator: the plan is owed once there is one", () => {
    const log = new TestLog();
    says(log, manifestWith({ coordinator: undefined }));
    expect(log.state.obligations.size).toBe(0);
    says(log);
    expect(log.the("plan").id).toBe("2.1");
  });

  test("is not outdone by a stranger's second", () => {
    const log = new TestLog();
    says(log);
    log.say(manifestWith({ coordinator: { thief: ACCOUNTS.stranger } }), ACCOUNTS.stranger);
    expect(log.outcome).toStartWith("unauthorised");
    expect(log.state.manifest).toEqual(MANIFEST.payload);
  });

  test("comes before any pause", () => {
    for (const type of ["pause", "resume"] as const) {
      const log = new TestLog();
      log.say({ v: 1, type }, ACCOUNTS.stranger);
      expect(log.outcome).toStartWith("refused");
      expect(log.state.paused).toBe(false);
    }
  });

  test("names no agent in two roles", () => {
    const log = new TestLog();
    says(log, manifestWith({ defi: { "inference-001": ACCOUNTS.defi } }));
    expect(log.outcome).toBe("refused: agent inference-001 is named in two roles");
    expect(log.state.owner).toBeNull();
  });
});

describe("a manifest that is said again", () => {
  test("changes nothing of what is owed, not even a task's time", () => {
    const log = go(stage({ "1.1.1": {}, "1.1.2": {} }), "1.1.1", "assign", "start");
    const { obligations, edition } = log.state;
    says(log);
    expect(log.outcome).toBe("accepted");
    expect(log.state.obligations).toEqual(obligations);
    expect(log.state.edition).toEqual(edition);
  });

  test("cannot change the token of an edition that is at work, but that of the next", () => {
    const other = manifestWith({}, { token: "0.0.2009" });
    const log = stage({ "1.1.1": {} });
    says(log, other);
    expect(log.outcome).toBe("refused: edition 1 is paid in 0.0.2001");
    perform(go(log, "1.1.1", "assign", "start", "execute", "settle"), log.the("commit"));
    says(log, other);
    expect(log.outcome).toBe("accepted");
  });
});

describe("a coordinator with a new account", () => {
  const replaced = manifestWith({ coordinator: { coordinator: NEW } });

  test("takes over every open obligation of the old one, anew, each when it was due", () => {
    const log = go(stage({ "1.1.1": {}, "1.1.2": {}, "1.1.3": {} }), "1.1.1", "assign", "start", "execute");
    go(log, "1.1.2", "assign");
    const before = [...log.state.obligations.values()];
    says(log, replaced);
    const after = [...log.state.obligations.values()];
    const what = (all: typeof before) =>
      all.map(({ kind, taskId, agent }) => `${kind} ${taskId} ${agent}`).toSorted();
    expect(what(after)).toEqual(what(before));
    for (const { agent, payer, id } of after) {
      expect(payer).toBe(agent === "coordinator" ? NEW : ACCOUNTS.inference);
      if (agent === "coordinator") expect(id).toStartWith(`${log.messages.length}.`);
    }
    for (const { due, base } of after) expect(base >= due && base - due < 1_000n).toBe(true);
    const watch = before.find(({ kind }) => kind === "watch");
    const delay = log.the("watch", "1.1.2").due - (watch?.due ?? 0n);
    expect(delay >= 0n && delay < 1_000_000_000n).toBe(true);
  });

  test("is obeyed, and the old one's late effects count for nothing", () => {
    const log = go(stage({ "1.1.1": {} }), "1.1.1", "assign", "start", "execute");
    const old = log.the("settle");
    says(log, replaced);
    const late = {
      ...about(old),
      type: "payment_settled" as const,
      to: "inference-001",
      payload: { amount: 10n, token_id: MANIFEST.payload.token, transfer: effectId(old, 0, 1), criteria: [] },
    };
    log.discharge(old, late, 2);
    expect(log.outcome).toBe(
      `unauthorised: payment_settled is for coordinator, not for ${ACCOUNTS.coordinator}`,
    );
    expect(log.task("1.1.1").state).toBe("review");
    const renewed = log.the("settle");
    log.submit(encodeEntry(late), NEW, effectId(renewed, 0, 2));
    expect(log.outcome).toBe(`refused: obligation ${old.id} is not open`);
    go(log, "1.1.1", "settle");
    expect(log.task("1.1.1").state).toBe("paid");
  });

  test("finishes a plan that the old one began", () => {
    const log = new TestLog();
    says(log);
    perform(log, log.the("plan"));
    says(log, replaced);
    expect(log.owed("plan_task").map(({ index, payer }) => [index, payer])).toEqual(
      [1, 2, 3, 4, 5].map((index) => [index, NEW]),
    );
  });

  test("takes over even what nobody could do for a while", () => {
    const log = stage({ "1.1.1": {} });
    says(log, manifestWith({ coordinator: undefined }));
    expect(log.the("assign").payer).toBe(ACCOUNTS.coordinator);
    says(log, manifestWith({ coordinator: { "coordinator-002": NEW } }));
    expect(log.the("assign")).toMatchObject({ payer: NEW, agent: "coordinator-002" });
  });
});

describe("an account that stays under another name", () => {
  test("keeps its obligations, so that a payment that is under way still counts", () => {
    const log = go(stage({ "1.1.1": {} }), "1.1.1", "assign", "start", "execute");
    const settle = log.the("settle");
    says(log, manifestWith({ coordinator: { "coordinator-001": ACCOUNTS.coordinator } }));
    expect(log.the("settle")).toEqual({ ...settle, agent: "coordinator-001" });
    perform(log, settle);
    expect(log.task("1.1.1").state).toBe("paid");
  });

  test("keeps its tasks under the new name", () => {
    const log = go(stage({ "1.1.1": {} }), "1.1.1", "assign", "start");
    says(log, manifestWith({ inference: { oracle: ACCOUNTS.inference } }));
    expect(log.task("1.1.1").agent).toBe("oracle");
    go(log, "1.1.1", "execute", "settle");
    expect(log.task("1.1.1").payment?.account).toBe(ACCOUNTS.inference);
  });
});

describe("a worker that is replaced", () => {
  const two = manifestWith({ inference: { "inference-002": "0.0.1013", "inference-003": "0.0.1023" } });

  test("leaves its tasks to the others, each whole to one of them", () => {
    const tasks = ["1.1.1", "1.1.2", "1.1.3", "1.1.4"];
    const log = stage(Object.fromEntries(tasks.map((id) => [id, {}])));
    for (const id of tasks) go(log, id, "assign");
    for (const id of tasks) go(log, id, "start");
    says(log, two);
    const agents = tasks.map((id) => log.task(id).agent);
    expect(agents.toSorted()).toEqual(["inference-002", "inference-002", "inference-003", "inference-003"]);
    for (const { taskId, agent } of [...log.owed("execute"), ...log.owed("start")]) {
      expect(agent).toBe(log.task(taskId ?? "").agent ?? "");
    }
  });

  test("cannot deliver any more", () => {
    const log = go(stage({ "1.1.1": {} }), "1.1.1", "assign", "start");
    const execute = log.the("execute");
    says(log, two);
    perform(log, execute);
    expect(log.outcome).toStartWith("unauthorised");
    expect(log.task("1.1.1").result).toBeNull();
  });

  test("is paid for what it had delivered, wherever its name points by then", () => {
    for (const manifest of [two, manifestWith({ inference: { "inference-001": NEW } })]) {
      const log = go(stage({ "1.1.1": {} }), "1.1.1", "assign", "start", "execute");
      says(log, manifest);
      go(log, "1.1.1", "settle");
      expect(log.task("1.1.1")).toMatchObject({ state: "paid", payment: { account: ACCOUNTS.inference } });
    }
  });

  test("is not asked again where its work failed the gate: the task is given to somebody else", () => {
    const log = go(stage({ "1.1.1": {} }), "1.1.1", "assign", "start", "execute");
    says(log, two);
    perform(log, log.the("settle"), 3);
    expect(log.task("1.1.1")).toMatchObject({ state: "pending", agent: null, attempt: 1 });
    expect(log.kinds("1.1.1")).toEqual(["assign"]);
    const assign = log.the("assign");
    log.discharge(assign, {
      ...about(assign),
      type: "task_assignment",
      to: "inference-002",
      payload: { attempt: 2, lease_seconds: 60 },
    });
    expect(log.task("1.1.1")).toMatchObject({ state: "assigned", agent: "inference-002", attempt: 2 });
  });
});

describe("a desk that is replaced", () => {
  const other = manifestWith({ desk: { "desk-002": "0.0.1015" } });
  const trade = () =>
    go(stage({ "1.1.1": { kind: "trade", role: "defi" } }), "1.1.1", "assign", "start", "execute");

  test("leaves requests without a price to its successor", () => {
    const log = trade();
    says(log, other);
    expect(log.task("1.1.1").trade).toMatchObject({ desk: "desk-002", account: "0.0.1015" });
    go(log, "1.1.1", "quote", "propose", "approve");
    expect(log.task("1.1.1").trade?.stage).toBe("approved");
  });

  test("stays the other side of a trade that has a price", () => {
    const log = go(trade(), "1.1.1", "quote");
    says(log, other);
    expect(log.task("1.1.1").trade).toMatchObject({ desk: "desk-001", account: ACCOUNTS.desk });
  });
});

describe("a pause", () => {
  test("is the owner's, and ends by the owner's word", () => {
    const log = stage({ "1.1.1": {} });
    log.say({ v: 1, type: "pause" }, ACCOUNTS.coordinator);
    expect(log.state.paused).toBe(false);
    log.say({ v: 1, type: "pause" }, ACCOUNTS.owner);
    expect(log.state.paused).toBe(true);
    log.say({ v: 1, type: "resume" }, ACCOUNTS.owner);
    expect(log.state.paused).toBe(false);
  });

  test("holds no settlement", () => {
    const log = go(stage({ "1.1.1": {} }), "1.1.1", "assign", "start", "execute");
    log.say({ v: 1, type: "pause" }, ACCOUNTS.owner);
    go(log, "1.1.1", "settle");
    expect(log.task("1.1.1").state).toBe("paid");
  });

  test("costs no attempt: with its end every lease begins anew", () => {
    const log = go(stage({ "1.1.1": {} }), "1.1.1", "assign", "start");
    log.say({ v: 1, type: "pause" }, ACCOUNTS.owner);
    log.advance(3_600);
    log.say({ v: 1, type: "resume" }, ACCOUNTS.owner);
    const { due } = log.the("watch");
    expect(due).toBe(addSeconds(log.now - (log.now % 1_000n), 60));
    expect(log.task("1.1.1").attempt).toBe(1);
  });
});
