/** What one edition of the demo's plan takes in rounds and costs in USD, on a devnet as slow as testnet. */
import { resolve } from "node:path";
import { priceAt } from "../../../lib/agent/work/rates.ts";
import type { Entry } from "../../../lib/festival/entry/entry.ts";
import { SETTLED_PART } from "../../../lib/festival/rules/work.ts";
import { NANOS_PER_MILLI } from "../../../lib/hedera/timestamp.ts";
import { formatTransactionId, type TransactionId } from "../../../lib/hedera/transaction-id.ts";
import { hbarValue } from "../../../lib/market/price.ts";
import { itemsFrom } from "../../../lib/mirror/page.ts";
import { copyPlan } from "../../support/plan-copy.ts";
import { median } from "../process.ts";
import { type Measured, startMeasured } from "./festival.ts";

/** The plan that the demo runs. */
export const PLAN = resolve(import.meta.dir, "../../../agents/plans/hbar-desk");
const LATENCY = "2s";
/** How often a message is sent and looked for, to know what one round takes. */
const ROUNDS = 5;
const LOOK_MS = 20;

/** Figures of one edition; a task here is any but the trade, whose quote and signatures take rounds of their own. */
export interface EditionFigures {
  readonly rounds_per_task: number;
  /** The slowest task. */
  readonly most_rounds: number;
  /** From the trade's assignment to its payment. */
  readonly rounds_of_a_trade: number;
  /** From sending a message to reading it: finality and mirror lag. */
  readonly round_seconds: number;
  readonly usd_per_task: number;
  /** Everything that the edition cost, its outline, trade and commit included, a task. */
  readonly usd_per_task_all_in: number;
}

/** Plays one edition and measures it. @throws FestError */
export async function measureEdition(say: (line: string) => void): Promise<EditionFigures> {
  const prepare = (folder: string) => copyPlan(PLAN, folder, { everySeconds: 86_400 });
  const festival = await startMeasured(prepare, { latency: LATENCY });
  try {
    say(`one edition at a latency of ${LATENCY}; this takes some minutes`);
    const rounds: number[] = [];
    for (let n = 0; n < ROUNDS; n++) rounds.push(await oneRound(festival));
    await festival.committed(1);
    const roundMs = median(rounds);
    const entries = await festival.entries();
    const spans = [...entries.values()].flatMap((entry) => spanOf(entry, entries) ?? []);
    const of = (trade: boolean) => spans.filter((span) => span.trade === trade).map(({ ms }) => ms / roundMs);
    return {
      rounds_per_task: round(median(of(false)), 3),
      most_rounds: round(Math.max(...of(false)), 3),
      rounds_of_a_trade: round(median(of(true)), 3),
      round_seconds: round(roundMs / 1_000, 3),
      ...(await costOf(festival, entries)),
    };
  } finally {
    await festival.stop();
  }
}

/** Rounds a figure for people. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Milliseconds from sending a message to reading it from the mirror node. */
async function oneRound({ host, mirror }: Measured): Promise<number> {
  const { vitals } = host.festival;
  const begun = performance.now();
  const outcome = await host.crew.owner.say(vitals, Buffer.from('{"v":1,"type":"note"}'));
  if (outcome.kind !== "executed" || outcome.sequence === undefined)
    throw new Error("a message was not taken");
  while ((await mirror.topicMessage(vitals, Number(outcome.sequence))) === null) await Bun.sleep(LOOK_MS);
  return performance.now() - begun;
}

/** From when a payment's task became due to be assigned (its obligation's own entry) to its payment. */
function spanOf(paid: Entry, entries: ReadonlyMap<number, Entry>): { ms: number; trade: boolean } | null {
  if (paid.name !== "payment_settled") return null;
  const { task_id } = paid.body;
  for (const entry of entries.values()) {
    if (entry.name !== "task_assignment" || entry.body.task_id !== task_id) continue;
    const owed = entries.get(Number(entry.body.re.split(".")[0]));
    if (owed === undefined) return null;
    const ms = Number((paid.stamp.timestamp - owed.stamp.timestamp) / NANOS_PER_MILLI);
    return { ms, trade: isTrade(task_id, entries) };
  }
  return null;
}

function isTrade(task: string, entries: ReadonlyMap<number, Entry>): boolean {
  return [...entries.values()].some(
    (entry) =>
      entry.name === "task_planned" && entry.body.task_id === task && entry.body.payload.kind === "trade",
  );
}

/** What the network charged, as its records say, by task and in all. */
async function costOf({ host, mirror }: Measured, entries: ReadonlyMap<number, Entry>) {
  const commit = [...entries.values()].find(({ name }) => name === "festival_commit");
  if (commit === undefined) throw new Error("the edition has no end");
  const fees = await effectFees(host, mirror);
  const price = await priceAt(mirror, commit.stamp.timestamp);
  const usd = (tinybars: bigint) => Number(hbarValue(tinybars, price)) / 1_000_000;
  const byTask = new Map<string, bigint>();
  for (const entry of entries.values()) {
    if (!("task_id" in entry.body)) continue;
    const { task_id: task } = entry.body;
    for (const id of transactionsOf(entry)) byTask.set(task, (byTask.get(task) ?? 0n) + (fees.get(id) ?? 0n));
  }
  const tasks = [...byTask].filter(([task]) => !isTrade(task, entries));
  const all = [...fees.values()].reduce((total, fee) => total + fee, 0n);
  return {
    usd_per_task: round(tasks.reduce((sum, [, cost]) => sum + usd(cost), 0) / tasks.length, 6),
    usd_per_task_all_in: round(usd(all) / byTask.size, 6),
  };
}

/** The ids of the transactions that an entry came in: of a payment, the batch and both of its members. */
function transactionsOf({ name, stamp }: Entry): readonly string[] {
  const { transactionId: id } = stamp;
  if (id === null) return [];
  if (name !== "payment_settled") return [formatTransactionId(id)];
  return [0, 1, 2].map((part) => formatTransactionId(shifted(id, part - SETTLED_PART)));
}

function shifted(id: TransactionId, nanos: number): TransactionId {
  return { ...id, validStart: id.validStart + BigInt(nanos) };
}

/** What each effect was charged, by transaction id; heartbeats and dead man's switches, which have no memo, are none. */
async function effectFees(
  { crew }: Measured["host"],
  mirror: Measured["mirror"],
): Promise<ReadonlyMap<string, bigint>> {
  const fees = new Map<string, bigint>();
  for (const { account } of crew.members) {
    const first = await mirror.transactions({ account, limit: 100, order: "asc" });
    for await (const { id, chargedFee, memo, parentTimestamp, scheduled } of itemsFrom(first)) {
      const effect = memo !== "" || parentTimestamp !== null || scheduled;
      if (!effect || id.payer !== account) continue;
      const text = formatTransactionId(id);
      fees.set(text, (fees.get(text) ?? 0n) + chargedFee);
    }
  }
  return fees;
}
