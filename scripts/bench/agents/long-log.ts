/** A festival's log as long as wanted, written in this process by the same decisions that agents make. */
import type { KeyObject } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPlanFolder } from "../../../lib/agent/plan-folder.ts";
import { Deployment } from "../../../lib/agent/setup/deployment.ts";
import { endowmentFor } from "../../../lib/agent/setup/endowment.ts";
import { environmentOf, writeEnvironments } from "../../../lib/agent/setup/environment.ts";
import type { Festival } from "../../../lib/agent/setup/options.ts";
import { setUp } from "../../../lib/agent/setup/setup.ts";
import { KINDS } from "../../../lib/agent/work/kinds.ts";
import { type Devnet, startDevnet } from "../../../lib/devnet/devnet.ts";
import { say, signingKey } from "../../../lib/devnet/load/say.ts";
import { assignTask, taskOf } from "../../../lib/festival/decision/assignment.ts";
import { checkpointPart } from "../../../lib/festival/decision/checkpoint.ts";
import { commitEdition, planEdition, planTask } from "../../../lib/festival/decision/planning.ts";
import { settleTask } from "../../../lib/festival/decision/settlement.ts";
import { type Body, encodeEntry } from "../../../lib/festival/entry/entry.ts";
import { fold } from "../../../lib/festival/fold.ts";
import { effectId, type Obligation, windowAt } from "../../../lib/festival/obligation.ts";
import type { Plan } from "../../../lib/festival/plan/plan.ts";
import { SETTLED_PART, TRANSFER_PART } from "../../../lib/festival/rules/work.ts";
import { EMPTY_STATE, type State } from "../../../lib/festival/state.ts";
import { parseAccountId } from "../../../lib/hedera/id.ts";
import { fromMillis, type Timestamp } from "../../../lib/hedera/timestamp.ts";
import { openLedger } from "../../../lib/ledger/client.ts";
import { createMirror } from "../../../lib/mirror/client.ts";
import { itemsFrom } from "../../../lib/mirror/page.ts";
import { writeWidePlan } from "./wide-plan.ts";

const PLAN = { sequences: 3, tasksEach: 4, everySeconds: 1 };
/** Consensus times are so far apart while the log is filled. */
const STEP: Timestamp = 100_000n;
/** Messages between two breaks, in which the store writes what there is. */
const BREAK_EVERY = 200;

/** A log that is served by a devnet of its own. */
export class LongLog {
  readonly #devnet: Devnet;
  readonly #folder: string;
  readonly #deployment: Deployment;
  readonly #festival: Festival;
  readonly #plan: Plan;
  readonly #keys = new Map<string, KeyObject>();
  readonly #clock: { now: Timestamp | null };
  #state: State = EMPTY_STATE;

  private constructor(made: {
    devnet: Devnet;
    folder: string;
    deployment: Deployment;
    festival: Festival;
    plan: Plan;
    clock: { now: Timestamp | null };
  }) {
    this.#devnet = made.devnet;
    this.#folder = made.folder;
    this.#deployment = made.deployment;
    this.#festival = made.festival;
    this.#plan = made.plan;
    this.#clock = made.clock;
    for (const party of ["coordinator", "inference"] as const) {
      const { hex } = made.deployment.keyOf(party).reveal();
      this.#keys.set(made.festival.accounts[party], signingKey(hex));
    }
  }

  /** Starts a devnet and sets a festival up on it; the log holds its manifest alone. @throws FestError */
  static async open(): Promise<LongLog> {
    const clock: { now: Timestamp | null } = { now: null };
    const devnet = await startDevnet({ portBase: 0, now: () => clock.now ?? fromMillis(Date.now()) });
    const folder = await mkdtemp(join(tmpdir(), "fest-long-log-"));
    await writeWidePlan(join(folder, "plan"), PLAN);
    const plan = await readPlanFolder(join(folder, "plan"), KINDS);
    const deployment = await Deployment.open(join(folder, "deployment"), "devnet");
    const { accountId, privateKey } = devnet.operator;
    const operator = openLedger({
      network: devnet.network,
      account: parseAccountId(accountId),
      key: { type: "ED25519", hex: privateKey },
    });
    const { id, name } = plan;
    const endowment = endowmentFor("devnet");
    const festival = await setUp({ operator, deployment, endowment, festival: { id, name } });
    operator.close();
    await writeEnvironments(devnet.network, deployment, festival);
    const log = new LongLog({ devnet, folder, deployment, festival, plan, clock });
    await log.#read();
    return log;
  }

