/** How a festival and its agents do, from the ledger alone. */
import { readStatus } from "../lib/agent/status.ts";
import { fromMillis } from "../lib/hedera/timestamp.ts";
import { commandLine } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";
import { namedLog, namedMirror } from "./support/named.ts";
import { describeStatus, statusJson } from "./support/status-report.ts";

const options = commandLine("status", "bun run status --log 0.0.1012 --mirror http://127.0.0.1:5551")
  .description(
    "Every agent's state, lag, balance, spend and runway, and the edition's progress, from the mirror node alone.",
  )
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK")
  .parse()
  .opts<{ json?: true; log?: string; mirror?: string }>();

try {
  const log = namedLog(options.log);
  const status = await readStatus(namedMirror(options.mirror), log, fromMillis(Date.now()));
  console.log(options.json ? statusJson(status) : describeStatus(status));
  process.exit(0);
} catch (error) {
  fail("status", options.json, error);
}
