import { need } from "../refusal.ts";
import { tokenIdOf } from "../wire/id.ts";
import { fromLong } from "../wire/int64.ts";
import { defineHandler } from "./handler.ts";
import { addSupply, requireSupplyKey, supplyOf } from "./supply.ts";

/** `TokenBurn` of a fungible token, out of its treasury. */
export const TOKEN_BURN = defineHandler("tokenBurn", {
  type: "TOKENBURN",
  schedulable: true,
  entity: (op) => tokenIdOf(op.token),

  pureChecks(op) {
    need(Boolean(op.token), "INVALID_TOKEN_ID");
    need((op.serialNumbers ?? []).length === 0, "NOT_SUPPORTED");
    need(BigInt.asIntN(64, fromLong(op.amount)) >= 0n, "INVALID_TOKEN_BURN_AMOUNT");
  },

  preHandle(op, context) {
    requireSupplyKey(op.token, context);
  },

  handle(op, context) {
    const supply = supplyOf(op.token, context.state);
    const amount = fromLong(op.amount);
    need(supply.token.totalSupply >= amount, "INVALID_TOKEN_BURN_AMOUNT");
    need(supply.treasury.balance >= amount, "INSUFFICIENT_TOKEN_BALANCE");
    addSupply(supply, -amount, context);
  },
});
