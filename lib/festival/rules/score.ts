import { NANOS_PER_SECOND, timestampOf } from "../../hedera/timestamp.ts";
import { type Draft, refuse } from "../draft.ts";
import type { Entry } from "../entry/entry.ts";
import { coordinatorOf } from "../roles.ts";
import { forecastOf, isSameForecast, scoreOf, tallied, tallyName } from "../score.ts";
import type { Task } from "../state.ts";

/** The kind of task whose results are scored. */
const FORECAST = "forecast";
/** By then a mirror node has the rate of the hour that has begun. */
const SETTLED_SECONDS = 60;

/**
 * Owes the score of a forecast that was paid, for when the hour that it is about
 * has begun. What was said when that hour was already there is no forecast, and
 * what other results said word for word is scored once: the network's rate
 * changes once an hour, editions come more often.
 */
export function openScore(draft: Draft, task: Task): void {
  const { result } = task;
  const said = task.spec.kind === FORECAST && result !== null ? forecastOf(result.payload.output) : null;
  if (said === null || result === null || result.timestamp >= timestampOf(said.hour)) return;
  const { forecasts } = draft.state;
  for (const [sequence, open] of forecasts) {
    if (!isSameForecast(open, said)) continue;
    draft.change({ forecasts: new Map([...forecasts, [sequence, { ...open, results: open.results + 1 }]]) });
    return;
  }
  const coordinator = coordinatorOf(draft.state) ?? refuse("there is no coordinator");
  const wait = timestampOf(said.hour + SETTLED_SECONDS) - draft.stamp.timestamp;
  const delaySeconds = wait <= 0n ? 0 : Number((wait + NANOS_PER_SECOND - 1n) / NANOS_PER_SECOND);
  draft.change({ forecasts: new Map([...forecasts, [result.sequence, said]]) });
  draft.open("score", coordinator, { index: result.sequence, delaySeconds });
}

/** A forecast's score, if it is what the rate comes to; the rate itself anyone can look up. */
export function forecastScored(draft: Draft, entry: Entry<"forecast_scored">): void {
  const { index } = draft.discharge(entry, ["score"]);
  const { payload } = entry.body;
  const forecast = draft.state.forecasts.get(index) ?? refuse(`there is no forecast ${index}`);
  const about =
    payload.result === index &&
    payload.hour === forecast.hour &&
    payload.horizon_hours === forecast.horizonHours;
  if (!about) refuse(`it is not about the forecast of entry ${index}`);
  const rate = {
    centEquivalent: BigInt(payload.cent_equivalent),
    hbarEquivalent: BigInt(payload.hbar_equivalent),
  };
  const score = scoreOf(forecast, rate);
  const same =
    payload.pinball_ppb === score.pinball &&
    payload.random_walk_ppb === score.randomWalk &&
    payload.covered === score.covered;
  if (!same) refuse("its figures are not what the rate comes to");
  const { forecasts, scores } = draft.state;
  const name = tallyName(forecast);
  draft.change({
    forecasts: new Map([...forecasts].filter(([sequence]) => sequence !== index)),
    scores: new Map([...scores, [name, tallied(scores.get(name), forecast, score)]]),
  });
}
