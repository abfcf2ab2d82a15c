import { AccountCreateTransaction, TransferTransaction } from "@hashgraph/sdk";
import type { Tinybar } from "../hedera/amount.ts";
import { type AccountId, parseAccountId } from "../hedera/id.ts";
import type { Ledger } from "./client.ts";
import { type KeyRule, type SigningKey, sdkKey } from "./key.ts";
import { MAX_FEE } from "./max-fee.ts";
import { sdkHbar } from "./sdk-value.ts";
import { created, submit } from "./submit.ts";

/** A new account. */
export interface NewAccount {
  /** One public key, or a threshold of several, such as 2 of 2 for a fund that needs two to agree. */
  readonly key: KeyRule;
  /** Moved over from the ledger's own account; default nothing. */
  readonly balance?: Tinybar;
  readonly memo?: string;
  /** Tokens that it takes without being associated first; -1 for any number; default 0. */
  readonly maxAutomaticAssociations?: number;
}

/**
 * Creates an account.
 *
 * @example
 * const fund = await createAccount(ledger, { key: { threshold: 2, keys: [defi, coordinator] } });
 *
 * @throws LedgerError, FestError `KEY_INVALID`
 */
export async function createAccount(ledger: Ledger, account: NewAccount): Promise<AccountId> {
  const key = sdkKey(account.key);
  const receipt = await submit(ledger, {
    what: "creating an account",
    build: () =>
      new AccountCreateTransaction()
        .setKeyWithoutAlias(key)
        .setInitialBalance(sdkHbar(account.balance ?? 0n))
        .setAccountMemo(account.memo ?? "")
        .setMaxAutomaticTokenAssociations(account.maxAutomaticAssociations ?? 0)
        .setMaxTransactionFee(MAX_FEE.accountCreate),
  });
  return created(parseAccountId, receipt.accountId);
}

/** A movement of HBAR. */
export interface HbarTransfer {
  /** Default: the ledger's own account; another one must be signed for by `signers`. */
  readonly from?: AccountId;
  readonly to: AccountId;
  readonly amount: Tinybar;
  readonly signers?: readonly SigningKey[];
}

/** Moves HBAR from one account to another. @throws LedgerError */
export async function transferHbar(ledger: Ledger, transfer: HbarTransfer): Promise<void> {
  await submit(ledger, {
    what: `moving HBAR to ${transfer.to}`,
    build: () =>
      new TransferTransaction()
        .addHbarTransfer(transfer.from ?? ledger.account, sdkHbar(-transfer.amount))
        .addHbarTransfer(transfer.to, sdkHbar(transfer.amount))
        .setMaxTransactionFee(MAX_FEE.transfer),
    signers: transfer.signers ?? [],
  });
}
