import type { Tinybar } from "../../../hedera/amount.ts";
import type { ExchangeRate } from "../exchange-rate.ts";
import { type ExtraFee, FEE_SCHEDULE, type Tinycent } from "./schedule.ts";

/** What a transaction costs, by who gets it. */
export interface Fees {
  readonly node: Tinybar;
  readonly network: Tinybar;
  readonly service: Tinybar;
}

/** No fees at all. */
export const NO_FEES: Fees = { node: 0n, network: 0n, service: 0n };

/** The sum of all three fees. */
export function totalFee(fees: Fees): Tinybar {
  return fees.node + fees.network + fees.service;
}

/** The fee for what exceeds the included number of something. */
export function extraFee(extra: ExtraFee, count: bigint): Tinycent {
  return count > extra.included ? (count - extra.included) * extra.each : 0n;
}

/** Tinycents in tinybars at a rate, rounded down. */
export function toTinybars(amount: Tinycent, rate: ExchangeRate): Tinybar {
  return (amount * BigInt(rate.hbarEquivalent)) / BigInt(rate.centEquivalent);
}

/** What the fees of a transaction are computed from. */
export interface FeeInput {
  readonly signatures: number;
  /** Bytes of the signed transaction. */
  readonly bytes: number;
  readonly service: Tinycent;
  readonly rate: ExchangeRate;
}

/** The fees of a transaction (HIP-1261), each part rounded down to the tinybar. */
export function computeFees({ signatures, bytes, service, rate }: FeeInput): Fees {
  const { base, signatures: signatureFee, bytes: byteFee } = FEE_SCHEDULE.node;
  const node = base + extraFee(signatureFee, BigInt(signatures)) + extraFee(byteFee, BigInt(bytes));
  return {
    node: toTinybars(node, rate),
    network: toTinybars(node * FEE_SCHEDULE.networkMultiplier, rate),
    service: toTinybars(service, rate),
  };
}
