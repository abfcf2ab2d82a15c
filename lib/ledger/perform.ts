import type { AccountId as SdkAccountId, TransactionReceipt } from "@hashgraph/sdk";
import { parseScheduleId } from "../hedera/id.ts";
import { parseTransactionId, type TransactionId } from "../hedera/transaction-id.ts";
import { memberId } from "./batch.ts";
import { envelopeOf } from "./build.ts";
import { type DeliverOptions, deliver } from "./deliver.ts";
import type { Effect, Outcome } from "./effect.ts";
import type { Session } from "./session.ts";
import { consensusVerdict } from "./status.ts";

/** Nodes that are asked for a memo before the answer is left open. */
const MEMO_ATTEMPTS = 3;
/** A payment's transfer and message. */
const PAYMENT_MEMBERS = [1, 2];

/**
 * Performs an effect and says what became of it. Safe to call again at any time,
 * after a crash, and in several processes at once: the network executes one of
 * the transactions and all callers learn the same outcome.
 *
 * @throws FestError `EFFECT_INVALID` if the network would refuse it by its form
 */
export async function perform(session: Session, effect: Effect, options: DeliverOptions): Promise<Outcome> {
  const delivery = await deliver(session, envelopeOf(effect, session.account, session.key), options);
  if (delivery.kind !== "receipt") return delivery;
  if (!delivery.ours) {
    const memo = await memoOf(session, delivery.node, effect.id);
    if (memo === null) return { kind: "pending", status: "RECORD_NOT_FOUND" };
    if (memo !== effect.memo) return { kind: "foreign", memo };
  }
  const verdict = consensusVerdict(delivery.status);
  switch (verdict) {
    case "executed":
    case "already":
      return executed(delivery.receipt, verdict === "already");
    case "failed":
      return { kind: "failed", status: await failure(session, effect, delivery) };
    case "next window":
      return { kind: "expired" };
    case "wait":
    case "again":
      return { kind: "pending", status: delivery.status };
  }
}

function executed(receipt: TransactionReceipt, already: boolean): Outcome {
  const { scheduleId, scheduledTransactionId, topicSequenceNumber } = receipt;
  return {
    kind: "executed",
    already,
    ...(scheduleId && { schedule: parseScheduleId(scheduleId.toString()) }),
    ...(scheduledTransactionId && { scheduledTransaction: ownId(scheduledTransactionId.toString()) }),
    ...(topicSequenceNumber?.isZero() === false && { sequence: BigInt(topicSequenceNumber.toString()) }),
  };
}

/** The SDK marks a scheduled transaction's id by a suffix, which ours don't have. */
function ownId(text: string): TransactionId {
  return parseTransactionId(text.replace(/\?.*$/, ""));
}

async function memoOf(session: Session, first: SdkAccountId, id: TransactionId): Promise<string | null> {
  let node = first;
  for (let attempt = 1; attempt <= MEMO_ATTEMPTS; attempt += 1) {
    const memo = await session.transport.memo(node, id);
    if (memo !== null) return memo;
    session.nodes.skip(node);
    node = session.nodes.current();
  }
  return null;
}

/** Why an effect failed; a batch says only that a member did, so the members are asked. */
async function failure(
  session: Session,
  effect: Effect,
  { status, node }: { status: string; node: SdkAccountId },
): Promise<string> {
  if (status !== "INNER_TRANSACTION_FAILED") return status;
  for (const member of PAYMENT_MEMBERS) {
    const answer = await session.transport.receipt(node, memberId(effect.id, member));
    const reverted = answer.status === "REVERTED_SUCCESS";
    if (!reverted && consensusVerdict(answer.status) === "failed") return answer.status;
  }
  return status;
}
