import type { proto } from "@hiero-ledger/proto";
import { extraFee } from "../fee/fees.ts";
import { FEE_SCHEDULE } from "../fee/schedule.ts";
import { isEvmAddress, keyOfAlias } from "../key/alias.ts";
import { wireKeyOf } from "../key/key.ts";
import { LIMITS } from "../limits.ts";
import type { Token } from "../record.ts";
import { need, needed } from "../refusal.ts";
import { aliasKey } from "../state/state.ts";
import { usableAccount, usableRelation, usableToken } from "../validate.ts";
import { tokenIdOf } from "../wire/id.ts";
import { fromLong, toLong } from "../wire/int64.ts";
import { accountIdText, aliasOf, resolveAccountId } from "./account.ts";
import type { HandleContext, PreHandleContext } from "./context.ts";
import { usedAutomaticAssociations } from "./crypto-update.ts";
import { defineHandler } from "./handler.ts";
import { newRelation } from "./token.ts";

type Transfer = proto.ICryptoTransferTransactionBody;

/**
 * `CryptoTransfer` of HBAR and fungible tokens between any number of parties,
 * all or nothing; every debited account signs. What goes to a key or an EVM
 * address that nobody has yet creates its account (HIP-32, HIP-542, HIP-583).
 * NFTs and allowances are not supported.
 */
export const CRYPTO_TRANSFER = defineHandler("cryptoTransfer", {
  type: "CRYPTOTRANSFER",
  schedulable: true,

  pureChecks(op) {
    const hbar = op.transfers?.accountAmounts ?? [];
    need(sumOf(hbar) === 0n, "INVALID_ACCOUNT_AMOUNTS");
    checkParties(hbar);
    const tokens = new Set<string>();
    for (const list of op.tokenTransfers ?? []) {
      const token = tokenIdOf(list.token);
      need(token !== null && token !== "0.0.0", "INVALID_TOKEN_ID");
      tokens.add(token);
      need((list.nftTransfers ?? []).length === 0, "NOT_SUPPORTED");
      checkParties(list.transfers ?? []);
      need(sumOf(list.transfers ?? []) === 0n, "TRANSFERS_NOT_ZERO_SUM_FOR_TOKEN");
      need((list.transfers ?? []).length > 0, "EMPTY_TOKEN_TRANSFER_ACCOUNT_AMOUNTS");
    }
    need(tokens.size === (op.tokenTransfers ?? []).length, "TOKEN_ID_REPEATED_IN_TOKEN_LIST");
  },

  preHandle(op, context) {
    for (const list of op.tokenTransfers ?? []) {
      const token = tokenIdOf(list.token);
      needed(token && context.state.tokens.get(token), "INVALID_TOKEN_ID");
      requireKeys(list.transfers ?? [], context);
    }
    requireKeys(op.transfers?.accountAmounts ?? [], context);
  },

  handle(op, context) {
    const hbar = op.transfers?.accountAmounts ?? [];
    const lists = op.tokenTransfers ?? [];
    need(hbar.length <= LIMITS.hbarTransfers, "TRANSFER_LIST_SIZE_LIMIT_EXCEEDED");
    const adjustments = lists.reduce((sum, { transfers }) => sum + (transfers?.length ?? 0), 0);
    need(adjustments <= LIMITS.tokenTransfers, "TOKEN_TRANSFER_LIST_SIZE_LIMIT_EXCEEDED");
    createMissingAccounts(op, context);
    checkResolved(hbar, context);
    for (const { transfers } of lists) checkResolved(transfers ?? [], context);
    for (const list of lists) associateRecipients(list, context);
    for (const amount of hbar) adjustHbar(amount, context);
    for (const list of lists) adjustTokens(list, context);
  },

  serviceFee(op, fee) {
    const accounts = new Set<string>();
    for (const { accountID } of everyAmount(op)) if (accountID) accounts.add(accountIdText(accountID));
    const tokens = BigInt(op.tokenTransfers?.length ?? 0);
    return (
      fee.base +
      (tokens > 0n ? fee.tokenTransfer : 0n) +
      extraFee(fee.accounts, BigInt(accounts.size)) +
      extraFee(fee.tokenTypes, tokens)
    );
  },
});

function everyAmount(op: Transfer): proto.IAccountAmount[] {
  return [
    ...(op.transfers?.accountAmounts ?? []),
    ...(op.tokenTransfers ?? []).flatMap((list) => list.transfers ?? []),
  ];
}

function sumOf(amounts: readonly proto.IAccountAmount[]): bigint {
  return amounts.reduce((sum, { amount }) => sum + fromLong(amount), 0n);
}

function checkParties(amounts: readonly proto.IAccountAmount[]): void {
  const parties = new Set<string>();
  for (const { accountID } of amounts) parties.add(accountIdText(needed(accountID, "INVALID_ACCOUNT_ID")));
  need(parties.size === amounts.length, "ACCOUNT_REPEATED_IN_ACCOUNT_AMOUNTS");
}

