/** verify against a real festival, before mirror nodes that lie about it: every lie is found, and named. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Verification, verifyLog } from "../lib/agent/proof/verify.ts";
import type { ProblemName } from "../lib/festival/proof/problem.ts";
import { parseTopicId } from "../lib/hedera/id.ts";
import { createMirror } from "../lib/mirror/client.ts";
import { type Doctoring, doctored, type Shown } from "../site/testing/doctor.ts";
import { LyingMirror } from "../site/testing/lying-mirror.ts";
import type { RawEntry } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(240_000);

let stage: Stage;
let liar: LyingMirror;
let entries: readonly RawEntry[];
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  liar = new LyingMirror(stage.mirror);
  folder = await mkdtemp(join(tmpdir(), "fest-verify-"));
  await stage.until(({ type }) => type === "festival_commit");
  // Nothing is written from here on, so that every test looks at the same.
  await stage.agents.stop();
  entries = await stage.until(() => true);
});
afterAll(async () => {
  await liar?.stop();
  await stage?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The last entry of a type. */
function entryOf(type: string): RawEntry {
  const found = entries.findLast((entry) => entry.type === type);
  if (found === undefined) throw new Error(`there is no ${type}`);
  return found;
}

const mirrorId = (id: string) => {
  const [payer, seconds, nanos] = id.split(/[@.](?=\d+(?:\.\d+)?$|\d{9}$)/);
  return `${payer}-${seconds}-${nanos}`;
};

async function verified(doctoring: Doctoring): Promise<Verification> {
  // Each liar has an address of its own: rates that were read from one are not asked for again.
  const own = new LyingMirror(stage.mirror);
  own.lie = doctored(doctoring);
  const mirror = createMirror({ baseUrl: own.url, retries: 0 });
  try {
    return await verifyLog({ mirror, log: parseTopicId(stage.log) });
  } finally {
    await own.stop();
  }
}

/** Changes one message and leaves the others. */
function message(sequence: number, change: (shown: Shown) => Shown[]): Doctoring {
  return { messages: (one) => (one.sequence_number === sequence ? change(one) : [one]) };
}

/** Changes the transfers under an id. */
function transfer(id: string, change: (shown: Shown) => Shown[]): Doctoring {
  const wanted = mirrorId(id);
  return {
    transactions: (one) =>
      one.transaction_id === wanted && one.name === "CRYPTOTRANSFER" ? change(one) : [one],
  };
}

test("a festival holds where nobody lies: every entry, payment, trade, and all work done again", async () => {
  const found = await verified({});
  expect(found.problems).toEqual([]);
  expect(found).toMatchObject({
    ok: true,
    entries: entries.length,
    gaps: 0,
    payments: { total: 12, matched: 12 },
    trades: { total: 1, matched: 1 },
    carriers: { total: entries.length, matched: entries.length },
    evidence: { total: 12, matched: 12 },
    commits: 1,
  });
});

