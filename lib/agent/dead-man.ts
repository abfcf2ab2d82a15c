import { encodeEntry } from "../festival/entry/entry.ts";
import { describeError } from "../hedera/error.ts";
import { compareIds, type ScheduleId, type TopicId } from "../hedera/id.ts";
import { addSeconds, NANOS_PER_MILLI, type Timestamp } from "../hedera/timestamp.ts";
import type { Ledger } from "../ledger/client.ts";
import { LedgerError } from "../ledger/error.ts";
import { deleteSchedule, scheduleMessage } from "../ledger/schedules.ts";
import type { Mirror } from "../mirror/client.ts";
import type { Clock } from "../mirror/clock.ts";
import { itemsFrom } from "../mirror/page.ts";
import type { Logger } from "./logger.ts";
import type { Pass } from "./loop.ts";

/** What a {@link DeadManSwitch} needs. */
export interface DeadManOptions {
  readonly agent: string;
  readonly version: string;
  readonly log: TopicId;
  readonly ledger: Ledger;
  readonly mirror: Pick<Mirror, "schedules">;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** What a switch announces, where, and after how long. */
interface Terms {
  readonly topic: TopicId;
  readonly lostSeconds: number;
}

/** A switch is renewed after this part of its time, in hundredths; the rest is for attempts that fail. */
const RENEW_AFTER_PERCENT = 75;
/** How soon what failed is tried again: this part of the time, in hundredths, and at most so long. */
const RETRY_AFTER_PERCENT = 5;
const LONGEST_RETRY_MS = 60_000;
/** How long to wait for the network's answer, while the agent lives and when it is asked to stop. */
const PATIENCE_MS = 15_000;
const STOP_MS = 3_000;

/** Statuses of a schedule that is no longer pending: nothing is left to delete. */
const GONE: ReadonlySet<string> = new Set([
  "SCHEDULE_ALREADY_DELETED",
  "SCHEDULE_ALREADY_EXECUTED",
  "SCHEDULE_PENDING_EXPIRATION",
  "INVALID_SCHEDULE_ID",
  // Made under a key that the account had before: only that could delete it. Nor is it said, since that key signs for nobody now.
  "INVALID_SIGNATURE",
]);

/**
 * The dead man's switch of an agent: an `agent_lost` that the network itself
 * says on the vitals topic when its schedule expires (HIP-423), with nobody
 * watching. While the agent lives it makes a new schedule in time, and only
 * then deletes the old one, so that there is always one.
 *
 * It also deletes every older one of this agent that the mirror node shows as
 * pending: what a process left behind that crashed, or what another copy of the
 * agent made. So the newest one counts, and it fires when all copies are gone.
 */
export class DeadManSwitch {
  readonly #options: DeadManOptions;
  readonly #started: Timestamp;
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;
  #terms: Terms | null = null;
  #armed: ScheduleId | null = null;
  #renewAt: Timestamp = 0n;
  #swept = false;
  readonly #stale = new Set<ScheduleId>();

  constructor(options: DeadManOptions) {
    this.#options = options;
    this.#started = options.clock.now();
  }

  /** Takes note of a pass; the first one that knows a manifest with `lost_seconds` arms the switch. */
  update({ caughtUp, state }: Pass): void {
    const { lost_seconds: lostSeconds, vitals: topic } = state.manifest ?? {};
    if (!caughtUp || lostSeconds === undefined || topic === undefined) return;
    this.#terms = { topic, lostSeconds };
    this.#running ??= this.#run();
  }

  /** Disarms the switch: an orderly end is none that the network has to tell. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // A creation that is under way is waited for: a schedule that nobody knows of could not be deleted.
    await Promise.race([this.#running, this.#options.clock.sleep(STOP_MS)]);
    if (this.#armed !== null) this.#stale.add(this.#armed);
    await this.#tidy(STOP_MS);
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const terms = this.#terms;
      if (terms === null) return;
      if (clock.now() >= this.#renewAt) await this.#renew(terms);
      if (this.#armed !== null && !this.#swept) await this.#sweep(this.#armed, terms);
      await this.#tidy(PATIENCE_MS);
      await clock.sleep(this.#waitMs(terms), signal);
    }
  }

  async #renew({ topic, lostSeconds }: Terms): Promise<void> {
    const { agent, version, log, ledger, clock, logger } = this.#options;
    const now = clock.now();
    const message = encodeEntry({
      v: 1,
      type: "agent_lost",
      payload: { agent_id: agent, version, started: this.#started },
    });
    // A schedule expires with its whole second, not within it.
    const at = addSeconds(now, lostSeconds + 1);
    const scheduled = { topic, message, at, memo: memoOf(log, agent) };
    try {
      const made = await scheduleMessage(ledger, scheduled, { patienceMs: PATIENCE_MS });
      if (this.#armed !== null) this.#stale.add(this.#armed);
      this.#armed = made;
      this.#swept = false;
      this.#renewAt = now + partOf(lostSeconds, RENEW_AFTER_PERCENT);
    } catch (error) {
      logger.warn({ error: describeError(error) }, "the dead man's switch was not renewed");
    }
  }

  /** Finds what is older than our own: its number is lower, whatever the clocks say. */
  async #sweep(armed: ScheduleId, { lostSeconds }: Terms): Promise<void> {
    const { agent, log, ledger, mirror, clock, logger } = this.#options;
    const { signal } = this.#stopping;
    // Whatever is older than that has expired.
    const horizon = addSeconds(clock.now(), -2 * lostSeconds);
    try {
      const first = await mirror.schedules(
        { creator: ledger.account, order: "desc", limit: 100 },
        { signal },
      );
      for await (const schedule of itemsFrom(first, { signal })) {
        if (schedule.created < horizon) break;
        const pending = schedule.executed === null && !schedule.deleted;
        if (pending && schedule.memo === memoOf(log, agent) && compareIds(schedule.id, armed) < 0)
          this.#stale.add(schedule.id);
      }
      this.#swept = true;
    } catch (error) {
      if (!signal.aborted)
        logger.warn({ error: describeError(error) }, "older dead man's switches could not be looked for");
    }
  }

  /** Deletes what must not be said; what can't be deleted now is tried again. */
  async #tidy(patienceMs: number): Promise<void> {
    const { ledger, logger } = this.#options;
    for (const schedule of this.#stale) {
      try {
        await deleteSchedule(ledger, schedule, { patienceMs });
        this.#stale.delete(schedule);
      } catch (error) {
        if (error instanceof LedgerError && GONE.has(error.code)) this.#stale.delete(schedule);
        else
          logger.warn({ schedule, error: describeError(error) }, "an old dead man's switch is still armed");
      }
    }
  }

  #waitMs({ lostSeconds }: Terms): number {
    const untilRenewal = Number((this.#renewAt - this.#options.clock.now()) / NANOS_PER_MILLI) + 1;
    const settled = this.#armed !== null && this.#swept && this.#stale.size === 0 && untilRenewal > 0;
    const retry = Number(partOf(lostSeconds, RETRY_AFTER_PERCENT) / NANOS_PER_MILLI);
    return Math.max(1, settled ? untilRenewal : Math.min(retry, LONGEST_RETRY_MS));
  }
}

/** Tells the switches of an agent from its other schedules. */
function memoOf(log: TopicId, agent: string): string {
  return `fest ${log} lost ${agent}`;
}

function partOf(seconds: number, percent: number): bigint {
  return BigInt(seconds) * BigInt(percent) * 10n * NANOS_PER_MILLI;
}
