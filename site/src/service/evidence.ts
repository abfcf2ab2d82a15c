import { formatBundle } from "../../../lib/festival/bundle/bundle.ts";
import { Collector } from "../../../lib/festival/bundle/collect.ts";
import { type Selected, selectionBundle } from "../../../lib/festival/bundle/selection.ts";
import type { Fetch } from "../../../lib/mirror/http.ts";
import { overheard } from "../../../lib/mirror/overheard.ts";
import { createProofMirror, type ProofMirror } from "../../../lib/mirror/proof-client.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { entriesAbout, manifestFor } from "../ledger/evidence.ts";
import { entryAt, type FeedEntry, type LogView } from "../ledger/feed.ts";

/**
 * An entry, everything that the log says of its task, the manifest, and the
 * transfers and schedules that they point to, as a bundle that `bun run verify
 * --bundle` checks without the network.
 *
 * @throws MirrorError
 */
export async function evidenceOf(
  view: LogView,
  entry: FeedEntry,
  { endpoints, log }: Deployment,
  fetch: Fetch,
): Promise<string> {
  const collector = new Collector();
  const mirror = createProofMirror({ baseUrl: endpoints.mirror, fetch: overheard(fetch, collector.take) });
  const about = entriesAbout(view, entry);
  for (const one of about) await readWhatItPointsTo(one, mirror);
  const pointed = collector.records.filter(({ kind }) => kind !== "message");
  const manifest = await readManifest(view, entry, mirror);
  const selected = about.map(({ message }): Selected => {
    const before = entryAt(view, message.sequence - 1)?.message.runningHash ?? null;
    return { message, before };
  });
  const source = { network: endpoints.name, log, mirror: endpoints.mirror };
  const bundle = selectionBundle(source, [...manifest, ...selected], pointed);
  return formatBundle(bundle);
}

async function readWhatItPointsTo({ decoded }: FeedEntry, mirror: ProofMirror): Promise<void> {
  if (decoded.kind !== "entry") return;
  const { body } = decoded.entry;
  if (body.type === "payment_settled") await mirror.transaction(body.payload.transfer);
  if (body.type !== "trade_settled") return;
  await Promise.all([
    mirror.transaction(body.payload.transaction),
    mirror.schedule(body.payload.schedule_id),
  ]);
}

/** The manifest that the entry was said under, and the running hash before it. */
async function readManifest(
  view: LogView,
  entry: FeedEntry,
  mirror: ProofMirror,
): Promise<readonly Selected[]> {
  const sequence = manifestFor(view, entry);
  if (sequence === null || sequence === entry.message.sequence) return [];
  const { topic } = entry.message;
  const read = async (number: number) =>
    entryAt(view, number)?.message ?? (number === 0 ? null : await mirror.topicMessage(topic, number));
  const [message, previous] = await Promise.all([read(sequence), read(sequence - 1)]);
  return message === null ? [] : [{ message, before: previous?.runningHash ?? null }];
}
