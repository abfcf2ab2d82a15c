import type { proto } from "@hiero-ledger/proto";
import type { Tinybar } from "../../../hedera/amount.ts";
import { addSeconds, type Timestamp } from "../../../hedera/timestamp.ts";
import type { ExchangeRate } from "../exchange-rate.ts";
import { computeFees, type Fees, NO_FEES, toTinybars } from "../fee/fees.ts";
import { FEE_ACCOUNT, NODE_ACCOUNT } from "../genesis.ts";
import type { HandleContext, Outcome, Scheduling } from "../handler/context.ts";
import { decodeKey } from "../key/key.ts";
import type { EntityChange, RecordItem } from "../record.ts";
import { need, Refusal } from "../refusal.ts";
import type { State } from "../state/state.ts";
import type { Status } from "../status.ts";
import { scheduleIdOf } from "../wire/id.ts";
import { type Charge, charge, checkSolvency } from "./charge.ts";
import type { History } from "./history.ts";
import { type Effect, effectSince, exchangeRates, recordItem } from "./record.ts";
import { RequiredKeys } from "./required-keys.ts";
import { schedulingOf } from "./scheduling.ts";
import { scheduledTransaction, submittedTransaction, type Transaction } from "./transaction.ts";

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
interface Dispatch {
  readonly transaction: Transaction;
  readonly consensusTimestamp: Timestamp;
  readonly parent: Timestamp | null;
  status: Status;
  outcome: Outcome;
  charge: Charge | null;
  chargedFee: Tinybar;
  /** What it did itself, without what it set off; null until that is known. */
  effect: Effect | null;
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

/**
 * Brings one top-level transaction, with everything that it sets off, to its
 * records: charges, checks, executes, and undoes what failed, as the consensus
 * node's `DispatchProcessor` does.
 */
export class Run {
  readonly #env: RunEnvironment;
  readonly #now: Timestamp;
  readonly #dispatches: Dispatch[] = [];
  readonly #scheduling: Scheduling;

  constructor(env: RunEnvironment, consensusTimestamp: Timestamp) {
    this.#env = env;
    this.#now = consensusTimestamp;
    this.#scheduling = schedulingOf(env.state);
  }

  /**
   * Executes the transaction and returns the records, in consensus order, 1 ns apart.
   *
   * @param already what changed on the way to it, for the first record to carry
   */
  execute(transaction: Transaction, already: readonly EntityChange[] = []): RecordItem[] {
    const first = this.#dispatch(transaction, null);
    if (first.effect) first.effect = { ...first.effect, changes: [...already, ...first.effect.changes] };
    const rates = exchangeRates(this.#env.rate, this.#now);
    return this.#dispatches.map((dispatch) => recordItem({ ...dispatch, ...this.#written(dispatch, rates) }));
  }

  #written(dispatch: Dispatch, rates: proto.IExchangeRateSet) {
    return {
      effect: dispatch.effect ?? { changes: [], transfers: [], tokenTransfers: [] },
      rates: dispatch.transaction.category === "BATCH_INNER" ? null : rates,
    };
  }

  #dispatch(transaction: Transaction, parent: Timestamp | null): Dispatch {
    const dispatch: Dispatch = {
      transaction,
      consensusTimestamp: this.#now + BigInt(this.#dispatches.length),
      parent,
      status: "SUCCESS",
      outcome: this.#outcome(transaction, {}),
      charge: null,
      chargedFee: 0n,
      effect: null,
    };
    const first = this.#dispatches.push(dispatch);
    const level = this.#env.state.begin();
    const refused = this.#admit(dispatch) ?? this.#throttle(transaction);
    if (refused) dispatch.status = refused;
    else this.#handle(dispatch, level);
    dispatch.effect ??= effectSince(this.#env.state, level);
    this.#env.state.commit();
    if (dispatch.status !== "SUCCESS")
      for (const undone of this.#dispatches.slice(first)) this.#revert(undone);
    return dispatch;
  }

  /** Charges the fees and makes every check before execution; null where it may execute. */
  #admit(dispatch: Dispatch): Status | null {
    const { transaction } = dispatch;
    const { state, rate } = this.#env;
    const fees = feesOf(transaction, rate(this.#now));
    const fault = this.#nodeFault(transaction);
    if (fault) return this.#chargeNode(dispatch, fees, fault);
    const offered = transaction.category === "BATCH_INNER" ? null : transaction.maxFee;
    const solvency = checkSolvency(fees, state.accounts.get(transaction.payer)?.balance ?? 0n, offered);
    if (solvency.nodeAtFault && solvency.status) return this.#chargeNode(dispatch, fees, solvency.status);
    dispatch.charge = { payer: transaction.payer, category: transaction.category, fees: solvency.fees };
    dispatch.chargedFee = charge(state, dispatch.charge);
    return solvency.status ?? this.#signatureFault(transaction);
  }

  /** A throttled transaction has paid its fees and does nothing (`DispatchProcessor`). */
  #throttle({ category }: Transaction): Status | null {
    return category === "USER" && this.#env.isThrottled() ? "THROTTLED_AT_CONSENSUS" : null;
  }

  /** Why the node should not have submitted the transaction (`DispatchValidator`), or null. */
  #nodeFault(transaction: Transaction): Status | null {
    const payer = this.#env.state.accounts.get(transaction.payer);
    if (!payer) return "PAYER_ACCOUNT_NOT_FOUND";
    if (transaction.category !== "SCHEDULED") {
      if (payer.deleted) return "PAYER_ACCOUNT_DELETED";
      if (this.#now > addSeconds(transaction.validStart, transaction.validDurationSeconds)) {
        return "TRANSACTION_EXPIRED";
      }
      if (this.#now < transaction.validStart) return "INVALID_TRANSACTION_START";
    }
    const key = decodeKey(payer.key);
    if (!key || !transaction.verifier.satisfies(key)) return "INVALID_PAYER_SIGNATURE";
    const duplicate = transaction.category !== "SCHEDULED" && this.#env.history.isUsed(transaction.id);
    return duplicate ? "DUPLICATE_TRANSACTION" : null;
  }

  #chargeNode(dispatch: Dispatch, fees: Fees, fault: Status): Status {
    if (dispatch.transaction.category === "USER") {
      charge(this.#env.state, {
        payer: NODE_ACCOUNT,
        category: "SCHEDULED",
        fees: { ...NO_FEES, network: fees.network },
      });
    }
    return fault;
  }

