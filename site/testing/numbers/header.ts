import { tokensText } from "./entry-words.ts";
import { headOf, type Moment } from "./moment.ts";
import { links, type Place, texts, values } from "./place.ts";
import { countIn } from "./story.ts";
import { agoText, clockText, countText, manyText, utcText } from "./wording.ts";

/** The page's head: the edition, how new the newest entry is, and the totals. */
export function headerPlaces(moment: Moment): readonly Place[] {
  const { ledger, story, clock } = moment;
  const { at, timestamp, sequence } = headOf(moment);
  const edition = story.editions.at(-1);
  const foreign = [...story.taken.values()].filter(({ kind }) => kind !== "accepted").length;
  const paid = edition?.payments.reduce((sum, { body }) => sum + BigInt(body.payload.amount), 0n) ?? 0n;
  const total = (n: number, ...says: readonly string[]) =>
    texts("fest-header", `dl > div:nth-child(${n}) > :is(dt, dd)`, ...says);
  const { edition: number, tasks } = edition?.plan.body.payload ?? {};
  return [
    texts(
      "fest-header",
      ".name p",
      `${number === undefined ? "" : `Edition ${number} · `}devnet · log ${ledger.topic}`,
    ),
    ...links("fest-header", ".name a", ledger.topic),
    total(2, "Newest entry", agoText(at, clock)),
    values("fest-header", "time", "title", utcText(timestamp)),
    values("fest-header", "time", "datetime", utcText(timestamp)),
    total(3, "Tasks paid", edition === undefined ? "–" : `${countIn(edition, "paid")} of ${tasks}`),
    total(4, manyText(edition?.payments.length ?? 0, "payment"), tokensText(paid, ledger.payment)),
    total(5, "Trades settled", String(edition?.trades ?? 0)),
    total(
      6,
      "Entries",
      `${countText(sequence)} ${foreign === 0 ? "all accepted" : `${foreign} not accepted`}`,
    ),
  ];
}

/** The line that leads through time. */
export function timePlaces(moment: Moment): readonly Place[] {
  const [first] = moment.ledger.entries;
  const last = moment.ledger.entries.at(-1);
  if (first === undefined || last === undefined) return [];
  const shown = moment.past ?? last.timestamp;
  const past = moment.past === null ? [] : [moment.past];
  const milliseconds = (last.at - first.at) / 1_000_000n + 1n;
  return [
    values("fest-time", "input", "aria-valuetext", utcText(shown)),
    values("fest-time", "input", "max", String(milliseconds)),
    texts("fest-time", ".past", ...past.map((at) => `as of ${clockText(at)}`)),
    values("fest-time", ".past", "title", ...past.map(utcText)),
  ];
}
