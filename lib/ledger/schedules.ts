import { ScheduleCreateTransaction, ScheduleDeleteTransaction } from "@hashgraph/sdk";
import { parseScheduleId, type ScheduleId, type TopicId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import type { TransactionId } from "../hedera/transaction-id.ts";
import type { Ledger } from "./client.ts";
import type { DeliverOptions } from "./deliver.ts";
import { MAX_FEE } from "./max-fee.ts";
import { messageTransaction } from "./message-transaction.ts";
import { sdkTimestamp, sdkTransactionId } from "./sdk-value.ts";
import { created, submit } from "./submit.ts";

/** A message that the network says by itself, unless it is taken back. */
export interface ScheduledMessage {
  readonly topic: TopicId;
  /** 1 to 1,024 bytes. */
  readonly message: Uint8Array;
  /** When the network says it. */
  readonly at: Timestamp;
  readonly memo?: string;
}

/**
 * Schedules a message for later, in the name of the ledger's account, which can
 * delete the schedule until then: a dead man's switch. Its chunk info names the
 * scheduled transaction, so that readers over gRPC know who says it, too.
 *
 * @throws LedgerError
 */
export async function scheduleMessage(
  ledger: Ledger,
  scheduled: ScheduledMessage,
  bounds: DeliverOptions = {},
): Promise<ScheduleId> {
  const key = ledger.session.key.sdkPublicKey;
  const receipt = await submit(ledger, {
    what: `scheduling a message on ${scheduled.topic}`,
    bounds,
    build: (id) =>
      new ScheduleCreateTransaction()
        .setScheduledTransaction(messageOf(scheduled, id))
        .setAdminKey(key)
        .setScheduleMemo(scheduled.memo ?? "")
        .setExpirationTime(sdkTimestamp(scheduled.at))
        .setWaitForExpiry(true)
        .setMaxTransactionFee(MAX_FEE.scheduleCreate),
  });
  return created(parseScheduleId, receipt.scheduleId);
}

/**
 * Deletes a schedule whose admin key is the ledger's own.
 *
 * @throws LedgerError `SCHEDULE_ALREADY_EXECUTED`, `SCHEDULE_ALREADY_DELETED`, `INVALID_SCHEDULE_ID`, ...
 */
export async function deleteSchedule(
  ledger: Ledger,
  schedule: ScheduleId,
  bounds: DeliverOptions = {},
): Promise<void> {
  await submit(ledger, {
    what: `deleting the schedule ${schedule}`,
    bounds,
    build: () =>
      new ScheduleDeleteTransaction().setScheduleId(schedule).setMaxTransactionFee(MAX_FEE.transfer),
  });
}

/** The SDK leaves chunk info out of a scheduled message; the network takes only the scheduled transaction's own id. */
function messageOf({ topic, message }: ScheduledMessage, creation: TransactionId) {
  const transaction = messageTransaction(topic, message);
  const initial = sdkTransactionId(creation).setScheduled(true);
  transaction._chunkInfo = { initialTransactionID: initial._toProtobuf(), total: 1, number: 1 };
  return transaction;
}
