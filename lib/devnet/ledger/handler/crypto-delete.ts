import { entityNum } from "../../../hedera/id.ts";
import { FIRST_USER_ENTITY } from "../limits.ts";
import { need, needed } from "../refusal.ts";
import { usableAccount } from "../validate.ts";
import { accountIdOf } from "../wire/id.ts";
import { defineHandler } from "./handler.ts";

/** `CryptoDelete`: what the account holds goes to the one that the transaction names. */
export const CRYPTO_DELETE = defineHandler("cryptoDelete", {
  type: "CRYPTODELETE",
  entity: (op) => accountIdOf(op.deleteAccountID),

  pureChecks(op) {
    need(Boolean(op.deleteAccountID && op.transferAccountID), "ACCOUNT_ID_DOES_NOT_EXIST");
    const deleted = accountIdOf(op.deleteAccountID);
    need(deleted !== accountIdOf(op.transferAccountID), "TRANSFER_ACCOUNT_SAME_AS_DELETE_ACCOUNT");
  },

  preHandle(op, context) {
    context.requireAccountKey(accountIdOf(op.deleteAccountID), "INVALID_ACCOUNT_ID");
    context.requireReceiverKey(accountIdOf(op.transferAccountID), "INVALID_TRANSFER_ACCOUNT_ID");
  },

  handle(op, { state }) {
    const account = usableAccount(state, accountIdOf(op.deleteAccountID), "INVALID_ACCOUNT_ID");
    need(entityNum(account.id) >= FIRST_USER_ENTITY, "ENTITY_NOT_ALLOWED_TO_DELETE");
    const heir = usableAccount(state, accountIdOf(op.transferAccountID), "INVALID_TRANSFER_ACCOUNT_ID");
    need(!state.isTreasury(account.id), "ACCOUNT_IS_TREASURY");
    for (const { balance } of state.relationsOf(account.id)) {
      need(balance === 0n, "TRANSACTION_REQUIRES_ZERO_TOKEN_BALANCES");
    }
    state.moveHbar(account.id, heir.id, account.balance);
    const emptied = needed(state.accounts.get(account.id), "INVALID_ACCOUNT_ID");
    state.putAccount({ ...emptied, deleted: true });
  },
});
