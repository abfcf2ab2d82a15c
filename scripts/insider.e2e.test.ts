import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { AccountId, Client, PrivateKey, TopicMessageSubmitTransaction } from "@hashgraph/sdk";
import { isEntryName } from "../lib/festival/entry/entry.ts";
import { effectId } from "../lib/festival/obligation.ts";
import { FestError } from "../lib/hedera/error.ts";
import { addSeconds, fromMillis } from "../lib/hedera/timestamp.ts";
import {
  formatTransactionId,
  mirrorTransactionId,
  type TransactionId,
} from "../lib/hedera/transaction-id.ts";
import { createAccount, transferHbar } from "../lib/ledger/accounts.ts";
import { SigningKey } from "../lib/ledger/key.ts";
import { associate, transferToken } from "../lib/ledger/tokens.ts";
import { Insider, stateOf } from "./testing/insider.ts";
import { allOf, entriesOf, oneOf, type RawEntry } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(240_000);

const of =
  (type: string, task?: string) =>
  (entry: RawEntry): boolean =>
    entry.type === type && (task === undefined || entry.task_id === task);

/** What the ledger has of a transaction. */
async function resultOf(stage: Stage, id: TransactionId): Promise<string> {
  for (let look = 0; look < 200; look++) {
    const found = await oneOf(stage.mirror, `transactions/${mirrorTransactionId(id)}`);
    if (found?.transactions?.length > 0) return found.transactions[0].result;
    await Bun.sleep(40);
  }
  throw new Error(`the mirror node has no ${formatTransactionId(id)}`);
}

/** The code of what is thrown; `none` if nothing is. */
async function codeOf(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return "none";
  } catch (error) {
    if (error instanceof FestError) return error.code;
    throw error;
  }
}

/** Whatever left the fund left it by a trade that the log tells of. */
async function expectFundMovedByTradesAlone(stage: Stage): Promise<void> {
  const entries = await entriesOf(stage.mirror, stage.log);
  const { fund } = stage.festival.accounts;
  const until = entries.findLast(of("festival_commit"))?.timestamp;
  const path = `transactions?account.id=${fund}&result=success&timestamp=lt:${until}&limit=100`;
  const moves = (await allOf(stage.mirror, path, "transactions")).filter(({ transfers, token_transfers }) =>
    [...transfers, ...token_transfers].some(({ account, amount }) => account === fund && amount < 0),
  );
  const trades = new Set(entries.filter(of("trade_settled")).map(({ payload }) => payload.executed));
  expect(moves.length).toBeGreaterThan(0);
  expect(moves.filter(({ consensus_timestamp: at }) => !trades.has(at))).toEqual([]);
}

