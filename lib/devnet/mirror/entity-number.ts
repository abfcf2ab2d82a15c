const ENTITY = /^(?:(?:(\d{1,4})\.)?(\d{1,5})\.)?(\d{1,12})$/;
const ADDRESS = /^(?:0x)?([0-9a-fA-F]{40})$/;
const REALM_SHIFT = 38n;
const SHARD_SHIFT = 54n;
const MAX_NUM = (1n << REALM_SHIFT) - 1n;

/**
 * Reads an entity id as the REST API accepts it (`num`, `realm.num` or
 * `shard.realm.num`) as the mirror node's encoded id: the bare number in shard
 * 0, realm 0, and a number that no entity of this network has elsewhere.
 * Null if it isn't one.
 */
export function readEntityNumber(text: string): bigint | null {
  const match = ENTITY.exec(text);
  if (match === null) return null;
  const num = BigInt(match[3] ?? 0);
  if (num > MAX_NUM) return null;
  return (BigInt(match[1] ?? 0) << SHARD_SHIFT) | (BigInt(match[2] ?? 0) << REALM_SHIFT) | num;
}

/** Reads a 20-byte EVM address in hex, with or without `0x`; null if it isn't one. */
export function readEvmAddress(text: string): Uint8Array | null {
  const hex = ADDRESS.exec(text)?.[1];
  return hex === undefined ? null : Uint8Array.fromHex(hex);
}

/** The number in a long-zero EVM address (4 bytes shard, 8 bytes realm, 8 bytes number); null for any other address. */
export function longZeroNumber(address: Uint8Array): bigint | null {
  const isLongZero = address.length === 20 && address.subarray(0, 12).every((byte) => byte === 0);
  return isLongZero ? BigInt(`0x${address.toHex()}`) : null;
}

/** Reads an entity id or its long-zero EVM address. */
export function readEntityNumberOrAddress(text: string): bigint | null {
  const address = readEvmAddress(text);
  return address === null ? readEntityNumber(text) : longZeroNumber(address);
}
