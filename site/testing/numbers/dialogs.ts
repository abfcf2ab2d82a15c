import { entryText } from "./entry-words.ts";
import type { Said } from "./ledger.ts";
import { madeTexts } from "./made.ts";
import { headOf, type Moment } from "./moment.ts";
import { matchesOf } from "./moved.ts";
import { links, type Place, texts, values } from "./place.ts";
import { amountText, countText, manyText, utcText, wordsOf } from "./wording.ts";

/** The proof: how much was verified, and how each payer was taken. */
export function proofPlaces(moment: Moment): readonly Place[] {
  const { sequence } = headOf(moment);
  const { payments, trades } = matchesOf(moment);
  const count = (kind: string) =>
    [...moment.story.taken.values()].filter((taken) => taken.kind === kind).length;
  return [
    texts(
      "fest-proof",
      "[data-verdict]",
      `${manyText(sequence, "entry", "entries")} of ${countText(sequence)} verified, 0 gaps, ${payments.matched} of ${manyText(payments.total, "payment")} and ${trades.matched} of ${manyText(trades.total, "trade")} match what the ledger moved.`,
    ),
    texts(
      "fest-proof",
      "dd",
      "SHA-384 over content, payer, time and number of each entry and the hash before it, recomputed in a worker",
      `${count("accepted")} accepted, ${count("unauthorised")} unauthorised, 0 refused, ${count("malformed")} malformed, ${count("unknown")} of unknown types`,
      "each looked up on the mirror node by its transaction id, and compared unit by unit",
    ),
  ];
}

/** Of the copy that is lied about, the entry in its middle: it is made of the last twenty, of which the first stays as it is. */
const MIDDLE = 9;

/** A lie that a visitor may tell. */
export type Lie = "edit" | "drop" | "reorder" | "forge";

/** What comes of a lie: what was done to which entry, and where it was caught. */
export function cheatPlaces(moment: Moment, lie: Lie): readonly Place[] {
  const { sequence: head } = headOf(moment);
  const at = head - MIDDLE;
  const deeds: Readonly<Record<Lie, { readonly deed: string; readonly caught: number }>> = {
    edit: { deed: `One bit of entry #${at} was changed.`, caught: at },
    drop: { deed: `Entry #${at} was left out.`, caught: at + 1 },
    reorder: { deed: `Entries #${at} and #${at + 1} changed places.`, caught: at + 1 },
    forge: { deed: `An entry #${head + 1} that pays 0.0.666 was added.`, caught: head + 1 },
  };
  const { deed, caught } = deeds[lie];
  const foreign = "It would not have counted either: payment_settled is for coordinator, not for 0.0.666.";
  return [
    texts("fest-proof", ".caught > p:first-child", deed),
    texts("fest-proof", ".caught .chip", `Caught at entry #${caught}`),
    texts("fest-proof", ".caught > p:nth-child(3):not(:last-child)", ...(lie === "forge" ? [foreign] : [])),
  ];
}

/** The connections: where each leads, and that it was heard of just now, by a clock that stands still. */
export function connectionPlaces(urls: readonly string[]): readonly Place[] {
  return [texts("fest-connection", "li > p", ...urls.map((url) => `${url} · heard 0 s ago`))];
}

/** Nano-USD that a message costs by the schedule of HIP-1261: a transaction, a message, and each byte after the first hundred. */
function feeOf(bytes: number): bigint {
  return 100_000n + 70_000n + 680n * BigInt(Math.max(0, bytes - 100));
}

/** One entry closely. */
export function entryPlaces({ story, ledger }: Moment, entry: Said): readonly Place[] {
  const { sequence, payer, transaction, timestamp, bytes, runningHash, body, text } = entry;
  const { kind, problem } = story.taken.get(sequence) ?? { kind: "accepted", problem: null };
  const by = story.by.get(sequence);
  const message = `message ${sequence} of ${ledger.topic}`;
  return [
    texts("fest-entry", "h2", `#${sequence} ${body === null ? "not an entry" : wordsOf(body.type)}`),
    texts("fest-entry", ".frame > p", entryText(entry, ledger)),
    texts(
      "fest-entry",
      "dd",
      `${kind}${problem === null ? "" : ` ${problem}`}`,
      by === payer ? payer : `${by}, ${payer}`,
      utcText(timestamp),
      transaction,
      message,
      ...(body?.type === "task_result" ? madeTexts(body.payload) : []),
      `${bytes} bytes; alone it costs ${amountText(feeOf(bytes), 9)} USD by the fee schedule`,
      runningHash,
    ),
    ...links("fest-entry", "dd:nth-of-type(2) a", payer),
    ...links("fest-entry", "dd:nth-of-type(4) a", transaction),
    values("fest-entry", "dd:nth-of-type(5) a", "title", `#${sequence} on the mirror node`),
    texts(
      "fest-entry",
      "pre",
      (body === null ? text : JSON.stringify(body, null, 2)).replaceAll(/\s+/g, " "),
    ),
  ];
}