  /** What the coordinator's process is told. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ...environmentOf("coordinator", this.#devnet.network, this.#deployment, this.#festival),
      FEST_PLAN: join(this.#folder, "plan"),
      FEST_LOG_LEVEL: "silent",
    };
  }

  /** Messages on the log. */
  get length(): number {
    return this.#state.head?.sequence ?? 0;
  }

  /** Writes edition after edition, checkpoints as well, until the log has so many messages. */
  async fill(messages: number): Promise<void> {
    this.#clock.now = this.#state.head?.timestamp ?? fromMillis(Date.now());
    while (this.length < messages) {
      const owed = [...this.#state.obligations.values()].filter(isWritten);
      const next = owed.toSorted((a, b) => Number(a.base - b.base))[0];
      if (next === undefined) throw new Error("nothing is owed, so the log cannot go on");
      this.#discharge(next);
      if (this.length % BREAK_EVERY === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async close(): Promise<void> {
    await this.#devnet.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #read(): Promise<void> {
    const mirror = createMirror({ baseUrl: this.#devnet.network.mirror });
    const query = { topic: this.#festival.log, limit: 100, order: "asc" } as const;
    for await (const message of itemsFrom(await mirror.topicMessages(query))) {
      this.#state = fold(this.#state, message);
    }
  }

  #discharge(obligation: Obligation): void {
    const { log: topic } = this.#festival;
    const head = this.#state.head?.timestamp ?? 0n;
    const time = (head > obligation.base ? head : obligation.base) + STEP;
    this.#clock.now = time;
    const { body, part } = this.#say(obligation);
    const id = effectId(obligation, windowAt(obligation, head), part);
    const key = this.#keys.get(obligation.payer);
    if (key === undefined) throw new Error(`there is no key of ${obligation.payer}`);
    const bytes = encodeEntry(body);
    say(this.#devnet.ledger, {
      payer: obligation.payer,
      key,
      topic,
      message: bytes,
      validStart: id.validStart,
    });
    const stored = this.#devnet.ledger.topics.get(topic);
    if (stored === undefined) throw new Error("the log is gone");
    this.#state = fold(this.#state, {
      topic,
      sequence: Number(stored.sequenceNumber),
      timestamp: time,
      payer: obligation.payer,
      bytes,
      runningHash: stored.runningHash,
      transactionId: { ...id, scheduled: false, nonce: 0 },
      chunk: { number: 1, total: 1 },
    });
    const { verdict } = this.#state;
    if (verdict?.kind !== "accepted")
      throw new Error(`${body.type} was not accepted: ${JSON.stringify(verdict)}`);
  }

  /** What an agent would say; of the work only its result, and of a payment only its entry. */
  #say(obligation: Obligation): { body: Body; part: number } {
    const body = this.#bodyOf(obligation);
    if (body === null) throw new Error(`there is nothing to say about ${obligation.kind}`);
    return { body, part: body.type === "payment_settled" ? SETTLED_PART : 0 };
  }

  #bodyOf(obligation: Obligation): Body | null {
    const state = this.#state;
    switch (obligation.kind) {
      case "plan":
        return planEdition(state, this.#plan, obligation);
      case "plan_task":
        return planTask(this.#plan, obligation);
      case "assign":
        return assignTask(state, obligation);
      case "execute":
        return resultOf(state, obligation);
      case "settle":
        return settled(state, obligation);
      case "commit":
        return commitEdition(state, obligation, null);
      case "checkpoint":
        return checkpointPart(state, obligation);
      default:
        return null;
    }
  }
}

/** Starts of work go without saying here: its result closes them. */
function isWritten({ kind }: Obligation): boolean {
  return kind !== "start" && kind !== "watch" && kind !== "expire";
}

function settled(state: State, obligation: Obligation): Body | null {
  const settlement = settleTask(state, obligation, [], effectId(obligation, 0, TRANSFER_PART));
  return settlement === null || settlement.kind === "schedule" ? null : settlement.body;
}

/** A result as the work gives one: some hundred bytes of output. */
function resultOf(state: State, obligation: Obligation): Body<"task_result"> | null {
  const task = taskOf(state, obligation);
  if (task === undefined) return null;
  const output = { model: "summary", version: "1", hours: 24, rates_sha256: "0".repeat(64) };
  const payload = { status: "completed" as const, output, metrics: { hours: 24 }, duration_ms: 12 };
  return { v: 1, type: "task_result", re: obligation.id, task_id: task.id, payload };
}
