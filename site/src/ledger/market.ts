import * as z from "zod/mini";
import type { Tinybar } from "../../../lib/hedera/amount.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import { once } from "./once.ts";
import { type ResultRecord, readerOf, whole } from "./results.ts";
import { microUsdOf } from "./trades.ts";

/** The network's price of one HBAR as a result of the log read it, in micro-USD. */
export interface ReferencePoint {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly price: bigint;
}

/** An edition's profit and loss with its parts, in micro-USD; network fees in tinybars. */
export interface ProfitPoint {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly edition: number;
  readonly trades: number;
  readonly realised: bigint;
  readonly unrealised: bigint;
  readonly venueFees: bigint;
  readonly networkFees: Tinybar;
  readonly net: bigint;
  /** What the opening inventory would have made untouched. */
  readonly untouched: bigint;
}

const seen = readerOf(
  z.union([z.object({ reference_micro_usd: whole }), z.object({ last_micro_usd: whole })]),
);
const pools = readerOf(z.object({ pool: z.object({ hbar: whole, tokens: whole }) }));
const profit = readerOf(
  z.object({
    trades: z.int(),
    realised_micro_usd: whole,
    unrealised_micro_usd: whole,
    venue_fees_micro_usd: whole,
    network_fees: whole,
    net_micro_usd: whole,
    untouched_micro_usd: whole,
  }),
);

/** Every price that results of the log name as the network's, in order. */
export const referencesOf = once((results: readonly ResultRecord[]): readonly ReferencePoint[] =>
  seen(results).map(({ result: { sequence, timestamp }, output }) => ({
    sequence,
    timestamp,
    price: "reference_micro_usd" in output ? output.reference_micro_usd : output.last_micro_usd,
  })),
);

/** Every price between the two sides of the desk's pool that results of the log read, in order. */
export function poolsOf(results: readonly ResultRecord[], decimals: number): readonly ReferencePoint[] {
  return pools(results).flatMap(({ result: { sequence, timestamp }, output }) => {
    const price = microUsdOf(output.pool, decimals);
    return price === null ? [] : [{ sequence, timestamp, price }];
  });
}

/** Profit and loss, edition by edition. */
export const profitsOf = once((results: readonly ResultRecord[]): readonly ProfitPoint[] =>
  profit(results).map(({ result: { sequence, timestamp, edition }, output }) => ({
    sequence,
    timestamp,
    edition,
    trades: output.trades,
    realised: output.realised_micro_usd,
    unrealised: output.unrealised_micro_usd,
    venueFees: output.venue_fees_micro_usd,
    networkFees: output.network_fees,
    net: output.net_micro_usd,
    untouched: output.untouched_micro_usd,
  })),
);
