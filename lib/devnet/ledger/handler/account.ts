import type { proto } from "@hiero-ledger/proto";
import { type AccountId, entityId } from "../../../hedera/id.ts";
import { longZeroNum } from "../key/alias.ts";
import { aliasKey, type State } from "../state/state.ts";
import { accountIdOf } from "../wire/id.ts";

/** The account that an `AccountID` names by number or by alias; null where there is none by that alias. */
export function resolveAccountId(state: State, id: proto.IAccountID | null | undefined): AccountId | null {
  const alias = aliasOf(id);
  if (!alias) return accountIdOf(id);
  const num = longZeroNum(alias);
  return num === null ? (state.aliases.get(aliasKey(alias)) ?? null) : entityId(num);
}

/** The alias that an `AccountID` holds instead of a number, null where it holds none. */
export function aliasOf(id: proto.IAccountID | null | undefined): Uint8Array | null {
  return id?.alias && id.alias.length > 0 ? id.alias : null;
}

/** A text that two `AccountID`s share exactly when they are the same, to find repetitions. */
export function accountIdText(id: proto.IAccountID): string {
  return accountIdOf(id) ?? `alias ${aliasKey(id.alias ?? new Uint8Array())}`;
}
