/** Writes a festival's log, vitals and everything that they point to into a file that verify and the page open. */
import { Command } from "commander";
import { archiveLog } from "../lib/agent/proof/archive.ts";
import { FestError } from "../lib/hedera/error.ts";
import { networkFromEnv } from "../lib/hedera/network-env.ts";
import { readBundleFile, writeBundleFile } from "./support/bundle-file.ts";
import { longRead } from "./support/long-read.ts";
import { namedLog } from "./support/named.ts";
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
  if (verification.head === null) throw new FestError("LOG_EMPTY", `topic ${log} has no entries`);
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
