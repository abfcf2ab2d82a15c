import * as z from "zod/mini";
import { bundleFetch, bundleUrl } from "../../../lib/festival/bundle/answer.ts";
import { auditSelection } from "../../../lib/festival/bundle/audit.ts";
import { type Bundle, parseBundle } from "../../../lib/festival/bundle/bundle.ts";
import { auditInclusion, parseInclusion } from "../../../lib/festival/proof/inclusion.ts";
import { FestError } from "../../../lib/hedera/error.ts";
import { NETWORK_NAMES } from "../../../lib/hedera/network.ts";
import { parseTimestamp, type Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { Fetch } from "../../../lib/mirror/http.ts";
import { type Deployment, deploymentOf } from "../deployment/deployment.ts";

/** A festival that is read from a file. */
export interface OpenedFile {
  readonly deployment: Deployment;
  /** Answers as the mirror node did that the file was written from. */
  readonly fetch: Fetch;
  /** When its last message reached consensus: the moment that the page shows of it. */
  readonly end: Timestamp;
}

/** The most that a browser tab is asked to hold. */
const MAX_BYTES = 256 * 1024 * 1024;
const time = z.string().check(z.regex(/^\d{1,11}\.\d{9}$/));

/**
 * Opens a bundle. Its content may be anybody's: it is answered like a mirror
 * node's, so all that is shown of it was verified as everything else is.
 *
 * @throws FestError `BUNDLE_INVALID`, `URL_INVALID`; `BUNDLE_SELECTION`, `BUNDLE_INCLUSION` with what it proves, where it is no whole festival
 */
export async function openFile(file: File): Promise<OpenedFile> {
  if (file.size > MAX_BYTES) {
    throw new FestError("BUNDLE_INVALID", `${file.name} has ${file.size} bytes, too many for a page`, {
      fix: "Check it with `bun run verify --bundle`.",
    });
  }
  const text = await file.text();
  if (/^\s*\{\s*"kind":\s*"fest-inclusion"/.test(text)) throw inclusionError(file.name, text);
  const bundle = parseBundle(text);
  if (bundle.header.scope === "selection") throw await selectionError(file.name, bundle);
  return { deployment: deploymentIn(bundle, file.name), fetch: bundleFetch(bundle), end: endOf(bundle) };
}

/** Links lead to the mirror node that the file was written from; nothing is read from there. */
function deploymentIn({ header }: Bundle, file: string): Deployment {
  const { network, log, vitals, mirror } = header;
  const ids = { log, ...(vitals === null ? {} : { vitals }) };
  const named = NETWORK_NAMES.some((name) => name === network);
  const web = /^https?:/.test(mirror) ? mirror : bundleUrl();
  const deployment = deploymentOf({ network: named ? network : "custom", mirror: web, ...ids });
  const endpoints = { ...deployment.endpoints, relayWs: null, grpcWeb: null };
  return { ...deployment, endpoints, file };
}

/** What a proof of a task's result proves. */
function inclusionError(name: string, text: string): FestError {
  const { ok, taskId, edition, root, proven, problems } = auditInclusion(parseInclusion(text));
  const said = problems.map(({ message }) => message).join("; ");
  const verdict = ok ? `${proven.join(", ")} are under its root ${root}` : `it does not hold: ${said}`;
  return new FestError(
    "BUNDLE_INCLUSION",
    `${name} is about task ${taskId} of edition ${edition}: ${verdict}`,
  );
}

/** What a file of some entries proves: there is no festival in it to show. */
async function selectionError(name: string, bundle: Bundle): Promise<FestError> {
  const { ok, entries, payments, trades, problems } = await auditSelection(bundle);
  const said = problems.map(({ message }) => message).join("; ");
  const verdict = ok ? "they hold" : `they do not hold: ${said}`;
  return new FestError(
    "BUNDLE_SELECTION",
    `${name} holds ${entries} entries of log ${bundle.header.log}, ${payments.matched} of ${payments.total} payments and ${trades.matched} of ${trades.total} trades match: ${verdict}`,
    { fix: "A whole festival is written by `bun run archive`." },
  );
}

function endOf({ records }: Bundle): Timestamp {
  let end = 0n;
  for (const one of records) {
    if (one.kind !== "message") continue;
    const parsed = z.safeParse(time, one.body.consensus_timestamp);
    const at = parsed.success ? parseTimestamp(parsed.data) : 0n;
    if (at > end) end = at;
  }
  return end;
}
