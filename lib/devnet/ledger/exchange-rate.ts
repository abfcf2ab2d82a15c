/**
 * What HBAR is worth in US cents, as the network's exchange-rate file (system
 * file 0.0.112) says it: `hbarEquivalent` HBAR are worth `centEquivalent`
 * cents. All three are whole numbers.
 */
export interface ExchangeRate {
  readonly hbarEquivalent: number;
  readonly centEquivalent: number;
  /** Until when the rate holds, in whole seconds since 1970. */
  readonly expirationSeconds: number;
}
