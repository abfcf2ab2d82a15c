import { longZeroAddress } from "../../hedera/id.ts";
import { secondsOf } from "../../hedera/timestamp.ts";
import type { RecordItem } from "../ledger/record.ts";
import { EMPTY_BLOOM } from "../mirror/blocks.ts";
import { logData, logTopics } from "../mirror/logs.ts";
import { type Block, CONTRACT_LOG } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { quantity } from "./methods.ts";

const ZERO_ADDRESS = `0x${"0".repeat(40)}`;
const GAS_LIMIT = 30_000_000;

/** A log as `eth_subscribe` delivers it. */
export interface LogEvent {
  readonly address: string;
  readonly blockHash: string;
  readonly blockNumber: string;
  readonly data: string;
  readonly logIndex: string;
  readonly removed: false;
  readonly topics: readonly string[];
  readonly transactionHash: string;
  readonly transactionIndex: string;
}

/** A block as `newHeads` delivers it. */
export function headEvent(block: Block, items: readonly RecordItem[]) {
  return {
    timestamp: quantity(secondsOf(block.from)),
    number: quantity(block.number),
    hash: ethereumHash(block.hash),
    parentHash: ethereumHash(block.previousHash),
    difficulty: "0x1",
    gasLimit: quantity(GAS_LIMIT),
    gasUsed: "0x0",
    logsBloom: EMPTY_BLOOM,
    miner: ZERO_ADDRESS,
    transactions: items.map(({ record }) => ethereumHash(record.transactionHash)),
    uncles: [],
    jsonrpc: "2.0",
  };
}

/** The synthetic ERC-20 logs of a block. */
export function logEvents(store: Store, block: Block): LogEvent[] {
  const tail = 'WHERE "consensusTimestamp" BETWEEN ? AND ? ORDER BY "consensusTimestamp", "index"';
  return store.rows(CONTRACT_LOG, tail, [block.from, block.to]).map((log) => ({
    address: longZeroAddress(log.token),
    blockHash: ethereumHash(block.hash),
    blockNumber: quantity(block.number),
    data: logData(log),
    logIndex: quantity(log.index),
    removed: false,
    topics: logTopics(store, log),
    transactionHash: ethereumHash(log.transactionHash),
    transactionIndex: quantity(log.transactionIndex),
  }));
}

/** Hedera's 48-byte hashes are known to Ethereum by their first 32 bytes. */
function ethereumHash(hash: Uint8Array): string {
  return `0x${hash.subarray(0, 32).toHex()}`;
}
