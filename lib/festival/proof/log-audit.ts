import type { AccountId } from "../../hedera/id.ts";
import type { Message } from "../../mirror/message.ts";
import { CHAIN_START, type ChainHead, verifyChain } from "../../mirror/running-hash.ts";
import { STATE_FORMAT } from "../checkpoint/checkpoint.ts";
import { decode } from "../entry/decode.ts";
import type { Body, Entry } from "../entry/entry.ts";
import { fold } from "../fold.ts";
import { judge } from "../gate.ts";
import { agentsOf, coordinatorOf } from "../roles.ts";
import { EMPTY_STATE, type State, type Task } from "../state.ts";
import { BREAK_NAMES, BREAK_REASONS } from "./chain.ts";
import { type PaymentRecord, paymentIn } from "./payments.ts";
import { type Problem, type ProblemName, problem } from "./problem.ts";
import { type Market, noteTrade, type TradeRecord } from "./trades.ts";

/** An entry as the ledger must have it, too: which transaction carried it, and when. */
export interface Carried extends Pick<Message, "sequence" | "timestamp" | "payer" | "transactionId"> {}

/** A payment that counts, the state that it was made in, and the task as it was then. */
export interface Settlement {
  readonly payment: PaymentRecord;
  readonly before: State;
  readonly task: Task;
}

/** A settled trade, and the market that it was made in. */
export interface SettledTrade {
  readonly sequence: number;
  readonly record: TradeRecord;
  readonly market: Market;
}

/** What only somebody who speaks for the coordinator could say, and that is not so. */
const GRAVE: ReadonlyMap<string, ProblemName> = new Map([
  ["checkpoint", "checkpoint"],
  ["festival_commit", "commit"],
  ["payment_settled", "payment"],
  ["forecast_scored", "score"],
]);

/**
 * Reads a log as an auditor does: recomputes every running hash, folds every
 * message, and gathers what the log says of the ledger, for others to compare.
 * It stops where the chain breaks: nothing after that is known to be the log's.
 */
export class LogAudit {
  readonly problems: Problem[] = [];
  readonly carried: Carried[] = [];
  readonly payments: PaymentRecord[] = [];
  readonly trades: SettledTrade[] = [];
  /** Scores that count; whether their rate is the network's is for others to look up. */
  readonly scores: Entry<"forecast_scored">[] = [];
  /** Everybody whom a manifest ever named, the fund and the owner included. */
  readonly accounts = new Set<AccountId>();
  readonly coordinators = new Set<AccountId>();
  readonly funds = new Set<AccountId>();
  /** Accounts whose balances the work looks at: the funds, and the desk's pool. */
  readonly holders = new Set<AccountId>();
  /** Checkpoints that are in the log whole, and are what the log says. */
  checkpoints = 0;
  /** Messages for which everything held. */
  verified = 0;
  #state: State = EMPTY_STATE;
  #head: ChainHead = CHAIN_START;
  #broken = false;
  #records: readonly TradeRecord[] = [];
  /** Where in `problems` the refused parts of a checkpoint are, by its boundary. */
  readonly #refusedParts = new Map<number, number[]>();
  /** The most that the edition at work may pay, by any manifest since it began; null for no limit. */
  #limit: { edition: number; amount: bigint | null } | null = null;

  get state(): State {
    return this.#state;
  }

  get head(): ChainHead {
    return this.#head;
  }

  /** Whether the chain broke; nothing more is taken then. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Takes the log's next messages, and returns the payments that are among them. */
  take(messages: readonly Message[]): readonly Settlement[] {
    const settled: Settlement[] = [];
    for (const message of messages) {
      if (this.#broken) break;
      const { broken, head } = verifyChain([message], this.#head);
      if (broken !== null) {
        this.#break(message, broken.reason);
        break;
      }
      this.#head = head;
      const settlement = this.#fold(message);
      if (settlement !== null) settled.push(settlement);
    }
    return settled;
  }

  #break(message: Message, reason: keyof typeof BREAK_REASONS): void {
    this.#broken = true;
    const expected = this.#head.sequence + 1;
    const missing = message.sequence > expected;
    const why = missing ? "it is missing, and later ones are there" : BREAK_REASONS[reason];
    const sequence = missing ? expected : message.sequence;
    this.problems.push(problem(BREAK_NAMES[reason], sequence, `entry ${sequence}: ${why}`));
  }

  #fold(message: Message): Settlement | null {
    const before = this.#state;
    this.#state = fold(before, message);
    this.verified += 1;
    const { sequence, timestamp, payer, transactionId } = message;
    this.carried.push({ sequence, timestamp, payer, transactionId });
    const decoded = decode(message);
    const verdict = this.#state.verdict ?? { kind: "accepted" };
    if (verdict.kind === "accepted" && decoded.kind === "entry") return this.#note(decoded.entry, before);
    if (verdict.kind === "unauthorised" || verdict.kind === "malformed")
      this.problems.push(problem(verdict.kind, sequence, `entry ${sequence}: ${verdict.problem}`));
    if (verdict.kind === "refused" && decoded.kind === "entry") this.#refused(decoded.entry, verdict.problem);
    return null;
  }

