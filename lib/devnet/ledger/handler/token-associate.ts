import { extraFee } from "../fee/fees.ts";
import { need } from "../refusal.ts";
import { usableAccount, usableToken } from "../validate.ts";
import { accountIdOf, tokenIdOf } from "../wire/id.ts";
import { defineHandler } from "./handler.ts";
import { newRelation } from "./token.ts";

/** `TokenAssociate`: lets an account hold tokens. */
export const TOKEN_ASSOCIATE = defineHandler("tokenAssociate", {
  type: "TOKENASSOCIATE",
  entity: (op) => accountIdOf(op.account),

  pureChecks(op) {
    need(Boolean(op.account), "INVALID_ACCOUNT_ID");
    const tokens = (op.tokens ?? []).map(tokenIdOf);
    need(new Set(tokens).size === tokens.length, "TOKEN_ID_REPEATED_IN_TOKEN_LIST");
  },

  preHandle(op, context) {
    context.requireAccountKey(accountIdOf(op.account), "INVALID_ACCOUNT_ID");
  },

  handle(op, { state, consensusTimestamp }) {
    const account = usableAccount(state, accountIdOf(op.account), "INVALID_ACCOUNT_ID");
    for (const id of op.tokens ?? []) {
      const token = usableToken(state, tokenIdOf(id));
      need(!state.relation(account.id, token.id), "TOKEN_ALREADY_ASSOCIATED_TO_ACCOUNT");
      state.putRelation(newRelation(account.id, token, false, consensusTimestamp));
    }
  },

  serviceFee(op, fee) {
    return fee.base + extraFee(fee.tokens, BigInt(op.tokens?.length ?? 0));
  },
});
