import * as z from "zod/mini";
import type { Tinybar, TokenUnits } from "../../../lib/hedera/amount.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import { once } from "./once.ts";
import { type ResultRecord, readerOf, whole } from "./results.ts";

/** What the fund held when a result of the log read it. */
export interface InventoryPoint {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly hbar: Tinybar;
  readonly tokens: TokenUnits;
  /** micro-USD for one HBAR */
  readonly price: bigint;
}

const inventory = readerOf(z.object({ hbar: whole, tokens: whole, reference_micro_usd: whole }));

/** The fund's inventory over time. */
export const inventoryOf = once((results: readonly ResultRecord[]): readonly InventoryPoint[] =>
  inventory(results).map(({ result: { sequence, timestamp }, output }) => ({
    sequence,
    timestamp,
    hbar: output.hbar,
    tokens: output.tokens,
    price: output.reference_micro_usd,
  })),
);
