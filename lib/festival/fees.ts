/** What entries cost, in nano-USD (10^-9 USD). Source: HIP-1261 fees, consensus node 0.73 and later. */

/** Node fee 0.00001 and network fee of nine times that, with one signature and 1,350 bytes included. */
const TRANSACTION = 100_000n;
const MESSAGE = 70_000n;
const INCLUDED_BYTES = 100;
const PER_BYTE = 680n;

/** The fee of a message of so many bytes on a topic, signed by one key, in nano-USD. */
export function messageFee(bytes: number): bigint {
  return TRANSACTION + MESSAGE + PER_BYTE * BigInt(Math.max(0, bytes - INCLUDED_BYTES));
}
