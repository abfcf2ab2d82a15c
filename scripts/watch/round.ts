/** One round of a watcher: look, judge, tell, remember. */
import { type Alarm, alarm, alarmKey } from "../../lib/festival/alarm/alarm.ts";
import type { Baseline } from "../../lib/festival/alarm/baseline.ts";
import { judge } from "../../lib/festival/alarm/judge.ts";
import { type Memory, type Notice, noticesOf, remember } from "../../lib/festival/alarm/notice.ts";
import type { Thresholds } from "../../lib/festival/alarm/sight.ts";
import { describeError, FestError } from "../../lib/hedera/error.ts";
import type { TopicId } from "../../lib/hedera/id.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import type { Origin } from "./body.ts";
import { type Look, look } from "./look.ts";

/** What a round needs. */
export interface RoundOptions {
  readonly mirror: Mirror;
  readonly log: TopicId;
  readonly runbook: string;
  readonly thresholds: Thresholds;
  readonly baseline: Baseline | null;
  readonly memory: Memory;
  /** Tells somebody; a notice that could not be told is told at the next round. */
  readonly tell: (notice: Notice, origin: Origin) => Promise<void>;
}

/** What came of a round. */
export interface Round {
  /** Null if the ledger could not be read. */
  readonly look: Look | null;
  readonly alarms: readonly Alarm[];
  /** What was told. */
  readonly notices: readonly Notice[];
  readonly origin: Origin;
  /** What could not be told, or read. */
  readonly problems: readonly string[];
  readonly memory: Memory;
}

/** Failed looks in a row that are an alarm. */
const FAILURES = 3;

/**
 * Looks at the ledger once and tells what is new. A look that fails takes
 * nothing back: what was known to be wrong stays so until it is seen to be well.
 */
export async function playRound(options: RoundOptions): Promise<Round> {
  const { mirror, log, memory, thresholds, baseline } = options;
  const now = mirror.clock.now();
  const problems: string[] = [];
  let seen: Look | null = null;
  try {
    seen = await look({ mirror, log, now, baseline, seen: memory.seen });
  } catch (error) {
    // Also a log without a manifest: after a reset of the network there is none, and somebody should know.
    if (!(error instanceof FestError)) throw error;
    problems.push(describeError(error));
  }
  const failures = seen === null ? memory.failures + 1 : 0;
  const alarms = seen === null ? afterFailure(memory, failures, problems) : judge(seen.sight, thresholds);
  const name = seen?.sight.state.manifest?.festival.name;
  const origin: Origin = { festival: name ?? "a festival", log, runbook: options.runbook };
  const told: Notice[] = [];
  for (const notice of noticesOf(memory, alarms, now)) {
    try {
      await options.tell(notice, origin);
      told.push(notice);
    } catch (error) {
      problems.push(describeError(error));
    }
  }
  const known = seen === null ? memory.seen : seen.seen;
  const kept = { v: 1 as const, firing: remember(memory, told), failures };
  const after = known === undefined ? kept : { ...kept, seen: known };
  return { look: seen, alarms, notices: told, origin, problems, memory: after };
}

function afterFailure({ firing }: Memory, failures: number, problems: readonly string[]): readonly Alarm[] {
  const known = Object.values(firing);
  if (failures < FAILURES) return known;
  const message = `${failures} looks in a row failed: ${problems.join("; ")}`;
  const blind = alarm("ledger_unreadable", "mirror", message);
  return [...known.filter((one) => alarmKey(one) !== alarmKey(blind)), blind];
}
