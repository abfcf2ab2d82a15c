import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of a leaf: SHA-256 over 0x00 and the data (RFC 9162, section 2.1.1). */
export function leafHash(data: Uint8Array): Uint8Array {
  return sha256(concatBytes(LEAF, data));
}

/** The root over leaf hashes in order, in hex (RFC 9162, section 2.1.1); of none, the hash of nothing. */
export function merkleRoot(leaves: readonly Uint8Array[]): string {
  return bytesToHex(treeHash(leaves));
}

function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return sha256(new Uint8Array());
  if (leaves.length === 1) return first;
  const half = halfOf(leaves.length);
  return sha256(concatBytes(NODE, treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half))));
}

/**
 * The hashes that lead from a leaf to the root, from the bottom up (RFC 9162, section 2.1.3.1).
 *
 * @throws RangeError if there is no such leaf
 */
export function merklePath(leaves: readonly Uint8Array[], index: number): readonly Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length)
    throw new RangeError(`there is no leaf ${index} of ${leaves.length}`);
  if (leaves.length === 1) return [];
  const half = halfOf(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...merklePath(left, index), treeHash(right)]
    : [...merklePath(right, index - half), treeHash(left)];
}

/** The root, in hex, that a leaf's hash and its path lead to (RFC 9162, section 2.1.3.2); null if they lead nowhere. */
export function rootOfPath(
  leaf: Uint8Array,
  {
    index,
    size,
    path,
  }: { readonly index: number; readonly size: number; readonly path: readonly Uint8Array[] },
): string | null {
  if (index >= size) return null;
  let [node, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      hash = sha256(concatBytes(NODE, sibling, hash));
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    } else hash = sha256(concatBytes(NODE, hash, sibling));
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? bytesToHex(hash) : null;
}

/** The largest power of two below a count. */
function halfOf(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}
