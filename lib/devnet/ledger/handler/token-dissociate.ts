import { need, needed } from "../refusal.ts";
import { usableAccount } from "../validate.ts";
import { accountIdOf, tokenIdOf } from "../wire/id.ts";
import { defineHandler } from "./handler.ts";

/** `TokenDissociate`: an account gives up tokens of which it holds nothing, or which were deleted. */
export const TOKEN_DISSOCIATE = defineHandler("tokenDissociate", {
  type: "TOKENDISSOCIATE",
  entity: (op) => accountIdOf(op.account),

  pureChecks(op) {
    need(Boolean(op.account), "INVALID_ACCOUNT_ID");
    const tokens = (op.tokens ?? []).map(tokenIdOf);
    need(new Set(tokens).size === tokens.length, "TOKEN_ID_REPEATED_IN_TOKEN_LIST");
  },

  preHandle(op, context) {
    context.requireAccountKey(accountIdOf(op.account), "INVALID_ACCOUNT_ID");
  },

  handle(op, { state }) {
    const account = usableAccount(state, accountIdOf(op.account), "INVALID_ACCOUNT_ID");
    for (const id of op.tokens ?? []) {
      const tokenId = needed(tokenIdOf(id), "INVALID_TOKEN_ID");
      const relation = needed(state.relation(account.id, tokenId), "TOKEN_NOT_ASSOCIATED_TO_ACCOUNT");
      const token = needed(state.tokens.get(tokenId), "INVALID_TOKEN_ID");
      if (!token.deleted) {
        need(!token.paused, "TOKEN_IS_PAUSED");
        need(token.treasury !== account.id, "ACCOUNT_IS_TREASURY");
        need(!relation.frozen, "ACCOUNT_FROZEN_FOR_TOKEN");
        need(relation.balance === 0n, "TRANSACTION_REQUIRES_ZERO_TOKEN_BALANCES");
      }
      state.putRelation({ ...relation, balance: 0n, associated: false });
    }
  },
});
