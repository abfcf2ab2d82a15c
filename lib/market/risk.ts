/**
 * The risk limits of a trade, each a pure function with its verdict. They fail
 * closed: a limit whose input is missing is not passed.
 */
import { TINYBARS_PER_HBAR, type Tinybar, type TokenUnits } from "../hedera/amount.ts";
import { NANOS_PER_SECOND, type Timestamp } from "../hedera/timestamp.ts";
import type { TradeLimits } from "./limits.ts";
import { BPS, deviationBps, type MicroUsd } from "./price.ts";
import { divideCeil, divideFloor, smaller } from "./rounding.ts";
import type { Side } from "./swap.ts";

/** A firm price: the fund may `side` exactly `hbar` for exactly `tokens` until `expires`. */
export interface FirmQuote {
  readonly side: Side;
  readonly hbar: Tinybar;
  readonly tokens: TokenUnits;
  readonly expires: Timestamp;
}

/** What the fund holds. */
export interface Holdings {
  readonly hbar: Tinybar;
  readonly tokens: TokenUnits;
}

/** What made the fund want to trade: the price it saw and when that reached consensus. */
export interface Signal {
  readonly price: MicroUsd;
  readonly at: Timestamp;
}

/** What the limits look at. What couldn't be read is absent, and fails the limits that need it. */
export interface RiskInputs {
  /** Consensus time of the judgement. */
  readonly now?: Timestamp | undefined;
  /** Holdings before the trade. */
  readonly fund?: Holdings | undefined;
  readonly quote?: FirmQuote | undefined;
  readonly signal?: Signal | undefined;
  /** The network's price of one HBAR now. */
  readonly reference?: MicroUsd | undefined;
}

/** The verdict of one limit. The unit is in the name; `value` and `limit` are text for people and for the log. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly value: string;
  readonly limit: string;
}

/** The verdict of all limits. */
export interface Assessment {
  readonly approved: boolean;
  readonly checks: readonly Check[];
}

/** One limit: a pure function. */
export type RiskLimit = (limits: TradeLimits, inputs: RiskInputs) => Check;

/** `trade_tinybar`: the trade is not larger than the limit. */
export const tradeSize: RiskLimit = (limits, { quote }) =>
  atMost("trade_tinybar", quote?.hbar, limits.maxTrade, isRealQuote(quote));

/** `position_tinybar`: a purchase doesn't bring the fund's HBAR above the limit. A sale always reduces it. */
export const positionSize: RiskLimit = (limits, { quote, fund }) => {
  const after = holdingsAfter(fund, quote);
  const check = atMost("position_tinybar", after?.hbar, limits.maxPosition, true);
  return after !== undefined && quote?.side === "sell" ? { ...check, passed: true } : check;
};

/** `deviation_bps`: the quote's price is not farther from the network's price than the limit, either way. */
export const priceDeviation: RiskLimit = (limits, { quote, reference }) => {
  const known = isRealQuote(quote) && isPositive(reference);
  const value = known ? deviationBps(quote.hbar, quote.tokens, reference) : undefined;
  return atMost("deviation_bps", value, limits.maxDeviationBps, true);
};

/** `slippage_bps`: the quote is not worse for the fund than the signal's price by more than the limit; better is negative. */
export const slippage: RiskLimit = (limits, { quote, signal }) => {
  const known = isRealQuote(quote) && isPositive(signal?.price);
  const value = known && signal !== undefined ? slippageOf(quote, signal.price) : undefined;
  return atMost("slippage_bps", value, limits.maxSlippageBps, true);
};

/** `signal_age_s`: the signal is not older than the limit, nor from the future. */
export const signalAge: RiskLimit = (limits, { now, signal }) => {
  const age = now === undefined || signal === undefined ? undefined : now - signal.at;
  const seconds = age === undefined ? undefined : divideCeil(age, NANOS_PER_SECOND);
  return atMost("signal_age_s", seconds, limits.maxSignalAgeSeconds, age !== undefined && age >= 0n);
};

/** `quote_left_s`: the quote stands at least as long as the limit asks. */
export const quoteExpiry: RiskLimit = (limits, { now, quote }) => {
  const left = now === undefined || quote === undefined ? undefined : quote.expires - now;
  return atLeast(
    "quote_left_s",
    left === undefined ? undefined : divideFloor(left, NANOS_PER_SECOND),
    limits.minQuoteSeconds,
  );
};

/** `hbar_left_tinybar`: a sale leaves the fund its floor of HBAR. A purchase always adds to it. */
export const hbarFloor: RiskLimit = (limits, { fund, quote }) => {
  const after = holdingsAfter(fund, quote);
  const check = atLeast("hbar_left_tinybar", after?.hbar, limits.minBalance);
  return after !== undefined && quote?.side === "buy" ? { ...check, passed: true } : check;
};

/** `tokens_left`: the fund has the tokens that it would pay. */
export const tokenFloor: RiskLimit = (_limits, { fund, quote }) =>
  atLeast("tokens_left", holdingsAfter(fund, quote)?.tokens, 0n);

/** Every limit, in the order of the verdict. */
export const RISK_LIMITS: readonly RiskLimit[] = [
  tradeSize,
  positionSize,
  priceDeviation,
  slippage,
  signalAge,
  quoteExpiry,
  hbarFloor,
  tokenFloor,
];

/** Judges a trade by every limit; approved only if all are passed. */
export function assess(limits: TradeLimits, inputs: RiskInputs): Assessment {
  const checks = RISK_LIMITS.map((limit) => limit(limits, inputs));
  return { approved: checks.every((check) => check.passed), checks };
}

/** What the fund holds after a swap. */
export function afterSwap(fund: Holdings, swap: { side: Side; hbar: Tinybar; tokens: TokenUnits }): Holdings {
  const sign = swap.side === "buy" ? 1n : -1n;
  return { hbar: fund.hbar + sign * swap.hbar, tokens: fund.tokens - sign * swap.tokens };
}

function holdingsAfter(fund: Holdings | undefined, quote: FirmQuote | undefined): Holdings | undefined {
  return fund !== undefined && isRealQuote(quote) ? afterSwap(fund, quote) : undefined;
}

function slippageOf(quote: FirmQuote, price: MicroUsd): bigint {
  const fair = quote.hbar * price;
  const over = quote.tokens * TINYBARS_PER_HBAR - fair;
  return divideCeil((quote.side === "buy" ? over : -over) * BPS, fair);
}

function atMost(name: string, value: bigint | undefined, limit: bigint, sound: boolean): Check {
  return verdict(name, value, `<=${limit}`, sound && value !== undefined && value <= limit);
}

function atLeast(name: string, value: bigint | undefined, limit: bigint): Check {
  return verdict(name, value, `>=${limit}`, value !== undefined && value >= limit);
}

function verdict(name: string, value: bigint | undefined, limit: string, passed: boolean): Check {
  return { name, passed, value: value === undefined ? "missing" : value.toString(), limit };
}

function isRealQuote(quote: FirmQuote | undefined): quote is FirmQuote {
  return quote !== undefined && smaller(quote.hbar, quote.tokens) > 0n;
}

function isPositive(value: bigint | undefined): value is bigint {
  return value !== undefined && value > 0n;
}
