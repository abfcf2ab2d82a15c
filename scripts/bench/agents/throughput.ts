/** How many tasks a second the agents do, against one SDK process that sends the same transactions. */
import type { Entry } from "../../../lib/festival/entry/entry.ts";
import { NANOS_PER_MILLI } from "../../../lib/hedera/timestamp.ts";
import { createTopic } from "../../../lib/ledger/topics.ts";
import { median } from "../process.ts";
import { type Measured, startMeasured } from "./festival.ts";
import { round } from "./one-edition.ts";
import type { ReplayOrder } from "./replay.ts";
import { writeWidePlan } from "./wide-plan.ts";

const PLAN = { sequences: 20, tasksEach: 10 };
const TASKS = PLAN.sequences * PLAN.tasksEach;
/** Between two editions, when the agents are idle, the SDK has its turn. */
const PAUSE_SECONDS = 40;
const RUNS = 3;

/** Figures of both, medians of three runs that took turns. */
export interface ThroughputFigures {
  /** Agents against an SDK process that awaits every receipt, as they do. */
  readonly throughput_ratio: number;
  /** Agents against one that awaits no receipt. */
  readonly throughput_ratio_unconfirmed: number;
  readonly agents_tasks_per_second: number;
  readonly sdk_tasks_per_second: number;
  readonly sdk_unconfirmed_tasks_per_second: number;
  readonly tasks_per_edition: number;
  readonly transactions_per_task: number;
}

/** Measures both on one devnet without latency, in turns. @throws FestError; Error if a process dies */
export async function measureThroughput(say: (line: string) => void): Promise<ThroughputFigures> {
  const prepare = (folder: string) => writeWidePlan(folder, { ...PLAN, everySeconds: PAUSE_SECONDS });
  const festival = await startMeasured(prepare);
  try {
    const agents: number[] = [];
    const sdk: number[] = [];
    const unconfirmed: number[] = [];
    let transactions = 0;
    await festival.committed(1);
    for (let edition = 2; edition <= RUNS + 1; edition++) {
      await festival.committed(edition);
      const entries = await editionOf(festival, edition);
      const order = await orderOf(festival, entries);
      transactions = order.transactions.length;
      agents.push(TASKS / secondsOf(entries));
      sdk.push(TASKS / (await replayed(order, true)));
      unconfirmed.push(TASKS / (await replayed(order, false)));
      const latest = [agents, sdk, unconfirmed].map((some) => some.at(-1)?.toFixed(1));
      say(`tasks a second: agents ${latest[0]}, SDK ${latest[1]}, SDK without receipts ${latest[2]}`);
    }
    return {
      throughput_ratio: round(median(agents) / median(sdk), 3),
      throughput_ratio_unconfirmed: round(median(agents) / median(unconfirmed), 3),
      agents_tasks_per_second: round(median(agents), 1),
      sdk_tasks_per_second: round(median(sdk), 1),
      sdk_unconfirmed_tasks_per_second: round(median(unconfirmed), 1),
      tasks_per_edition: TASKS,
      transactions_per_task: round(transactions / TASKS, 2),
    };
  } finally {
    await festival.stop();
  }
}

/** The entries of an edition, in order, from its outline to its commit. */
async function editionOf(festival: Measured, edition: number): Promise<readonly Entry[]> {
  const entries = [...(await festival.entries()).values()];
  const from = entries.findIndex(
    (one) => one.name === "festival_plan" && one.body.payload.edition === edition,
  );
  const to = entries.findIndex(
    (one) => one.name === "festival_commit" && one.body.payload.edition === edition,
  );
  return entries.slice(from, to + 1);
}

/** From the outline to the commit, in consensus time. */
function secondsOf(entries: readonly Entry[]): number {
  const [first, last] = [entries.at(0), entries.at(-1)];
  if (first === undefined || last === undefined) throw new Error("the edition is empty");
  return Number((last.stamp.timestamp - first.stamp.timestamp) / NANOS_PER_MILLI) / 1_000;
}

/** The same transactions: every message of the edition, and every payment in its batch. */
async function orderOf({ host }: Measured, entries: readonly Entry[]): Promise<ReplayOrder> {
  const { account, key } = host.crew.member("coordinator");
  // As many keys as the festival's own log has.
  const submitKeys = [...host.crew.members.map((member) => member.key.publicKey), host.crew.owner.publicKey];
  const topic = await createTopic(host.crew.owner, { submitKeys });
  const worker = host.crew.member("inference-001").account;
  const [node] = host.network.nodes;
  return {
    options: {
      node: node?.address ?? "",
      account,
      key: key.reveal().hex,
      topic,
      token: host.festival.token,
      receipts: true,
    },
    transactions: entries.map(({ name, stamp }) => ({
      message: Buffer.from(stamp.bytes).toString("base64"),
      ...(name === "payment_settled" ? { payment: { to: worker, amount: "1" } } : {}),
    })),
  };
}

/** Seconds that an SDK process takes for it, its own start left out. */
async function replayed({ options, ...rest }: ReplayOrder, receipts: boolean): Promise<number> {
  const order: ReplayOrder = { ...rest, options: { ...options, receipts } };
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/replay.ts`], {
    stdio: [new Blob([JSON.stringify(order)]), "pipe", "inherit"],
  });
  const { seconds } = JSON.parse(await new Response(child.stdout).text());
  return Number(seconds);
}
