import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Account } from "../ledger/record.ts";

const EVM_ADDRESS_LENGTH = 20;
/** Protobuf `Key` with field 7 (`ECDSA_secp256k1`), 33 bytes. */
const ECDSA_KEY_PREFIX = [0x3a, 0x21] as const;
const ECDSA_KEY_LENGTH = 35;

/**
 * The EVM address that an account's alias gives it (HIP-583): the alias itself
 * where it has 20 bytes, the address of the key where it is an ECDSA key; null
 * for every other account, which has only its long-zero address.
 */
export function aliasAddress(alias: Account["alias"]): Uint8Array | null {
  if (alias === null) return null;
  if (alias.length === EVM_ADDRESS_LENGTH) return alias;
  if (alias.length !== ECDSA_KEY_LENGTH || !ECDSA_KEY_PREFIX.every((byte, i) => alias[i] === byte))
    return null;
  const point = secp256k1.Point.fromBytes(alias.subarray(2)).toBytes(false);
  return keccak_256(point.subarray(1)).subarray(-EVM_ADDRESS_LENGTH);
}
