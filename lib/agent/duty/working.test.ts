import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import { decode } from "../../festival/entry/decode.ts";
import type { Body } from "../../festival/entry/entry.ts";
import { go, stage } from "../../festival/testing/stage.ts";
import { FestError } from "../../hedera/error.ts";
import type { TopicId } from "../../hedera/id.ts";
import { addSeconds } from "../../hedera/timestamp.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { type Ledger, openLedger } from "../../ledger/client.ts";
import { createTopic } from "../../ledger/topics.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import { systemClock } from "../../mirror/clock.ts";
import { MirrorUnavailable } from "../../mirror/error.ts";
import { Duty } from "../duty.ts";
import { publishing } from "../publishing.ts";
import { deliveredOutput } from "../work/file.ts";
import { type Publish, report } from "./working.ts";

let devnet: Devnet;
let ledger: Ledger;
let mirror: Mirror;
let log: TopicId;
beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  const { accountId: account, privateKey: hex } = devnet.operator;
  ledger = openLedger({ network: devnet.network, account, key: { type: "ED25519", hex } });
  mirror = createMirror({ baseUrl: devnet.network.mirror });
  log = await createTopic(ledger, {
    submitKeys: [ledger.publicKey],
    adminKey: ledger.publicKey,
    memo: "log",
  });
});
afterAll(async () => {
  ledger.close();
  await devnet.stop();
});

let offset = 0;

/** An `execute` that the devnet's operator owes, a few seconds old. */
function owed(memory = new Map<string, Promise<unknown>>()): Duty {
  const played = go(stage({ "1.1.1": {} }), "1.1.1", "assign", "start");
  offset += 10;
  const base = (addSeconds(systemClock.now(), -10) / 1_000n) * 1_000n + BigInt(offset);
  const obligation = { ...played.the("execute"), payer: ledger.account, due: base, base };
  const signal = new AbortController().signal;
  return new Duty({
    state: played.state,
    obligation,
    window: 0,
    log,
    mirror,
    ledger,
    clock: systemClock,
    signal,
    memory,
  });
}

/** What an agent said last on the log. */
async function said(): Promise<Body<"task_result">["payload"]> {
  const { items } = await mirror.topicMessages({ topic: log, order: "desc", limit: 1 });
  const [message] = items;
  const decoded = message && decode(message);
  if (decoded?.kind !== "entry" || decoded.entry.name !== "task_result") throw new Error("that is no result");
  return decoded.entry.body.payload;
}
const sound: KindResult = { output: { a: [1] }, metrics: { ok: true } };

describe("the result of work", () => {
  test("is said on the log with output, metrics and duration", async () => {
    expect(await report(owed(), async () => sound)).toMatchObject({ kind: "executed" });
    expect(await said()).toMatchObject({ status: "completed", ...sound });
  });

  test("is that it failed, and why, where it could not be done", async () => {
    await report(owed(), async () => {
      throw new FestError("INPUT_INVALID", "input.hours is not a whole number");
    });
    expect(await said()).toMatchObject({ status: "failed", error: "input.hours is not a whole number" });
  });

  test("is that it failed where it fits in no entry: it could never be said", async () => {
    await report(owed(), async () => ({ output: { text: "x".repeat(2_000) }, metrics: { ok: true } }));
    const payload = await said();
    expect(payload).toMatchObject({ status: "failed" });
    expect(payload.error).toMatch(/^task_result has \d+ bytes, over 1024/);
    expect(payload).not.toHaveProperty("output");
  });

  test("is put into a file where no entry has room for it, once, and the entry says which", async () => {
    const memory = new Map<string, Promise<unknown>>();
    const big = { output: { text: "x".repeat(2_000) }, metrics: { ok: true } };
    const published: string[] = [];
    const publish: Publish = async (bytes) => {
      published.push(new TextDecoder().decode(bytes));
      return publishing(ledger)(bytes);
    };
    await report(owed(memory), async () => big, publish);
    await report(owed(memory), async () => big, publish);
    const payload = await said();
    expect(published).toEqual([JSON.stringify(big.output)]);
    expect(payload).toMatchObject({ status: "completed", metrics: { ok: true } });
    expect(payload).not.toHaveProperty("output");
    const sha256 = new Bun.CryptoHasher("sha256").update(published[0] ?? "").digest("hex");
    expect(payload.output_ref).toMatchObject({ sha256 });
    const head = (await mirror.latestBlock())?.to ?? 0n;
    const outcome = { sequence: 1, timestamp: head, account: ledger.account, payload };
    expect(await deliveredOutput(mirror, outcome)).toEqual(big.output);
  });

  test("is worked out once, though the file could not be written at first", async () => {
    const memory = new Map<string, Promise<unknown>>();
    const big = { output: { text: "y".repeat(2_000) }, metrics: {} };
    let times = 0;
    const work = async () => {
      times += 1;
      return big;
    };
    const down: Publish = async () => {
      throw new FestError("BUSY", "the network is busy");
    };
    await expect(report(owed(memory), work, down)).rejects.toMatchObject({ code: "BUSY" });
    expect(await report(owed(memory), work, publishing(ledger))).toMatchObject({ kind: "executed" });
    expect(times).toBe(1);
  });

  test("is none while the mirror node cannot be read: the work is tried again", async () => {
    const memory = new Map<string, Promise<unknown>>();
    const away = async () => {
      throw new MirrorUnavailable("no answer");
    };
    await expect(report(owed(memory), away)).rejects.toBeInstanceOf(MirrorUnavailable);
    expect(memory.size).toBe(0);
  });

  test("is worked out once, however often it has to be sent", async () => {
    const memory = new Map<string, Promise<unknown>>();
    let times = 0;
    const work = async () => {
      times += 1;
      return { ...sound, metrics: { times } };
    };
    await report(owed(memory), work);
    await report(owed(memory), work);
    expect(times).toBe(1);
    expect((await said()).metrics).toEqual({ times: 1 });
  });
});
