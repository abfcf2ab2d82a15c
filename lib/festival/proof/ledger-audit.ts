import type { AccountId, ScheduleId, TokenId, TopicId } from "../../hedera/id.ts";
import { formatTimestamp, type Timestamp } from "../../hedera/timestamp.ts";
import { formatTransactionId, sameTransactionId } from "../../hedera/transaction-id.ts";
import type { MirrorSchedule } from "../../mirror/schedule.ts";
import type { MirrorTransaction } from "../../mirror/transaction.ts";
import type { LedgerIndex } from "./ledger-index.ts";
import { faultOf } from "./legs.ts";
import type { Carried, SettledTrade } from "./log-audit.ts";
import { type PaymentRecord, transferOf } from "./payments.ts";
import { type Problem, problem } from "./problem.ts";
import { swapOf } from "./trades.ts";

/** How many claims there were, and how many of them hold. */
export interface Tally {
  readonly total: number;
  readonly matched: number;
}

/** A tally, and what does not hold. */
export interface Matches extends Tally {
  readonly problems: readonly Problem[];
}

/** Signatures that a trade's schedule must show: defi, desk, coordinator. */
const SIGNATURES = 3;

/**
 * Compares entries with the transactions that carried them: running hashes cover
 * what was said and who paid, but not under which transaction id.
 *
 * @param known accounts whose transactions the index has
 */
export function matchEntries(
  carried: readonly Carried[],
  index: LedgerIndex,
  known: ReadonlySet<AccountId>,
): Matches {
  const problems: Problem[] = [];
  const times = new Set<Timestamp>();
  let total = 0;
  for (const { sequence, timestamp, payer, transactionId } of carried) {
    times.add(timestamp);
    if (!known.has(payer)) continue;
    total += 1;
    const one = index.messageAt(timestamp);
    const fault = one === null ? "the ledger has no transaction that carried it" : carrierFault(one, payer);
    const other =
      one !== null && transactionId !== null && !sameTransactionId(one.id, transactionId)
        ? `it was carried by ${formatTransactionId(one.id)}, not by ${formatTransactionId(transactionId)}`
        : null;
    const why = fault ?? other;
    if (why !== null) problems.push(problem("entry_transaction", sequence, `entry ${sequence}: ${why}`));
  }
  const head = carried.at(-1)?.timestamp ?? 0n;
  const broken = problems.length;
  for (const time of index.messageTimes()) {
    if (time > head || times.has(time)) continue;
    const said = `the ledger has a message for the log at ${formatTimestamp(time)} that the log does not show`;
    problems.push(problem("entry_withheld", null, said));
  }
  return { total, matched: total - broken, problems };
}

function carrierFault(one: MirrorTransaction, payer: AccountId): string | null {
  // A schedule's execution is paid for by whom the schedule names.
  return one.scheduled || one.id.payer === payer ? null : `${one.id.payer} paid for it, not ${payer}`;
}

/** Compares every payment with its transfer, unit by unit. */
export function matchPayments(payments: readonly PaymentRecord[], index: LedgerIndex): Matches {
  const problems: Problem[] = [];
  let total = 0;
  for (const payment of payments) {
    const expected = transferOf(payment);
    if (expected === null) continue;
    total += 1;
    const fault = faultOf(expected, index.transfersOf(expected.transaction));
    if (fault === null) continue;
    const { sequence, amount, task, agent } = payment;
    const said = `entry ${sequence} pays ${amount} for task ${task} to ${agent}: ${fault}`;
    problems.push(problem("payment", sequence, said));
  }
  return { total, matched: total - problems.length, problems };
}

