import { type Evaluation, evaluate, skill } from "./evaluate.ts";
import { modelWidth, randomWalkWidth, walkForward } from "./forecast.ts";
import { MAX_HOURS, type RateSeries } from "./rate-series.ts";

/** The model and the random walk on the same hours. */
export interface Measurement {
  readonly horizonHours: number;
  readonly model: Evaluation;
  readonly randomWalk: Evaluation;
  /** 1 - the model's pinball loss over the random walk's. */
  readonly skill: number;
}

/**
 * Measures the forecast on a long series, as an agent would have made it: each
 * hour from index `from` on is forecast once, from the 168 rates that end
 * `horizonHours` before it.
 *
 * @throws FestError `FORECAST_IMPOSSIBLE` if `from` leaves too little before it
 */
export function measureForecast(
  series: RateSeries,
  { horizonHours, from }: { horizonHours: number; from: number },
): Measurement {
  const walk = { horizonHours, windowHours: MAX_HOURS, from };
  const model = evaluate(walkForward(series, { ...walk, width: modelWidth }));
  const randomWalk = evaluate(walkForward(series, { ...walk, width: randomWalkWidth }));
  return { horizonHours, model, randomWalk, skill: skill(model.pinball, randomWalk.pinball) };
}
