import type { RecordItem } from "../ledger/record.ts";
import type { Block } from "./schema.ts";

/** The hash before the first block. */
const GENESIS_BLOCK_HASH = new Uint8Array(48);

/**
 * The next block of the chain: its hash is SHA-384 of the previous hash and of
 * every transaction's consensus timestamp (8 bytes, big endian) and hash.
 *
 * @param items at least one, in consensus order
 */
export function nextBlock(previous: Block | null, items: readonly [RecordItem, ...RecordItem[]]): Block {
  const previousHash = previous?.hash ?? GENESIS_BLOCK_HASH;
  const hasher = new Bun.CryptoHasher("sha384").update(previousHash);
  const time = new Uint8Array(8);
  const view = new DataView(time.buffer);
  for (const { record } of items) {
    view.setBigInt64(0, record.consensusTimestamp);
    hasher.update(time).update(record.transactionHash);
  }
  return {
    number: previous === null ? 0n : previous.number + 1n,
    hash: new Uint8Array(hasher.digest()),
    previousHash,
    from: items[0].record.consensusTimestamp,
    to: (items.at(-1) ?? items[0]).record.consensusTimestamp,
    count: items.length,
  };
}
