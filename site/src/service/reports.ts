import { reportOf } from "../../../lib/festival/alarm/drawdown.ts";
import type { TopicId } from "../../../lib/hedera/id.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import type { TopicMirror } from "../../../lib/mirror/topic-client.ts";
import type { LogView } from "../ledger/feed.ts";

/** Editions that are looked after: one whose report was not said is followed by one whose report covers it. */
const EDITIONS = 3;
/** Messages that are read after each. */
const PAGE = 100;

/**
 * The messages of the vitals topic among which the fund's last report is, however long ago that was: it is said
 * right after an edition's commit, and the log knows when that was. Empty if there is none.
 *
 * @throws MirrorError
 */
export async function messagesWithReport(
  mirror: TopicMirror,
  vitals: TopicId,
  log: LogView,
  signal: AbortSignal,
): Promise<readonly Message[]> {
  for (const after of commitsOf(log)) {
    const query = { topic: vitals, after, order: "asc", limit: PAGE } as const;
    const { items } = await mirror.topicMessages(query, { signal });
    if (items.some((message) => reportOf(log.state, message) !== null)) return items;
  }
  return [];
}

/** When the last editions were committed, the newest first. */
export function commitsOf({ entries }: LogView): readonly Timestamp[] {
  const commits: Timestamp[] = [];
  for (let index = entries.length - 1; index >= 0 && commits.length < EDITIONS; index--) {
    const entry = entries[index];
    if (entry?.verdict.kind !== "accepted" || entry.decoded.kind !== "entry") continue;
    if (entry.decoded.entry.name === "festival_commit") commits.push(entry.message.timestamp);
  }
  return commits;
}
