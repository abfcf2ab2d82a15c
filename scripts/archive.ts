/** Writes a festival's log, vitals and everything that they point to into a file that verify and the page open. */
import { archiveLog } from "../lib/agent/proof/archive.ts";
import type { Problem } from "../lib/festival/proof/problem.ts";
import { FestError } from "../lib/hedera/error.ts";
import type { TopicId } from "../lib/hedera/id.ts";
import { networkFromEnv } from "../lib/hedera/network-env.ts";
import { readBundleFile, writeBundleFile } from "./support/bundle-file.ts";
import { commandLine } from "./support/command-line.ts";
import { longRead } from "./support/long-read.ts";
import { namedLog } from "./support/named.ts";
import { describeProblems, verdictLine } from "./support/verify-report.ts";

interface Options {
  readonly json?: true;
  readonly mirror?: string;
  readonly log?: string;
  readonly out: string;
}

const options = commandLine(
  "archive",
  "bun run archive --out festival.jsonl --log 0.0.1012 --mirror http://127.0.0.1:5551",
)
  .description(
    "Verify a festival and keep every answer of the mirror node that it took, as a bundle: `bun run verify --bundle FILE` checks it without the network. Run again, it adds what is new.",
  )
  .requiredOption("--out <file>", "the bundle, JSON Lines; replaced as a whole, or not at all")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .parse()
  .opts<Options>();

await longRead("archive", options.json, async (reading) => {
  const log = namedLog(options.log);
  const network = networkFromEnv(process.env);
  const before = await readBundleFile(options.out);
  const { bundle, verification } = await archiveLog({
    ...reading,
    log,
    network: network.name,
    mirrorUrl: options.mirror ?? network.mirror,
    ...(before === null ? {} : { before }),
  });
  if (verification.head === null) throw nothingRead(log, verification.problems[0]);
  await writeBundleFile(options.out, bundle);
  const { ok, entries, problems, stateHash } = verification;
  const { length: records } = bundle.records;
  const added = records - (before?.records.length ?? 0);
  if (options.json) {
    const body = { ok, file: options.out, records, added, entries, state_sha256: stateHash, problems };
    return { ok, answer: JSON.stringify(body) };
  }
  const lines = [
    `${options.out}: ${records} records, ${added} of them new`,
    `  ${verdictLine(verification)}`,
  ];
  return { ok, answer: [...lines, ...describeProblems(problems)].join("\n") };
});

/** An empty log is none, and a mirror node that is away is no empty log. */
function nothingRead(log: TopicId, problem: Problem | undefined): FestError {
  if (problem === undefined) return new FestError("LOG_EMPTY", `topic ${log} has no entries`);
  return new FestError(problem.name.toUpperCase(), problem.message, { fix: problem.fix });
}
