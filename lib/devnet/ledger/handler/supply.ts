/** What `TokenMint` and `TokenBurn` have in common. */
import type { proto } from "@hiero-ledger/proto";
import type { Token, TokenRelation } from "../record.ts";
import { need, needed } from "../refusal.ts";
import type { State } from "../state/state.ts";
import { usableToken } from "../validate.ts";
import { tokenIdOf } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import type { HandleContext, PreHandleContext } from "./context.ts";

type TokenIdField = proto.ITokenID | null | undefined;

/** A token whose supply can change, and its treasury, where it does. */
export interface Supply {
  readonly token: Token;
  readonly treasury: TokenRelation;
}

/** The supply key has to sign, where there is one. @throws Refusal */
export function requireSupplyKey(field: TokenIdField, context: PreHandleContext): void {
  const id = tokenIdOf(field);
  const token = needed(id && context.state.tokens.get(id), "INVALID_TOKEN_ID");
  if (token.supplyKey) context.requireEntityKey(token.supplyKey, "TOKEN_HAS_NO_SUPPLY_KEY");
}

/** @throws Refusal */
export function supplyOf(field: TokenIdField, state: State): Supply {
  const token = usableToken(state, tokenIdOf(field));
  need(token.supplyKey !== null, "TOKEN_HAS_NO_SUPPLY_KEY");
  const treasury = needed(state.relation(token.treasury, token.id), "INVALID_TREASURY_ACCOUNT_FOR_TOKEN");
  return { token, treasury };
}

/** Adds to the treasury, and tells the new supply; a negative amount takes from it. */
export function addSupply({ token, treasury }: Supply, amount: bigint, context: HandleContext): void {
  const { state, consensusTimestamp, outcome } = context;
  const totalSupply = token.totalSupply + amount;
  state.putToken({ ...token, totalSupply, modified: consensusTimestamp });
  state.putRelation({ ...treasury, balance: treasury.balance + amount });
  outcome.receipt.newTotalSupply = toLong(totalSupply);
}
