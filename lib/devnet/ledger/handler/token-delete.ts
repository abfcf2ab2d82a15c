import { need, needed } from "../refusal.ts";
import { usableToken } from "../validate.ts";
import { tokenIdOf } from "../wire/id.ts";
import { defineHandler } from "./handler.ts";

/** `TokenDelete`: only a token with an admin key can be deleted. */
export const TOKEN_DELETE = defineHandler("tokenDeletion", {
  type: "TOKENDELETION",
  entity: (op) => tokenIdOf(op.token),

  pureChecks(op) {
    need(Boolean(op.token), "INVALID_TOKEN_ID");
  },

  preHandle(op, context) {
    const id = tokenIdOf(op.token);
    const token = needed(id && context.state.tokens.get(id), "INVALID_TOKEN_ID");
    context.requireEntityKey(token.adminKey, "TOKEN_IS_IMMUTABLE");
  },

  handle(op, { state, consensusTimestamp }) {
    const token = usableToken(state, tokenIdOf(op.token));
    state.putToken({ ...token, deleted: true, modified: consensusTimestamp });
  },
});
