import * as z from "zod/mini";
import { formatTimestamp, type Timestamp } from "../hedera/timestamp.ts";
import { links, timestamp, unixSeconds } from "./field.ts";
import { type Http, pathWithQuery, type ReadOptions } from "./http.ts";
import { readPage } from "./page.ts";

/** The network's price of HBAR: `hbarEquivalent` HBAR cost `centEquivalent` US cents, until `expires`. */
export interface ExchangeRate {
  readonly centEquivalent: bigint;
  readonly hbarEquivalent: bigint;
  readonly expires: Timestamp;
}

/** The rates in the network's file 0.0.112 (`ExchangeRateSet`). */
export interface ExchangeRates {
  readonly current: ExchangeRate;
  /** In force once `current` has expired. */
  readonly next: ExchangeRate;
  /** When the network set them. */
  readonly timestamp: Timestamp;
}

/** A block: the transactions of one record file, about two seconds of them. */
export interface MirrorBlock {
  readonly number: number;
  /** 48 bytes in hex with `0x`. */
  readonly hash: string;
  /** Transactions in it. */
  readonly count: number;
  /** Consensus time of the first and the last of them. */
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** What can be read of the network itself. Every method throws {@link MirrorError}s. */
export interface NetworkReads {
  /** The rates as they were set at `at`, or now; null if the mirror node has none from then. */
  exchangeRates(at?: Timestamp, options?: ReadOptions): Promise<ExchangeRates | null>;
  /** The newest block that the mirror node has, or null if it has none: how far behind it is. */
  latestBlock(options?: ReadOptions): Promise<MirrorBlock | null>;
}

const positive = z.pipe(
  z.int().check(z.positive()),
  z.transform((value) => BigInt(value)),
);

const rateSchema = z.pipe(
  z.object({ cent_equivalent: positive, hbar_equivalent: positive, expiration_time: unixSeconds }),
  z.transform(
    (wire): ExchangeRate => ({
      centEquivalent: wire.cent_equivalent,
      hbarEquivalent: wire.hbar_equivalent,
      expires: wire.expiration_time,
    }),
  ),
);

const ratesSchema = z.pipe(
  z.object({ current_rate: rateSchema, next_rate: rateSchema, timestamp }),
  z.transform(
    (wire): ExchangeRates => ({
      current: wire.current_rate,
      next: wire.next_rate,
      timestamp: wire.timestamp,
    }),
  ),
);

const blocksSchema = z.object({
  blocks: z.array(
    z.object({
      number: z.int(),
      hash: z.string(),
      count: z.int(),
      timestamp: z.object({ from: timestamp, to: timestamp }),
    }),
  ),
  links,
});

/** The reads of `/network` and `/blocks`. */
export function networkReads(http: Http): NetworkReads {
  return {
    exchangeRates(at, options) {
      const path = pathWithQuery("/api/v1/network/exchangerate", [
        ["timestamp", at === undefined ? undefined : `lte:${formatTimestamp(at)}`],
      ]);
      return http.find(path, ratesSchema, options);
    },
    async latestBlock(options) {
      const path = "/api/v1/blocks?limit=1&order=desc";
      const page = await readPage(http, path, blocksSchema, (body) => body.blocks, options);
      const block = page.items[0];
      if (block === undefined) return null;
      const { number, hash, count } = block;
      return { number, hash, count, ...block.timestamp };
    },
  };
}

/** Which of the two rates is in force at `at`. */
export function rateAt(rates: ExchangeRates, at: Timestamp): ExchangeRate {
  return at < rates.current.expires ? rates.current : rates.next;
}
