/** The auditor's command: verifies a festival from a mirror node alone, without keys, from any machine. */
import { compareHashes } from "../lib/agent/proof/compare-hashes.ts";
import { verifyLog } from "../lib/agent/proof/verify.ts";
import { auditSelection } from "../lib/festival/bundle/audit.ts";
import { bundleMirror } from "../lib/festival/bundle/mirror.ts";
import { auditInclusion, parseInclusion } from "../lib/festival/proof/inclusion.ts";
import { FestError } from "../lib/hedera/error.ts";
import type { TopicId } from "../lib/hedera/id.ts";
import { createMirror, type Mirror } from "../lib/mirror/client.ts";
import { badgeSvg } from "./support/badge.ts";
import { openBundleFile } from "./support/bundle-file.ts";
import { commandLine, wholeNumber } from "./support/command-line.ts";
import { type LongRead, longRead } from "./support/long-read.ts";
import { namedLog, namedMirror } from "./support/named.ts";
import { readText } from "./support/read-text.ts";
import { verifyCommit } from "./support/verify-commit.ts";
import {
  type Outcome,
  outcomeOfCommit,
  outcomeOfInclusion,
  outcomeOfLog,
  outcomeOfSelection,
} from "./support/verify-report.ts";

interface Options {
  readonly json?: true;
  readonly mirror?: string;
  readonly log?: string;
  readonly from?: number;
  readonly to?: number;
  readonly bundle?: string;
  readonly inclusion?: string;
  readonly commit?: string;
  readonly repo: string;
  readonly badge?: string;
  readonly evidence: boolean;
}

const options = commandLine(
  "verify",
  "bun run verify --log 0.0.1012 --mirror http://127.0.0.1:5551",
  "bun run verify --bundle festival.jsonl",
)
  .description(
    "Recompute every running hash, fold the log anew, check who paid for what, do paid work again, and compare every payment and trade with its transfers: from the mirror node alone.",
  )
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK; with --bundle, compare the two")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .option("--from <n>", "compare only what entries from this one on claim", wholeNumber(1))
  .option("--to <n>", "read no further than this entry", wholeNumber(1))
  .option(
    "--bundle <file>",
    "read this file instead of a mirror node: what archive wrote, or copied evidence",
  )
  .option("--inclusion <file>", "check what prove wrote: a task's entries are under an edition's root")
  .option("--commit <sha>", "check that a commit of git and a festival's commit stand for each other")
  .option("--repo <folder>", "the working copy that --commit is in", ".")
  .option("--badge <file>", "write the verdict as an SVG badge")
  .option("--no-evidence", "do not do paid work again")
  .parse()
  .opts<Options>();

await longRead("verify", options.json, async (reading) => {
  const { ok, json, text, said } = await outcome(reading);
  if (options.badge !== undefined)
    await Bun.write(options.badge, badgeSvg(ok ? said : `${said}, does not hold`, ok));
  return { ok, answer: options.json ? json : text };
});

async function outcome(reading: LongRead): Promise<Outcome> {
  const { from, to: until, evidence } = options;
  if (from !== undefined && until !== undefined && until < from) {
    throw new FestError("RANGE_EMPTY", `there is no entry from ${from} to ${until}`, {
      fix: "Give --from the smaller number.",
    });
  }
  const verified = (mirror: Mirror, log: TopicId, to = options.to) =>
    verifyLog({
      ...reading,
      mirror,
      log,
      evidence,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
  const mirror = options.mirror === undefined ? null : createMirror({ baseUrl: options.mirror });
  if (options.inclusion !== undefined) {
    const proof = parseInclusion(await readText(options.inclusion, "proof", "`bun run prove` writes one."));
    const audit = auditInclusion(proof);
    return outcomeOfInclusion(proof.log, audit, await compareHashes(mirror, proof.log, audit.hashes));
  }
  if (options.commit !== undefined) {
    const { repo, commit } = options;
    const mirrorUrl = options.mirror === undefined ? {} : { mirrorUrl: options.mirror };
    return outcomeOfCommit(await verifyCommit({ repo, commit, ...mirrorUrl, verify: verified }));
  }
  if (options.bundle === undefined) {
    const log = namedLog(options.log);
    return outcomeOfLog(await verified(namedMirror(options.mirror), log));
  }
  const bundle = await openBundleFile(options.bundle);
  const { log, scope } = bundle.header;
  if (scope === "selection") {
    const audit = await auditSelection(bundle);
    return outcomeOfSelection(log, audit, await compareHashes(mirror, log, audit.hashes));
  }
  const found = await verified(bundleMirror(bundle), log);
  const { head, range } = found;
  const last = head === null ? [] : [{ sequence: range.to, runningHash: head.runningHash }];
  return outcomeOfLog(found, await compareHashes(mirror, log, last));
}
