import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Network } from "../lib/hedera/network.ts";
import { fromMillis, NANOS_PER_SECOND, type Timestamp } from "../lib/hedera/timestamp.ts";
import { transferToken } from "../lib/ledger/tokens.ts";
import { startDevnetProcess } from "./support/devnet-process.ts";
import { openProxy, type TcpProxy } from "./testing/proxy.ts";
import { entriesOf, type RawEntry } from "./testing/rest.ts";
import { now, reportFailure, timeOf } from "./testing/rounds.ts";
import { openStage, type Stage, type StageOptions } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(300_000);

/** One trip through consensus on the devnet of these tests. */
const ROUND_MS = 120;
const LATENCY = `${ROUND_MS}ms`;

/** What the owner says while a coordinator hears nothing. */
const NOTES = 20;

const committed = ({ type }: RawEntry) => type === "festival_commit";
const of = (type: string, task: string) => (entry: RawEntry) => entry.type === type && entry.task_id === task;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(options: StageOptions): Promise<Stage> {
  const stage = await openStage({ latency: LATENCY, ...options });
  closers.push(() => stage.stop());
  return stage;
}

/** Whatever happened: all tasks were paid, each once, to whom its result came from, and every message counted. */
async function expectAllPaidOnce(stage: Stage, entries: readonly RawEntry[]): Promise<void> {
  expect(entries.find(committed)?.payload.tasks).toEqual({ planned: 12, paid: 12, failed: 0 });
  const { unmatched, paidTwice, state, hbarConserved, tokensConserved } = await stage.audit();
  expect({ unmatched, paidTwice, hbarConserved, tokensConserved }).toEqual({
    unmatched: [],
    paidTwice: [],
    hbarConserved: true,
    tokensConserved: true,
  });
  expect(state.counts).toMatchObject({ malformed: 0, unauthorised: 0, refused: 0 });
}

/** When the agents first said something on stderr that contains `words`, after a moment. */
function saidAt(stage: Stage, after: Timestamp, words: string): Timestamp | null {
  for (const line of stage.said) {
    const time = /"time":"([^"]+)"/.exec(line)?.[1];
    if (time === undefined || !line.includes(words)) continue;
    const at = fromMillis(Date.parse(time));
    if (at >= after) return at;
  }
  return null;
}

describe("an agent that is killed in the middle of a task and does not come back", () => {
  test("loses it to another when its lease runs out, and only who did it is paid", async () => {
    const stage = await open({
      planChanges: { leaseSeconds: 8 },
      more: { inference: ["inference-002"] },
      scripts: { "inference-001": `${import.meta.dir}/testing/hanging-inference.ts` },
    });
    await stage.until(of("status_update", "1.1.1"));
    await stage.agents.dismiss("inference-001", "SIGKILL");
    const caused = now();

    const entries = await stage.until(committed);
    const reassigned = entries.find(of("task_reassigned", "1.1.1"));
    expect(entries.find(of("task_assignment", "1.1.1"))?.to).toBe("inference-001");
    expect(reassigned).toMatchObject({
      to: "inference-002",
      payload: { attempt: 2, reason: "lease expired" },
    });
    expect(entries.filter(of("task_result", "1.1.1")).map(({ payer }) => payer)).toEqual([
      stage.crew.member("inference-002").account,
    ]);
    const paid = entries.filter(of("payment_settled", "1.1.1"));
    expect(paid.map(({ to }) => to)).toEqual(["inference-002"]);
    const later = entries.filter(({ sequence }) => sequence > (reassigned?.sequence ?? 0));
    expect(later.filter(({ type, to }) => type === "task_assignment" && to === "inference-001")).toEqual([]);
    await expectAllPaidOnce(stage, entries);
    reportFailure(
      {
        what: "agent killed mid-task, lease of 8 s",
        caused,
        noticed: timeOf(reassigned),
        sign: "task_reassigned",
        recovered: timeOf(paid[0]),
      },
      ROUND_MS,
    );
  });
});

describe("a message that cannot be delivered", () => {
  test("is delivered as soon as a node can be reached, once", async () => {
    const devnet = await startDevnetProcess({ portBase: 0, latency: LATENCY });
    closers.push(() => devnet.stop());
    const proxy = await openProxy(portOf(`http://${devnet.network.nodes[0]?.address}`));
    closers.push(() => proxy.stop());
    const stage = await open({
      devnet,
      between: (agent, network) =>
        agent === "inference-001"
          ? { ...network, nodes: [{ account: "0.0.3", address: `127.0.0.1:${proxy.port}` }] }
          : network,
    });
    await stage.until(({ type }) => type === "festival_plan");
    proxy.set("refuse");
    const caused = now();
    await stage.until(of("task_assignment", "1.1.1"));
    await Bun.sleep(12_000);
    const meanwhile = await entriesOf(stage.mirror, stage.log);
    const mine = stage.festival.accounts.inference;
    expect(meanwhile.filter(({ payer }) => payer === mine)).toEqual([]);
    expect(meanwhile.some(of("payment_settled", "1.3.1"))).toBe(true);

    proxy.set("pass");
    const cleared = now();
    const entries = await stage.until(committed);
    const results = entries.filter(of("task_result", "1.1.1"));
    expect(results.length).toBe(1);
    await expectAllPaidOnce(stage, entries);
    const noticed = saidAt(stage, caused, "was not said");
    expect(noticed).not.toBeNull();
    reportFailure(
      {
        what: "node out of reach for over 12 s",
        caused,
        noticed: noticed ?? 0n,
        sign: "a heartbeat that could not be said",
        cleared,
        recovered: timeOf(results[0]),
      },
      ROUND_MS,
    );
  });
});

