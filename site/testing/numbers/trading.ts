import { axisOf, placeOn } from "./chart.ts";
import { tokensText } from "./entry-words.ts";
import type { Wire } from "./ledger.ts";
import { inventoryOf, type Price, poolsOf, priceOf, referencesOf, reportsOf } from "./market.ts";
import type { Moment } from "./moment.ts";
import { entryTitle, links, type Place, texts, values } from "./place.ts";
import type { Trade } from "./story.ts";
import { amountText, bpsText, clockText, hbarText, manyText, usdText, utcText } from "./wording.ts";

/** The fund: its prices on a chart, its figures, its trades. */
export function tradingPlaces(moment: Moment): readonly Place[] {
  const { story, ledger } = moment;
  const { market } = story.manifest;
  if (market === undefined) return [];
  const decimals = ledger.market?.decimals ?? 0;
  const rows = story.trades.toReversed();
  const held = inventoryOf(story).at(-1);
  return [
    ...links("fest-trades", ".aside a", market.fund),
    ...(held === undefined ? [] : figuresPlaces(moment)),
    texts("fest-trades", "td:first-child button", ...rows.map(({ last }) => clockText(last.timestamp))),
    values(
      "fest-trades",
      "td:first-child button",
      "title",
      ...rows.map(({ asked }) => entryTitle(asked.sequence)),
    ),
    texts("fest-trades", "td:nth-child(2)", ...rows.map(({ side, hbar }) => `${side} ${hbarText(hbar)}`)),
    values("fest-trades", "td:nth-child(2)", "title", ...rows.map(({ hbar }) => `${amountText(hbar, 8)} ℏ`)),
    texts(
      "fest-trades",
      "td:nth-child(3)",
      ...rows.map(({ tokens }) => (tokens === 0n ? "–" : amountText(tokens, decimals))),
    ),
    texts(
      "fest-trades",
      "td:nth-child(4)",
      ...rows.map(({ hbar, tokens }) =>
        tokens === 0n ? "–" : amountText(priceOf(hbar, tokens, decimals), 6),
      ),
    ),
    texts("fest-trades", "td:nth-child(5)", ...rows.map(outcomeText)),
    values(
      "fest-trades",
      "td:nth-child(5) a",
      "title",
      ...rows.flatMap(({ transaction, schedule }) =>
        transaction !== null ? [transaction] : schedule !== null ? [`${schedule} on the mirror node`] : [],
      ),
    ),
  ];
}

function outcomeText({ stage, schedule, transaction, reason }: Trade): string {
  const lookedUp = transaction === null ? (schedule ?? "") : "found";
  return [stage, lookedUp, reason ?? ""].filter((part) => part !== "").join(" ");
}

function figuresPlaces(moment: Moment): readonly Place[] {
  const { story, ledger } = moment;
  const held = inventoryOf(story).at(-1);
  const report = reportsOf(moment).at(-1);
  const figures: Readonly<Record<string, string>> = {
    Inventory: `${hbarText(held?.hbar ?? 0n)} ℏ, ${tokensText(held?.tokens ?? 0n, ledger.market)}`,
    ...(report === undefined ? byEditions(moment) : reported(report.body.payload)),
  };
  const since = report?.body.payload;
  return [
    texts("fest-trades", "dl dt", ...Object.keys(figures)),
    texts("fest-trades", "dl dd", ...Object.values(figures)),
    values(
      "fest-trades",
      '[data-figure="Profit and loss"]',
      "title",
      report === undefined
        ? "the sum of the editions' own accounts"
        : `from ${utcText(since.from)} to ${utcText(since.to)}, message ${report.sequence} of the vitals topic`,
    ),
    ...pricesPlaces(moment),
  ];
}

function reported(said: Wire): Readonly<Record<string, string>> {
  return {
    "Profit and loss": `${usdText(said.net)} USD`,
    "Realised, unrealised": `${usdText(said.realised)}, ${usdText(said.unrealised)} USD`,
    "Venue's fees, network's": `${usdText(said.venue_fees)} USD, ${hbarText(said.network_fees)} ℏ`,
    "By trading alone": `${usdText(said.trading)} USD`,
    "Desk's mirror image": `${usdText(said.desk)} USD`,
    Untouched: `${usdText(said.holding)} USD`,
    "Sold at a gain": said.sales === 0 ? "no sale yet" : `${said.wins} of ${manyText(said.sales, "sale")}`,
    "Greatest drawdown": bpsText(said.max_drawdown_bps),
    "Pays for itself": said.is_self_sustaining ? "yes" : "no",
  };
}

function byEditions({ story, ledger }: Moment): Readonly<Record<string, string>> {
  const profits: readonly Wire[] = story.results
    .map(({ said }) => said.body.payload.output)
    .filter((output) => output?.net_micro_usd !== undefined);
  const sum = (part: string) => usdText(profits.reduce((total, one) => total + BigInt(one[part]), 0n));
  let [hbar, tokens] = [0n, 0n];
  for (const trade of story.trades.filter(({ stage }) => stage === "settled")) {
    const sign = trade.side === "buy" ? 1n : -1n;
    hbar -= sign * trade.hbar;
    tokens += sign * trade.tokens;
  }
  return {
    "Profit and loss": `${sum("net_micro_usd")} USD`,
    "Realised, unrealised": `${sum("realised_micro_usd")}, ${sum("unrealised_micro_usd")} USD`,
    "Fees in the price": `${sum("venue_fees_micro_usd")} USD`,
    "Desk's mirror image": `${hbarText(hbar)} ℏ, ${tokensText(tokens, ledger.market)}`,
  };
}

const WIDTH = 600;
const HEIGHT = 110;

/** The chart of prices: what it says, and where its lines and marks stand on its axes. */
function pricesPlaces({ story, ledger }: Moment): readonly Place[] {
  const decimals = ledger.market?.decimals ?? 0;
  const references = referencesOf(story);
  const pools = poolsOf(story, decimals);
  const marks: readonly Price[] = story.trades
    .filter(({ stage }) => stage === "settled")
    .map(({ last, hbar, tokens }) => ({
      at: last.at,
      timestamp: last.timestamp,
      price: priceOf(hbar, tokens, decimals),
    }));
  const [first, last, desk] = [references[0], references.at(-1), pools.at(-1)];
  if (first === undefined || last === undefined) return [];
  const all = [...references, ...pools, ...marks];
  const times = axisOf(all.map(({ at }) => at));
  const prices = axisOf(all.map(({ price }) => price));
  const x = ({ at }: Price) => placeOn(times, at, WIDTH);
  const y = ({ price }: Price) => HEIGHT - placeOn(prices, price, HEIGHT);
  const line = (some: readonly Price[]) => some.map((one) => `${x(one)},${y(one)}`).join(" ");
  const shown = desk === undefined ? "" : `, desk ${amountText(desk.price, 6)}`;
  return [
    values(
      "fest-prices",
      "svg",
      "aria-label",
      `Reference price from ${amountText(first.price, 6)} to ${amountText(last.price, 6)} USD, ${manyText(marks.length, "trade")}`,
    ),
    texts(
      "fest-prices",
      "p > span",
      clockText(first.timestamp),
      `reference ${amountText(last.price, 6)}${shown} USD; bars are trades`,
      clockText(last.timestamp),
    ),
    values("fest-prices", "polyline", "points", line(references), line(pools)),
    values("fest-prices", "rect", "x", ...marks.map((one) => String(x(one) - 3))),
    values("fest-prices", "rect", "y", ...marks.map((one) => String(y(one) - 5))),
  ];
}
