import type { Transaction, TransactionReceipt } from "@hashgraph/sdk";
import type { TransactionId } from "../hedera/transaction-id.ts";
import type { Ledger } from "./client.ts";
import { type DeliverOptions, deliver } from "./deliver.ts";
import { LedgerError } from "./error.ts";
import { freshId } from "./fresh-id.ts";
import type { SigningKey } from "./key.ts";
import { consensusVerdict, type StatusName } from "./status.ts";

/** A set-up transaction: what it does, for error messages, how it is made, and who signs besides the payer. */
export interface Submission {
  /** As in "creating a topic". */
  readonly what: string;
  /** Makes it afresh, the same every time; a batch derives its members' ids from its own. */
  readonly build: (id: TransactionId) => Transaction | Promise<Transaction>;
  readonly signers?: readonly SigningKey[];
  /** Default: none. */
  readonly memo?: string;
  /** The status that says that what is wanted is so already. */
  readonly already?: StatusName;
  readonly bounds?: DeliverOptions;
  /** Default: a fresh one. */
  readonly id?: TransactionId | undefined;
}

/** Under which id a set-up transaction is sent; one that was sent before does nothing twice. */
export interface Under {
  /** Default: a fresh one. */
  readonly id?: TransactionId;
}

/**
 * Sends a set-up transaction, by default under a fresh id, paid and signed by the ledger's
 * account, and waits for its receipt.
 *
 * @throws LedgerError with Hedera's status as its code; `TRANSACTION_UNRESOLVED` if none came
 */
export async function submit(ledger: Ledger, submission: Submission): Promise<TransactionReceipt> {
  const { session } = ledger;
  const id = submission.id ?? freshId(session);
  const delivery = await deliver(
    session,
    {
      id,
      memo: submission.memo ?? "",
      build: async () => submission.build(id),
      signers: [session.key, ...(submission.signers ?? [])],
    },
    submission.bounds,
  );
  switch (delivery.kind) {
    case "receipt": {
      const { status, receipt } = delivery;
      if (consensusVerdict(status) === "executed" || status === submission.already) return receipt;
      throw new LedgerError(delivery.status, `${submission.what} failed`, id, { usedUp: true });
    }
    case "refused":
      throw new LedgerError(delivery.status, `${submission.what} was refused`, id);
    case "pending":
      throw new LedgerError("TRANSACTION_UNRESOLVED", `${submission.what} got no answer`, id, {
        cause: delivery.status,
        fix: "Look the transaction up before trying again: it may have executed.",
      });
    case "expired":
      throw new LedgerError("TRANSACTION_EXPIRED", `${submission.what} was not taken in time`, id);
  }
}

/** The id of what a transaction created, out of its receipt. @throws FestError `ID_INVALID` if the receipt has none */
export function created<Id>(parse: (text: string) => Id, id: { toString(): string } | null): Id {
  return parse(id?.toString() ?? "");
}
