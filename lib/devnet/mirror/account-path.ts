import type { Store } from "../store/store.ts";
import { longZeroNumber, readEntityNumber, readEvmAddress } from "./entity-number.ts";
import { readBase32 } from "./views.ts";

/**
 * The number of the account that a path or parameter names by id, EVM address
 * (its own or long-zero) or alias in base32, with or without `0.0.` before it;
 * null if no account is called so, undefined if nothing could be.
 */
export function accountNumber(store: Store, text: string): bigint | null | undefined {
  const number = readEntityNumber(text);
  if (number !== null) return number;
  const name = text.replace(/^(?:0\.){1,2}/, "");
  const address = readEvmAddress(name);
  if (address !== null) return byAddress(store, address);
  const alias = readBase32(name);
  return alias === null ? undefined : find(store, "alias", alias);
}

function byAddress(store: Store, address: Uint8Array): bigint | null {
  return find(store, "evmAddress", address) ?? longZeroNumber(address);
}

function find(store: Store, column: "alias" | "evmAddress", value: Uint8Array): bigint | null {
  const id = store.raw(`SELECT "id" FROM "account" WHERE "${column}" = ?`, [value])[0]?.id;
  return typeof id === "bigint" ? id : null;
}
