import type { Tinybar } from "../../../hedera/amount.ts";
import type { Timestamp } from "../../../hedera/timestamp.ts";
import type { ExchangeRate } from "../exchange-rate.ts";
import { computeFees, type Fees, NO_FEES } from "../fee/fees.ts";
import type { Outcome } from "../handler/context.ts";
import type { State } from "../state/state.ts";
import type { Status } from "../status.ts";
import type { Charge } from "./charge.ts";
import type { History } from "./history.ts";
import type { Effect } from "./record.ts";
import type { Transaction } from "./transaction.ts";

/** What a run reads and changes. */
export interface RunEnvironment {
  readonly state: State;
  readonly history: History;
  readonly rate: (at: Timestamp) => ExchangeRate;
  /** Whether one more transaction is too many. */
  readonly isThrottled: () => boolean;
  /** Told of an error that is not Hedera's: a fault of the ledger itself, whose transaction ends as `FAIL_INVALID`. */
  readonly onFault: (error: unknown) => void;
}

/** One transaction of a run, until its record is written. */
export interface Dispatch {
  readonly transaction: Transaction;
  readonly consensusTimestamp: Timestamp;
  readonly parent: Timestamp | null;
  status: Status;
  outcome: Outcome;
  charge: Charge | null;
  chargedFee: Tinybar;
  /** What it did itself, without what it set off; null until that is known. */
  effect: Effect | null;
  /** How many transactions the network had put before others when it began. */
  readonly precededBy: number;
}

/** The fees of a transaction at a time; of a scheduled one, only the service fee. */
export function feesOf(transaction: Transaction, rate: ExchangeRate): Fees {
  const fees = computeFees({
    signatures: transaction.signatures?.count ?? 0,
    bytes: transaction.size,
    service: transaction.handler.serviceFee(transaction.body),
    rate,
  });
  return transaction.category === "SCHEDULED" ? { ...NO_FEES, service: fees.service } : fees;
}
