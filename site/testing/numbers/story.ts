/** What the log's entries come to, added up by a stranger: editions, tasks, trades, payments. Only what figures need. */
import type { Said, Wire } from "./ledger.ts";
import { type Taken, takenAs } from "./verdict.ts";

/** An agent as the manifest names it. */
export interface Agent {
  readonly id: string;
  readonly role: string;
  readonly account: string;
}

/** A trade of a task, as far as it went. */
export interface Trade {
  readonly asked: Said;
  readonly edition: number;
  stage: string;
  /** The entry that changed it last. */
  last: Said;
  side: string;
  hbar: bigint;
  tokens: bigint;
  schedule: string | null;
  /** The scheduled transaction, once it executed. */
  transaction: string | null;
  reason: string | null;
}

/** A task of an edition. */
export interface Task {
  readonly id: string;
  /** Its place in the plan. */
  readonly index: number;
  /** What it was planned as. */
  readonly spec: Wire;
  state: string;
  attempt: number;
  agent: string | null;
  lease: number;
  /** When its attempt, its last sign of work, and its result came. */
  assigned: Said | null;
  sign: Said | null;
  result: Said | null;
  /** The verdict after which there is no further attempt. */
  rejected: Said | null;
  /** What its last result was judged by. */
  criteria: readonly Wire[];
  payment: Said | null;
  failedPayments: number;
  trade: Trade | null;
  reason: string | null;
}

/** One run of the plan. */
export interface Edition {
  readonly plan: Said;
  readonly tasks: Map<string, Task>;
  readonly payments: Said[];
  trades: number;
  commit: Said | null;
}

/** A result, and what it is of. */
export interface Result {
  readonly said: Said;
  readonly task: Task;
  readonly edition: number;
}

/** Everything that entries come to. */
export interface Story {
  readonly entries: readonly Said[];
  /** How each entry was taken, by its number. */
  readonly taken: Map<number, Taken>;
  /** Who spoke, by the entry's number. */
  readonly by: Map<number, string>;
  manifest: Wire | null;
  readonly editions: Edition[];
  readonly trades: Trade[];
  readonly results: Result[];
  readonly payments: Said[];
  readonly scores: Said[];
}

/** Adds it up. */
export function storyOf(entries: readonly Said[]): Story {
  const story: Story = {
    entries,
    taken: new Map(),
    by: new Map(),
    manifest: null,
    editions: [],
    trades: [],
    results: [],
    payments: [],
    scores: [],
  };
  let owner: string | null = null;
  for (const entry of entries) {
    const taken = takenAs(entry, story.manifest, owner);
    story.taken.set(entry.sequence, taken);
    if (taken.kind === "accepted" && entry.body.type === "manifest") {
      story.manifest = entry.body.payload;
      owner ??= entry.payer;
    }
    const agent = agentsOf(story).find(({ account }) => account === entry.payer);
    story.by.set(entry.sequence, agent?.id ?? (entry.payer === owner ? "owner" : entry.payer));
    if (taken.kind === "accepted") tell(story, entry);
  }
  return story;
}

/** Every agent of the manifest, in its order. */
export function agentsOf({ manifest }: Pick<Story, "manifest">): readonly Agent[] {
  return Object.entries<Record<string, string>>(manifest?.roles ?? {}).flatMap(([role, agents]) =>
    Object.entries(agents).map(([id, account]) => ({ id, role, account })),
  );
}

/** What a task waits for. */
export function needsOf({ spec }: Task): readonly string[] {
  return [...new Set<string>([...Object.values<string>(spec.uses ?? {}), ...(spec.depends_on ?? [])])];
}

/** How many tasks of an edition are in one of some states. */
export function countIn({ tasks }: Edition, ...states: readonly string[]): number {
  return [...tasks.values()].filter(({ state }) => states.includes(state)).length;
}

