import { decode } from "../../lib/festival/entry/decode.ts";
import { fold } from "../../lib/festival/fold.ts";
import { rewardOf } from "../../lib/festival/reward.ts";
import { EMPTY_STATE, type State, type Task, type Verdict } from "../../lib/festival/state.ts";
import type { AccountId, TokenId, TopicId } from "../../lib/hedera/id.ts";
import { formatTransactionId } from "../../lib/hedera/transaction-id.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import type { Message } from "../../lib/mirror/message.ts";
import { allItems } from "../../lib/mirror/page.ts";
import type { MirrorTransaction } from "../../lib/mirror/transaction.ts";
import { ending, lostTasks } from "./ending.ts";
import type { Excuses } from "./excuses.ts";

/** What is verified. */
export interface Venue extends Excuses {
  readonly log: TopicId;
  readonly token: TokenId;
  /** Whom every payment comes from. */
  readonly coordinator: AccountId;
  /** What it had of the payment token. */
  readonly budget: bigint;
  /** Whose payment tokens are nobody's reward. */
  readonly treasury: AccountId | null;
  /** Every account but the network's own. */
  readonly accounts: readonly AccountId[];
}

/** What the mirror shows of a festival that is over. */
export interface Findings {
  /** What is not as it should be; empty if all is well. */
  readonly problems: readonly string[];
  /** Payments beyond the first of a task, or for none. */
  readonly doublePayments: number;
  /** Tasks that ended neither paid nor failed for a reason. */
  readonly lostTasks: number;
  /** From the first to the last entry, in nanoseconds of consensus time. */
  readonly duration: bigint;
  /** The log, one line an entry. */
  readonly log: readonly string[];
}

/** All HBAR there are, in tinybars. */
const ALL_HBAR = 5_000_000_000_000_000_000n;
/** Accounts that every devnet begins with. */
const NETWORK_ACCOUNTS: readonly AccountId[] = ["0.0.2", "0.0.3", "0.0.98", "0.0.800", "0.0.801"];

/** Checks a festival against the ledger, by the mirror's word alone. @throws MirrorError */
export async function verify(mirror: Mirror, venue: Venue): Promise<Findings> {
  const messages = await allItems(await mirror.topicMessages({ topic: venue.log, limit: 100, order: "asc" }));
  const transactions = await allItems(await mirror.transactions({ limit: 100, order: "asc" }));
  const history = play(messages);
  const { state } = history;
  const tasks = [...(state.edition?.tasks.values() ?? [])];
  const payments = outgoing(transactions, venue.coordinator, venue.token);
  const paid = tasks.filter((task) => task.state === "paid");
  const problems = [
    ...history.problems,
    ...ending(state, venue),
    ...settlements(paid, payments),
    ...trades(state, transactions),
    ...(await holdings(mirror, venue, tasks)),
  ];
  return {
    problems,
    doublePayments:
      payments.length - new Set(payments.map(({ id }) => id).filter((id) => settles(paid, id))).size,
    lostTasks: lostTasks(state, venue).length,
    duration: (messages.at(-1)?.timestamp ?? 0n) - (messages[0]?.timestamp ?? 0n),
    log: history.lines,
  };
}

/** Folds a log, and looks at every entry that does not count. */
function play(messages: readonly Message[]): { state: State; problems: string[]; lines: string[] } {
  const problems: string[] = [];
  const lines: string[] = [];
  const landed = new Map<string, number>();
  let state = EMPTY_STATE;
  for (const message of messages) {
    state = fold(state, message);
    const decoded = decode(message);
    const body = decoded.kind === "entry" ? decoded.entry.body : null;
    const re = body !== null && "re" in body ? (body.re ?? null) : null;
    const verdict = state.verdict ?? { kind: "accepted" };
    const problem = "problem" in verdict ? verdict.problem : "";
    const text = new TextDecoder().decode(message.bytes);
    lines.push(
      `${message.sequence} ${message.timestamp} ${message.payer} ${verdict.kind} ${problem} ${text}`,
    );
    // A person may answer twice; of two answers the first counts.
    if (re !== null && message.payer !== state.owner) {
      const before = landed.get(re);
      if (before !== undefined)
        problems.push(`entries ${before} and ${message.sequence} are both for obligation ${re}`);
      landed.set(re, message.sequence);
    }
    if (verdict.kind !== "accepted" && !isLate(verdict, re) && !isTooLate(verdict, message, state)) {
      problems.push(`entry ${message.sequence} is ${verdict.kind}: ${problem}`);
    }
  }
  return { state, problems, lines };
}

/**
 * What the design allows: an agent that was too slow says something for an
 * obligation that another entry has closed meanwhile, as a result after the task was
 * given to somebody else. It landed, it counts for nothing, and nothing else may land for it.
 */
function isLate(verdict: Verdict, re: string | null): boolean {
  return verdict.kind === "refused" && re !== null && verdict.problem === `obligation ${re} is not open`;
}

