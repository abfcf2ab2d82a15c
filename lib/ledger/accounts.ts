import { AccountCreateTransaction, AccountDeleteTransaction, TransferTransaction } from "@hashgraph/sdk";
import type { Tinybar } from "../hedera/amount.ts";
import { type AccountId, parseAccountId } from "../hedera/id.ts";
import { transferOf } from "./build.ts";
import type { Ledger } from "./client.ts";
import type { TransferLegs } from "./effect.ts";
import { type KeyRule, type SigningKey, sdkKey } from "./key.ts";
import { MAX_FEE } from "./max-fee.ts";
import { sdkHbar } from "./sdk-value.ts";
import { created, submit, type Under } from "./submit.ts";

/** A new account. */
export interface NewAccount {
  /** One public key, or a threshold of several, such as 2 of 2 for a fund that needs two to agree. */
  readonly key: KeyRule;
  /** Moved over from the ledger's own account; default nothing. */
  readonly balance?: Tinybar;
  readonly memo?: string;
  /** Tokens that it takes without being associated first; -1 for any number; default 0. */
  readonly maxAutomaticAssociations?: number;
  /** Nothing may come in without the account's own signature; then `signers` must have its key. */
  readonly receiverSigRequired?: boolean;
  readonly signers?: readonly SigningKey[];
}

/**
 * Creates an account.
 *
 * @example
 * const fund = await createAccount(ledger, { key: { threshold: 2, keys: [defi, coordinator] } });
 *
 * @throws LedgerError, FestError `KEY_INVALID`
 */
export async function createAccount(
  ledger: Ledger,
  account: NewAccount,
  { id }: Under = {},
): Promise<AccountId> {
  const key = sdkKey(account.key);
  const receipt = await submit(ledger, {
    id,
    what: "creating an account",
    build: () =>
      new AccountCreateTransaction()
        .setKeyWithoutAlias(key)
        .setInitialBalance(sdkHbar(account.balance ?? 0n))
        .setAccountMemo(account.memo ?? "")
        .setMaxAutomaticTokenAssociations(account.maxAutomaticAssociations ?? 0)
        .setReceiverSignatureRequired(account.receiverSigRequired ?? false)
        .setMaxTransactionFee(MAX_FEE.accountCreate),
    signers: account.signers ?? [],
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

/** Moves HBAR and tokens at once, under a memo. @throws LedgerError */
export async function transferLegs(
  ledger: Ledger,
  transfer: TransferLegs & { readonly memo: string; readonly signers: readonly SigningKey[] },
  { id }: Under = {},
): Promise<void> {
  await submit(ledger, {
    id,
    what: "moving HBAR and tokens",
    build: () => transferOf(transfer),
    memo: transfer.memo,
    signers: transfer.signers,
  });
}

/** Moves HBAR from one account to another. @throws LedgerError */
export async function transferHbar(
  ledger: Ledger,
  transfer: HbarTransfer,
  { id }: Under = {},
): Promise<void> {
  await submit(ledger, {
    id,
    what: `moving HBAR to ${transfer.to}`,
    build: () =>
      new TransferTransaction()
        .addHbarTransfer(transfer.from ?? ledger.account, sdkHbar(-transfer.amount))
        .addHbarTransfer(transfer.to, sdkHbar(transfer.amount))
        .setMaxTransactionFee(MAX_FEE.transfer),
    signers: transfer.signers ?? [],
  });
}

/** An account that is given up. */
export interface Deletion {
  readonly account: AccountId;
  /** Gets what it holds in HBAR. */
  readonly heir: AccountId;
  /** Sign for the account's key. */
  readonly signers: readonly SigningKey[];
}

/** Deletes an account that holds no tokens; it may be deleted already. @throws LedgerError */
export async function deleteAccount(ledger: Ledger, { account, heir, signers }: Deletion): Promise<void> {
  await submit(ledger, {
    what: `deleting the account ${account}`,
    build: () =>
      new AccountDeleteTransaction()
        .setAccountId(account)
        .setTransferAccountId(heir)
        .setMaxTransactionFee(MAX_FEE.transfer),
    signers,
    already: "ACCOUNT_DELETED",
  });
}
