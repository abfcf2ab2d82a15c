import { FestError } from "../../hedera/error.ts";
import { transferLegs } from "../../ledger/accounts.ts";
import type { Ledger } from "../../ledger/client.ts";
import { transferToken } from "../../ledger/tokens.ts";
import { DESK_FEE_BPS } from "../../market/desk.ts";
import { noiseTrade } from "../../market/noise.ts";
import { poolAt } from "../../market/pool.ts";
import { hbarValue, priceOfRate } from "../../market/price.ts";
import { swapLegs } from "../../market/swap.ts";
import { noiseMemo } from "../noise-trader.ts";
import { type Festival, mirrorOf, POOL_KEEPER, type SetupOptions } from "./options.ts";
import { step } from "./step.ts";

/**
 * Gives the pool the tokens that make its price the network's rate of now, and
 * lets the noise trader, where there is one, make its first trade.
 */
export async function openPool(options: SetupOptions, owner: Ledger, festival: Festival): Promise<void> {
  const { deployment, endowment, noise } = options;
  const { accounts, stablecoin: token } = festival;
  const signers = [deployment.keyOf(POOL_KEEPER)];
  const mirror = mirrorOf(options);
  const price = async () => {
    const rates = await mirror.exchangeRates();
    if (rates === null) throw new FestError("RATE_UNKNOWN", "the mirror node has no exchange rate");
    return priceOfRate(Number(rates.current.centEquivalent), Number(rates.current.hbarEquivalent));
  };
  await step(options, owner, "open the pool", "open the desk's pool at the network's rate", async (under) => {
    const amount = hbarValue(endowment.pool, await price());
    await transferToken(owner, { token, to: accounts.pool, amount, signers }, under);
  });
  if (noise === undefined || festival.noise === null) return;
  const trader = festival.noise;
  await step(options, owner, "noise 0", "let the noise trader make its first trade", async (under) => {
    const reference = await price();
    const pool = poolAt(reference, endowment.pool, DESK_FEE_BPS);
    const holdings = { hbar: endowment.noise, tokens: endowment.noiseTokens };
    const swap = noiseTrade(noise, 0, { pool, reference, holdings });
    if (swap === null) return;
    const { side, hbar, tokens } = swap;
    const legs = swapLegs({ side, hbar, tokens, fund: trader, desk: accounts.pool, token });
    await transferLegs(owner, { ...legs, memo: noiseMemo(0, noise.seed), signers }, under);
  });
}