function tell(story: Story, entry: Said): void {
  const { type, task_id, payload } = entry.body;
  const edition = story.editions.at(-1);
  const task = edition?.tasks.get(task_id);
  if (type === "festival_plan" && payload.part === 1)
    story.editions.push({ plan: entry, tasks: new Map(), payments: [], trades: 0, commit: null });
  if (edition === undefined) return;
  if (type === "task_planned") plan(story, edition, entry);
  if (type === "festival_commit") edition.commit = entry;
  if (type === "forecast_scored") story.scores.push(entry);
  if (task !== undefined) work(story, edition, task, entry);
  if (task !== undefined) trade(story, edition, task, entry);
}

/** Tasks are planned in any order, and stand in the order of the obligations to plan them. */
function plan({ manifest }: Story, { tasks }: Edition, { body }: Said): void {
  tasks.set(body.task_id, planned(manifest, body));
  const inOrder = [...tasks.values()].toSorted((a, b) => a.index - b.index);
  tasks.clear();
  for (const task of inOrder) tasks.set(task.id, task);
}

function planned(manifest: Wire, { task_id: id, re, payload: spec }: Wire): Task {
  return {
    id,
    index: Number(re.split(".")[1]),
    spec,
    state: "pending",
    attempt: 0,
    agent: null,
    lease: spec.lease_seconds ?? manifest.limits.lease_seconds,
    assigned: null,
    sign: null,
    result: null,
    rejected: null,
    criteria: [],
    payment: null,
    failedPayments: 0,
    trade: null,
    reason: null,
  };
}

function work(story: Story, edition: Edition, task: Task, entry: Said): void {
  const { type, to, payload } = entry.body;
  switch (type) {
    case "task_assignment":
    case "task_reassigned":
      Object.assign(task, { state: "assigned", agent: to, assigned: entry, sign: entry });
      Object.assign(task, { attempt: payload.attempt, lease: payload.lease_seconds });
      break;
    case "status_update":
      Object.assign(task, { state: "in_progress", sign: entry });
      break;
    case "task_result":
      Object.assign(task, { state: "review", result: entry, failedPayments: 0 });
      story.results.push({ said: entry, task, edition: edition.plan.body.payload.edition });
      break;
    case "quality_gate":
      task.criteria = payload.criteria;
      if (task.attempt < story.manifest.limits.attempts)
        Object.assign(task, { state: "in_progress", attempt: task.attempt + 1, sign: entry });
      else task.rejected = entry;
      break;
    case "payment_settled":
      Object.assign(task, { state: "paid", criteria: payload.criteria, payment: entry, reason: null });
      edition.payments.push(entry);
      story.payments.push(entry);
      break;
    case "payment_failed":
      Object.assign(task, { state: "complete", reason: payload.status });
      task.failedPayments += 1;
      break;
    case "task_failed":
      Object.assign(task, { state: "failed", reason: payload.reason });
      break;
  }
}

function trade(story: Story, edition: Edition, task: Task, entry: Said): void {
  const { type, payload } = entry.body;
  if (type === "quote_requested") {
    const { side, hbar } = payload;
    const started = { asked: entry, last: entry, stage: "requested", side, hbar: BigInt(hbar), tokens: 0n };
    const open = { schedule: null, transaction: null, reason: null };
    task.trade = { ...started, ...open, edition: edition.plan.body.payload.edition };
    story.trades.push(task.trade);
    return;
  }
  const stage = STAGES[type];
  if (task.trade === null || stage === undefined) return;
  const known = task.trade;
  Object.assign(known, { stage: payload.declined === undefined ? stage : "failed", last: entry });
  if (payload.tokens !== undefined) known.tokens = BigInt(payload.tokens);
  known.schedule = payload.schedule_id ?? known.schedule;
  known.transaction = payload.transaction ?? known.transaction;
  known.reason = payload.reason ?? payload.declined ?? known.reason;
  if (stage === "settled") edition.trades += 1;
}

const STAGES: Readonly<Record<string, string>> = {
  quote: "quoted",
  risk_check_requested: "proposed",
  risk_check_approved: "approved",
  risk_check_denied: "failed",
  trade_settled: "settled",
  trade_failed: "failed",
};