/** What the fold tells an owner whose command came too late, or too early: it may be said again, or is said already. */
const TOO_LATE = [
  /^obligation \S+ is not open$/,
  /^its outcome is owed already$/,
  /^no payment of task \S+ waits for a signature$/,
  /^the schedule is \S+$/,
  /^edition \d+ is still being planned$/,
  /^there is no edition at work$/,
  /^the result of task \S+ is in$/,
  /^task \S+ is paid$/,
  /^task \S+ has failed already$/,
  /^the trade of task \S+ may execute$/,
];

/** Agents look before they speak; a person's command that comes too late is told so. */
function isTooLate(verdict: Verdict, { payer }: Message, { owner }: State): boolean {
  return verdict.kind === "refused" && payer === owner && TOO_LATE.some((one) => one.test(verdict.problem));
}

interface Payment {
  readonly id: string;
  readonly to: AccountId;
  readonly amount: bigint;
}

/** Everything that an account paid of a token. */
function outgoing(transactions: readonly MirrorTransaction[], from: AccountId, token: TokenId): Payment[] {
  return transactions.flatMap(({ id, result, tokenTransfers }) => {
    const legs = result === "SUCCESS" ? tokenTransfers.filter((leg) => leg.token === token) : [];
    if (!legs.some((leg) => leg.account === from && leg.amount < 0n)) return [];
    return legs
      .filter(({ amount }) => amount > 0n)
      .map(({ account: to, amount }) => ({ id: formatTransactionId(id), to, amount }));
  });
}

function settles(paid: readonly Task[], id: string): boolean {
  return paid.some(({ payment }) => payment !== null && formatTransactionId(payment.transfer) === id);
}

/** Each `payment_settled` has its transfer, and the other way round. */
function settlements(paid: readonly Task[], payments: readonly Payment[]): string[] {
  const problems = payments
    .filter(({ id }) => !settles(paid, id))
    .map(({ id, to, amount }) => `the transfer ${id} of ${amount} to ${to} settles nothing`);
  for (const { id, payment, result, spec } of paid) {
    const transfer = payment && formatTransactionId(payment.transfer);
    const found = payments.filter((one) => one.id === transfer);
    if (found.length !== 1) problems.push(`task ${id} was paid by ${found.length} transfers`);
    for (const { to, amount } of found) {
      if (to !== result?.account)
        problems.push(`task ${id} was done by ${result?.account} and paid to ${to}`);
      const reward = rewardOf(spec, result?.payload ?? null);
      if (amount !== reward) problems.push(`task ${id} was paid ${amount} instead of ${reward}`);
    }
  }
  return problems;
}

/** Each `trade_settled` is one scheduled transaction that executed, and the other way round; so is each large payment. */
function trades(state: State, transactions: readonly MirrorTransaction[]): string[] {
  const tasks = [...(state.edition?.tasks.values() ?? [])];
  const signed = tasks.flatMap(({ spec, payment }) =>
    spec.approval !== undefined && payment !== null ? formatTransactionId(payment.transfer) : [],
  );
  const settled = tasks.flatMap(({ trade }) =>
    trade?.stage === "settled" && trade.transaction !== null ? formatTransactionId(trade.transaction) : [],
  );
  if (settled.length !== (state.edition?.trades ?? 0)) return ["a trade was settled twice"];
  const executed = transactions
    .filter(({ scheduled, type, result }) => scheduled && type === "CRYPTOTRANSFER" && result === "SUCCESS")
    .map(({ id }) => formatTransactionId(id));
  const expected = [...settled, ...signed];
  const same = executed.toSorted().join() === expected.toSorted().join();
  return same
    ? []
    : [`executed were the schedules ${executed.join(", ")}, the log has ${expected.join(", ") || "none"}`];
}

/** Token balances equal the log to the unit, and no HBAR was made or lost. */
async function holdings(mirror: Mirror, venue: Venue, tasks: readonly Task[]): Promise<string[]> {
  const problems: string[] = [];
  const expected = new Map<AccountId, bigint>([[venue.coordinator, venue.budget]]);
  const move = (account: AccountId, amount: bigint) =>
    expected.set(account, (expected.get(account) ?? 0n) + amount);
  for (const { payment } of tasks) {
    if (payment === null) continue;
    move(venue.coordinator, -payment.amount);
    move(payment.account, payment.amount);
  }
  const holders = await allItems(await mirror.tokenBalances({ token: venue.token, limit: 100 }));
  for (const { account, balance } of holders) {
    const due = expected.get(account) ?? 0n;
    if (account !== venue.treasury && balance !== due)
      problems.push(`${account} holds ${balance} of the payment token, and should hold ${due}`);
  }
  const all = new Set([...NETWORK_ACCOUNTS, ...venue.accounts]);
  const balances = await Promise.all([...all].map((account) => mirror.balance(account)));
  const total = balances.reduce((sum, balance) => sum + (balance?.hbar ?? 0n), 0n);
  if (total !== ALL_HBAR) problems.push(`there are ${total} tinybars, and should be ${ALL_HBAR}`);
  return problems;
}
