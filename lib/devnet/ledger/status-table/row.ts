import type { proto } from "@hiero-ledger/proto";
import type { TransactionOptions } from "../fixture.ts";
import type { Status } from "../status.ts";
import type { Stage } from "./stage.ts";

/** A transaction to be submitted. */
export interface Attempt {
  readonly data: proto.ITransactionBody;
  /** Payer, signers and so on; the genesis account's unless it says otherwise. */
  readonly options?: TransactionOptions;
  /** Given to the ledger as it is, where the SDK would not send it. */
  readonly raw?: Uint8Array | true;
}

/** One line of the table: a status that a transaction can end with here, and how it comes to that. */
export interface StatusRow {
  /** Hedera's name of the transaction, or `Any` and `Any inner` for what concerns all of them. */
  readonly transaction: string;
  readonly status: Status;
  /** When it ends so. */
  readonly cause: string;
  /** Where that is written: handler class, HIP or proto. */
  readonly source: string;
  /** Whether the real SDK sends it over gRPC; else the bytes go to the ledger. */
  readonly bySdk: boolean;
  /** Sets the stage and says what to submit. */
  readonly attempt: (stage: Stage) => Attempt;
}

type Line = readonly [
  status: Status,
  cause: string,
  source: string,
  attempt: (stage: Stage) => Attempt | proto.ITransactionBody,
];

function isAttempt(wanted: Attempt | proto.ITransactionBody): wanted is Attempt {
  return "data" in wanted;
}

/** A key that Hedera does not accept, though it is well-formed: two of one key must sign. */
export const BAD_KEY: proto.IKey = {
  thresholdKey: { threshold: 2, keys: { keys: [{ ed25519: new Uint8Array(32).fill(7) }] } },
};

/** Rows of one transaction that the SDK sends; an attempt may be no more than the transaction's data. */
export function rowsOf(transaction: string, lines: readonly Line[], bySdk = true): StatusRow[] {
  return lines.map(([status, cause, source, attempt]) => ({
    transaction,
    status,
    cause,
    source,
    bySdk,
    attempt: (stage) => {
      const wanted = attempt(stage);
      return isAttempt(wanted) ? wanted : { data: wanted };
    },
  }));
}
