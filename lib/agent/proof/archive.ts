import { BUNDLE_VERSION, type Bundle, mergeBundles } from "../../festival/bundle/bundle.ts";
import { Collector } from "../../festival/bundle/collect.ts";
import { createMirror } from "../../mirror/client.ts";
import { overheard } from "../../mirror/overheard.ts";
import { type Verification, type VerifyOptions, verifyLog } from "./verify.ts";

/** What is archived. */
export interface ArchiveOptions extends Omit<VerifyOptions, "mirror" | "from" | "to"> {
  /** Base URL of the mirror node. */
  readonly mirrorUrl: string;
  /** The network's name. */
  readonly network: string;
  /** The archive so far, if there is one. */
  readonly before?: Bundle;
}

/**
 * Verifies a festival and keeps every answer that it took: so a bundle holds all
 * that it takes to verify it again without the network.
 *
 * @throws FestError `BUNDLE_CONFLICT` if the mirror node now says something else than the archive so far
 */
export async function archiveLog(
  options: ArchiveOptions,
): Promise<{ readonly bundle: Bundle; readonly verification: Verification }> {
  const { mirrorUrl, network, before, log } = options;
  const collector = new Collector();
  const asking = overheard((url, init) => fetch(url, init), collector.take);
  const mirror = createMirror({ baseUrl: mirrorUrl, fetch: asking });
  const verification = await verifyLog({ ...options, mirror });
  const fresh: Bundle = {
    header: {
      kind: "fest-bundle",
      version: BUNDLE_VERSION,
      scope: "festival",
      network,
      log,
      vitals: verification.vitals,
      mirror: mirror.baseUrl,
    },
    records: collector.records,
  };
  return { bundle: before === undefined ? fresh : mergeBundles(before, fresh), verification };
}
