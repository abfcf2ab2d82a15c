import { parseUnits } from "../../../hedera/amount.ts";

/** An amount in tinycents: 1 US dollar is 10,000,000,000 tinycents. */
export type Tinycent = bigint;

/** US dollars, as the fee schedule is written, in tinycents. */
function usd(amount: string): Tinycent {
  return parseUnits(amount, 10);
}

/** A fee for each of something above an included number. */
export interface ExtraFee {
  readonly included: bigint;
  readonly each: Tinycent;
}

/** The service fee of a transaction type: a base and its extras. */
export interface ServiceFee {
  readonly base: Tinycent;
  readonly keys?: ExtraFee;
  readonly accounts?: ExtraFee;
  readonly tokenTypes?: ExtraFee;
  readonly messageBytes?: ExtraFee;
  readonly tokens?: ExtraFee;
  /** Once, where a transfer moves tokens. */
  readonly tokenTransfer?: Tinycent;
}

/**
 * The fees of HIP-1261 ("simple fees"), as the consensus node's line 0.73 to
 * 0.76 and docs.hedera.com have them; on a public network the schedule is
 * system file 0.0.113.
 */
export const FEE_SCHEDULE = {
  node: {
    base: usd("0.00001"),
    signatures: { included: 1n, each: usd("0.00001") },
    bytes: { included: 1_350n, each: usd("0.000001") },
  },
  /** The network fee is this many times the node fee. */
  networkMultiplier: 9n,
  /** Every query that costs something. */
  query: usd("0.0001"),
  service: {
    cryptoCreateAccount: { base: usd("0.0499"), keys: { included: 1n, each: usd("0.01") } },
    cryptoUpdateAccount: { base: usd("0.00012"), keys: { included: 1n, each: usd("0.01") } },
    cryptoDelete: { base: usd("0.0049") },
    cryptoTransfer: {
      base: 0n,
      tokenTransfer: usd("0.0009"),
      accounts: { included: 2n, each: usd("0.0001") },
      tokenTypes: { included: 1n, each: usd("0.0001") },
    },
    consensusCreateTopic: { base: usd("0.0099"), keys: { included: 0n, each: usd("0.01") } },
    consensusUpdateTopic: { base: usd("0.00012"), keys: { included: 1n, each: usd("0.01") } },
    consensusDeleteTopic: { base: usd("0.0049") },
    consensusSubmitMessage: {
      base: usd("0.00007"),
      messageBytes: { included: 100n, each: usd("0.00000068") },
    },
    tokenCreation: { base: usd("0.9999"), keys: { included: 1n, each: usd("0.01") } },
    tokenUpdate: { base: usd("0.0009"), keys: { included: 1n, each: usd("0.01") } },
    tokenDeletion: { base: usd("0.0009") },
    tokenMint: { base: usd("0.0009") },
    tokenBurn: { base: usd("0.0009") },
    tokenAssociate: { base: usd("0.0499"), tokens: { included: 1n, each: usd("0.05") } },
    tokenDissociate: { base: usd("0.0499") },
    scheduleCreate: { base: usd("0.0099"), keys: { included: 1n, each: usd("0.01") } },
    scheduleSign: { base: usd("0.0009") },
    scheduleDelete: { base: usd("0.0009") },
    atomicBatch: { base: usd("0.0009") },
  },
} as const satisfies {
  readonly node: { readonly base: Tinycent; readonly signatures: ExtraFee; readonly bytes: ExtraFee };
  readonly networkMultiplier: bigint;
  readonly query: Tinycent;
  readonly service: Readonly<Record<string, ServiceFee>>;
};
