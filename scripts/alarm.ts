/** What `OnFailure=` runs: tells the journal, and the webhook of `bun run watch`, that a unit has given up. */
import { Command } from "commander";
import { createNotifier } from "../lib/agent/notify.ts";
import { alarm } from "../lib/festival/alarm/alarm.ts";
import { describeError } from "../lib/hedera/error.ts";
import { Secret } from "../lib/hedera/secret.ts";
import { systemClock } from "../lib/mirror/clock.ts";
import { unitState } from "./deploy/systemctl.ts";
import { FORMATS, headline, noticeJson, RUNBOOK } from "./watch/body.ts";
import { send } from "./watch/webhook.ts";

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
  const now = systemClock.now();
  const notice = {
    ...alarm("agent_restarting", unit, message),
    kind: "firing",
    since: now,
    at: now,
  } as const;
  const origin = { festival: "this host", log: env.FEST_LOG ?? "unknown", runbook: RUNBOOK };
  console.log(json ? JSON.stringify(noticeJson(notice, origin)) : `${headline(notice)}: ${message}`);
  createNotifier(env).notify(`STATUS=${message}`);
  const format = FORMATS.find((one) => one === env.FEST_WEBHOOK_FORMAT) ?? "json";
  if (env.FEST_WEBHOOK_URL) await send({ url: new Secret(env.FEST_WEBHOOK_URL), format }, notice, origin);
  process.exit(0);
} catch (error) {
  console.error(`alarm: ${unit} has given up, and: ${describeError(error)}`);
  process.exit(1);
}
