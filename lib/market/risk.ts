/**
 * The risk limits of a trade, each a pure function with its verdict. They fail
 * closed: a limit whose input is missing is not passed.
 */
import { TINYBARS_PER_HBAR, type Tinybar, type TokenUnits } from "../hedera/amount.ts";
import { NANOS_PER_SECOND, type Timestamp } from "../hedera/timestamp.ts";
import { TRADE_COST, type TradeLimits } from "./limits.ts";
import { BPS, deviationBps, hbarValue, type MicroUsd } from "./price.ts";
import { divideCeil, divideFloor, smaller } from "./rounding.ts";
import type { Side, SwapAmounts } from "./swap.ts";

/** A firm price: the fund may `side` exactly `hbar` for exactly `tokens` until `expires`. */
export interface FirmQuote extends SwapAmounts {
  readonly expires: Timestamp;
}

/** What the fund holds. */
export interface Holdings {
  readonly hbar: Tinybar;
  readonly tokens: TokenUnits;
}

/** What made the fund want to trade: which way, the price it saw, and when that reached consensus. */
export interface Signal {
  readonly side: Side | "hold";
  readonly price: MicroUsd;
  readonly at: Timestamp;
}

/** The forecast that the signal rests on, in micro-USD a HBAR. */
export interface PriceForecast {
  /** The price that it started from. */
  readonly last: MicroUsd;
  readonly q10: MicroUsd;
  readonly q50: MicroUsd;
  readonly q90: MicroUsd;
}

/** How wide the 80% interval is, in basis points of the median, rounded up: less is more confident. `q50` must be positive. */
export function forecastSpread({ q10, q50, q90 }: PriceForecast): bigint {
  return divideCeil((q90 - q10) * BPS, q50);
}

/** What the limits look at. What couldn't be read is absent, and fails the limits that need it. */
export interface RiskInputs {
  /** Consensus time of the judgement. */
  readonly now?: Timestamp | undefined;
  /** Holdings before the trade. */
  readonly fund?: Holdings | undefined;
  readonly quote?: FirmQuote | undefined;
  readonly signal?: Signal | undefined;
  /** The network's price of one HBAR now, and when the network set it. */
  readonly reference?: MicroUsd | undefined;
  readonly rateSet?: Timestamp | undefined;
  /** How wide the forecast's 80% interval is, in basis points of its median. */
  readonly spreadBps?: bigint | undefined;
  /** What the fund traded within the last 24 hours, in micro-USD. */
  readonly dailyVolume?: MicroUsd | undefined;
  /** The largest fall of what trading gained since the owner last spoke, in basis points of the fund's value. */
  readonly drawdownBps?: bigint | undefined;
  /** When the one of the other parties that has been silent longest was last heard. */
  readonly heard?: Timestamp | undefined;
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

/** `hold`: the signal asks for this very side. A hold asks for none. */
export const signalHolds: RiskLimit = (_limits, { signal, quote }) => ({
  name: "hold",
  passed: signal !== undefined && signal.side === quote?.side,
  value: signal?.side ?? "missing",
  limit: quote?.side ?? "missing",
});

/** `spread_bps`: the forecast's 80% interval is not wider than the limit. */
export const confidence: RiskLimit = (limits, { spreadBps }) =>
  atMost("spread_bps", spreadBps, limits.maxSpreadBps, spreadBps !== undefined && spreadBps >= 0n);

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
const priceDeviation: RiskLimit = (limits, { quote, reference }) => {
  const known = isRealQuote(quote) && isPositive(reference);
  const value = known ? deviationBps(quote.hbar, quote.tokens, reference) : undefined;
  return atMost("deviation_bps", value, limits.maxDeviationBps, true);
};

/** `slippage_bps`: the quote is not worse for the fund than the signal's price by more than the limit; better is negative. */
const slippage: RiskLimit = (limits, { quote, signal }) => {
  const known = isRealQuote(quote) && isPositive(signal?.price);
  const value = known && signal !== undefined ? slippageOf(quote, signal.price) : undefined;
  return atMost("slippage_bps", value, limits.maxSlippageBps, true);
};

/** `edge_bps`: at the network's price the trade gains at least so much of its value, after the venue's fee and the network's. */
export const edge: RiskLimit = (limits, { quote, reference }) => {
  const value = isRealQuote(quote) && isPositive(reference) ? hbarValue(quote.hbar, reference) : undefined;
  const known = isPositive(value) && quote !== undefined;
  const sign = quote?.side === "buy" ? 1n : -1n;
  const gain = known ? divideFloor((sign * (value - quote.tokens) - TRADE_COST) * BPS, value) : undefined;
  return atLeast("edge_bps", gain, limits.minEdgeBps);
};

/** `signal_age_s`: the signal is not older than the limit, nor from the future. */
export const signalAge: RiskLimit = (limits, { now, signal }) => {
  const seconds = ageOf(now, signal?.at);
  return atMost("signal_age_s", seconds, limits.maxSignalAgeSeconds, !isFuture(now, signal?.at));
};

/** `rate_age_s`: the network set its rate no longer ago than the limit, and not in the future. */
const rateAge: RiskLimit = (limits, { now, rateSet }) => {
  const seconds = ageOf(now, rateSet);
  return atMost("rate_age_s", seconds, limits.maxRateAgeSeconds, !isFuture(now, rateSet));
};

/** `silence_s`: no other party of the trade has been silent for longer than the limit. */
export const liveness: RiskLimit = (limits, { now, heard }) =>
  atMost("silence_s", ageOf(now, heard), limits.maxSilenceSeconds, true);

/** `volume_micro_usd`: with this trade, the fund trades no more within 24 hours than the limit. */
export const dailyVolume: RiskLimit = (limits, { dailyVolume: before, quote }) => {
  const volume = before !== undefined && isRealQuote(quote) ? before + quote.tokens : undefined;
  return atMost("volume_micro_usd", volume, limits.maxDailyVolume, true);
};

/** `drawdown_bps`: what trading gained has not fallen from its peak by more than the limit since the owner last spoke. */
export const drawdown: RiskLimit = (limits, { drawdownBps }) =>
  atMost("drawdown_bps", drawdownBps, limits.maxDrawdownBps, true);

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
  signalHolds,
  confidence,
  tradeSize,
  positionSize,
  priceDeviation,
  slippage,
  edge,
  signalAge,
  rateAge,
  quoteExpiry,
  dailyVolume,
  drawdown,
  liveness,
  hbarFloor,
  tokenFloor,
];

/** Judges a trade by every limit; approved only if all are passed. */
export function assess(limits: TradeLimits, inputs: RiskInputs): Assessment {
  const checks = RISK_LIMITS.map((limit) => limit(limits, inputs));
  return { approved: checks.every((check) => check.passed), checks };
}

/** What the fund holds after a swap. */
export function afterSwap(fund: Holdings, swap: SwapAmounts): Holdings {
  const sign = swap.side === "buy" ? 1n : -1n;
  return { hbar: fund.hbar + sign * swap.hbar, tokens: fund.tokens - sign * swap.tokens };
}

function isFuture(now: Timestamp | undefined, at: Timestamp | undefined): boolean {
  return now !== undefined && at !== undefined && at > now;
}

function ageOf(now: Timestamp | undefined, at: Timestamp | undefined): bigint | undefined {
  return now === undefined || at === undefined ? undefined : divideCeil(now - at, NANOS_PER_SECOND);
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
