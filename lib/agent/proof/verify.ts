/** Verifies a festival from a mirror node alone: no keys, no state, no trust in who answers. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { stateHash } from "../../festival/checkpoint/checkpoint.ts";
import { lastEdition } from "../../festival/edition.ts";
import { decode } from "../../festival/entry/decode.ts";
import { condensed } from "../../festival/proof/condense.ts";
import {
  type Matches,
  matchEntries,
  matchPayments,
  matchTrades,
  type Tally,
  unrecordedPayments,
  unrecordedTrades,
} from "../../festival/proof/ledger-audit.ts";
import { LedgerIndex } from "../../festival/proof/ledger-index.ts";
import { LogAudit } from "../../festival/proof/log-audit.ts";
import { type Problem, problem } from "../../festival/proof/problem.ts";
import { VitalsAudit } from "../../festival/proof/vitals-audit.ts";
import type { State } from "../../festival/state.ts";
import { describeError } from "../../hedera/error.ts";
import type { AccountId, ScheduleId, TopicId } from "../../hedera/id.ts";
import { formatTimestamp, type Timestamp } from "../../hedera/timestamp.ts";
import { formatTransactionId } from "../../hedera/transaction-id.ts";
import type { Mirror } from "../../mirror/client.ts";
import { MirrorError } from "../../mirror/error.ts";
import type { Message } from "../../mirror/message.ts";
import type { Page } from "../../mirror/page.ts";
import type { MirrorSchedule } from "../../mirror/schedule.ts";
import { matchEvidence } from "./evidence.ts";

/** What is verified, and how far. */
export interface VerifyOptions {
  readonly mirror: Mirror;
  readonly log: TopicId;
  /** First entry whose claims are compared with the ledger; all before it are folded, too. Default 1. */
  readonly from?: number;
  /** Last entry that is read; default the log's newest. */
  readonly to?: number;
  /** Whether work is done again; default true. */
  readonly evidence?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (what: string, done: number) => void;
}

/** What was verified, and everything that does not hold. */
export interface Verification {
  /** No problem is an error. */
  readonly ok: boolean;
  readonly log: TopicId;
  readonly vitals: TopicId | null;
  /** Entries whose claims were compared. */
  readonly range: { readonly from: number; readonly to: number };
  /** Messages of the log whose running hash was recomputed, and the last of them. */
  readonly entries: number;
  readonly head: { readonly timestamp: Timestamp; readonly runningHash: string } | null;
  readonly gaps: number;
  readonly counts: State["counts"];
  readonly payments: Tally;
  readonly trades: Tally;
  /** Entries by the transactions that carried them. */
  readonly carriers: Tally;
  /** Paid work that was done again. */
  readonly evidence: Tally;
  readonly checkpoints: number;
  readonly commits: number;
  /** The number of the last edition; 0 before the first. */
  readonly edition: number;
  /** Vital signs whose running hash was recomputed. */
  readonly vitalSigns: number;
  readonly stateHash: string;
  readonly problems: readonly Problem[];
}

const NOTHING: Matches = { total: 0, matched: 0, problems: [] };
/** Schedules that are asked for at once. */
const AT_ONCE = 4;

/** Verifies a log and everything that it says of the ledger. Never throws for what the mirror node does. */
export async function verifyLog(options: VerifyOptions): Promise<Verification> {
  const run = new Run(options);
  try {
    await run.all();
  } catch (error) {
    if (!(error instanceof MirrorError)) throw error;
    run.problems.push(problem("unread", null, describeError(error)));
  }
  return run.verification();
}

