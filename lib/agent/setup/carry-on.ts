import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { parseBundle } from "../../festival/bundle/bundle.ts";
import { bundleMirror } from "../../festival/bundle/mirror.ts";
import type { Body } from "../../festival/entry/entry.ts";
import { FestError } from "../../hedera/error.ts";
import { verifyLog } from "../proof/verify.ts";

/** What a manifest says of the festival that its log carries on. */
export type CarriedOn = NonNullable<Body<"manifest">["payload"]["carries_on"]>;

/**
 * What a new log's manifest says of an archive. The archive is verified first, as
 * anybody will who reads its hash there.
 *
 * @param archive the text of the bundle
 * @throws FestError `BUNDLE_INVALID`, `ARCHIVE_UNSOUND` with what does not hold
 */
export async function carryOn(archive: string): Promise<CarriedOn> {
  const bundle = parseBundle(archive);
  const { log, scope } = bundle.header;
  if (scope !== "festival") {
    throw new FestError("ARCHIVE_UNSOUND", "the bundle holds some entries, not a festival", {
      fix: "Give one that `bun run archive` wrote.",
    });
  }
  const { ok, problems, range, edition } = await verifyLog({ mirror: bundleMirror(bundle), log });
  if (!ok) {
    const [first] = problems.filter(({ severity }) => severity === "error");
    throw new FestError("ARCHIVE_UNSOUND", `the archive does not hold: ${first?.message}`, {
      fix: "`bun run verify --bundle` tells everything.",
    });
  }
  return { log, sequence: range.to, edition, archive_sha256: bytesToHex(sha256(utf8ToBytes(archive))) };
}
