/** How a festival and its agents do, from the ledger alone. */
import { Command } from "commander";
import { readStatus } from "../lib/agent/status.ts";
import { describeError, FestError } from "../lib/hedera/error.ts";
import { parseTopicId } from "../lib/hedera/id.ts";
import { networkFromEnv } from "../lib/hedera/network-env.ts";
import { fromMillis } from "../lib/hedera/timestamp.ts";
import { createMirror } from "../lib/mirror/client.ts";
import { describeStatus, statusJson } from "./support/status-report.ts";

const options = new Command("status")
  .description(
    "Every agent's state, lag, balance, spend and runway, and the edition's progress, from the mirror node alone.",
  )
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK")
  .helpOption("--help", "show this")
  .allowExcessArguments(false)
  .parse()
  .opts<{ json?: true; log?: string; mirror?: string }>();

try {
  const log = options.log ?? process.env.FEST_LOG;
  if (!log) throw new FestError("LOG_MISSING", "no log is named", { fix: "Give --log or set FEST_LOG." });
  const baseUrl = options.mirror ?? networkFromEnv(process.env).mirror;
  const status = await readStatus(createMirror({ baseUrl }), parseTopicId(log), fromMillis(Date.now()));
  console.log(options.json ? statusJson(status) : describeStatus(status));
  process.exit(0);
} catch (error) {
  console.error(`status: ${describeError(error)}`);
  process.exit(1);
}