  /** What `preHandle` finds wrong, or that a required signature is missing; null for neither. */
  #signatureFault({ handler, body, payer, category, verifier }: Transaction): Status | null {
    try {
      if (category !== "USER") handler.pureChecks(body);
      const required = new RequiredKeys(this.#env.state, payer, this.#scheduling);
      handler.preHandle(body, required);
      return required.keys.every((key) => verifier.satisfies(key)) ? null : "INVALID_SIGNATURE";
    } catch (error) {
      return this.#refusal(error).status;
    }
  }

  #handle(dispatch: Dispatch, level: number): void {
    const { handler, body } = dispatch.transaction;
    const { state } = this.#env;
    const { chargedFee } = dispatch;
    state.begin();
    try {
      handler.handle(body, this.#context(dispatch, level));
      state.commit();
    } catch (error) {
      state.rollback();
      const { status, receipt } = this.#refusal(error);
      dispatch.status = status;
      dispatch.outcome = this.#outcome(dispatch.transaction, receipt);
      dispatch.chargedFee = chargedFee;
      dispatch.effect = null;
    }
  }

  #refusal(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    this.#env.onFault(error);
    return new Refusal("FAIL_INVALID");
  }

  /** Marks what a failed batch had executed: it did nothing, and pays its fees all the same. */
  #revert(dispatch: Dispatch): void {
    const { state } = this.#env;
    if (dispatch.status === "SUCCESS") dispatch.status = "REVERTED_SUCCESS";
    dispatch.outcome = this.#outcome(dispatch.transaction, {});
    const level = state.begin();
    dispatch.chargedFee = dispatch.charge ? charge(state, dispatch.charge) : 0n;
    dispatch.effect = effectSince(state, level);
    state.commit();
  }

  #outcome({ handler, body }: Transaction, receipt: proto.ITransactionReceipt): Outcome {
    const entity = handler.entity(body, this.#env.state) ?? scheduleIdOf(receipt.scheduleID);
    return { entity, receipt: { ...receipt }, message: null };
  }

  #context(dispatch: Dispatch, level: number): HandleContext {
    const { state, rate } = this.#env;
    const { transaction, consensusTimestamp } = dispatch;
    return {
      state,
      category: transaction.category,
      id: transaction.id,
      payer: transaction.payer,
      consensusNow: this.#now,
      consensusTimestamp,
      signatures: transaction.signatures,
      verifier: transaction.verifier,
      scheduling: this.#scheduling,
      outcome: dispatch.outcome,
      chargePayer: (amount) => {
        const tinybars = toTinybars(amount, rate(this.#now));
        const balance = state.accounts.get(transaction.payer)?.balance ?? 0n;
        need(balance >= tinybars, "INSUFFICIENT_PAYER_BALANCE");
        state.moveHbar(transaction.payer, FEE_ACCOUNT, tinybars);
        dispatch.chargedFee += tinybars;
      },
      dispatchInner: (member) => {
        dispatch.effect ??= effectSince(state, level);
        return this.#dispatch(submittedTransaction(member, "BATCH_INNER"), consensusTimestamp).status;
      },
      dispatchScheduled: (schedule) => {
        dispatch.effect ??= effectSince(state, level);
        this.#dispatch(scheduledTransaction(schedule), null);
      },
    };
  }
}
