/** What results and reports say of prices and of the fund. */
import type { Said, Wire } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import type { Story } from "./story.ts";

/** A price of one HBAR that a result read, in micro-USD. */
export interface Price {
  readonly at: bigint;
  readonly timestamp: string;
  readonly price: bigint;
}

/** The network's price, as results read it. */
export function referencesOf({ results }: Story): readonly Price[] {
  return results.flatMap(({ said }) => {
    const output: Wire = said.body.payload.output ?? {};
    const price = output.reference_micro_usd ?? output.last_micro_usd;
    return price === undefined ? [] : [{ at: said.at, timestamp: said.timestamp, price: BigInt(price) }];
  });
}

/** Micro-USD for one HBAR; the token is a dollar. */
export function priceOf(hbar: bigint, tokens: bigint, decimals: number): bigint {
  return (tokens * 10n ** 14n) / (hbar * 10n ** BigInt(decimals));
}

/** The price between the two sides of the desk's pool, as results read it. */
export function poolsOf({ results }: Story, decimals: number): readonly Price[] {
  return results.flatMap(({ said }) => {
    const pool = said.body.payload.output?.pool;
    if (pool === undefined) return [];
    const price = priceOf(BigInt(pool.hbar), BigInt(pool.tokens), decimals);
    return [{ at: said.at, timestamp: said.timestamp, price }];
  });
}

/** What the fund held when a result read it. */
export interface Held {
  readonly said: Said;
  readonly hbar: bigint;
  readonly tokens: bigint;
}

/** Every reading of the fund. */
export function inventoryOf({ results }: Story): readonly Held[] {
  return results.flatMap(({ said }) => {
    const { hbar, tokens, reference_micro_usd } = said.body.payload.output ?? {};
    if (hbar === undefined || tokens === undefined || reference_micro_usd === undefined) return [];
    return [{ said, hbar: BigInt(hbar), tokens: BigInt(tokens) }];
  });
}

/** The fund's reports of profit and loss, oldest first. */
export function reportsOf({ vitals, story }: Moment): readonly Said[] {
  const accounts = Object.values(story.manifest.roles.defi ?? {});
  return vitals.filter(({ body, payer }) => body?.type === "pnl_report" && accounts.includes(payer));
}

/** Hundredths of a percent below the most that the fund was worth, by its reports; null without one. */
export function drawdownOf(moment: Moment): bigint | null {
  const worth = ({ hbar, tokens, price }: Wire) =>
    (BigInt(hbar) * BigInt(price)) / 100_000_000n + BigInt(tokens);
  const reports = reportsOf(moment).map(({ body }) => body.payload);
  const now = reports.at(-1);
  if (now === undefined) return null;
  const seen = reports.flatMap(({ opening, closing }) => [worth(opening), worth(closing)]);
  const [best = 0n] = seen.toSorted((a, b) => (a < b ? 1 : -1));
  return best === 0n ? 0n : ((best - worth(now.closing)) * 10_000n) / best;
}
