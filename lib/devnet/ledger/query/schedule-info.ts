import { proto } from "@hiero-ledger/proto";
import type { ScheduleSignature } from "../record.ts";
import { needed } from "../refusal.ts";
import { scheduleIdOf, wireAccountId, wireScheduleId } from "../wire/id.ts";
import { wireTimestamp } from "../wire/time.ts";
import { wireTransactionId } from "../wire/transaction-id.ts";
import { wireKey } from "./account-info.ts";
import { defineQuery, LEDGER_ID } from "./query.ts";

/** `ScheduleGetInfo`, until the schedule expires. */
export const SCHEDULE_GET_INFO = defineQuery("scheduleGetInfo", {
  paid: true,
  answer(question, { state }) {
    const id = scheduleIdOf(question.scheduleID);
    const schedule = needed(id && state.schedules.get(id), "INVALID_SCHEDULE_ID");
    return {
      scheduleInfo: {
        scheduleID: wireScheduleId(schedule.id),
        ...(schedule.deleted !== null && { deletionTime: wireTimestamp(schedule.deleted) }),
        ...(schedule.executed !== null && { executionTime: wireTimestamp(schedule.executed) }),
        expirationTime: wireTimestamp(schedule.expiration),
        scheduledTransactionBody: proto.SchedulableTransactionBody.decode(schedule.body),
        memo: schedule.memo,
        adminKey: wireKey(schedule.adminKey),
        signers: { keys: schedule.signatories.map(wireSigner) },
        creatorAccountID: wireAccountId(schedule.creator),
        payerAccountID: wireAccountId(schedule.payer),
        scheduledTransactionID: wireTransactionId({ ...schedule.transactionId, scheduled: true, nonce: 0 }),
        ledgerId: LEDGER_ID,
        waitForExpiry: schedule.waitForExpiry,
      },
    };
  },
});

function wireSigner({ type, publicKey }: ScheduleSignature): proto.IKey {
  return type === "ED25519" ? { ed25519: publicKey } : { ECDSASecp256k1: publicKey };
}
