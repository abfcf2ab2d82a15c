import { proto } from "@hiero-ledger/proto";
import { isValidKey, keyOf, type SimpleKey } from "./key.ts";
import { evmAddressOf } from "./verify.ts";

/** Bytes of an EVM address. */
const EVM_ADDRESS_BYTES = 20;
/** Shard and realm in a long-zero address, both 0. */
const LONG_ZERO_BYTES = 12;

/** Whether an alias is an EVM address, rather than a key. */
export function isEvmAddress(alias: Uint8Array): boolean {
  return alias.length === EVM_ADDRESS_BYTES;
}

/** The public key that an alias consists of (HIP-32: a protobuf `Key`, ED25519 or ECDSA secp256k1); null for any other. */
export function keyOfAlias(alias: Uint8Array): SimpleKey | null {
  if (isEvmAddress(alias)) return null;
  try {
    const key = keyOf(proto.Key.decode(alias));
    if (!isValidKey(key)) return null;
    if (key.kind === "ED25519") return key;
    return key.kind === "ECDSA_SECP256K1" && evmAddressOf(key) ? key : null;
  } catch {
    return null;
  }
}

/** Everything that an alias can be looked up by: itself, and for an ECDSA key its EVM address (HIP-583). */
export function namesOfAlias(alias: Uint8Array): Uint8Array[] {
  const key = keyOfAlias(alias);
  const address = key?.kind === "ECDSA_SECP256K1" ? evmAddressOf(key) : null;
  return address ? [alias, address] : [alias];
}

/** The number of the entity whose long-zero address an alias is; null for any other alias. */
export function longZeroNum(alias: Uint8Array): bigint | null {
  if (!isEvmAddress(alias) || alias.subarray(0, LONG_ZERO_BYTES).some(Boolean)) return null;
  return Buffer.from(alias).readBigUInt64BE(LONG_ZERO_BYTES);
}
