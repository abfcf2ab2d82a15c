import { tokensText } from "./entry-words.ts";
import type { Moment } from "./moment.ts";
import { accountOf, matchesOf } from "./moved.ts";
import { entryTitle, type Place, texts, values } from "./place.ts";
import { clockText, manyText } from "./wording.ts";

/** Every payment, the newest first, and of how many the mirror node shows the transfer. */
export function paymentsPlaces(moment: Moment): readonly Place[] {
  const { story, ledger } = moment;
  const { payments } = matchesOf(moment);
  const rows = story.payments.toReversed();
  return [
    texts(
      "fest-payments",
      ".aside",
      payments.total === 0
        ? ""
        : `${payments.matched} of ${manyText(payments.total, "transfer")} found on the mirror`,
    ),
    texts("fest-payments", "td button", ...rows.map(({ timestamp }) => clockText(timestamp))),
    values("fest-payments", "td button", "title", ...rows.map(({ sequence }) => entryTitle(sequence))),
    texts("fest-payments", "td.mono", ...rows.map(({ body }) => body.task_id)),
    texts("fest-payments", "td.name", ...rows.map(({ body }) => body.to)),
    values(
      "fest-payments",
      "td.name a",
      "title",
      ...rows.map(({ body }) => `${accountOf(story.manifest, body.to)} on the mirror node`),
    ),
    texts(
      "fest-payments",
      "td.number",
      ...rows.map(({ body }) => tokensText(body.payload.amount, ledger.payment)),
    ),
    values("fest-payments", "td .chip a", "title", ...rows.map(({ body }) => body.payload.transfer)),
  ];
}