describe("an insider with the key of a worker, of the defi agent, or of the desk", () => {
  let stage: Stage;
  let worker: Insider;
  let defi: Insider;
  let desk: Insider;
  let coordinator: Insider["account"];
  let entries: readonly RawEntry[];

  beforeAll(async () => {
    stage = await openStage({ planChanges: { everySeconds: 1 } });
    coordinator = stage.festival.accounts.coordinator;
    worker = Insider.withKeyOf("inference-001", stage);
    defi = Insider.withKeyOf("defi-001", stage);
    desk = Insider.withKeyOf("desk-001", stage);
    entries = await stage.until(of("festival_commit"));
  });
  afterAll(async () => {
    for (const one of [worker, defi, desk]) one?.close();
    await stage?.stop();
  });

  test("gets no payment a second time", async () => {
    const paid = entries.find(of("payment_settled", "1.2.1"));
    const result = entries.find(of("task_result", "1.2.1"));
    if (!paid || !result) throw new Error("it was not paid once");
    const { type, re, task_id, to, payload } = paid;
    const again = { v: 1, type, re, task_id, to, payload };
    const amount = BigInt(payload.amount);

    const stolen = await worker.pay({ from: coordinator, to: worker.account, amount, says: again });
    expect(stolen.outcome).toEqual({ kind: "failed", status: "INVALID_SIGNATURE" });
    expect(await resultOf(stage, stolen.id)).toBe("INNER_TRANSACTION_FAILED");
    expect(await worker.say(again)).toMatchObject({ kind: "unauthorised" });

    const { re: owed, payload: output } = result;
    expect(await worker.say({ v: 1, type: "task_result", re: owed, task_id, payload: output })).toMatchObject(
      { kind: "refused", problem: expect.stringContaining("is not open") },
    );
  });

  test("gets no payment for a task that nobody assigned to it", async () => {
    const result = { v: 1, type: "task_result", payload: { status: "completed", output: {}, metrics: {} } };
    const others = entries.find(of("task_assignment", "1.3.1"));
    const claims = [
      { ...result, re: `${others?.sequence}.2`, task_id: "1.3.1" },
      { ...result, re: "999999.1", task_id: "3.3.1" },
      { ...result, re: `${entries.find(of("festival_plan"))?.sequence}.1`, task_id: "9.9.9" },
    ];
    for (const claim of claims) expect(await worker.say(claim)).toMatchObject({ kind: "refused" });
    const task = entries.find(of("task_planned"))?.payload;
    const forged = [
      { v: 1, type: "task_planned", re: "3.1", task_id: "6.6.6", payload: { ...task, reward: "1000" } },
      {
        v: 1,
        type: "task_assignment",
        re: "3.1",
        task_id: "1.3.1",
        to: "inference-001",
        payload: { attempt: 1, lease_seconds: 60 },
      },
      {
        v: 1,
        type: "task_reassigned",
        re: "3.1",
        task_id: "1.3.1",
        to: "inference-001",
        payload: { attempt: 2, lease_seconds: 60, reason: "mine" },
      },
    ];
    for (const one of forged) expect(await worker.say(one)).toMatchObject({ kind: "unauthorised" });
    const theft = { token: stage.festival.token, from: coordinator, to: worker.account, amount: 1n };
    expect(await codeOf(() => transferToken(worker.ledger, theft))).toBe("INVALID_SIGNATURE");
  });

  test("makes no payment to the wrong account count, and moves only what is its own", async () => {
    const paid = entries.find(of("payment_settled", "1.2.1"));
    const body = {
      v: 1,
      type: "payment_settled",
      re: paid?.re,
      task_id: "1.2.1",
      to: "defi-001",
      payload: paid?.payload,
    };
    const toDefi = { to: defi.account, amount: 1n, says: body };
    expect((await worker.pay({ ...toDefi, from: coordinator })).outcome).toMatchObject({ kind: "failed" });
    // Out of its own pocket it may: the ledger moves it, and the log does not count it.
    expect(await worker.pay(toDefi)).toMatchObject({
      outcome: { kind: "executed" },
      verdict: { kind: "unauthorised" },
    });
  });

  test("trades nothing without the coordinator's signature", async () => {
    const { fund } = stage.festival.accounts;
    const schedule = await defi.try({
      kind: "scheduleTransfer",
      hbar: [
        { account: fund, amount: -100_000_000n },
        { account: defi.account, amount: 100_000_000n },
      ],
      tokens: [],
      expiration: addSeconds(fromMillis(Date.now()), 120),
      scheduleMemo: "for me",
    });
    if (schedule.outcome.kind !== "executed") throw new Error("a schedule can be made by anyone");
    await desk.try({ kind: "scheduleSign", schedule: schedule.outcome.schedule ?? "0.0.0" });
    const held = await oneOf(stage.mirror, `schedules/${schedule.outcome.schedule}`);
    expect(held.executed_timestamp).toBeNull();

    const theft = { from: fund, to: defi.account, amount: 1n };
    expect(await codeOf(() => transferHbar(defi.ledger, theft))).toBe("INVALID_SIGNATURE");

    const trade = await stage.until(of("trade_settled"));
    const settled = trade.find(of("trade_settled"));
    const approved = trade.find(of("risk_check_approved"));
    const { re, task_id, payload } = approved ?? {};
    expect(await defi.say({ v: 1, type: "risk_check_approved", re, task_id, payload })).toMatchObject({
      kind: "unauthorised",
    });
    const once = { v: 1, type: "trade_settled", re: settled?.re, task_id, payload: settled?.payload };
    expect(await defi.say(once)).toMatchObject({ kind: "refused" });
  });

  test("speaks for no other role", async () => {
    const seen = new Map(entries.map((entry) => [entry.type, entry]));
    for (const [type, { re, task_id, to, payload }] of seen) {
      if (type === "quote" || !isEntryName(type)) continue;
      const verdict = await desk.say({ v: 1, type, re, task_id, to, payload });
      expect([type, verdict.kind]).toEqual([type, "unauthorised"]);
    }
    for (const type of ["pause", "resume"]) {
      expect(await desk.say({ v: 1, type, payload: {} })).toMatchObject({ kind: "unauthorised" });
    }
    expect((await stateOf(stage)).paused).toBe(false);
  });

  test.each<[string, string, string]>([
    ["deep JSON", `${"[".repeat(500)}${"]".repeat(500)}`, "malformed"],
    [
      "deep JSON in an entry",
      `{"v":1,"type":"task_result","re":"9.1","task_id":"1.1.1","payload":{"status":"completed","output":${'{"a":'.repeat(150)}1${"}".repeat(150)}}}`,
      "malformed|refused",
    ],
    ["a cut-off entry", '{"v":1,"type":"task_resu', "malformed"],
    ["bytes that are no text", "\xff\xfe\x00", "malformed"],
    [
      "a homoglyph of a task",
      '{"v":1,"type":"status_update","re":"9.1","task_id":"1.1.\uff11","payload":{"new_status":"in_progress"}}',
      "malformed|refused",
    ],
    [
      "a homoglyph of a type",
      '{"v":1,"type":"t\u0430sk_result","re":"9.1","task_id":"1.1.1","payload":{"status":"completed"}}',
      "unknown",
    ],
    [
      "NaN",
      '{"v":1,"type":"task_result","re":"9.1","task_id":"1.1.1","payload":{"status":"completed","metrics":{"mape":NaN}}}',
      "malformed",
    ],
    [
      "a number without bounds",
      '{"v":1,"type":"task_result","re":"9.1","task_id":"1.1.1","payload":{"status":"completed","metrics":{"mape":1e999}}}',
      "malformed",
    ],
    [
      "__proto__",
      '{"v":1,"type":"task_result","re":"__proto__","task_id":"__proto__","__proto__":{"payer":"0.0.2"},"payload":{"status":"completed","__proto__":{"polluted":1}}}',
      "malformed|refused",
    ],
    ["a type named __proto__", '{"v":1,"type":"__proto__","payload":{}}', "unknown"],
    ["a type named constructor", '{"v":1,"type":"constructor","payload":{}}', "unknown"],
    ["another version", '{"v":2,"type":"task_result","payload":{}}', "unknown"],
    [
      "an obligation of 2^53",
      '{"v":1,"type":"task_result","re":"9007199254740993.1","task_id":"1.1.1","payload":{"status":"completed"}}',
      "malformed|refused",
    ],
    ["null", "null", "malformed"],
  ])("says %s, and it is counted and does nothing", async (_, text, kinds) => {
    const bytes = text.startsWith("\xff") ? Buffer.from(text, "latin1") : Buffer.from(text);
    expect(kinds.split("|")).toContain((await worker.say(bytes)).kind);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  test("says more than fits in one message with the SDK's own chunks, and no chunk counts", async () => {
    const { key } = stage.crew.member("inference-001");
    const [node] = stage.network.nodes;
    const client = Client.forNetwork({ [node?.address ?? ""]: new AccountId(3) });
    client.setOperator(worker.account, PrivateKey.fromStringED25519(key.reveal().hex));
    const { malformed } = (await stateOf(stage)).counts;
    const long = JSON.stringify({ v: 1, type: "task_result", filler: "x".repeat(2_500) });
    await new TopicMessageSubmitTransaction({ topicId: stage.log, message: long }).executeAll(client);
    client.close();
    for (let look = 0; look < 200; look++) {
      if ((await stateOf(stage)).counts.malformed >= malformed + 3) break;
      await Bun.sleep(40);
    }
    expect((await stateOf(stage)).counts.malformed).toBe(malformed + 3);
  });

  test("floods the log, and the festival goes on", async () => {
    const message = Buffer.from('{"v":1,"type":"tick"}');
    const flood = Array.from({ length: 200 }, () =>
      desk.ledger.say(stage.festival.log, message).then(({ kind }) => kind),
    );
    const commits = (await stateOf(stage)).commits;
    expect(new Set(await Promise.all(flood))).toEqual(new Set(["executed"]));
    const after = await stage.until(
      ({ type, payload }) => type === "festival_commit" && payload.edition === commits + 2,
    );
    const last = after.findLast(of("festival_commit"));
    expect(last?.payload.tasks).toEqual({ planned: 12, paid: 12, failed: 0 });
  });

  test("has left no trace but in the counts: every payment is still one task's, and no money is gone", async () => {
    const { unmatched, paidTwice, hbarConserved, tokensConserved, state } = await stage.audit();
    expect({ unmatched, paidTwice, hbarConserved, tokensConserved }).toEqual({
      unmatched: [],
      paidTwice: [],
      hbarConserved: true,
      tokensConserved: true,
    });
    const { accepted, unauthorised, refused, malformed, unknown } = state.counts;
    expect(unauthorised).toBeGreaterThanOrEqual(200 + 10);
    expect(refused).toBeGreaterThanOrEqual(5);
    expect(malformed).toBeGreaterThanOrEqual(8);
    expect(unknown).toBe(4);
    expect(accepted + unauthorised + refused + malformed + unknown).toBe(state.head?.sequence ?? 0);
    const commits = (await entriesOf(stage.mirror, stage.log)).filter(of("festival_commit"));
    for (const { payload } of commits) expect(payload.tasks).toEqual({ planned: 12, paid: 12, failed: 0 });
    await expectFundMovedByTradesAlone(stage);
  });
});

describe("a stranger without any of the log's keys", () => {
  test("is stopped by the network itself", async () => {
    const stage = await openStage();
    try {
      const key = SigningKey.generate();
      const account = await createAccount(stage.crew.owner, { key: key.publicKey, balance: 1_000_000_000n });
      const stranger = new Insider(stage, account, key);
      const message = Buffer.from('{"v":1,"type":"tick"}');
      for (const topic of [stage.festival.log, stage.festival.vitals]) {
        const { id, outcome } = await stranger.try({ kind: "message", topic, message });
        expect(outcome).toEqual({ kind: "failed", status: "INVALID_SIGNATURE" });
        expect(await resultOf(stage, id)).toBe("INVALID_SIGNATURE");
      }
      stranger.close();
      await stage.until(of("festival_commit"));
      const { state } = await stage.audit();
      expect(state.counts).toEqual({
        accepted: state.head?.sequence ?? 0,
        unknown: 0,
        malformed: 0,
        unauthorised: 0,
        refused: 0,
      });
    } finally {
      await stage.stop();
    }
  });
});

describe("an insider with the coordinator's own key, who may pay whom it likes with its own money", () => {
  let stage: Stage;
  let insider: Insider;

  beforeAll(async () => {
    stage = await openStage({ latency: "400ms" });
    const both = (type: string) => (_: RawEntry, __: number, all: readonly RawEntry[]) =>
      all.filter(of(type)).length === 2;
    await stage.until(both("task_assignment"));
    // The real one is away, so that its settlements are open for anyone with its key.
    await stage.agents.dismiss("coordinator", "SIGKILL");
    await stage.until(both("task_result"));
    insider = Insider.withKeyOf("coordinator", stage);
  });
  afterAll(async () => {
    insider?.close();
    await stage?.stop();
  });

  test("makes no payment count but the one that is owed, under the one id that it has", async () => {
    const state = await stateOf(stage);
    const settle = [...state.obligations.values()].find(
      ({ kind, taskId }) => kind === "settle" && taskId === "1.1.1",
    );
    if (settle === undefined) throw new Error("nothing is to be settled");
    const id = effectId(settle, 0);
    const task = state.edition?.tasks.get("1.1.1");
    const payload = {
      amount: String(task?.spec.reward),
      token_id: stage.festival.token,
      transfer: formatTransactionId(effectId(settle, 0, 1)),
      criteria: [],
    };
    const body = {
      v: 1,
      type: "payment_settled",
      re: settle.id,
      task_id: "1.1.1",
      to: "inference-001",
      payload,
    };
    const to = stage.festival.accounts.inference;
    const amount = task?.spec.reward ?? 0n;

    // Under an id of its own, the money moves, and the log does not count it.
    expect((await insider.pay({ to, amount, says: body })).verdict).toMatchObject({ kind: "refused" });
    // For a task that nobody assigned.
    const unassigned = { ...body, task_id: "1.1.2", to: "inference-001" };
    expect((await insider.pay({ to, amount, says: unassigned })).verdict).toMatchObject({ kind: "refused" });
    // In another window of the obligation: not before its time.
    const later = await insider.pay({ to, amount, says: body }, effectId(settle, 1));
    expect(later.outcome).toEqual({ kind: "pending", status: "INVALID_TRANSACTION_START" });

    const { payments, unmatched } = await stage.audit();
    expect({ payments, moved: unmatched.length }).toEqual({ payments: 0, moved: 2 });

    // The one that is owed, twice: the network executes it once.
    const first = await insider.pay({ to, amount, says: body }, id);
    const second = await insider.pay({ to, amount, says: body }, id);
    expect(first).toMatchObject({ outcome: { kind: "executed" }, verdict: { kind: "accepted" } });
    expect(second.verdict).toEqual(first.verdict);
    const transfers = await allOf(
      stage.mirror,
      `transactions?account.id=${stage.festival.accounts.coordinator}&transactiontype=atomicbatch&limit=100`,
      "transactions",
    );
    const ids = transfers.filter(({ transaction_id }) => transaction_id === mirrorTransactionId(id));
    expect(ids.filter(({ result }) => result === "SUCCESS").length).toBe(1);
  });

  test("pays a wrong account under the right id: the log cannot see it, and whoever compares it with the ledger does", async () => {
    const key = SigningKey.generate();
    const { owner } = stage.crew;
    const accomplice = await createAccount(owner, { key: key.publicKey, balance: 1_000_000_000n });
    await associate(owner, { account: accomplice, token: stage.festival.token, signers: [key] });
    const before = (await stage.audit()).unmatched;
    const state = await stateOf(stage);
    const settle = [...state.obligations.values()].find(
      ({ kind, taskId }) => kind === "settle" && taskId === "1.3.1",
    );
    if (settle === undefined) throw new Error("the other task is not to be settled");
    const amount = state.edition?.tasks.get("1.3.1")?.spec.reward ?? 0n;
    const transfer = formatTransactionId(effectId(settle, 0, 1));
    const payload = { amount: String(amount), token_id: stage.festival.token, transfer, criteria: [] };
    const says = { v: 1, type: "payment_settled", re: settle.id, task_id: "1.3.1", to: "defi-001", payload };
    expect((await insider.pay({ to: accomplice, amount, says }, effectId(settle, 0))).verdict).toEqual({
      kind: "accepted",
    });
    expect(new Set((await stage.audit()).unmatched)).toEqual(new Set([...before, transfer]));
  });

  test("cannot keep the festival from its end", async () => {
    stage.run(stage.crew.member("coordinator"));
    const entries = await stage.until(of("festival_commit"));
    expect(entries.find(of("festival_commit"))?.payload.tasks).toEqual({ planned: 12, paid: 12, failed: 0 });
    const { paidTwice, hbarConserved, tokensConserved } = await stage.audit();
    expect({ paidTwice, hbarConserved, tokensConserved }).toEqual({
      paidTwice: [],
      hbarConserved: true,
      tokensConserved: true,
    });
  });
});
