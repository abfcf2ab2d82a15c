import { axisOf, placeOn } from "./chart.ts";
import { type Forecast, priceIn } from "./forecast.ts";
import { referencesOf } from "./market.ts";
import type { Moment } from "./moment.ts";
import { type Place, texts, values } from "./place.ts";
import { amountText, secondsText } from "./wording.ts";

const WIDTH = 600;
const HEIGHT = 130;
/** How wide a bar is. */
const BAR = 10;

/** The drawing of forecasts against what happened: what it says, and where it stands on its axes. */
export function fanPlaces({ story }: Moment, forecasts: readonly Forecast[]): readonly Place[] {
  const [first, last] = [forecasts[0], forecasts.at(-1)];
  if (first === undefined || last === undefined) return [];
  const scored = forecasts.flatMap(({ score }) =>
    score === null ? [] : [{ at: BigInt(score.hour) * 1_000_000_000n, price: priceIn(score) }],
  );
  const read = referencesOf(story).filter(({ at }) => at >= first.result.said.at);
  const line = [...read, ...scored].toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const said = (part: string) => forecasts.map(({ output }) => BigInt(output[`${part}_micro_usd`]));
  const times = axisOf([
    ...line.map(({ at }) => at),
    ...forecasts.flatMap(({ result, until }) => [result.said.at, until]),
  ]);
  const prices = axisOf([...line.map(({ price }) => price), ...said("q10"), ...said("q90"), ...said("last")]);
  const x = (at: bigint) => placeOn(times, at, WIDTH);
  const y = (price: bigint | string) => HEIGHT - placeOn(prices, BigInt(price), HEIGHT);
  const bars = forecasts.map(({ output, until }) => ({
    x: x(until) - BAR / 2,
    y: y(output.q90_micro_usd),
    height: Math.max(1, y(output.q10_micro_usd) - y(output.q90_micro_usd)),
  }));
  const farthest = forecasts.map(({ until }) => until).toSorted((a, b) => (a < b ? 1 : -1))[0] ?? 0n;
  const ahead = (farthest - last.result.said.at) / 1_000_000_000n;
  return [
    values("fest-fan", "svg", "aria-label", forecasts.slice(-6).map(saidText).join("; ")),
    texts(
      "fest-fan",
      "p > span",
      `from ${amountText(last.output.last_micro_usd, 6)} USD`,
      "bar: 80% range; line: the price",
      `${secondsText(ahead)} ahead`,
    ),
    values("fest-fan", ".price", "points", line.map(({ at, price }) => `${x(at)},${y(price)}`).join(" ")),
    values("fest-fan", ".range", "x", ...bars.map((bar) => String(bar.x))),
    values("fest-fan", ".range", "y", ...bars.map((bar) => String(bar.y))),
    values("fest-fan", ".range", "height", ...bars.map((bar) => String(bar.height))),
    values("fest-fan", ".actual", "x", ...scored.map(({ at }) => String(x(at) - 3))),
    values("fest-fan", ".actual", "y", ...scored.map(({ price }) => String(y(price) - 2))),
  ];
}

function saidText({ output, score }: Forecast): string {
  const usd = (micro: string | bigint) => amountText(micro, 6);
  const range = `in ${output.horizon_hours} h between ${usd(output.q10_micro_usd)} and ${usd(output.q90_micro_usd)} USD`;
  return score === null ? range : `${range}, it was ${usd(priceIn(score))}`;
}