describe("a transfer that fails", () => {
  test("is said, tried again later and later, and settles when its cause is gone, while everything else goes on", async () => {
    // Enough for the first payments, and not for all that follow.
    const stage = await open({ endowment: { budget: 60n } });
    const failures = (entries: readonly RawEntry[]) =>
      entries.filter(({ type }) => type === "payment_failed");
    const twice = (all: readonly RawEntry[]) =>
      failures(all).filter(
        ({ task_id }, _, some) => some.filter((one) => one.task_id === task_id).length > 1,
      );
    const before = await stage.until((_, __, all) => twice(all).length > 0);
    const [first, second] = twice(before);
    expect(first?.payload).toEqual({ status: "INSUFFICIENT_TOKEN_BALANCE", retry_seconds: 5 });
    expect(second?.payload).toEqual({ status: "INSUFFICIENT_TOKEN_BALANCE", retry_seconds: 10 });
    expect(timeOf(second) - timeOf(first)).toBeGreaterThanOrEqual(5n * NANOS_PER_SECOND);
    expect(before.some(({ type }) => type === "payment_settled")).toBe(true);

    const { token, accounts } = stage.festival;
    await transferToken(stage.crew.owner, { token, to: accounts.coordinator, amount: 10_000n });
    const cleared = now();
    const entries = await stage.until(committed);
    const task = first?.task_id ?? "";
    expect(entries.filter(of("task_result", task)).length).toBe(1);
    expect(entries.filter(of("payment_settled", task)).length).toBe(1);
    await expectAllPaidOnce(stage, entries);
    reportFailure(
      {
        what: "transfer without funds",
        caused: timeOf(entries.find(of("task_result", task))),
        noticed: timeOf(first),
        sign: "payment_failed",
        cleared,
        recovered: timeOf(entries.find(of("payment_settled", task))),
      },
      ROUND_MS,
    );
  });
});

describe("a network that is blocked for 60 s", () => {
  test("costs a coordinator time and nothing else: what it missed is replayed", async () => {
    const devnet = await startDevnetProcess({ portBase: 0, latency: LATENCY });
    closers.push(() => devnet.stop());
    const proxies = await proxiesOf(devnet.network);
    const stage = await open({
      devnet,
      between: (agent, network) => (agent === "coordinator" ? proxies.network : network),
    });
    await stage.until(of("task_result", "1.1.1"));
    proxies.set("stall");
    const caused = now();
    for (let note = 1; note <= NOTES; note++) {
      await stage.crew.owner.say(
        stage.festival.log,
        Buffer.from(JSON.stringify({ v: 1, type: "note", note })),
      );
    }
    await Bun.sleep(60_000);
    const blocked = await entriesOf(stage.mirror, stage.log);
    const beats = (await entriesOf(stage.mirror, stage.festival.vitals)).filter(
      (entry) =>
        entry.type === "heartbeat" && entry.payload.agent_id === "coordinator" && timeOf(entry) > caused,
    );
    const folded = Math.max(...beats.map(({ payload }) => payload.sequence));
    // It lives and says so all the time, and says how far behind it is.
    expect(beats.length).toBeGreaterThan(6);
    expect(blocked.length - folded).toBeGreaterThanOrEqual(NOTES);
    const noticed = beats.find(
      (beat) => blocked.filter((entry) => timeOf(entry) < timeOf(beat)).length > beat.payload.sequence,
    );

    proxies.set("pass");
    const cleared = now();
    const entries = await stage.until(committed);
    await expectAllPaidOnce(stage, entries);
    expect((await stage.audit()).state.counts.unknown).toBe(NOTES);
    const next = entries.find(
      (entry) => entry.payer === stage.festival.accounts.coordinator && entry.sequence > blocked.length,
    );
    reportFailure(
      {
        what: `mirror and relay stalled for 60 s, ${blocked.length - folded} messages missed and replayed`,
        caused,
        noticed: timeOf(noticed),
        sign: "a heartbeat that lags behind the log",
        cleared,
        recovered: timeOf(next),
      },
      ROUND_MS,
    );
  });
});

/** Proxies in front of a mirror node and a relay, and the network as it looks through them. */
async function proxiesOf(network: Network) {
  const through = async (url: string): Promise<{ proxy: TcpProxy; url: string }> => {
    const proxy = await openProxy(portOf(url));
    closers.push(() => proxy.stop());
    const address = new URL(url);
    address.port = String(proxy.port);
    return { proxy, url: address.toString().replace(/\/$/, "") };
  };
  const mirror = await through(network.mirror);
  const relayWs = await through(network.relayWs ?? "");
  return {
    network: { ...network, mirror: mirror.url, relayWs: relayWs.url },
    set: (mode: Parameters<TcpProxy["set"]>[0]) => {
      mirror.proxy.set(mode);
      relayWs.proxy.set(mode);
    },
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
