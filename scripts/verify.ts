/** The auditor's command: verifies a festival from a mirror node alone, without keys, from any machine. */
import { Command, InvalidArgumentError } from "commander";
import { compareHashes } from "../lib/agent/proof/compare-hashes.ts";
import { verifyLog } from "../lib/agent/proof/verify.ts";
import { auditSelection } from "../lib/festival/bundle/audit.ts";
import { bundleMirror } from "../lib/festival/bundle/mirror.ts";
import { auditInclusion, parseInclusion } from "../lib/festival/proof/inclusion.ts";
import type { TopicId } from "../lib/hedera/id.ts";
import { createMirror, type Mirror } from "../lib/mirror/client.ts";
import { badgeSvg } from "./support/badge.ts";
import { openBundleFile } from "./support/bundle-file.ts";
import { type LongRead, longRead } from "./support/long-read.ts";
import { namedLog, namedMirror } from "./support/named.ts";
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

const options = new Command("verify")
  .description(
    "Recompute every running hash, fold the log anew, check who paid for what, do paid work again, and compare every payment and trade with its transfers: from the mirror node alone.",
  )
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK; with --bundle, compare the two")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .option("--from <n>", "compare only what entries from this one on claim", sequence)
  .option("--to <n>", "read no further than this entry", sequence)
  .option(
    "--bundle <file>",
    "read this file instead of a mirror node: what archive wrote, or copied evidence",
  )
  .option("--inclusion <file>", "check what prove wrote: a task's entries are under an edition's root")
  .option("--commit <sha>", "check that a commit of git and a festival's commit stand for each other")
  .option("--repo <folder>", "the working copy that --commit is in", ".")
  .option("--badge <file>", "write the verdict as an SVG badge")
  .option("--no-evidence", "do not do paid work again")
  .helpOption("--help", "show this")
  .allowExcessArguments(false)
  .parse()
  .opts<Options>();

await longRead("verify", options.json, async (reading) => {
  const { ok, json, text, said } = await outcome(reading);
  if (options.badge !== undefined)
    await Bun.write(options.badge, badgeSvg(ok ? said : `${said}, does not hold`, ok));
  return { ok, answer: options.json ? json : text };
});

async function outcome(reading: LongRead): Promise<Outcome> {
  const { from, evidence } = options;
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
    const proof = parseInclusion(await Bun.file(options.inclusion).text());
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

function sequence(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError("It is an entry's number, from 1.");
  return Number(text);
}
