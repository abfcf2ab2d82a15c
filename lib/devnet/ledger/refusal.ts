import type { proto } from "@hiero-ledger/proto";
import { FestError } from "../../hedera/error.ts";
import type { Status } from "./status.ts";

/**
 * That a transaction or query may not do what it asks for, with Hedera's own
 * status. Handlers throw it and the ledger turns it into an answer or a record;
 * it never leaves the ledger.
 */
export class Refusal extends FestError {
  override readonly name = "Refusal";
  readonly status: Status;
  /** What the receipt says beside the status, e.g. the schedule that already exists. */
  readonly receipt: proto.ITransactionReceipt;

  constructor(status: Status, receipt: proto.ITransactionReceipt = {}) {
    super(status, `Hedera answers ${status}`);
    this.status = status;
    this.receipt = receipt;
  }
}

/** Goes on where `condition` holds. @throws Refusal with `status` */
export function need(condition: boolean, status: Status): asserts condition {
  if (!condition) throw new Refusal(status);
}

/** Goes on with a value that is there. @throws Refusal with `status` */
export function needed<T>(value: T, status: Status): NonNullable<T> {
  if (value === null || value === undefined) throw new Refusal(status);
  return value;
}
