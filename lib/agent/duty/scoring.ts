import { scoreForecast } from "../../festival/decision/scoring.ts";
import { timestampOf } from "../../hedera/timestamp.ts";
import { exchangeRateHistory } from "../../mirror/exchange-rate-history.ts";
import type { Performers } from "../duty.ts";

/** Scores forecasts by the network's rate of the hour that they were about, read as `gather` reads it. */
export const scoring: Performers = {
  score: async (duty) => {
    const { state, obligation, mirror, signal } = duty;
    const forecast = state.forecasts.get(obligation.index);
    if (forecast === undefined) return { kind: "wait", reason: "there is no such forecast" };
    const until = timestampOf(forecast.hour);
    const [rate] = await duty.once("rate", () => exchangeRateHistory(mirror, { until, hours: 1, signal }));
    if (rate === undefined) return { kind: "wait", reason: "the mirror node has no rate from then" };
    return duty.sayOrWait(scoreForecast(state, obligation, rate), "there is no such forecast");
  },
};
