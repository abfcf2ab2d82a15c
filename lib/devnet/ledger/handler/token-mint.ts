import { LIMITS } from "../limits.ts";
import { need, needed } from "../refusal.ts";
import { usableToken } from "../validate.ts";
import { tokenIdOf } from "../wire/id.ts";
import { fromLong, toLong } from "../wire/int64.ts";
import { defineHandler } from "./handler.ts";

/** `TokenMint` of a fungible token, into its treasury. */
export const TOKEN_MINT = defineHandler("tokenMint", {
  type: "TOKENMINT",
  schedulable: true,
  entity: (op) => tokenIdOf(op.token),

  pureChecks(op) {
    need(Boolean(op.token), "INVALID_TOKEN_ID");
    need((op.metadata ?? []).length === 0, "NOT_SUPPORTED");
    need(BigInt.asIntN(64, fromLong(op.amount)) >= 0n, "INVALID_TOKEN_MINT_AMOUNT");
  },

  preHandle(op, context) {
    const id = tokenIdOf(op.token);
    const token = needed(id && context.state.tokens.get(id), "INVALID_TOKEN_ID");
    if (token.supplyKey) context.requireEntityKey(token.supplyKey, "TOKEN_HAS_NO_SUPPLY_KEY");
  },

  handle(op, { state, consensusTimestamp, outcome }) {
    const token = usableToken(state, tokenIdOf(op.token));
    need(token.supplyKey !== null, "TOKEN_HAS_NO_SUPPLY_KEY");
    const amount = fromLong(op.amount);
    const relation = needed(state.relation(token.treasury, token.id), "INVALID_TREASURY_ACCOUNT_FOR_TOKEN");
    const totalSupply = token.totalSupply + amount;
    need(totalSupply <= LIMITS.maxInt64, "INVALID_TOKEN_MINT_AMOUNT");
    need(token.supplyType === "INFINITE" || totalSupply <= token.maxSupply, "TOKEN_MAX_SUPPLY_REACHED");
    state.putToken({ ...token, totalSupply, modified: consensusTimestamp });
    state.putRelation({ ...relation, balance: relation.balance + amount });
    outcome.receipt.newTotalSupply = toLong(totalSupply);
  },
});
