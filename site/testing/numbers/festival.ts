import type { Moment } from "./moment.ts";
import { type Place, texts, values } from "./place.ts";
import { countIn, type Edition, needsOf, type Task } from "./story.ts";
import { manyText, secondsText, wordsOf } from "./wording.ts";

const STATES = ["paid", "complete", "review", "in_progress", "assigned", "pending", "failed"] as const;

/** The edition: how far it is, its phases, and what waits for what. */
export function festivalPlaces({ story }: Moment): readonly Place[] {
  const edition = story.editions.at(-1);
  if (edition === undefined) return [texts("fest-festival", ".aside")];
  const { phases, sequences, tasks } = edition.plan.body.payload;
  const missing = tasks - edition.tasks.size;
  const states = [
    ...STATES.flatMap((state) => {
      const count = countIn(edition, state);
      return count === 0 ? [] : [`${count} ${wordsOf(state)}`];
    }),
    ...(missing > 0 ? [`${missing} still to be planned`] : []),
  ].join(", ");
  return [
    texts("fest-festival", ".aside", scheduleText(edition)),
    values("fest-festival", ".progress svg", "aria-label", states),
    texts("fest-festival", ".progress p", `${manyText(tasks, "task")}: ${states}`),
    texts(
      "fest-festival",
      "h3",
      ...phases.map(({ id, name }: Step) => `${id} ${name} ${doneText(edition, id)}`),
    ),
    texts("fest-festival", "h4", ...sequences.map(({ id, name }: Step) => `${id} ${name}`)),
    ...graphPlaces(edition),
  ];
}

interface Step {
  readonly id: string;
  readonly name: string;
}

function scheduleText({ plan, commit }: Edition): string {
  const { every_seconds } = plan.body.payload;
  if (commit === null)
    return every_seconds === undefined ? "" : `again ${secondsText(every_seconds)} after its commit`;
  const next = every_seconds === undefined ? "" : `, next ${secondsText(every_seconds)} later`;
  return `committed in #${commit.sequence}${next}`;
}

function doneText({ tasks }: Edition, phase: string): string {
  const own = [...tasks.values()].filter(({ id }) => id.startsWith(`${phase}.`));
  return `${own.filter(({ state }) => state === "paid" || state === "failed").length} of ${own.length}`;
}

function graphPlaces({ tasks }: Edition): readonly Place[] {
  const all = [...tasks.values()];
  const edges = all.flatMap((task) => needsOf(task).filter((id) => tasks.has(id)));
  const said = ({ id, spec, state }: Task) => `${id} ${spec.name}: ${wordsOf(state)}`;
  if (edges.length === 0) return [];
  return [
    texts(
      "fest-graph",
      "svg > title",
      `${manyText(all.length, "task")}, ${manyText(edges.length, "dependency", "dependencies")}`,
    ),
    values("fest-graph", "a", "aria-label", ...all.map(said)),
    texts("fest-graph", "a > title", ...all.map(said)),
    texts("fest-graph", "a > text", ...all.map(({ id }) => id)),
  ];
}
