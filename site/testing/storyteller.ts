/** Writes a festival on a real devnet, one entry at a time, as agents would: for tests of the page. */
import type { Body } from "../../lib/festival/entry/entry.ts";
import { encodeEntry } from "../../lib/festival/entry/entry.ts";
import { foldAll } from "../../lib/festival/fold.ts";
import {
  effectId,
  effectMemo,
  type Obligation,
  type ObligationKind,
  windowAt,
} from "../../lib/festival/obligation.ts";
import { commitOf } from "../../lib/festival/rules/plan.ts";
import { TRANSFER_PART } from "../../lib/festival/rules/work.ts";
import type { State } from "../../lib/festival/state.ts";
import type { TopicId } from "../../lib/hedera/id.ts";
import type { Action } from "../../lib/ledger/effect.ts";
import { type Actor, type Stage, setStage } from "../../lib/ledger/testing/stage.ts";
import { createTopic } from "../../lib/ledger/topics.ts";
import { createMirror, type Mirror } from "../../lib/mirror/client.ts";
import { allItems } from "../../lib/mirror/page.ts";

/** The two tasks of the festival that is told; the second waits for the first. */
export const TASKS: readonly (Body<"task_planned">["payload"] & { readonly id: string })[] = [
  {
    id: "1.1.1",
    name: "Gather rates",
    kind: "rates",
    role: "inference",
    reward: 250n,
    gate: { rows: { min: 24 } },
  },
  { id: "1.1.2", name: "Forecast", kind: "forecast", role: "inference", reward: 500n, depends_on: ["1.1.1"] },
];

/** Tells the story of a festival on a devnet of its own. */
export class Storyteller {
  readonly stage: Stage;
  readonly vitals: TopicId;
  readonly mirror: Mirror;

  private constructor(stage: Stage, vitals: TopicId) {
    this.stage = stage;
    this.vitals = vitals;
    this.mirror = createMirror({ baseUrl: stage.devnet.network.mirror });
  }

  /** Starts the devnet, and creates what the story needs. */
  static async begin(): Promise<Storyteller> {
    const stage = await setStage();
    const submitKeys = [stage.coordinator.key.publicKey, stage.worker.key.publicKey];
    return new Storyteller(stage, await createTopic(stage.operator, { submitKeys, memo: "vitals" }));
  }

  /** The festival as the log has it now. */
  async state(): Promise<State> {
    const first = await this.mirror.topicMessages({ topic: this.stage.topic, limit: 100, order: "asc" });
    return foldAll(await allItems(first));
  }

  /** Says something that discharges nothing. */
  async say(topic: TopicId, by: Actor, message: Body | string): Promise<void> {
    const bytes = typeof message === "string" ? new TextEncoder().encode(message) : encodeEntry(message);
    const outcome = await by.ledger.say(topic, bytes);
    if (outcome.kind !== "executed") throw new Error(`it was not said: ${JSON.stringify(outcome)}`);
  }

  /** The owner binds both accounts, and says what else there is to say. */
  async manifest(name: string, more: Partial<Body<"manifest">["payload"]> = {}): Promise<void> {
    const { coordinator, worker, token, topic } = this.stage;
    await this.say(topic, coordinator, {
      v: 1,
      type: "manifest",
      payload: {
        festival: { id: "P1", name },
        roles: {
          coordinator: { coordinator: coordinator.account },
          inference: { "inference-001": worker.account },
        },
        token,
        vitals: this.vitals,
        heartbeat_seconds: 5,
        limits: { reward: 1_000n, attempts: 3, lease_seconds: 600 },
        ...more,
      },
    });
  }

  /** The coordinator plans both tasks. */
  async plan(): Promise<void> {
    const payload = {
      edition: 1,
      part: 1,
      parts: 1,
      name: "Told",
      tasks: TASKS.length,
      plan_sha256: "0".repeat(64),
      phases: [{ id: "1", name: "Observe" }],
      sequences: [{ id: "1.1", name: "Rates" }],
    };
    await this.discharge("plan", ({ id: re }) => ({ v: 1, type: "festival_plan", re, payload }));
    for (const { id, ...spec } of TASKS) {
      await this.discharge("plan_task", ({ id: re }) => ({
        v: 1,
        type: "task_planned",
        re,
        task_id: id,
        payload: spec,
      }));
    }
  }

