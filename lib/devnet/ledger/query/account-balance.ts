import { resolveAccountId } from "../handler/account.ts";
import { usableAccount } from "../validate.ts";
import { wireAccountId, wireTokenId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { defineQuery } from "./query.ts";

/** `CryptoGetAccountBalance`: free. */
export const CRYPTO_GET_ACCOUNT_BALANCE = defineQuery("cryptogetAccountBalance", {
  paid: false,
  answer(question, { state }) {
    const account = usableAccount(state, resolveAccountId(state, question.accountID), "INVALID_ACCOUNT_ID");
    const tokenBalances = [...state.relationsOf(account.id)].map(({ token, balance }) => ({
      tokenId: wireTokenId(token),
      balance: toLong(balance),
      decimals: state.tokens.get(token)?.decimals ?? 0,
    }));
    return { accountID: wireAccountId(account.id), balance: toLong(account.balance), tokenBalances };
  },
});
