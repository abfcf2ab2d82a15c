/** Accounts: on this network, and opened by the keys that are here. */
import { keysEnoughAlone, keyTreeOf } from "../../lib/mirror/key-tree.ts";
import { editCommand, type Member, setupCommand } from "./context.ts";
import { error, type Finding, orOk } from "./finding.ts";
import type { View } from "./view.ts";

/** Compares each member's key with its account's. */
export function accounts(view: View): readonly Finding[] {
  const problems = view.members.flatMap((member) => problemOf(view, member) ?? []);
  return orOk(problems, "accounts", `${view.members.length} accounts are there and open with their keys`);
}

function problemOf(view: View, { role, account, key }: Member): Finding | null {
  if (account === null) return null;
  const found = view.accounts.get(account) ?? null;
  const network = view.network?.name;
  if (found === null) {
    const message = `${role.name}: there is no account ${account} on ${network}: it was reset, or it is another network's`;
    return error("account-missing", message, setupCommand(view));
  }
  if (found.deleted)
    return error("account-deleted", `${role.name}: account ${account} was deleted`, setupCommand(view));
  if (key === null || found.key === null) return null;
  if (keysEnoughAlone(keyTreeOf(found.key)).includes(key.publicKey.hex)) return null;
  const message = `${role.name}: the key here does not open account ${account}; the ledger has another one`;
  return error(
    "key-mismatch",
    message,
    editCommand(role, `put ${account}'s own key into ${role.keyFile ?? "HEDERA_PRIVATE_KEY_FILE"}`),
  );
}