function requireKeys(amounts: readonly proto.IAccountAmount[], context: PreHandleContext): void {
  for (const { accountID, amount, isApproval } of amounts) {
    const id = resolveAccountId(context.state, accountID);
    const value = fromLong(amount);
    if (value > 0n && id === null && aliasOf(accountID)) continue;
    if (value < 0n && !isApproval) context.requireAccountKey(id, "INVALID_ACCOUNT_ID");
    else needed(id && context.state.accounts.get(id), "INVALID_ACCOUNT_ID");
    if (value > 0n) context.requireReceiverKey(id, "INVALID_TRANSFER_ACCOUNT_ID");
  }
}

/** Creates the account of every alias that is to receive something and has none (`AutoAccountCreator`). */
function createMissingAccounts(op: Transfer, context: HandleContext): void {
  const missing = new Map<string, proto.ICryptoCreateTransactionBody>();
  for (const { accountID, amount } of everyAmount(op)) {
    const alias = aliasOf(accountID);
    if (!alias || fromLong(amount) <= 0n || resolveAccountId(context.state, accountID)) continue;
    missing.set(aliasKey(alias), autoCreation(alias));
  }
  if (missing.size > 0) context.createBefore([...missing.values()]);
}

function autoCreation(alias: Uint8Array): proto.ICryptoCreateTransactionBody {
  const key = isEvmAddress(alias)
    ? { keyList: { keys: [] } }
    : wireKeyOf(needed(keyOfAlias(alias), "INVALID_ALIAS_KEY"));
  const autoRenewPeriod = { seconds: toLong(LIMITS.autoCreatedRenewSeconds) };
  return { key, alias, autoRenewPeriod, maxAutomaticTokenAssociations: -1 };
}

/** Checks that no two names of a list lead to one account. */
function checkResolved(amounts: readonly proto.IAccountAmount[], { state }: HandleContext): void {
  const ids = new Set(amounts.map(({ accountID }) => resolveAccountId(state, accountID)));
  need(ids.size === amounts.length, "ACCOUNT_REPEATED_IN_ACCOUNT_AMOUNTS");
}

/** Associates a party that has no relation with the token but an automatic association left (HIP-23, HIP-904). */
function associateRecipients(list: proto.ITokenTransferList, context: HandleContext): void {
  const { state } = context;
  const token = usableToken(state, tokenIdOf(list.token));
  for (const { accountID } of list.transfers ?? []) {
    const account = usableAccount(state, resolveAccountId(state, accountID), "INVALID_ACCOUNT_ID");
    const relation = state.relation(account.id, token.id);
    if (relation || account.maxAutomaticAssociations === 0) {
      need(relation !== undefined, "TOKEN_NOT_ASSOCIATED_TO_ACCOUNT");
      need(!relation.frozen, "ACCOUNT_FROZEN_FOR_TOKEN");
      continue;
    }
    const unlimited = account.maxAutomaticAssociations === -1;
    need(
      unlimited || usedAutomaticAssociations(state, account) < account.maxAutomaticAssociations,
      "NO_REMAINING_AUTOMATIC_ASSOCIATIONS",
    );
    need(token.kycKey === null, "ACCOUNT_KYC_NOT_GRANTED_FOR_TOKEN");
    need(token.freezeKey === null || !token.freezeDefault, "ACCOUNT_FROZEN_FOR_TOKEN");
    // The payer of the transfer pays for the association, as for one that is asked for.
    const { node, networkMultiplier, service } = FEE_SCHEDULE;
    context.chargePayer(node.base * (1n + networkMultiplier) + service.tokenAssociate.base);
    state.putRelation(newRelation(account.id, token, true, context.consensusTimestamp));
  }
}

function adjustHbar({ accountID, amount, isApproval }: proto.IAccountAmount, { state }: HandleContext): void {
  const account = usableAccount(state, resolveAccountId(state, accountID), "INVALID_ACCOUNT_ID");
  const value = fromLong(amount);
  need(!isApproval || value >= 0n, "SPENDER_DOES_NOT_HAVE_ALLOWANCE");
  const balance = account.balance + value;
  need(balance >= 0n, "INSUFFICIENT_ACCOUNT_BALANCE");
  state.putAccount({ ...account, balance });
}

function adjustTokens(list: proto.ITokenTransferList, { state }: HandleContext): void {
  const token: Token = usableToken(state, tokenIdOf(list.token));
  need(!list.expectedDecimals || list.expectedDecimals.value === token.decimals, "UNEXPECTED_TOKEN_DECIMALS");
  for (const { accountID, amount, isApproval } of list.transfers ?? []) {
    const account = usableAccount(state, resolveAccountId(state, accountID), "INVALID_ACCOUNT_ID");
    const relation = usableRelation(state, account.id, token.id);
    const value = fromLong(amount);
    need(!isApproval || value >= 0n, "SPENDER_DOES_NOT_HAVE_ALLOWANCE");
    const balance = relation.balance + value;
    need(balance >= 0n, "INSUFFICIENT_TOKEN_BALANCE");
    state.putRelation({ ...relation, balance });
  }
}