describe("verify finds", () => {
  type Case = readonly [
    what: string,
    doctoring: () => Doctoring,
    name: ProblemName,
    sequence: () => number | null,
  ];
  const payment = () => entryOf("payment_settled");
  const trade = () => entryOf("trade_settled");
  const at = (type: string) => () => entryOf(type).sequence;
  const nothing = () => null;

  const CASES: readonly Case[] = [
    [
      "an edited message",
      () =>
        message(payment().sequence, (one) => [
          { ...one, message: btoa(atob(one.message).replace('"amount":"', '"amount":"9')) },
        ]),
      "chain_hash",
      at("payment_settled"),
    ],
    ["a dropped message", () => message(7, () => []), "chain_gap", () => 7],
    [
      "two messages that changed places",
      () => {
        const [six, seven] = [entries[5], entries[6]];
        const swap = (one: Shown, other: RawEntry | undefined) => [
          { ...one, sequence_number: other?.sequence, consensus_timestamp: other?.timestamp },
        ];
        return {
          messages: (one) =>
            one.sequence_number === 6 ? swap(one, seven) : one.sequence_number === 7 ? swap(one, six) : [one],
        };
      },
      "chain_gap",
      () => 6,
    ],
    [
      "a forged payer",
      () => message(5, (one) => [{ ...one, payer_account_id: "0.0.666" }]),
      "chain_hash",
      () => 5,
    ],
    [
      "a wrong running hash",
      () => message(9, (one) => [{ ...one, running_hash: btoa("x".repeat(48)) }]),
      "chain_hash",
      () => 9,
    ],
    [
      "an altered consensus timestamp",
      () => message(8, (one) => [{ ...one, consensus_timestamp: later(one.consensus_timestamp, 1_000) }]),
      "chain_hash",
      () => 8,
    ],
    [
      "a consensus timestamp altered by a nanosecond, which a batch's running hash leaves open",
      () => message(8, (one) => [{ ...one, consensus_timestamp: later(one.consensus_timestamp) }]),
      "entry_transaction",
      () => 8,
    ],
    [
      "a time that goes back",
      () => message(8, (one) => [{ ...one, consensus_timestamp: entries[2]?.timestamp }]),
      "chain_order",
      () => 8,
    ],
    [
      "an entry that was forged at the end",
      () =>
        message(entries.length, (one) => [
          one,
          {
            ...one,
            sequence_number: entries.length + 1,
            consensus_timestamp: later(one.consensus_timestamp),
          },
        ]),
      "chain_hash",
      () => entries.length + 1,
    ],
    [
      "the newest entries being withheld",
      () => ({ messages: (one) => (one.topic_id === stage.log && one.sequence_number > 60 ? [] : [one]) }),
      "entry_withheld",
      nothing,
    ],
    [
      "an entry under another transaction's id",
      () =>
        message(4, (one) => {
          const initial = {
            ...one.chunk_info.initial_transaction_id,
            transaction_valid_start: "1.000000001",
          };
          return [{ ...one, chunk_info: { ...one.chunk_info, initial_transaction_id: initial } }];
        }),
      "entry_transaction",
      () => 4,
    ],
    [
      "a transfer of another amount",
      () =>
        transfer(payment().payload.transfer, (one) => [
          {
            ...one,
            token_transfers: one.token_transfers.map((leg: Shown) => ({ ...leg, amount: leg.amount * 2 })),
          },
        ]),
      "payment",
      at("payment_settled"),
    ],
    [
      "a payment that went to another account",
      () =>
        transfer(payment().payload.transfer, (one) => [
          {
            ...one,
            token_transfers: one.token_transfers.map((leg: Shown) =>
              leg.amount > 0 ? { ...leg, account: "0.0.666" } : leg,
            ),
          },
        ]),
      "payment",
      at("payment_settled"),
    ],
    [
      "a payment whose transfer is missing",
      () => transfer(payment().payload.transfer, () => []),
      "payment",
      at("payment_settled"),
    ],
    [
      "a payment whose transfer failed",
      () => transfer(payment().payload.transfer, (one) => [{ ...one, result: "INSUFFICIENT_TOKEN_BALANCE" }]),
      "payment",
      at("payment_settled"),
    ],
    [
      "a transfer that no entry settles",
      () =>
        transfer(payment().payload.transfer, (one) => [
          one,
          {
            ...one,
            transaction_id: one.transaction_id.replace(
              /\d$/,
              (digit: string) => `${(Number(digit) + 5) % 10}`,
            ),
            consensus_timestamp: later(one.consensus_timestamp),
          },
        ]),
      "payment_unrecorded",
      nothing,
    ],
    [
      "a trade that moved another amount",
      () =>
        transfer(trade().payload.transaction, (one) => [
          {
            ...one,
            token_transfers: one.token_transfers.map((leg: Shown) => ({ ...leg, amount: leg.amount + 1 })),
          },
        ]),
      "trade",
      at("trade_settled"),
    ],
    [
      "a schedule that somebody could have deleted",
      () => ({ schedule: (one) => ({ ...one, admin_key: { _type: "ED25519", key: "ab".repeat(32) } }) }),
      "schedule",
      at("trade_settled"),
    ],
    [
      "a schedule that lacks a signature",
      () => ({ schedule: (one) => ({ ...one, signatures: one.signatures.slice(1) }) }),
      "schedule",
      at("trade_settled"),
    ],
    [
      "a schedule that executed at another time",
      () => ({ schedule: (one) => ({ ...one, executed_timestamp: later(one.executed_timestamp) }) }),
      "schedule",
      at("trade_settled"),
    ],
    [
      "an altered exchange rate",
      () => ({
        rate: (one) => ({
          ...one,
          current_rate: { ...one.current_rate, cent_equivalent: one.current_rate.cent_equivalent + 1 },
          next_rate: { ...one.next_rate, cent_equivalent: one.next_rate.cent_equivalent + 1 },
        }),
      }),
      "evidence",
      () => {
        const gather = entries.find(
          ({ type, payload }) => type === "task_planned" && payload.kind === "gather",
        );
        const paid = entries.find(
          ({ type, task_id }) => type === "payment_settled" && task_id === gather?.task_id,
        );
        return paid?.sequence ?? 0;
      },
    ],
    [
      "an altered fee",
      () => ({
        transactions: (one) => [{ ...one, charged_tx_fee: one.charged_tx_fee + 1 }],
      }),
      "evidence",
      at("payment_settled"),
    ],
    [
      "an edited vital sign",
      () => ({
        messages: (one) =>
          one.topic_id !== stage.log && one.sequence_number === 2
            ? [{ ...one, message: btoa(`${atob(one.message)} `) }]
            : [one],
      }),
      "vitals_chain",
      nothing,
    ],
  ];

  test.each(CASES)("%s", async (_, doctoring, name, sequence) => {
    const { ok, problems } = await verified(doctoring());
    expect(ok).toBe(false);
    expect(problems.map((one) => `${one.name} ${one.sequence}`)).toContain(`${name} ${sequence()}`);
    const found = problems.find((one) => one.name === name && one.sequence === sequence());
    expect(found?.severity).toBe("error");
    if (sequence() !== null) expect(found?.message).toContain(`entry ${sequence()}`);
    expect(found?.fix).not.toBe("");
  });
});

