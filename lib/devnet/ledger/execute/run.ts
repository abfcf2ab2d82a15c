import type { proto } from "@hiero-ledger/proto";
import { addSeconds, type Timestamp } from "../../../hedera/timestamp.ts";
import { type Fees, NO_FEES, toTinybars, totalFee } from "../fee/fees.ts";
import { FEE_ACCOUNT, NODE_ACCOUNT } from "../genesis.ts";
import type { HandleContext, Outcome, Scheduling } from "../handler/context.ts";
import { wireKeyOf } from "../key/key.ts";
import { LIMITS } from "../limits.ts";
import type { Account, EntityChange, RecordItem } from "../record.ts";
import { need, Refusal } from "../refusal.ts";
import type { Status } from "../status.ts";
import { scheduleIdOf, wireAccountId } from "../wire/id.ts";
import { transactionIdKey } from "../wire/transaction-id.ts";
import { charge, checkSolvency } from "./charge.ts";
import { type Dispatch, feesOf, type RunEnvironment } from "./dispatch.ts";
import { type Effect, effectSince, exchangeRates, recordItem, withoutTransfers } from "./record.ts";
import { hasSigned, isHollow, RequiredKeys } from "./required-keys.ts";
import { schedulingOf } from "./scheduling.ts";
import {
  precedingTransaction,
  scheduledTransaction,
  submittedTransaction,
  type Transaction,
} from "./transaction.ts";

/**
 * Brings one top-level transaction, with everything that it sets off, to its
 * records: charges, checks, executes, and undoes what failed, as the consensus
 * node's `DispatchProcessor` does.
 */
export class Run {
  readonly #env: RunEnvironment;
  readonly #now: Timestamp;
  readonly #dispatches: Dispatch[] = [];
  /** What the network itself put before a transaction, for its sake. */
  readonly #preceding: Dispatch[] = [];
  #earliest: Timestamp;
  readonly #scheduling: Scheduling;

  constructor(env: RunEnvironment, consensusTimestamp: Timestamp) {
    this.#env = env;
    this.#now = consensusTimestamp;
    this.#earliest = consensusTimestamp;
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
    return [...this.#preceding, ...this.#dispatches]
      .sort((a, b) => Number(a.consensusTimestamp - b.consensusTimestamp))
      .map((dispatch) => recordItem({ ...dispatch, ...this.#written(dispatch, rates) }));
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
      precededBy: this.#preceding.length,
    };
    const first = this.#dispatches.push(dispatch);
    const level = this.#env.state.begin();
    const refused = this.#admit(dispatch) ?? this.#throttle(transaction);
    if (refused) dispatch.status = refused;
    else this.#handle(dispatch, level);
    dispatch.effect ??= this.#ownEffect(dispatch, level);
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
    return solvency.status ?? this.#signatureFault(dispatch);
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
    if (!hasSigned(payer, transaction.verifier)) return "INVALID_PAYER_SIGNATURE";
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
  #signatureFault(dispatch: Dispatch): Status | null {
    const { handler, body, payer, category, verifier } = dispatch.transaction;
    try {
      if (category !== "USER") handler.pureChecks(body);
      const required = new RequiredKeys(this.#env.state, payer, this.#scheduling);
      handler.preHandle(body, required);
      const signed =
        required.keys.every((key) => verifier.satisfies(key)) &&
        required.addresses.every((address) => verifier.signerWithAddress(address) !== null) &&
        required.hollow.every((account) => hasSigned(account, verifier));
      if (!signed) return "INVALID_SIGNATURE";
      this.#completeHollow(dispatch, required.hollow);
      return null;
    } catch (error) {
      return this.#refusal(error).status;
    }
  }

  #handle(dispatch: Dispatch, level: number): void {
    const { handler, body } = dispatch.transaction;
    const { state } = this.#env;
    const { chargedFee } = dispatch;
    const precededBy = this.#preceding.length;
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
      this.#preceding.splice(precededBy);
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

  /** What changed since a savepoint, but for the transfers of what was put before the transaction. */
  #ownEffect(dispatch: Dispatch, level: number): Effect {
    const preceding = this.#preceding.slice(dispatch.precededBy).flatMap(({ effect }) => effect ?? []);
    return withoutTransfers(effectSince(this.#env.state, level), preceding);
  }

  /** Gives each hollow account that signs the key that it signed with (`HollowAccountCompletions`). */
  #completeHollow(dispatch: Dispatch, required: readonly Account[]): void {
    const { payer, verifier } = dispatch.transaction;
    const account = this.#env.state.accounts.get(payer);
    for (const hollow of [...(account && isHollow(account) ? [account] : []), ...required]) {
      const key = hollow.alias && verifier.signerWithAddress(hollow.alias);
      if (!key) continue;
      const cryptoUpdateAccount = { accountIDToUpdate: wireAccountId(hollow.id), key: wireKeyOf(key) };
      this.#precede(dispatch, [{ cryptoUpdateAccount }], "cryptoUpdateAccount");
    }
  }

  /** Executes transactions of the network's own right before everything in the run; creations are paid for. */
  #precede(
    { transaction }: Dispatch,
    bodies: readonly proto.ITransactionBody[],
    field: "cryptoCreateAccount" | "cryptoUpdateAccount",
  ): void {
    const { state, rate } = this.#env;
    this.#earliest -= BigInt(bodies.length);
    for (const [index, body] of bodies.entries()) {
      const preceding = precedingTransaction(transaction, this.#nextNonce(transaction), body, field);
      const fees = field === "cryptoCreateAccount" ? feesOf(preceding, rate(this.#now)) : NO_FEES;
      const dispatch: Dispatch = {
        transaction: preceding,
        consensusTimestamp: this.#earliest + BigInt(index),
        parent: null,
        status: "SUCCESS",
        outcome: this.#outcome(preceding, {}),
        charge: null,
        chargedFee: 0n,
        effect: null,
        precededBy: this.#preceding.length,
      };
      const level = state.begin();
      try {
        const balance = state.accounts.get(preceding.payer)?.balance ?? 0n;
        need(balance >= totalFee(fees), "INSUFFICIENT_PAYER_BALANCE");
        dispatch.chargedFee = charge(state, { payer: preceding.payer, category: "PRECEDING", fees });
        preceding.handler.handle(body, this.#context(dispatch, level));
        dispatch.effect = effectSince(state, level);
        state.commit();
      } catch (error) {
        state.rollback();
        throw error;
      }
      this.#preceding.push(dispatch);
    }
  }

  #nextNonce({ id }: Transaction): number {
    const key = transactionIdKey(id);
    return 1 + this.#preceding.filter(({ transaction }) => transactionIdKey(transaction.id) === key).length;
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
      createBefore: (creations) => {
        need(
          this.#preceding.length - dispatch.precededBy + creations.length <= LIMITS.precedingRecords,
          "MAX_CHILD_RECORDS_EXCEEDED",
        );
        const bodies = creations.map((cryptoCreateAccount) => ({ cryptoCreateAccount }));
        this.#precede(dispatch, bodies, "cryptoCreateAccount");
      },
      dispatchInner: (member) => {
        dispatch.effect ??= this.#ownEffect(dispatch, level);
        return this.#dispatch(submittedTransaction(member, "BATCH_INNER"), consensusTimestamp).status;
      },
      dispatchScheduled: (schedule) => {
        dispatch.effect ??= this.#ownEffect(dispatch, level);
        this.#dispatch(scheduledTransaction(schedule), null);
      },
    };
  }
}
