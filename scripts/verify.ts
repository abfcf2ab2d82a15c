/** The auditor's command: verifies a festival from a mirror node alone, without keys, from any machine. */
import { Command, InvalidArgumentError } from "commander";
import { compareHashes } from "../lib/agent/proof/compare-hashes.ts";
import { type Verification, verifyLog } from "../lib/agent/proof/verify.ts";
import { auditSelection } from "../lib/festival/bundle/audit.ts";
import { bundleMirror } from "../lib/festival/bundle/mirror.ts";
import { auditInclusion, parseInclusion } from "../lib/festival/proof/inclusion.ts";
import { describeError, FestError } from "../lib/hedera/error.ts";
import { parseTopicId, type TopicId } from "../lib/hedera/id.ts";
import { networkFromEnv } from "../lib/hedera/network-env.ts";
import { createMirror, type Mirror } from "../lib/mirror/client.ts";
import { badgeSvg } from "./support/badge.ts";
import { openBundleFile } from "./support/bundle-file.ts";
import { failureJson, ProgressLine } from "./support/progress.ts";
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

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
const progress = new ProgressLine(options.json !== true);

try {
  const { ok, json, text, said } = await outcome();
  progress.clear();
  if (options.badge !== undefined)
    await Bun.write(options.badge, badgeSvg(ok ? said : `${said}, does not hold`, ok));
  console.log(options.json ? json : text);
  process.exit(ok ? 0 : 1);
} catch (error) {
  progress.clear();
  if (stopping.signal.aborted) process.exit(130);
  if (options.json) console.log(failureJson("problems", error));
  else console.error(`verify: ${describeError(error)}`);
  process.exit(1);
}

async function outcome(): Promise<Outcome> {
  const mirror = options.mirror === undefined ? null : createMirror({ baseUrl: options.mirror });
  if (options.inclusion !== undefined) {
    const proof = parseInclusion(await Bun.file(options.inclusion).text());
    const audit = auditInclusion(proof);
    return outcomeOfInclusion(proof.log, audit, await compareHashes(mirror, proof.log, audit.hashes));
  }
  if (options.commit !== undefined) {
    const { repo, commit } = options;
    const mirrorUrl = options.mirror === undefined ? {} : { mirrorUrl: options.mirror };
    const verify = (source: Mirror, log: TopicId, to: number) => verified(source, log, to);
    return outcomeOfCommit(await verifyCommit({ repo, commit, ...mirrorUrl, verify }));
  }
  if (options.bundle === undefined) {
    const name = options.log ?? process.env.FEST_LOG;
    if (!name) throw new FestError("LOG_MISSING", "no log is named", { fix: "Give --log or set FEST_LOG." });
    const baseUrl = options.mirror ?? networkFromEnv(process.env).mirror;
    return outcomeOfLog(await verified(createMirror({ baseUrl }), parseTopicId(name)));
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

function verified(mirror: Mirror, log: TopicId, to = options.to): Promise<Verification> {
  const { from, evidence } = options;
  return verifyLog({
    mirror,
    log,
    evidence,
    signal: stopping.signal,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    onProgress: (what, done) => progress.say(`${done.toLocaleString("en")} ${what}`),
  });
}

function sequence(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError("It is an entry's number, from 1.");
  return Number(text);
}