/** A consensus time some nanoseconds later. */
function later(timestamp: string, by = 1): string {
  const [seconds = "", nanos = ""] = timestamp.split(".");
  return `${seconds}.${String(Number(nanos) + by).padStart(9, "0")}`;
}

async function run(script: string, ...args: string[]) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, script), "--json", ...args], {
    stderr: "pipe",
    cwd: folder,
    env: { PATH: process.env.PATH ?? "" },
  });
  const [text, code] = [await new Response(child.stdout).text(), await child.exited];
  const lines = text.trimEnd().split("\n");
  expect(lines.length).toBe(1);
  return { code, body: JSON.parse(lines[0] ?? "") };
}

const verify = (...args: string[]) => run("verify.ts", ...args);

describe("the command", () => {
  test("needs a mirror node and a log, ends in one JSON object, and with 0 exactly when all holds", async () => {
    liar.lie = null;
    const badge = join(folder, "badge.svg");
    const good = await verify("--mirror", liar.url, "--log", stage.log, "--badge", badge);
    expect(good).toMatchObject({ code: 0, body: { ok: true, problems: [] } });
    expect(await Bun.file(badge).text()).toContain(`${entries.length} entries, 0 gaps`);
    liar.lie = doctored(message(7, () => []));
    const bad = await verify("--mirror", liar.url, "--log", stage.log);
    expect(bad).toMatchObject({ code: 1, body: { ok: false, gaps: 1 } });
    const [problem] = bad.body.problems;
    expect(problem).toMatchObject({
      name: "chain_gap",
      severity: "error",
      message: "entry 7: it is missing, and later ones are there",
      fix: expect.any(String),
    });
  });

  test("says that it could not look where there is no mirror node, and where there is no such log", async () => {
    const away = await verify("--mirror", "http://127.0.0.1:1", "--log", stage.log);
    expect(away).toMatchObject({ code: 1, body: { ok: false, problems: [{ name: "unread" }] } });
    const none = await verify("--mirror", stage.mirror, "--log", "0.0.999999");
    expect(none).toMatchObject({ code: 1, body: { ok: false, problems: [{ name: "log_empty" }] } });
  });
});

describe("an archive", () => {
  const archive = (out: string) =>
    run("archive.ts", "--mirror", stage.mirror, "--log", stage.log, "--out", out);

  test("is verified without the network, to the same state, and grows by nothing when nothing happened", async () => {
    const file = join(folder, "festival.jsonl");
    const first = await archive(file);
    expect(first).toMatchObject({ code: 0, body: { ok: true, entries: entries.length } });
    expect(first.body.added).toBe(first.body.records);
    const offline = await verify("--bundle", file);
    expect(offline).toMatchObject({ code: 0, body: { ok: true, problems: [], entries: entries.length } });
    expect(offline.body.state_sha256).toBe(first.body.state_sha256);
    expect(offline.body.evidence).toEqual({ total: 12, matched: 12 });
    const before = await readFile(file, "utf8");
    expect(await archive(file)).toMatchObject({ code: 0, body: { ok: true, added: 0 } });
    expect(await readFile(file, "utf8")).toBe(before);
  });

  test("that somebody changed is found out, by itself and against the mirror node", async () => {
    const file = join(folder, "festival.jsonl");
    const forged = join(folder, "forged.jsonl");
    await archive(file);
    const text = await readFile(file, "utf8");
    const line = text
      .split("\n")
      .find((one) => one.includes(`"sequence_number":7,`) && one.includes(stage.log));
    const message: string = JSON.parse(line ?? "").body.message;
    const other = btoa(`${atob(message)} `);
    await Bun.write(forged, text.replace(message, other));
    expect(await verify("--bundle", forged)).toMatchObject({
      code: 1,
      body: { ok: false, problems: [{ name: "chain_hash", sequence: 7 }] },
    });
    expect(await verify("--bundle", file, "--mirror", stage.mirror)).toMatchObject({ code: 0 });
    await Bun.write(forged, "no bundle");
    expect(await verify("--bundle", forged)).toMatchObject({
      code: 1,
      body: { ok: false, problems: [{ name: "bundle_invalid" }] },
    });
  });

  test("is not written over where the mirror node now says something else", async () => {
    const file = join(folder, "kept.jsonl");
    await archive(file);
    const before = await readFile(file, "utf8");
    const message: string = JSON.parse(
      before.split("\n").find((one) => one.includes('"sequence_number":7,')) ?? "",
    ).body.message;
    await Bun.write(file, before.replace(message, btoa(`${atob(message)} `)));
    const kept = await readFile(file, "utf8");
    expect(await archive(file)).toMatchObject({
      code: 1,
      body: { ok: false, problems: [{ name: "bundle_conflict" }] },
    });
    expect(await readFile(file, "utf8")).toBe(kept);
  });
});