  /** The coordinator assigns the next task. */
  async assign(): Promise<void> {
    const payload = { attempt: 1, lease_seconds: 600 };
    await this.discharge("assign", (owed) => ({
      ...about(owed),
      type: "task_assignment",
      to: "inference-001",
      payload,
    }));
  }

  /** The worker starts the task, and hands in a result, with whatever else that says. */
  async work(
    metrics: Record<string, number>,
    more: Partial<Body<"task_result">["payload"]> = {},
  ): Promise<void> {
    const started = { new_status: "in_progress" } as const;
    await this.discharge("start", (owed) => ({ ...about(owed), type: "status_update", payload: started }));
    const payload = { status: "completed", metrics, duration_ms: 1_250, ...more } as const;
    await this.discharge("execute", (owed) => ({ ...about(owed), type: "task_result", payload }));
  }

  /** The coordinator pays the task, in one batch with its entry. */
  async pay(): Promise<void> {
    const state = await this.state();
    const owed = obligationOf(state, "settle");
    const task = state.edition?.tasks.get(owed.taskId ?? "");
    if (task === undefined) throw new Error(`there is no task ${owed.taskId}`);
    const { token, topic, worker } = this.stage;
    const window = windowAt(owed, state.head?.timestamp ?? 0n);
    const message = encodeEntry({
      ...about(owed),
      type: "payment_settled",
      to: "inference-001",
      payload: {
        amount: task.spec.reward,
        token_id: token,
        transfer: effectId(owed, window, TRANSFER_PART),
        criteria: [{ name: "completed", passed: true }],
      },
    });
    const to = worker.account;
    await this.perform(state, owed, { kind: "payment", token, to, amount: task.spec.reward, topic, message });
  }

  /** The coordinator commits the edition, whose tasks are all paid or failed. */
  async commit(): Promise<void> {
    const { edition } = await this.state();
    if (edition === null) throw new Error("there is no edition");
    const payload = commitOf(edition);
    await this.discharge("commit", ({ id: re }) => ({ v: 1, type: "festival_commit", re, payload }));
  }

  /** The worker says that it lives, and how. */
  async heartbeat(
    active_task_id?: string,
    status: Body<"heartbeat">["payload"]["status"] = active_task_id === undefined ? "idle" : "working",
  ): Promise<void> {
    await this.say(this.vitals, this.stage.worker, {
      v: 1,
      type: "heartbeat",
      payload: {
        agent_id: "inference-001",
        status,
        ...(active_task_id === undefined ? {} : { active_task_id }),
        uptime_seconds: 75,
        completed_tasks: 3,
        failed_tasks: 1,
        rss_mb: 88,
        balance: 1_250_000_000n,
        sequence: 1,
      },
    });
  }

  /** Discharges the first open obligation of a kind by an entry. @param part of the obligation's ids */
  async discharge(kind: ObligationKind, body: (owed: Obligation) => Body, part = 0): Promise<void> {
    const state = await this.state();
    const owed = obligationOf(state, kind);
    const message = encodeEntry(body(owed));
    await this.perform(state, owed, { kind: "message", topic: this.stage.topic, message }, part);
  }

  /** Ends the devnet and everything that was opened. */
  close(): Promise<void> {
    return this.stage.close();
  }

  private async perform(state: State, owed: Obligation, action: Action, part = 0): Promise<void> {
    const { coordinator, worker, topic } = this.stage;
    const actor = owed.payer === worker.account ? worker : coordinator;
    const window = windowAt(owed, state.head?.timestamp ?? 0n);
    const effect = { id: effectId(owed, window, part), memo: effectMemo(topic, owed, window), action };
    const outcome = await actor.ledger.perform(effect);
    if (outcome.kind !== "executed")
      throw new Error(`${owed.kind} did not execute: ${JSON.stringify(outcome)}`);
  }
}

function obligationOf(state: State, kind: ObligationKind): Obligation {
  const owed = [...state.obligations.values()].find((obligation) => obligation.kind === kind);
  if (owed === undefined) throw new Error(`nothing of kind ${kind} is owed`);
  return owed;
}

/** The head of an entry that discharges an obligation of a task. */
export function about({ id, taskId }: Obligation) {
  return { v: 1 as const, re: id, task_id: taskId ?? "" };
}
