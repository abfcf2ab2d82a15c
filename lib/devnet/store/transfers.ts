import { entityNum, parseAccountId, parseTokenId } from "../../hedera/id.ts";
import type { ChunkInfo, TransactionRecord } from "../ledger/record.ts";

/** The HBAR transfers of a record. */
export type Transfers = TransactionRecord["transfers"];
/** The token transfers of a record. */
export type TokenTransfers = TransactionRecord["tokenTransfers"];

/** Writes HBAR transfers as `account:amount`, separated by spaces. */
export function writeTransfers(transfers: Transfers): string {
  return transfers.map(({ account, amount }) => `${entityNum(account)}:${amount}`).join(" ");
}

/** Reads what {@link writeTransfers} wrote. */
export function readTransfers(text: string): Transfers {
  return words(text).map(([account, amount]) => ({
    account: parseAccountId(`0.0.${account}`),
    amount: BigInt(amount ?? 0),
  }));
}

/** Writes token transfers as `token:account:amount`, separated by spaces. */
export function writeTokenTransfers(transfers: TokenTransfers): string {
  return transfers
    .map(({ token, account, amount }) => `${entityNum(token)}:${entityNum(account)}:${amount}`)
    .join(" ");
}

/** Reads what {@link writeTokenTransfers} wrote. */
export function readTokenTransfers(text: string): TokenTransfers {
  return words(text).map(([token, account, amount]) => ({
    token: parseTokenId(`0.0.${token}`),
    account: parseAccountId(`0.0.${account}`),
    amount: BigInt(amount ?? 0),
  }));
}

/** Writes chunk information as `payer:validStart:scheduled:nonce:number:total`. */
export function writeChunkInfo({ initialTransactionId: initial, number, total }: ChunkInfo): string {
  const scheduled = initial.scheduled ? 1 : 0;
  return [entityNum(initial.payer), initial.validStart, scheduled, initial.nonce, number, total].join(":");
}

/** Reads what {@link writeChunkInfo} wrote. */
export function readChunkInfo(text: string): ChunkInfo {
  const [payer, validStart, scheduled, nonce, number, total] = text.split(":");
  return {
    initialTransactionId: {
      payer: parseAccountId(`0.0.${payer}`),
      validStart: BigInt(validStart ?? 0),
      scheduled: scheduled === "1",
      nonce: Number(nonce),
    },
    number: Number(number),
    total: Number(total),
  };
}

function words(text: string): string[][] {
  return text === "" ? [] : text.split(" ").map((word) => word.split(":"));
}
