/** What `OnFailure=` runs: tells the journal, and the webhook of `bun run watch`, that a unit has given up. */
import { Command } from "commander";
import { createNotifier } from "../lib/agent/notify.ts";
import { alarm } from "../lib/festival/alarm/alarm.ts";
import { describeError } from "../lib/hedera/error.ts";
import { unitState } from "./deploy/systemctl.ts";
import { headline, noticeJson } from "./watch/body.ts";
import { hostNotice, tellOfHost } from "./watch/host-alarm.ts";

const command = new Command("alarm")
  .description("Tell the journal, and FEST_WEBHOOK_URL where it is set, that a systemd unit has given up.")
  .argument("<unit>", "such as fest-agent@desk.service")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .helpOption("--help", "show this")
  .allowExcessArguments(false)
  .parse();
const [unit = ""] = command.args;
const { json } = command.opts<{ json?: true }>();

try {
  const { env } = process;
  const { active, result, restarts, status } = await unitState(unit);
  const last = status === "" ? "" : `; it said last: ${status}`;
  const message = `${unit} is ${active} (${result}) after ${restarts} restarts${last}. systemctl status ${unit}`;
  const given = alarm("agent_restarting", unit, message);
  const { notice, origin } = hostNotice(given, env);
  console.log(json ? JSON.stringify(noticeJson(notice, origin)) : `${headline(notice)}: ${message}`);
  createNotifier(env).notify(`STATUS=${message}`);
  await tellOfHost(given, env);
  process.exit(0);
} catch (error) {
  console.error(`alarm: ${unit} has given up, and: ${describeError(error)}`);
  process.exit(1);
}
