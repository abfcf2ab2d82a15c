import { TINYBARS_PER_HBAR, type Tinybar } from "../../hedera/amount.ts";
import { FestError } from "../../hedera/error.ts";
import type { ExchangeRate } from "../../mirror/network.ts";
import { rateAt } from "../../mirror/network.ts";
import type { Endowment } from "./endowment.ts";
import { mirrorOf, type SetupOptions } from "./options.ts";

/** What set-up costs, in tinybars. */
export interface Price {
  /** What the accounts are given; teardown returns what is left of it. */
  readonly endowments: Tinybar;
  /** Fees that the operator pays, at most. */
  readonly operatorFees: Tinybar;
  /** Fees that the owner pays out of its endowment, at most. */
  readonly ownerFees: Tinybar;
  /** What the owner's account is given: what it keeps, and its fees. */
  readonly owner: Tinybar;
  /** What the operator's account needs. */
  readonly total: Tinybar;
}

/** In thousandths of a US cent (10^-5 USD): HIP-1261's fees, with every key that ours have. */
const FEE = { account: 7_000n, token: 102_000n, topic: 8_000n, association: 5_100n, transfer: 200n } as const;
const PER_CENT = 1_000n;
/** For a rate that falls between question and payment, in hundredths. */
const MARGIN = 125n;

/**
 * The price of a set-up at a rate: parties, fund and pool; two tokens, log and
 * vitals; associations, endowments of tokens, the manifest.
 */
export function priceOf(endowment: Endowment, rate: ExchangeRate, noise: boolean): Price {
  const more = noise ? 1n : 0n;
  const operatorFees = feeIn(rate, FEE.account * (7n + more));
  const ownerFees = feeIn(
    rate,
    FEE.token * 2n + FEE.topic * 2n + FEE.association * (6n + more) + FEE.transfer * (6n + 2n * more),
  );
  const { coordinator, worker, desk, fund, pool } = endowment;
  const owner = endowment.owner + ownerFees;
  const endowments = owner + coordinator + worker * 2n + desk + fund + pool + endowment.noise * more;
  return { endowments, operatorFees, ownerFees, owner, total: endowments + operatorFees };
}

function feeIn({ centEquivalent, hbarEquivalent }: ExchangeRate, milliCents: bigint): Tinybar {
  const tinybars = milliCents * hbarEquivalent * TINYBARS_PER_HBAR * MARGIN;
  const divisor = centEquivalent * PER_CENT * 100n;
  return (tinybars + divisor - 1n) / divisor;
}

/**
 * What a set-up will cost at the network's present rate; nothing is spent yet.
 *
 * @throws MirrorError; FestError `RATE_UNKNOWN`
 */
export async function priceNow(
  options: Pick<SetupOptions, "operator" | "endowment" | "noise">,
): Promise<Price> {
  const rates = await mirrorOf(options).exchangeRates();
  if (rates === null) throw new FestError("RATE_UNKNOWN", "the mirror node has no exchange rate");
  return priceOf(
    options.endowment,
    rateAt(rates, options.operator.session.clock.now()),
    options.noise !== undefined,
  );
}
