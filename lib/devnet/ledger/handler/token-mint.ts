import { LIMITS } from "../limits.ts";
import { need } from "../refusal.ts";
import { tokenIdOf } from "../wire/id.ts";
import { fromLong } from "../wire/int64.ts";
import { defineHandler } from "./handler.ts";
import { addSupply, requireSupplyKey, supplyOf } from "./supply.ts";

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
    requireSupplyKey(op.token, context);
  },

  handle(op, context) {
    const supply = supplyOf(op.token, context.state);
    const amount = fromLong(op.amount);
    const { totalSupply, supplyType, maxSupply } = supply.token;
    need(totalSupply + amount <= LIMITS.maxInt64, "INVALID_TOKEN_MINT_AMOUNT");
    need(supplyType === "INFINITE" || totalSupply + amount <= maxSupply, "TOKEN_MAX_SUPPLY_REACHED");
    addSupply(supply, amount, context);
  },
});
