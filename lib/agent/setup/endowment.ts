import { TINYBARS_PER_HBAR, type Tinybar, type TokenUnits } from "../../hedera/amount.ts";
import type { NetworkName } from "../../hedera/network.ts";

/** What a new festival's accounts are given, and what bounds its spending. */
export interface Endowment {
  /** tinybars */
  readonly owner: Tinybar;
  readonly coordinator: Tinybar;
  readonly worker: Tinybar;
  readonly desk: Tinybar;
  readonly fund: Tinybar;
  /** The desk's pool; it gets as many tokens as make its price the network's rate when it opens. */
  readonly pool: Tinybar;
  /** Payment tokens that the coordinator pays from. */
  readonly budget: TokenUnits;
  /** Most that the rewards of an edition may come to, in payment tokens. */
  readonly maxEdition: TokenUnits;
  /** Test stablecoin, six decimals. */
  readonly fundTokens: TokenUnits;
  readonly heartbeatSeconds: number;
  /** After how long without a renewal the network announces an agent as lost; a renewal costs USD 0.011. */
  readonly lostSeconds: number;
  readonly leaseSeconds: number;
  /** Largest trade and position, in tinybars. */
  readonly maxTrade: Tinybar;
  readonly maxPosition: Tinybar;
  /** Most that is traded in a day, in test stablecoin. */
  readonly maxDailyVolume: TokenUnits;
  /** How long a trade's other parties may have been silent. */
  readonly maxSilenceSeconds: number;
  /** What the noise trader has of both, where there is one. */
  readonly noise: Tinybar;
  readonly noiseTokens: TokenUnits;
}

const hbar = (whole: number): Tinybar => BigInt(whole) * TINYBARS_PER_HBAR;
const dollars = (whole: number): TokenUnits => BigInt(whole) * 1_000_000n;

const DEVNET: Endowment = {
  owner: hbar(1_000),
  coordinator: hbar(10_000),
  worker: hbar(5_000),
  desk: hbar(5_000),
  fund: hbar(5_000),
  pool: hbar(100_000),
  budget: 1_000_000n,
  maxEdition: 1_000_000n,
  fundTokens: dollars(1_000),
  heartbeatSeconds: 5,
  lostSeconds: 60,
  leaseSeconds: 120,
  maxTrade: hbar(2_500),
  maxPosition: hbar(20_000),
  maxDailyVolume: dollars(1_000_000),
  maxSilenceSeconds: 60,
  noise: hbar(100_000),
  noiseTokens: dollars(20_000),
};

/** Three missed heartbeats are noticed within 5 minutes, and four idle agents cost less than a dollar a day. */
const PUBLIC: Endowment = {
  owner: hbar(60),
  coordinator: hbar(60),
  worker: hbar(20),
  desk: hbar(20),
  fund: hbar(10),
  pool: hbar(200),
  budget: 1_000_000n,
  maxEdition: 1_000_000n,
  fundTokens: dollars(2),
  heartbeatSeconds: 99,
  lostSeconds: 86_400,
  leaseSeconds: 180,
  maxTrade: hbar(20),
  maxPosition: hbar(50),
  maxDailyVolume: dollars(100),
  maxSilenceSeconds: 300,
  noise: 0n,
  noiseTokens: 0n,
};

/** Plenty on devnet, where HBAR is free; little elsewhere. */
export function endowmentFor(network: NetworkName): Endowment {
  return network === "devnet" ? DEVNET : PUBLIC;
}
