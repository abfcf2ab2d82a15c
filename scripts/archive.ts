/** Writes a festival's log, vitals and everything that they point to into a file that verify and the page open. */
import { Command } from "commander";
import { archiveLog } from "../lib/agent/proof/archive.ts";
import { describeError, FestError } from "../lib/hedera/error.ts";
import { parseTopicId } from "../lib/hedera/id.ts";
import { networkFromEnv } from "../lib/hedera/network-env.ts";
import { readBundleFile, writeBundleFile } from "./support/bundle-file.ts";
import { failureJson, ProgressLine } from "./support/progress.ts";
import { describeProblems, verdictLine } from "./support/verify-report.ts";

interface Options {
  readonly json?: true;
  readonly mirror?: string;
  readonly log?: string;
  readonly out: string;
}

const options = new Command("archive")
  .description(
    "Verify a festival and keep every answer of the mirror node that it took, as a bundle: `bun run verify --bundle FILE` checks it without the network. Run again, it adds what is new.",
  )
  .requiredOption("--out <file>", "the bundle, JSON Lines; replaced as a whole, or not at all")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .helpOption("--help", "show this")
  .allowExcessArguments(false)
  .parse()
  .opts<Options>();

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
const progress = new ProgressLine(options.json !== true);

try {
  const name = options.log ?? process.env.FEST_LOG;
  if (!name) throw new FestError("LOG_MISSING", "no log is named", { fix: "Give --log or set FEST_LOG." });
  const network = networkFromEnv(process.env);
  const before = await readBundleFile(options.out);
  const { bundle, verification } = await archiveLog({
    log: parseTopicId(name),
    network: network.name,
    mirrorUrl: options.mirror ?? network.mirror,
    signal: stopping.signal,
    ...(before === null ? {} : { before }),
    onProgress: (what, done) => progress.say(`${done.toLocaleString("en")} ${what}`),
  });
  progress.clear();
  if (verification.head === null) throw new FestError("LOG_EMPTY", `topic ${name} has no entries`);
  await writeBundleFile(options.out, bundle);
  const { ok, entries, problems, stateHash } = verification;
  const added = bundle.records.length - (before?.records.length ?? 0);
  if (options.json) {
    const { length: records } = bundle.records;
    console.log(
      JSON.stringify({ ok, file: options.out, records, added, entries, state_sha256: stateHash, problems }),
    );
  } else {
    const lines = [`${options.out}: ${bundle.records.length} records, ${added} of them new`];
    console.log([...lines, `  ${verdictLine(verification)}`, ...describeProblems(problems)].join("\n"));
  }
  process.exit(ok ? 0 : 1);
} catch (error) {
  progress.clear();
  if (stopping.signal.aborted) process.exit(130);
  if (options.json) console.log(failureJson("problems", error));
  else console.error(`archive: ${describeError(error)}`);
  process.exit(1);
}
