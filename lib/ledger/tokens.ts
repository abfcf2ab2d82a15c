import {
  TokenAssociateTransaction,
  TokenCreateTransaction,
  TokenDeleteTransaction,
  TokenDissociateTransaction,
  TransferTransaction,
} from "@hashgraph/sdk";
import type { TokenUnits } from "../hedera/amount.ts";
import { type AccountId, parseTokenId, type TokenId } from "../hedera/id.ts";
import type { Ledger } from "./client.ts";
import { type KeyRule, type SigningKey, sdkKey } from "./key.ts";
import { MAX_FEE } from "./max-fee.ts";
import { created, submit, type Under } from "./submit.ts";

/** A new fungible token. */
export interface NewToken {
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  /** In smallest units, all to the treasury. */
  readonly initialSupply: TokenUnits;
  /** Default: the ledger's own account. */
  readonly treasury?: AccountId;
  /** Sign for the treasury and the admin key, unless those are the ledger's own. */
  readonly signers?: readonly SigningKey[];
  readonly adminKey?: KeyRule;
  /** Who may mint more. None: the supply is fixed for ever. */
  readonly supplyKey?: KeyRule;
  readonly memo?: string;
}

/** Creates a fungible token of the Token Service. @throws LedgerError, FestError `KEY_INVALID` */
export async function createToken(ledger: Ledger, token: NewToken, { id }: Under = {}): Promise<TokenId> {
  const adminKey = token.adminKey && sdkKey(token.adminKey);
  const supplyKey = token.supplyKey && sdkKey(token.supplyKey);
  const receipt = await submit(ledger, {
    id,
    what: `creating the token ${token.symbol}`,
    build: () => {
      const transaction = new TokenCreateTransaction()
        .setTokenName(token.name)
        .setTokenSymbol(token.symbol)
        .setDecimals(token.decimals)
        .setInitialSupply(token.initialSupply)
        .setTreasuryAccountId(token.treasury ?? ledger.account)
        .setTokenMemo(token.memo ?? "")
        .setMaxTransactionFee(MAX_FEE.tokenCreate);
      if (adminKey) transaction.setAdminKey(adminKey);
      if (supplyKey) transaction.setSupplyKey(supplyKey);
      return transaction;
    },
    signers: token.signers ?? [],
  });
  return created(parseTokenId, receipt.tokenId);
}

/** An account's wish to hold a token. */
export interface Association {
  /** Default: the ledger's own account; another one must be signed for by `signers`. */
  readonly account?: AccountId;
  readonly token: TokenId;
  readonly signers?: readonly SigningKey[];
}

/** Associates an account with a token; it may be associated already. @throws LedgerError */
export async function associate(ledger: Ledger, association: Association, { id }: Under = {}): Promise<void> {
  const account = association.account ?? ledger.account;
  await submit(ledger, {
    id,
    what: `associating ${account} with ${association.token}`,
    build: () =>
      new TokenAssociateTransaction()
        .setAccountId(account)
        .setTokenIds([association.token])
        .setMaxTransactionFee(MAX_FEE.associate),
    signers: association.signers ?? [],
    already: "TOKEN_ALREADY_ASSOCIATED_TO_ACCOUNT",
  });
}

/** A movement of tokens. */
export interface TokenTransfer {
  readonly token: TokenId;
  /** Default: the ledger's own account; another one must be signed for by `signers`. */
  readonly from?: AccountId;
  readonly to: AccountId;
  readonly amount: TokenUnits;
  readonly signers?: readonly SigningKey[];
}

/** Moves tokens from one account to another. @throws LedgerError */
export async function transferToken(
  ledger: Ledger,
  transfer: TokenTransfer,
  { id }: Under = {},
): Promise<void> {
  await submit(ledger, {
    id,
    what: `moving ${transfer.token} to ${transfer.to}`,
    build: () =>
      new TransferTransaction()
        .addTokenTransfer(transfer.token, transfer.from ?? ledger.account, -transfer.amount)
        .addTokenTransfer(transfer.token, transfer.to, transfer.amount)
        .setMaxTransactionFee(MAX_FEE.transfer),
    signers: transfer.signers ?? [],
  });
}

/** Ends an association; it may be ended already. @throws LedgerError */
export async function dissociate(ledger: Ledger, association: Association): Promise<void> {
  const account = association.account ?? ledger.account;
  await submit(ledger, {
    what: `dissociating ${account} from ${association.token}`,
    build: () =>
      new TokenDissociateTransaction()
        .setAccountId(account)
        .setTokenIds([association.token])
        .setMaxTransactionFee(MAX_FEE.associate),
    signers: association.signers ?? [],
    already: "TOKEN_NOT_ASSOCIATED_TO_ACCOUNT",
  });
}

/** Deletes a token; it may be deleted already. @param signers sign for the admin key, unless that is the ledger's own @throws LedgerError */
export async function deleteToken(
  ledger: Ledger,
  token: TokenId,
  signers: readonly SigningKey[] = [],
): Promise<void> {
  await submit(ledger, {
    what: `deleting the token ${token}`,
    build: () => new TokenDeleteTransaction().setTokenId(token).setMaxTransactionFee(MAX_FEE.transfer),
    signers,
    already: "TOKEN_WAS_DELETED",
  });
}
