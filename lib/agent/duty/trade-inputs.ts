import { sizeOutput } from "../../inference/kinds/size.ts";
import type { RiskInputs } from "../../market/risk.ts";
import type { Duty } from "../duty.ts";
import { usedOutput, usedTask } from "../work/context.ts";
import { priceAt } from "../work/rates.ts";
import type { QuotedTrade } from "./terms.ts";

/**
 * What the risk limits look at before a trade: the fund, the quote, the signal
 * behind it, the network's price. What cannot be read is left out, and fails.
 */
export async function tradeInputs(
  duty: Duty,
  { task, trade, terms, expires }: QuotedTrade,
): Promise<RiskInputs> {
  const { mirror, state, signal } = duty;
  const now = duty.now();
  const context = { state, task, mirror, signal };
  const balance = await mirror.balance(terms.fund);
  const fund = balance && {
    hbar: balance.hbar,
    tokens: balance.tokens.find(({ token }) => token === terms.token)?.balance ?? 0n,
  };
  const { side, hbar, tokens } = trade;
  return {
    now,
    ...(fund === null ? {} : { fund }),
    quote: { side, hbar, tokens, expires },
    signal: {
      price: usedOutput(context, "size", sizeOutput).reference_micro_usd,
      at: usedTask(context, "size").result?.timestamp ?? 0n,
    },
    reference: await priceAt(mirror, now),
  };
}
