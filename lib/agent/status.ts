import { decode } from "../festival/entry/decode.ts";
import type { Body } from "../festival/entry/entry.ts";
import { foldAll } from "../festival/fold.ts";
import { agentsOf } from "../festival/roles.ts";
import type { State } from "../festival/state.ts";
import { FestError } from "../hedera/error.ts";
import type { AccountId, TopicId } from "../hedera/id.ts";
import { NANOS_PER_SECOND, type Timestamp } from "../hedera/timestamp.ts";
import type { Mirror } from "../mirror/client.ts";
import type { Message } from "../mirror/message.ts";
import { itemsFrom } from "../mirror/page.ts";

/** How an agent does, by its own heartbeat and by the ledger. */
export interface AgentStatus {
  readonly agent: string;
  readonly role: string;
  readonly account: AccountId;
  /** `alive` while its heartbeat is younger than three intervals, `silent` after, `unknown` before the first. */
  readonly state: "alive" | "silent" | "unknown";
  readonly heartbeat: Body<"heartbeat">["payload"] | null;
  /** Seconds of consensus time since its last heartbeat. */
  readonly silenceSeconds: number | null;
  /** Entries between what it has folded and the log's head. */
  readonly lag: number | null;
  /** tinybars */
  readonly balance: bigint | null;
  /** Open obligations. */
  readonly owes: number;
}

/** A festival at a glance, from the ledger alone. */
export interface FestivalStatus {
  readonly state: State;
  readonly agents: readonly AgentStatus[];
}

/** Heartbeats that may be missed before an agent counts as silent. */
const MISSED = 3;
/** Vital signs that are read back; enough for every agent to be among them. */
const RECENT_VITALS = 100;

/** Reads a festival's log and vitals, and how its agents do. @throws FestError `LOG_EMPTY`; MirrorError */
export async function readStatus(mirror: Mirror, log: TopicId, now: Timestamp): Promise<FestivalStatus> {
  const messages: Message[] = [];
  const first = await mirror.topicMessages({ topic: log, limit: 100, order: "asc" });
  for await (const message of itemsFrom(first)) messages.push(message);
  const state = foldAll(messages);
  if (state.manifest === null) {
    throw new FestError("LOG_EMPTY", `topic ${log} has no manifest`, { fix: "Name the festival's log." });
  }
  const { items: vitals } = await mirror.topicMessages({
    topic: state.manifest.vitals,
    limit: RECENT_VITALS,
    order: "desc",
  });
  const agents = await Promise.all(
    agentsOf(state).map(async ({ id, role, account }): Promise<AgentStatus> => {
      const last = lastHeartbeat(vitals, id, account);
      const silence = last === null ? null : Number((now - last.at) / NANOS_PER_SECOND);
      const limit = MISSED * (state.manifest?.heartbeat_seconds ?? 0);
      return {
        agent: id,
        role,
        account,
        state: silence === null ? "unknown" : silence <= limit ? "alive" : "silent",
        heartbeat: last?.payload ?? null,
        silenceSeconds: silence,
        lag: last === null ? null : (state.head?.sequence ?? 0) - last.payload.sequence,
        balance: (await mirror.balance(account))?.hbar ?? null,
        owes: [...state.obligations.values()].filter((obligation) => obligation.agent === id).length,
      };
    }),
  );
  return { state, agents };
}

/** An agent's newest heartbeat that its own account paid for. */
function lastHeartbeat(vitals: readonly Message[], agent: string, account: AccountId) {
  for (const message of vitals) {
    const decoded = message.payer === account ? decode(message) : null;
    if (decoded?.kind !== "entry" || decoded.entry.name !== "heartbeat") continue;
    const { payload } = decoded.entry.body;
    if (payload.agent_id === agent) return { payload, at: message.timestamp };
  }
  return null;
}
