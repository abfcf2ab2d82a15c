import type { Tinybar } from "../../../hedera/amount.ts";
import type { AccountId } from "../../../hedera/id.ts";
import { type Fees, totalFee } from "../fee/fees.ts";
import { FEE_ACCOUNT, NODE_ACCOUNT } from "../genesis.ts";
import type { TransactionCategory } from "../handler/context.ts";
import type { State } from "../state/state.ts";
import type { Status } from "../status.ts";

/** A charge that was made, so that it can be made again after a rollback. */
export interface Charge {
  readonly payer: AccountId;
  readonly category: TransactionCategory;
  readonly fees: Fees;
}

/** Whether a payer is willing and able to pay, and what is to be charged in any case. */
export interface Solvency {
  /** Null where the payer pays everything. */
  readonly status: Status | null;
  /** Whether the node should not have submitted the transaction, so that it pays. */
  readonly nodeAtFault: boolean;
  readonly fees: Fees;
}

/**
 * Whether the payer offers and has enough, in Hedera's order (`SolvencyPreCheck`):
 * the network fee, which the node answers for, then all of it. Who cannot pay
 * everything pays all but the service fee.
 */
export function checkSolvency(fees: Fees, balance: Tinybar, offered: Tinybar | null): Solvency {
  const total = totalFee(fees);
  const lacks = (amount: Tinybar): Status | null =>
    offered !== null && offered < amount
      ? "INSUFFICIENT_TX_FEE"
      : balance < amount
        ? "INSUFFICIENT_PAYER_BALANCE"
        : null;
  const network = lacks(fees.network);
  if (network) return { status: network, nodeAtFault: true, fees };
  const status = lacks(total);
  return { status, nodeAtFault: false, fees: status ? { ...fees, service: 0n } : fees };
}

/**
 * Takes fees from the payer: the node's part to the node's account for what a
 * user submitted, everything else to the fee account; of a payer who has less,
 * as much as there is, the network's part first.
 *
 * @returns what was charged
 */
export function charge(state: State, { payer, category, fees }: Charge): Tinybar {
  const balance = state.accounts.get(payer)?.balance ?? 0n;
  const network = min(fees.network, balance);
  const node = min(fees.node, balance - network);
  const service = min(fees.service, balance - network - node);
  const toNode = category === "USER" ? node : 0n;
  state.moveHbar(payer, NODE_ACCOUNT, toNode);
  state.moveHbar(payer, FEE_ACCOUNT, network + node + service - toNode);
  return network + node + service;
}

function min(a: Tinybar, b: Tinybar): Tinybar {
  if (a < b) return a;
  return b;
}
