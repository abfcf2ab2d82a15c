import { fanPlaces } from "./fan.ts";
import { type Forecast, forecastsOf, priceIn } from "./forecast.ts";
import type { Wire } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import { entryTitle, type Place, texts, values } from "./place.ts";
import { agentsOf, type Result, type Story } from "./story.ts";
import { amountText, manyText, millisText, percentText, secondsText, wordsOf } from "./wording.ts";

/** Jobs, forecasts, and what they were worth. */
export function inferencePlaces(moment: Moment): readonly Place[] {
  const { story } = moment;
  const forecasts = forecastsOf(story);
  const jobs = jobsOf(story);
  return [
    texts("fest-inference", ".aside", manyText(jobs.length, "job")),
    texts("fest-inference", "[data-kind]", ...jobLines(jobs)),
    ...(jobs.length === 0 ? [] : headPlaces(forecasts)),
    ...(forecasts.length === 0 ? [] : forecastPlaces(moment, forecasts)),
  ];
}

/** What stands above the figures: of columns also what they are measured by, which is the page's own and no figure of the ledger. */
function headPlaces(forecasts: readonly Forecast[]): readonly Place[] {
  const jobs = ["Kind", "Done", "Failed", "Median", "Slowest", "Cost, USD"];
  if (forecasts.length === 0)
    return [texts("fest-inference", "h3", "Jobs"), texts("fest-inference", "th", ...jobs)];
  const isScored = forecasts.some(({ score }) => score !== null);
  return [
    texts("fest-inference", "h3", "Skill, by what happened", manyText(forecasts.length, "forecast"), "Jobs"),
    texts(
      "fest-inference",
      "th",
      ...(isScored ? ["Model", "Scored", "Skill", "Inside 80%", "Loss, bps"] : []),
      ...["Task", "80% range, USD", "Covers", "Skill", "Outcome"],
      ...jobs,
    ),
    values(
      "fest-inference",
      "th[title]",
      "title",
      ...(isScored ? SKILL_MEASURES : []),
      "Of the hours held back; 80% would be calibrated",
      "Of a random walk's loss on the hours held back; above 0 is better",
    ),
  ];
}

const SKILL_MEASURES = [
  "Of a random walk's loss; above 0 is better",
  "Prices inside the 80% interval; 80% is calibrated",
  "Mean pinball loss in basis points of the price, beside the random walk's",
] as const;

/** The results that agents of the inference role handed in. */
function jobsOf(story: Story): readonly Result[] {
  const agents = agentsOf(story).filter(({ role }) => role === "inference");
  return story.results.filter(({ said }) => agents.some(({ account }) => account === said.payer));
}

function sumOf(some: readonly bigint[]): bigint {
  return some.reduce((total, one) => total + one, 0n);
}

/** Done, failed, median, slowest and cost of each kind of work, in order of first sight. */
export function jobLines(jobs: readonly Result[]): readonly string[] {
  const kinds = [...new Set(jobs.map(({ task }) => task.spec.kind))];
  return kinds.map((kind) => {
    const same = jobs.filter(({ task }) => task.spec.kind === kind).map(({ said }) => said.body.payload);
    const failed = same.filter(({ status }) => status === "failed").length;
    const times: number[] = same.flatMap(({ duration_ms }) => duration_ms ?? []).toSorted((a, b) => a - b);
    const text = (time: number | undefined) => (time === undefined ? "–" : millisText(time));
    const middle = times[Math.floor(times.length / 2)];
    const costs: bigint[] = same.flatMap(({ provenance }) =>
      provenance?.cost_micro_usd === undefined ? [] : [BigInt(provenance.cost_micro_usd)],
    );
    const cost = costs.length === 0 ? "–" : amountText(sumOf(costs), 6);
    return `${wordsOf(kind)} ${same.length - failed} ${failed} ${text(middle)} ${text(times.at(-1))} ${cost}`;
  });
}

function forecastPlaces(moment: Moment, forecasts: readonly Forecast[]): readonly Place[] {
  const rows = forecasts.toReversed();
  const cell = (n: number) => `[data-forecast] td:nth-child(${n})`;
  const usd = (micro: string | bigint) => amountText(micro, 6);
  const skills = skillsOf(forecasts);
  return [
    texts(
      "fest-inference",
      cell(1),
      ...rows.map(({ result, output }) => `${result.task.id}, ${output.horizon_hours} h`),
    ),
    values("fest-inference", cell(1), "title", ...rows.map(({ output }) => output.model)),
    values(
      "fest-inference",
      `${cell(1)} button`,
      "title",
      ...rows.map(({ result }) => entryTitle(result.said.sequence)),
    ),
    texts(
      "fest-inference",
      cell(2),
      ...rows.map(({ output }) => `${usd(output.q10_micro_usd)} – ${usd(output.q90_micro_usd)}`),
    ),
    texts(
      "fest-inference",
      cell(3),
      ...rows.map(({ output }) => (output.coverage_80 === undefined ? "–" : percentText(output.coverage_80))),
    ),
    texts("fest-inference", cell(4), ...rows.map(({ output }) => backtestText(output))),
    texts(
      "fest-inference",
      cell(5),
      ...rows.map(({ score, until }) => {
        if (score !== null) return `${score.covered ? "held" : "missed"} ${usd(priceIn(score))}`;
        const left = until - moment.now;
        return left > 0n ? `in ${secondsText(left / 1_000_000_000n)}` : "score is due";
      }),
    ),
    values(
      "fest-inference",
      `${cell(5)} button`,
      "title",
      ...rows.flatMap(({ scored }) => (scored === null ? [] : [entryTitle(scored)])),
    ),
    texts("fest-inference", "[data-skill]", ...skills.map(({ line }) => line)),
    values("fest-inference", "[data-skill] td:last-child", "title", ...skills.map(({ walk }) => walk)),
    ...fanPlaces(moment, forecasts),
  ];
}

function backtestText({ pinball, pinball_random_walk }: Wire): string {
  if (pinball === undefined || !pinball_random_walk) return "–";
  return percentText(1 - pinball / pinball_random_walk);
}

/** What the scores of each model and horizon come to, in the order of the first. */
function skillsOf(forecasts: readonly Forecast[]): readonly { line: string; walk: string }[] {
  const scored = [...new Map(forecasts.map((one) => [one.scored, one])).values()]
    .filter(({ scored: by }) => by !== null)
    .toSorted((a, b) => (a.scored ?? 0) - (b.scored ?? 0));
  const models = [...new Set(scored.map(({ output }) => `${output.model}, ${output.horizon_hours} h`))];
  return models.map((model) => {
    const same = scored.filter(({ output }) => `${output.model}, ${output.horizon_hours} h` === model);
    const sum = (part: string) => same.reduce((total, { score }) => total + Number(score[part]), 0);
    const [loss, walk] = [sum("pinball_ppb"), sum("random_walk_ppb")];
    const covered = same.filter(({ score }) => score.covered).length;
    const bps = (total: number) => (total / same.length / 100_000).toFixed(1);
    const skill = walk === 0 ? "–" : percentText(1 - loss / walk);
    return {
      line: `${model} ${same.length} ${skill} ${percentText(covered / same.length)} ${bps(loss)}`,
      walk: `the random walk's: ${bps(walk)}`,
    };
  });
}