/** Whom payments come from, in what, and who may be given the token for another reason. */
export interface Till {
  readonly coordinators: ReadonlySet<AccountId>;
  readonly token: TokenId;
  /** What goes back to the owner or the token's treasury is no payment. */
  readonly back: ReadonlySet<AccountId>;
  /** Transfers that were scheduled with the owner's consent and are yet to be told of. */
  readonly pending: ReadonlySet<string>;
  /** From when to when the log speaks of payments. */
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** Transfers of the payment token out of the coordinator's account that no entry settles. */
export function unrecordedPayments(
  payments: readonly PaymentRecord[],
  index: LedgerIndex,
  { coordinators, token, back, pending, from, to }: Till,
): readonly Problem[] {
  const settled = new Set([...pending, ...payments.map(({ transfer }) => formatTransactionId(transfer))]);
  const problems: Problem[] = [];
  for (const { id, timestamp, tokenTransfers } of index.transfers()) {
    if (timestamp < from || timestamp > to || settled.has(formatTransactionId(id))) continue;
    const legs = tokenTransfers.filter((one) => one.token === token);
    if (!legs.some(({ account, amount }) => amount < 0n && coordinators.has(account))) continue;
    for (const { account, amount } of legs) {
      if (amount <= 0n || back.has(account)) continue;
      const said = `the transfer ${formatTransactionId(id)} of ${amount} to ${account} settles nothing`;
      problems.push(problem("payment_unrecorded", null, said));
    }
  }
  return problems;
}

/** Compares every settled trade with its transfers and with the schedule that three parties signed. */
export function matchTrades(
  trades: readonly SettledTrade[],
  index: LedgerIndex,
  schedules: ReadonlyMap<ScheduleId, MirrorSchedule>,
  log: TopicId,
): Matches {
  const problems: Problem[] = [];
  let matched = 0;
  for (const { sequence, record, market } of trades) {
    const expected = swapOf(record, market);
    const { schedule: id } = record.trade;
    const schedule = id === null ? undefined : schedules.get(id);
    const moved =
      expected === null
        ? "it names no transaction"
        : faultOf(expected, index.transfersOf(expected.transaction));
    const stored =
      schedule === undefined ? `there is no schedule ${id}` : scheduleFault(record, schedule, log);
    const said = `entry ${sequence}, the trade of task ${record.task}: `;
    if (moved !== null) problems.push(problem("trade", sequence, said + moved));
    if (stored !== null) problems.push(problem("schedule", sequence, said + stored));
    if (moved === null && stored === null) matched += 1;
  }
  return { total: trades.length, matched, problems };
}

/** Why a schedule is not the one that the trade's parties agreed on and executed; null if it is. */
function scheduleFault(
  { trade }: SettledTrade["record"],
  schedule: MirrorSchedule,
  log: TopicId,
): string | null {
  const { id, signatures, executed, expiration, creator } = schedule;
  if (schedule.deleted || schedule.adminKey !== null) return `somebody could delete schedule ${id}`;
  if (schedule.waitForExpiry) return `schedule ${id} would have waited for its expiry`;
  if (expiration !== trade.expires) return `schedule ${id} expires at another time than the quote`;
  if (executed !== trade.executed) return `schedule ${id} executed at another time than the entry says`;
  if (creator !== trade.transaction?.payer) return `schedule ${id} was created by ${creator}`;
  if (!schedule.memo.startsWith(`fest ${log} `)) return `schedule ${id} is of another festival`;
  const keys = new Set(signatures.map(({ publicKeyPrefix }) => publicKeyPrefix.toHex()));
  return keys.size === SIGNATURES ? null : `schedule ${id} has ${keys.size} signatures, not ${SIGNATURES}`;
}

/** What left a fund without a settled trade, while the log speaks of trades; `open` may still be told of. */
export function unrecordedTrades(
  trades: readonly SettledTrade[],
  index: LedgerIndex,
  { funds, from, to, open }: { funds: ReadonlySet<AccountId>; from: Timestamp; to: Timestamp; open: boolean },
): readonly Problem[] {
  const settled = new Set(
    trades.flatMap(({ record: { trade } }) =>
      trade.transaction ? formatTransactionId(trade.transaction) : [],
    ),
  );
  const problems: Problem[] = [];
  for (const { id, timestamp, transfers, tokenTransfers } of index.transfers()) {
    if (timestamp < from || timestamp > to || settled.has(formatTransactionId(id)) || open) continue;
    const out = [...transfers, ...tokenTransfers].find(
      ({ account, amount }) => amount < 0n && funds.has(account),
    );
    if (out === undefined) continue;
    const said = `the transfer ${formatTransactionId(id)} took ${-out.amount} from the fund ${out.account}, and no trade says so`;
    problems.push(problem("fund_moved", null, said));
  }
  return problems;
}
