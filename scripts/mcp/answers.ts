/** What the assistant's door answers: each a plain object, made from the ledger alone. */
import { verifyLog } from "../../lib/agent/proof/verify.ts";
import { readAgents } from "../../lib/agent/status.ts";
import { decode } from "../../lib/festival/entry/decode.ts";
import { fold } from "../../lib/festival/fold.ts";
import { agentsOf } from "../../lib/festival/roles.ts";
import { EMPTY_STATE, type Task } from "../../lib/festival/state.ts";
import { whyTask } from "../../lib/festival/why.ts";
import type { Environment } from "../../lib/hedera/config.ts";
import { FestError } from "../../lib/hedera/error.ts";
import type { Network } from "../../lib/hedera/network.ts";
import { formatTimestamp } from "../../lib/hedera/timestamp.ts";
import { formatTransactionId } from "../../lib/hedera/transaction-id.ts";
import type { Message } from "../../lib/mirror/message.ts";
import { mirrorLink } from "../../site/src/text/link.ts";
import { summariseMessage } from "../../site/src/text/summary.ts";
import { type Diagnosis, diagnose } from "../doctor/doctor.ts";
import { statusJson } from "../support/status-report.ts";
import { verificationJson } from "../support/verify-report.ts";
import { whyJson } from "../support/why-report.ts";
import type { VerifiedLog } from "./verified-log.ts";

/** Where answers come from. */
export interface Source {
  readonly log: VerifiedLog;
  readonly network: Network;
  /** The network's variables, without any account or key. */
  readonly env: Environment;
}

/** Entries that one answer holds at most. */
export const MOST_ENTRIES = 100;

/** Which entries of the log. */
export interface LogQuery {
  /** First sequence number; without it, the last ones. */
  readonly from?: number | undefined;
  readonly limit?: number | undefined;
  readonly type?: string | undefined;
  readonly task?: string | undefined;
}

/** Every agent, the edition, and what is owed. */
export async function status({ log }: Source): Promise<object> {
  const agents = await readAgents(log.mirror, log.state, log.mirror.clock.now());
  return JSON.parse(statusJson({ state: log.state, agents }));
}

/** The tasks of the current edition. */
export async function tasks({ log }: Source): Promise<object> {
  const { edition } = log.state;
  return {
    edition: edition?.number ?? null,
    name: edition?.name ?? null,
    tasks: [...(edition?.tasks.values() ?? [])].map(taskOf),
  };
}

function taskOf({ id, spec, state, agent, attempt, reason, payment, changed }: Task) {
  return {
    task_id: id,
    name: spec.name,
    kind: spec.kind,
    role: spec.role,
    state,
    agent,
    attempt,
    reward: spec.reward.toString(),
    reason,
    paid: payment && {
      amount: payment.amount.toString(),
      to: payment.account,
      transfer: formatTransactionId(payment.transfer),
      entry: payment.sequence,
    },
    changed: formatTimestamp(changed),
  };
}

/** A task's causal chain. @throws FestError `TASK_UNKNOWN` */
export async function why(source: Source, taskId: string, edition?: number): Promise<object> {
  const { log, network } = source;
  const chain = whyTask(log.messages, taskId, edition);
  if (chain === null) {
    throw new FestError("TASK_UNKNOWN", `there is no task ${JSON.stringify(taskId)}`, {
      fix: "Ask for the tasks.",
    });
  }
  return JSON.parse(whyJson(chain, { endpoints: network, log: log.topic }));
}

/** Entries of the log, each with how it was taken. */
export async function entries({ log, network }: Source, query: LogQuery): Promise<object> {
  const { from, type, task } = query;
  const limit = Math.min(query.limit ?? 25, MOST_ENTRIES);
  const found: object[] = [];
  let state = EMPTY_STATE;
  for (const message of log.messages) {
    state = fold(state, message);
    if (from !== undefined && message.sequence < from) continue;
    if (from !== undefined && found.length === limit) break;
    const entry = entryOf(message, network);
    if ((type !== undefined && entry.type !== type) || (task !== undefined && entry.task_id !== task))
      continue;
    found.push({ ...entry, verdict: state.verdict });
    if (found.length > limit) found.shift();
  }
  return { entries: found };
}

function entryOf(message: Message, network: Network) {
  const { sequence, timestamp, payer, topic, transactionId } = message;
  const decoded = decode(message);
  const body = decoded.kind === "entry" ? decoded.entry.body : null;
  return {
    sequence,
    timestamp: formatTimestamp(timestamp),
    payer,
    transaction: transactionId && formatTransactionId(transactionId),
    type: body?.type ?? decoded.kind,
    task_id: body !== null && "task_id" in body ? body.task_id : null,
    summary: summariseMessage(decoded, { payment: null, market: null }),
    link: mirrorLink(network, { kind: "message", topic, sequence }),
  };
}

/** The auditor's verdict on the whole log. */
export async function verify({ log }: Source, evidence: boolean): Promise<object> {
  return JSON.parse(verificationJson(await verifyLog({ mirror: log.mirror, log: log.topic, evidence })));
}

/** Findings that only who has keys can be asked about. */
const ABOUT_KEYS = /^(env:HEDERA_(PRIVATE_KEY|KEY_TYPE)|key-)/;

/** What doctor finds from here: network, clock, topics, tokens and balances of every agent; keys are not looked at. */
export async function doctor({ log, env }: Source): Promise<Diagnosis> {
  const roles = agentsOf(log.state).map(({ id, account }) => ({
    name: id,
    file: null,
    env: { ...env, HEDERA_ACCOUNT_ID: account, FEST_AGENT: id, FEST_LOG: log.topic },
    badLines: [],
    keyFile: null,
  }));
  const { findings } = await diagnose({ folder: null, roles });
  const kept = findings.filter(({ name }) => !ABOUT_KEYS.test(name));
  return { ok: kept.every(({ severity }) => severity !== "error"), findings: kept };
}
