/** One look at a festival from the mirror node alone: everything that a watcher judges by. */
import { coldStart } from "../../lib/agent/cold-start.ts";
import { spentPerDay } from "../../lib/agent/spending.ts";
import { readVitals, type VitalsRead } from "../../lib/agent/status.ts";
import { readKeyDrift } from "../../lib/agent/submit-keys.ts";
import { type Baseline, Gauge } from "../../lib/festival/alarm/baseline.ts";
import { drawdownOf } from "../../lib/festival/alarm/drawdown.ts";
import type { Memory } from "../../lib/festival/alarm/notice.ts";
import {
  type AgentSight,
  LATELY_SECONDS,
  type Sight,
  type Uncounted,
} from "../../lib/festival/alarm/sight.ts";
import { fold } from "../../lib/festival/fold.ts";
import { agentsOf } from "../../lib/festival/roles.ts";
import { EMPTY_STATE, type State } from "../../lib/festival/state.ts";
import { describeDrift } from "../../lib/festival/submit-keys.ts";
import { FestError } from "../../lib/hedera/error.ts";
import type { TopicId } from "../../lib/hedera/id.ts";
import { addSeconds, type Timestamp } from "../../lib/hedera/timestamp.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import type { Position } from "../../lib/mirror/message.ts";
import { createTopicReader, type Fault } from "../../lib/mirror/topic-reader.ts";

/** What to look at, and what is known from before. */
export interface LookOptions {
  readonly mirror: Mirror;
  readonly log: TopicId;
  readonly now: Timestamp;
  /** Over how many seconds rates are measured, and what does not count is told. */
  readonly latelySeconds?: number;
  /** What to compare with. */
  readonly baseline: Baseline | null;
  /** The last message that an earlier look saw. */
  readonly seen: Memory["seen"];
}

/** A look, and what the next one needs to know. */
export interface Look {
  readonly sight: Sight;
  readonly rates: Baseline;
  readonly seen: Memory["seen"];
}

interface LogRead {
  readonly state: State;
  readonly position: Position | null;
  readonly uncounted: readonly Uncounted[];
  readonly gauge: Gauge;
  readonly fault: Fault | null;
}

/** A replica that lags shows a gap that is none a moment later. */
const TRIES = 4;
const TRY_AGAIN_MS = 1_500;

/** Looks once. @throws MirrorError; FestError `LOG_EMPTY` */
export async function look(options: LookOptions): Promise<Look> {
  const { mirror, log, now } = options;
  const since = addSeconds(now, -(options.latelySeconds ?? LATELY_SECONDS));
  const changed = await changeSince(options);
  const read = await readLog(mirror, log, since);
  const { state, position, gauge } = read;
  if (state.manifest === null) {
    throw new FestError("LOG_EMPTY", `topic ${log} has no manifest`, { fix: "Name the festival's log." });
  }
  const vitals = await readVitals(mirror, state, state.manifest.vitals, since);
  const [agents, drift] = await Promise.all([
    agentSights(mirror, state, vitals, now),
    readKeyDrift(mirror, state, log),
  ]);
  const fees = agents.reduce((sum, { spent }) => sum + spent, 0n);
  const late = vitals.vitals.filter(({ stamp }) => stamp.timestamp >= since);
  const rates = gauge.measure(late, fees);
  const sight: Sight = {
    now,
    state,
    agents,
    uncounted: read.uncounted,
    chainFault: changed ?? (read.fault === null ? null : describeFault(read.fault, position)),
    keyDrift: drift.map((one) => ({ topic: one.topic, message: describeDrift(one) })),
    drawdown: drawdownOf(vitals.reports),
    baseline: options.baseline === null ? null : { was: options.baseline, is: rates },
  };
  // What was found to be changed stays the measure, or the next look would call it right.
  return { sight, rates, seen: changed === null ? seenAt(log, position) : options.seen };
}

/** Whether the log still has what it had: nobody can change a message, so one that differs is another log's. */
async function changeSince({ mirror, log, seen }: LookOptions): Promise<string | null> {
  if (seen === undefined || seen.log !== log) return null;
  let message = await mirror.topicMessage(log, seen.sequence);
  for (let tries = 1; message === null && tries < TRIES; tries += 1) {
    await mirror.clock.sleep(TRY_AGAIN_MS);
    message = await mirror.topicMessage(log, seen.sequence);
  }
  if (message === null) return `the mirror node has no message #${seen.sequence} any more`;
  const hash = message.runningHash.toHex();
  return hash === seen.running_hash ? null : `message #${seen.sequence} has another running hash than before`;
}

function seenAt(log: TopicId, position: Position | null): Memory["seen"] {
  const hash = position?.runningHash;
  if (position === null || hash === undefined) return undefined;
  return { log, sequence: position.sequence, running_hash: hash.toHex() };
}

async function readLog(mirror: Mirror, topic: TopicId, since: Timestamp): Promise<LogRead> {
  const start = await coldStart(mirror, topic);
  const reader = createTopicReader({ mirror, topic, from: start?.message ?? null, verify: true });
  const gauge = new Gauge(since);
  const uncounted: Uncounted[] = [];
  let state = start?.state ?? EMPTY_STATE;
  let tries = 0;
  for (;;) {
    const result = await reader.read({});
    if (result.kind === "fault") {
      tries += 1;
      const { position } = reader;
      if (tries === TRIES) return { state, position, uncounted, gauge, fault: result.fault };
      await mirror.clock.sleep(TRY_AGAIN_MS);
      continue;
    }
    tries = 0;
    for (const message of result.messages) {
      const before = state;
      state = fold(before, message);
      gauge.note(before, state);
      const { verdict } = state;
      const { sequence, timestamp, payer } = message;
      if (verdict === null || verdict.kind === "accepted" || timestamp < since) continue;
      uncounted.push({ sequence, timestamp, payer, verdict });
    }
    if (result.atHead) return { state, position: reader.position, uncounted, gauge, fault: null };
  }
}

function describeFault(fault: Fault, position: Position | null): string {
  const where = `after #${position?.sequence ?? 0}`;
  switch (fault) {
    case "gap":
      return `messages are missing ${where}`;
    case "tampered":
      return `the running hash ${where} is not what the message gives`;
    case "disorder":
      return `the message ${where} is not later`;
    case "absent":
    case "stale":
    case "diverged":
      return `the mirror node does not continue the log ${where}: ${fault}`;
  }
}

function agentSights(
  mirror: Mirror,
  state: State,
  { signs, vitals }: VitalsRead,
  now: Timestamp,
): Promise<readonly AgentSight[]> {
  return Promise.all(
    agentsOf(state).map(async (agent) => ({
      ...agent,
      signs: signs.get(agent.id),
      balance: (await mirror.balance(agent.account))?.hbar ?? null,
      spent: await spentPerDay(mirror, agent.account, now),
      recent: vitals.filter(({ body }) => body.payload.agent_id === agent.id),
    })),
  );
}
