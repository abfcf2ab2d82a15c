import type { Body } from "../entry/entry.ts";
import type { Obligation } from "../obligation.ts";
import { type RealisedRate, scoreOf } from "../score.ts";
import type { State } from "../state.ts";

/** What discharges `score`, from the rate of the hour that the forecast is about. Null if there is no such forecast. */
export function scoreForecast(
  state: State,
  obligation: Obligation,
  rate: RealisedRate,
): Body<"forecast_scored"> | null {
  const forecast = state.forecasts.get(obligation.index);
  if (forecast === undefined) return null;
  const { pinball, randomWalk, covered } = scoreOf(forecast, rate);
  const payload = {
    result: obligation.index,
    horizon_hours: forecast.horizonHours,
    hour: forecast.hour,
    cent_equivalent: Number(rate.centEquivalent),
    hbar_equivalent: Number(rate.hbarEquivalent),
    pinball_ppb: pinball,
    random_walk_ppb: randomWalk,
    covered,
  };
  return { v: 1, type: "forecast_scored", re: obligation.id, payload };
}