  /** What comes too late is no fault: another entry has closed its obligation. */
  #refused(entry: Entry, reason: string): void {
    const { sequence } = entry.stamp;
    if ("re" in entry.body && reason === `obligation ${entry.body.re} is not open`) return;
    const said = `entry ${sequence}, ${entry.name}: ${reason}`;
    this.problems.push(problem(GRAVE.get(entry.name) ?? "refused", sequence, said));
    if (entry.name === "checkpoint") this.#refuseCheckpoint(entry.body.payload);
  }

  /** Code of another version writes a state in another form: its checkpoint is of no use here, and no lie. */
  #refuseCheckpoint({ sequence, part, parts, data }: Body<"checkpoint">["payload"]): void {
    const places = this.#refusedParts.get(sequence) ?? [];
    this.#refusedParts.set(sequence, [...places, this.problems.length - 1]);
    const format = part === parts ? /"format":(\d{1,6})\}$/.exec(data)?.[1] : undefined;
    if (format === undefined || Number(format) === STATE_FORMAT) return;
    for (const place of this.#refusedParts.get(sequence) ?? []) {
      const found = this.problems[place];
      if (found !== undefined) this.problems[place] = { ...found, severity: "warning" };
    }
  }

  #note(entry: Entry, before: State): Settlement | null {
    const state = this.#state;
    if (entry.name === "manifest") this.#meet(state);
    if (entry.name === "festival_plan" || entry.name === "manifest") this.#raiseLimit(state);
    if (entry.name === "checkpoint" && state.lastCheckpoint !== before.lastCheckpoint) this.checkpoints += 1;
    this.#records = noteTrade(this.#records, entry, state);
    if (entry.name === "forecast_scored") this.scores.push(entry);
    if (entry.name === "trade_settled") this.#noteTrade(entry, state);
    const payment = paymentIn(entry, state);
    const task = payment === null ? undefined : before.edition?.tasks.get(payment.task);
    if (payment === null || task === undefined) return null;
    this.payments.push(payment);
    this.#weigh(payment, task, state);
    return { payment, before, task };
  }

  #meet(state: State): void {
    for (const { account } of agentsOf(state)) this.accounts.add(account);
    const coordinator = coordinatorOf(state);
    if (coordinator !== undefined) this.coordinators.add(coordinator.account);
    const { fund, pool } = state.manifest?.market ?? {};
    if (fund !== undefined) this.funds.add(fund);
    for (const account of [fund, pool]) if (account) this.holders.add(account);
    for (const account of [fund, pool, state.owner]) if (account) this.accounts.add(account);
  }

  #raiseLimit({ edition, manifest }: State): void {
    if (edition === null || manifest === null) return;
    const amount = manifest.limits.edition ?? null;
    const known = this.#limit?.edition === edition.number ? this.#limit.amount : 0n;
    const higher = amount === null || known === null ? null : amount > known ? amount : known;
    this.#limit = { edition: edition.number, amount: higher };
  }

  #noteTrade(entry: Entry<"trade_settled">, { edition, manifest }: State): void {
    const record = this.#records.findLast(
      (one) => one.edition === edition?.number && one.task === entry.body.task_id,
    );
    const market = manifest?.market;
    if (record === undefined || market === undefined) return;
    this.trades.push({ sequence: entry.stamp.sequence, record, market });
  }

  /** Whether what was paid is within the edition's limit, and its result within the task's gate. */
  #weigh(payment: PaymentRecord, task: Task, { edition }: State): void {
    const { sequence, amount } = payment;
    const limit = this.#limit?.amount ?? null;
    if (limit !== null && edition !== null && edition.amount > limit) {
      const said = `entry ${sequence} pays ${amount}, which makes ${edition.amount} in edition ${edition.number}, over its limit of ${limit}`;
      this.problems.push(problem("budget", sequence, said));
    }
    const failed = judge(task, []).criteria.filter(({ passed }) => !passed);
    if (failed.length === 0) return;
    const names = failed.map(({ name }) => name).join(", ");
    this.problems.push(
      problem(
        "verdict",
        sequence,
        `entry ${sequence} pays task ${payment.task}, whose result fails ${names}`,
      ),
    );
  }
}
