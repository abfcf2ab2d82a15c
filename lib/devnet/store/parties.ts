import type { AccountId } from "../../hedera/id.ts";
import type { TransactionRecord } from "../ledger/record.ts";
import type { Party } from "./schema.ts";

/** The accounts that took part in a transaction, each once. */
export function partiesOf(record: TransactionRecord): Party[] {
  const { consensusTimestamp, type } = record;
  const parties = new Map<AccountId, Party>();
  const add = (account: AccountId, amount: bigint, hbar: bigint, payer: boolean) => {
    const known = parties.get(account);
    parties.set(account, {
      account,
      consensusTimestamp,
      amount: (known?.amount ?? 0n) + hbar,
      type,
      payer: payer || known?.payer === true,
      credit: amount > 0n || known?.credit === true,
      debit: amount < 0n || known?.debit === true,
    });
  };
  add(record.payer, 0n, 0n, true);
  for (const { account, amount } of record.transfers) add(account, amount, amount, false);
  for (const { account, amount } of record.tokenTransfers) add(account, amount, 0n, false);
  return [...parties.values()];
}
