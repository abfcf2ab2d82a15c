import {
  AccountId,
  Hbar,
  Timestamp as SdkTimestamp,
  TransactionId as SdkTransactionId,
} from "@hashgraph/sdk";
import type { Tinybar } from "../hedera/amount.ts";
import { nanosOf, secondsOf, type Timestamp } from "../hedera/timestamp.ts";
import type { TransactionId } from "../hedera/transaction-id.ts";

/** A timestamp as the SDK's. Seconds and nanoseconds apart fit a JavaScript number exactly. */
export function sdkTimestamp(time: Timestamp): SdkTimestamp {
  return new SdkTimestamp(Number(secondsOf(time)), Number(nanosOf(time)));
}

/** A transaction id as the SDK's. */
export function sdkTransactionId(id: TransactionId): SdkTransactionId {
  return SdkTransactionId.withValidStart(AccountId.fromString(id.payer), sdkTimestamp(id.validStart));
}

/** Tinybars as the SDK's amount, by way of text so that no digit is lost. */
export function sdkHbar(amount: Tinybar): Hbar {
  return Hbar.fromTinybars(amount.toString());
}
