import { agentsOf } from "../../lib/festival/roles.ts";
import type { State } from "../../lib/festival/state.ts";
import { vitalOf } from "../../lib/festival/vitals.ts";
import type { TopicId } from "../../lib/hedera/id.ts";
import { formatTimestamp, secondsOf, type Timestamp } from "../../lib/hedera/timestamp.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import { follow } from "../../lib/mirror/follow.ts";
import type { Message } from "../../lib/mirror/message.ts";
import { itemsFrom } from "../../lib/mirror/page.ts";
import { type Check, failed, passed } from "./check.ts";
import type { Subject } from "./subject.ts";

/** Heartbeats that an agent may take until one is on the ledger, and seconds for the ledger itself. */
const BEATS = 3;
const LEDGER_SECONDS = 20;

/**
 * Whether each agent has beaten on the ledger since it was started; where that
 * is not known, since smoke was.
 */
export async function checkHeartbeats(
  mirror: Mirror,
  subject: Subject,
  state: State,
): Promise<readonly Check[]> {
  const { manifest } = state;
  if (manifest === null) return [failed("heartbeats", `${subject.log} has no manifest`, "bun run setup")];
  const since = sinceOf(subject, state);
  const beats = await beatsSince(mirror, state, since, BEATS * manifest.heartbeat_seconds + LEDGER_SECONDS);
  return [...since].map(([agent, at]) => {
    const name = `heartbeat ${agent}`;
    const beat = beats.get(agent);
    if (beat !== undefined) {
      return passed(
        name,
        `beat at ${formatTimestamp(beat)}, ${secondsOf(beat - at)} s after ${formatTimestamp(at)}`,
      );
    }
    const unit = subject.agents.find((one) => one.agent === agent)?.unit;
    const fix = unit ? `systemctl status ${unit}; journalctl -u ${unit} -n 50` : "bun run status";
    return failed(name, `no heartbeat on ${manifest.vitals} since ${formatTimestamp(at)}`, fix);
  });
}

function sinceOf({ agents, now }: Subject, state: State): ReadonlyMap<string, Timestamp> {
  if (agents.length > 0) return new Map(agents.map(({ agent, startedAt }) => [agent, startedAt ?? now]));
  return new Map(agentsOf(state).map(({ id }) => [id, now]));
}

/** The first heartbeat of each agent after its moment, waited for so long. */
async function beatsSince(
  mirror: Mirror,
  state: State,
  since: ReadonlyMap<string, Timestamp>,
  patienceSeconds: number,
): Promise<ReadonlyMap<string, Timestamp>> {
  const found = new Map<string, Timestamp>();
  const topic = state.manifest?.vitals;
  if (topic === undefined) return found;
  const from = await lastBefore(mirror, topic, [...since.values()]);
  const signal = AbortSignal.timeout(patienceSeconds * 1_000);
  for await (const message of follow({ mirror, topic, signal, ...(from === null ? {} : { from }) })) {
    const vital = vitalOf(state, message);
    if (vital?.name !== "heartbeat") continue;
    const { agent_id: agent } = vital.body.payload;
    const at = since.get(agent);
    if (at !== undefined && message.timestamp > at && !found.has(agent)) found.set(agent, message.timestamp);
    if (found.size === since.size) break;
  }
  return found;
}

/** The newest message of a topic before all of some moments; null if there is none. */
async function lastBefore(
  mirror: Mirror,
  topic: TopicId,
  moments: readonly Timestamp[],
): Promise<Message | null> {
  for await (const message of itemsFrom(await mirror.topicMessages({ topic, limit: 100, order: "desc" }))) {
    if (moments.every((moment) => message.timestamp < moment)) return message;
  }
  return null;
}
