/** What heartbeats say of an agent, counted by a stranger. */
import type { Said, Wire } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import type { Agent } from "./story.ts";
import { hbarText, secondsText } from "./wording.ts";

const SECOND = 1_000_000_000n;
/** Heartbeats that are looked at: the last ones. */
const KEPT = 60;

/** What an agent itself said of its life, in order. */
export function signsOf({ vitals }: Moment, { id, account }: Agent): readonly Said[] {
  return vitals.filter(({ body, payer }) => payer === account && body?.payload?.agent_id === id);
}

/** Its heartbeats. */
export function beatsOf(moment: Moment, agent: Agent): readonly Said[] {
  return signsOf(moment, agent)
    .filter(({ body }) => body.type === "heartbeat")
    .slice(-KEPT);
}

/** How it does, in a word. */
export function pulseOf(moment: Moment, agent: Agent): string {
  const signs = signsOf(moment, agent);
  const beat = beatsOf(moment, agent).at(-1);
  const newest = signs.findLast(({ body }) => body.type !== "pnl_report" && body.type !== "agent_error");
  if (newest?.body.type === "agent_lost") return "lost";
  if (newest?.body.type === "agent_stopped") return "stopped";
  if (beat === undefined) return "not seen";
  const { status } = beat.body.payload;
  const interval = moment.story.manifest.heartbeat_seconds * (status === "error" ? 10 : 1);
  const age = (moment.now - beat.at) / SECOND;
  if (age > 4 * interval) return "silent";
  return age > 2 * interval ? "late" : status;
}

/** What it spends, since its balance last rose; null while that cannot be told. */
export interface Spending {
  /** Tinybars. */
  readonly perDay: bigint;
  /** For how many seconds its balance lasts. */
  readonly lasts: bigint;
}

/** What an agent's heartbeats say that it spends; null for less than half a minute, or for nothing. */
export function spendingOf(beats: readonly Said[]): Spending | null {
  const points = beats.flatMap(({ at, body }) => {
    const { balance } = body.payload;
    return balance === undefined ? [] : [{ at, balance: BigInt(balance) }];
  });
  const last = points.at(-1);
  if (last === undefined) return null;
  let first = last;
  for (const point of points.toReversed()) {
    if (point.balance < first.balance) break;
    first = point;
  }
  const elapsed = last.at - first.at;
  const spent = first.balance - last.balance;
  if (elapsed < 30n * SECOND || spent === 0n) return null;
  return {
    perDay: (spent * 86_400n * SECOND) / elapsed,
    lasts: (last.balance * elapsed) / spent / SECOND,
  };
}

/** The line of figures of an agent, from its heartbeats up to a moment. */
export function agentLine(beats: readonly Said[], role: string, head: number): string {
  const last: Wire = beats.at(-1)?.body.payload;
  const behind = head - last.sequence;
  const spending = role === "desk" ? null : spendingOf(beats);
  return [
    `up ${secondsText(last.uptime_seconds)}`,
    `${last.completed_tasks} done, ${last.failed_tasks} failed`,
    ...(last.balance === undefined ? [] : [`${hbarText(last.balance)} ℏ`]),
    ...(spending === null
      ? []
      : [`${hbarText(spending.perDay)} ℏ a day`, `lasts ${secondsText(spending.lasts)}`]),
    `${last.rss_mb} MB`,
    behind > 0 ? `${behind} ${behind === 1 ? "entry" : "entries"} behind` : "has read all",
    ...(last.version === undefined ? [] : [`v${last.version.replace(/^v/, "")}`]),
  ].join(" · ");
}

/** Of how many of the last 40 whole intervals something was heard, and since when anything is known. */
export function heardText(beats: readonly Said[], intervalSeconds: number, now: bigint): string {
  const interval = BigInt(intervalSeconds) * SECOND;
  const end = now - (now % interval);
  const first = beats[0]?.at ?? now;
  const slots = Array.from({ length: 40 }, (_, index) => end - interval * BigInt(40 - index));
  const isHeard = (from: bigint) =>
    beats.some(({ at }) => at >= from - interval / 2n && at < from + interval);
  const heard = slots.filter(isHeard).length;
  const known = slots.filter((from) => isHeard(from) || from + interval > first).length;
  return `Heard in ${heard} of the last ${known} intervals`;
}