class Run {
  readonly problems: Problem[] = [];
  readonly #options: VerifyOptions;
  readonly #mirror: Mirror;
  readonly #signal: AbortSignal;
  readonly #audit = new LogAudit();
  readonly #vitals = new VitalsAudit();
  readonly #messages: Message[] = [];
  readonly #index: LedgerIndex;
  #vitalsTopic: TopicId | null = null;
  #carriers = NOTHING;
  #payments = NOTHING;
  #trades = NOTHING;
  #evidence = NOTHING;

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#mirror = options.mirror;
    this.#signal = options.signal ?? new AbortController().signal;
    this.#index = new LedgerIndex(options.log);
  }

  async all(): Promise<void> {
    const { log, evidence = true } = this.#options;
    // Vitals come first: an agent cannot have heard of entries that the log does not have afterwards.
    await this.#readVitals();
    await this.#readLog();
    if (this.#messages.length === 0) {
      this.problems.push(problem("log_empty", null, `the mirror node has no messages of topic ${log}`));
      return;
    }
    const { to } = this.#options;
    const hashAfter = (sequence: number) => this.#messages[sequence - 1]?.runningHash;
    const heard = this.#vitals.compare(this.#audit.state, hashAfter);
    this.problems.push(...heard.filter(() => to === undefined && !this.#audit.broken));
    await this.#readTransactions();
    await this.#compare();
    await this.#lookForMore();
    if (!evidence) return;
    this.#evidence = await matchEvidence({
      messages: this.#messages.slice(0, this.#audit.verified),
      mirror: this.#mirror,
      index: this.#index,
      signal: this.#signal,
      wanted: (sequence) => this.#wants(sequence),
      onDone: (done) => this.#tell("results done again", done),
    });
  }

  verification(): Verification {
    const { log, from = 1 } = this.#options;
    const { state, head, checkpoints, verified } = this.#audit;
    const problems = [
      ...this.#audit.problems,
      ...this.#vitals.problems,
      ...this.problems,
      ...[this.#carriers, this.#payments, this.#trades, this.#evidence].flatMap((one) => one.problems),
    ].filter(({ sequence }) => sequence === null || sequence >= from);
    return {
      ok: problems.every(({ severity }) => severity !== "error"),
      log,
      vitals: this.#vitalsTopic,
      range: { from, to: head.sequence },
      entries: verified,
      head: verified === 0 ? null : { timestamp: head.timestamp, runningHash: bytesToHex(head.runningHash) },
      gaps: problems.filter(({ name }) => name === "chain_gap").length,
      counts: state.counts,
      payments: this.#payments,
      trades: this.#trades,
      carriers: this.#carriers,
      evidence: this.#evidence,
      checkpoints,
      commits: state.commits,
      edition: lastEdition(state),
      vitalSigns: this.#vitals.verified,
      stateHash: stateHash(state),
      problems: condensed(problems),
    };
  }

  #wants(sequence: number): boolean {
    return sequence >= (this.#options.from ?? 1);
  }

  #tell(what: string, done: number): void {
    this.#options.onProgress?.(what, done);
  }

  async #readVitals(): Promise<void> {
    const first = await this.#mirror.topicMessage(this.#options.log, 1, { signal: this.#signal });
    const decoded = first === null ? null : decode(first);
    if (decoded?.kind !== "entry" || decoded.entry.name !== "manifest") return;
    const topic = decoded.entry.body.payload.vitals;
    this.#vitalsTopic = topic;
    for await (const messages of this.#pages(this.#messagesOf(topic))) {
      this.#vitals.take(messages);
      this.#tell("vital signs", this.#vitals.verified);
    }
  }

  async #readLog(): Promise<void> {
    const { log, to } = this.#options;
    const bound = to === undefined ? {} : { sequenceBefore: to + 1 };
    for await (const messages of this.#pages(this.#messagesOf(log, bound))) {
      this.#messages.push(...messages);
      this.#audit.take(messages);
      this.#tell("entries", this.#audit.verified);
      if (this.#audit.broken) break;
    }
  }

  #messagesOf(topic: TopicId, bounds: { sequenceBefore?: number } = {}): Promise<Page<Message>> {
    const query = { topic, ...bounds, limit: 100, order: "asc" } as const;
    return this.#mirror.topicMessages(query, { signal: this.#signal });
  }

  /** Everything that the festival's accounts did up to the log's head; of those whose balances count, from their beginning. */
  async #readTransactions(): Promise<void> {
    const { accounts, holders, head } = this.#audit;
    const first = this.#messages[0]?.timestamp ?? 0n;
    const before = head.timestamp + 1n;
    let read = 0;
    await Promise.all(
      [...accounts].map(async (account) => {
        const after = holders.has(account) ? {} : { after: first - 1n };
        const query = { account, before, ...after, limit: 100, order: "asc" } as const;
        const pages = this.#mirror.transactions(query, { signal: this.#signal });
        for await (const transactions of this.#pages(pages)) {
          this.#index.take(account, transactions);
          read += transactions.length;
          this.#tell("transactions", read);
        }
      }),
    );
  }

  async #compare(): Promise<void> {
    const { log } = this.#options;
    const { accounts, coordinators, funds, state, head } = this.#audit;
    const wants = ({ sequence }: { sequence: number }) => this.#wants(sequence);
    const trades = this.#audit.trades.filter(wants);
    const schedules = await this.#readSchedules(trades.map(({ record }) => record.trade.schedule));
    this.#carriers = matchEntries(this.#audit.carried, this.#index, accounts);
    this.#payments = matchPayments(this.#audit.payments.filter(wants), this.#index);
    this.#trades = matchTrades(trades, this.#index, schedules, log);
    const from = this.#messages[(this.#options.from ?? 1) - 1]?.timestamp ?? 0n;
    const period = { from, to: head.timestamp };
    // What comes after a break of the chain is not known, and nor is whether it explains a transfer.
    if (this.#audit.broken || state.manifest === null) return;
    const { token } = state.manifest;
    const treasury = (await this.#mirror.token(token, { signal: this.#signal }))?.treasury;
    const back = new Set<AccountId>([
      ...coordinators,
      ...[state.owner, treasury].filter((one) => one != null),
    ]);
    this.problems.push(
      ...unrecordedPayments(this.#audit.payments, this.#index, {
        coordinators,
        token,
        back,
        pending: pendingTransfers(state),
        ...period,
      }),
      ...unrecordedTrades(this.#audit.trades, this.#index, { funds, ...period, open: isTrading(state) }),
    );
  }

  /** Looks whether the ledger has messages for the log after its end that the mirror node still does not show. */
  async #lookForMore(): Promise<void> {
    const { log, to } = this.#options;
    const { broken, coordinators, head } = this.#audit;
    if (broken || to !== undefined) return;
    const type = "CONSENSUSSUBMITMESSAGE";
    for (const account of coordinators) {
      const query = { account, type, result: "success", after: head.timestamp, limit: 100 } as const;
      const { items } = await this.#mirror.transactions(query, { signal: this.#signal });
      const newest = items.find(({ entity }) => entity === log);
      if (newest === undefined) continue;
      const shown = await this.#mirror.latestMessage(log, { signal: this.#signal });
      if (shown !== null && shown.timestamp >= newest.timestamp) continue;
      const said = `the ledger has a message for the log at ${formatTimestamp(newest.timestamp)}, the log is shown to end before`;
      this.problems.push(problem("entry_withheld", null, said));
    }
  }

  async #readSchedules(
    ids: readonly (ScheduleId | null)[],
  ): Promise<ReadonlyMap<ScheduleId, MirrorSchedule>> {
    const found = new Map<ScheduleId, MirrorSchedule>();
    const queue = ids.filter((id) => id !== null);
    const work = async () => {
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
        const schedule = await this.#mirror.schedule(id, { signal: this.#signal });
        if (schedule !== null) found.set(id, schedule);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return found;
  }

  async *#pages<T>(first: Promise<Page<T>>): AsyncGenerator<readonly T[]> {
    for (let page: Page<T> | null = await first; page !== null; ) {
      yield page.items;
      page = page.next === null ? null : await page.next({ signal: this.#signal });
    }
  }
}

/** Payments that were scheduled, by their transfers: the owner's signature executes them. */
function pendingTransfers({ edition }: State): ReadonlySet<string> {
  const tasks = [...(edition?.tasks.values() ?? [])];
  return new Set(tasks.flatMap(({ approval }) => (approval ? formatTransactionId(approval.transfer) : [])));
}

/** Whether a trade may have executed whose outcome the log does not tell yet. */
function isTrading({ edition }: State): boolean {
  return [...(edition?.tasks.values() ?? [])].some(
    ({ trade }) => trade?.stage === "approved" || trade?.stage === "proposed",
  );
}
