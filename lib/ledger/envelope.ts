import type { AccountId as SdkAccountId, Transaction } from "@hashgraph/sdk";
import type { TransactionId } from "../hedera/transaction-id.ts";
import { VALID_SECONDS } from "./effect.ts";
import type { SigningKey } from "./key.ts";
import { sdkTransactionId } from "./sdk-value.ts";

/** A transaction before it is addressed: what it says, under which id, and who signs. */
export interface Envelope {
  readonly id: TransactionId;
  readonly memo: string;
  /** Makes the transaction afresh, the same every time, since the SDK's can be frozen only once. */
  readonly build: () => Promise<Transaction>;
  readonly signers: readonly SigningKey[];
}

/**
 * Addresses an envelope to a node, freezes and signs it. Two calls give the same
 * bytes; for two nodes they differ by the node's account alone.
 */
export async function seal(envelope: Envelope, node: SdkAccountId): Promise<Transaction> {
  const transaction = (await envelope.build())
    .setTransactionId(sdkTransactionId(envelope.id))
    .setTransactionMemo(envelope.memo)
    .setTransactionValidDuration(VALID_SECONDS)
    .setRegenerateTransactionId(false)
    .setNodeAccountIds([node])
    .freeze();
  return signAll(transaction, envelope.signers);
}

/** Signs a frozen transaction with each key. */
export async function signAll(
  transaction: Transaction,
  signers: readonly SigningKey[],
): Promise<Transaction> {
  for (const key of signers) {
    await transaction.signWith(key.sdkPublicKey, async (bytes) => key.sign(bytes));
  }
  return transaction;
}
