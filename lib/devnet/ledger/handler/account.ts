import type { proto } from "@hiero-ledger/proto";
import type { AccountId } from "../../../hedera/id.ts";
import { aliasKey, type State } from "../state/state.ts";
import { accountIdOf } from "../wire/id.ts";

/** The account that an `AccountID` names by number or by alias; null where there is none by that alias. */
export function resolveAccountId(state: State, id: proto.IAccountID | null | undefined): AccountId | null {
  return id?.alias && id.alias.length > 0 ? (state.aliases.get(aliasKey(id.alias)) ?? null) : accountIdOf(id);
}

/** A text that two `AccountID`s share exactly when they are the same, to find repetitions. */
export function accountIdText(id: proto.IAccountID): string {
  return accountIdOf(id) ?? `alias ${aliasKey(id.alias ?? new Uint8Array())}`;
}
