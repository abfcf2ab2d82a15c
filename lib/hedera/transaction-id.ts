import { FestError } from "./error.ts";
import { type AccountId, parseAccountId } from "./id.ts";
import { formatTimestamp, parseTimestamp, type Timestamp } from "./timestamp.ts";

/** What names a transaction on Hedera: who pays, and from when on it is valid (`TransactionID`). */
export interface TransactionId {
  readonly payer: AccountId;
  readonly validStart: Timestamp;
}

const SDK_FORM = /^([\d.]+)@(\d+\.\d+)$/;
const MIRROR_FORM = /^(\d+\.\d+\.\d+)-(\d+)-(\d+)$/;

/** Writes the SDK's form, `0.0.2@1700000000.000000001`. */
export function formatTransactionId(id: TransactionId): string {
  return `${id.payer}@${formatTimestamp(id.validStart)}`;
}

/** Writes the mirror node's form, `0.0.2-1700000000-000000001`. */
export function mirrorTransactionId(id: TransactionId): string {
  return `${id.payer}-${formatTimestamp(id.validStart).replace(".", "-")}`;
}

/** Reads either form. @throws FestError `TRANSACTION_ID_INVALID` */
export function parseTransactionId(text: string): TransactionId {
  const sdk = SDK_FORM.exec(text);
  const mirror = MIRROR_FORM.exec(text);
  const payer = sdk?.[1] ?? mirror?.[1];
  const validStart = sdk?.[2] ?? (mirror ? `${mirror[2]}.${mirror[3]}` : undefined);
  if (payer === undefined || validStart === undefined) {
    throw new FestError("TRANSACTION_ID_INVALID", `${JSON.stringify(text)} is not a transaction id`, {
      fix: "Write it as 0.0.2@seconds.nanoseconds or 0.0.2-seconds-nanoseconds.",
    });
  }
  return { payer: parseAccountId(payer), validStart: parseTimestamp(validStart) };
}

/** Whether two transaction ids are the same. */
export function sameTransactionId(a: TransactionId, b: TransactionId): boolean {
  return a.payer === b.payer && a.validStart === b.validStart;
}
