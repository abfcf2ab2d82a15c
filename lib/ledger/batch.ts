import { BatchTransaction, type Transaction } from "@hashgraph/sdk";
import type { TransactionId } from "../hedera/transaction-id.ts";
import { VALID_SECONDS } from "./effect.ts";
import { signAll } from "./envelope.ts";
import type { SigningKey } from "./key.ts";
import { MAX_FEE } from "./max-fee.ts";
import { sdkTransactionId } from "./sdk-value.ts";

/**
 * One atomic batch (HIP-551): all of its members, in their order, or none. The
 * n-th member's id is the outer one plus n nanoseconds, from 1. Each member is
 * signed by all of `signers`, and the first of them is its batch key: nobody
 * else can send it, alone or in another batch.
 */
export async function batch(
  id: TransactionId,
  members: readonly Transaction[],
  signers: readonly [SigningKey, ...SigningKey[]],
): Promise<BatchTransaction> {
  const signed: Transaction[] = [];
  for (const [index, member] of members.entries()) {
    member
      .setTransactionId(sdkTransactionId(memberId(id, index + 1)))
      .setTransactionValidDuration(VALID_SECONDS)
      .setRegenerateTransactionId(false)
      .setBatchKey(signers[0].sdkPublicKey)
      .freeze();
    signed.push(await signAll(member, signers));
  }
  return new BatchTransaction().setInnerTransactions(signed).setMaxTransactionFee(MAX_FEE.batch);
}

/** The id of the n-th member of a batch, from 1. */
export function memberId(outer: TransactionId, member: number): TransactionId {
  return { payer: outer.payer, validStart: outer.validStart + BigInt(member) };
}
