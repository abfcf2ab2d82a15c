/** Watches a festival from the ledger alone, from any machine, and tells a webhook what wants a person. */
import { join } from "node:path";
import { Option } from "commander";
import * as z from "zod/mini";
import { alarm, alarmAnchor } from "../lib/festival/alarm/alarm.ts";
import { type Baseline, baselineSchema } from "../lib/festival/alarm/baseline.ts";
import type { Notice } from "../lib/festival/alarm/notice.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "../lib/festival/alarm/sight.ts";
import { FestError } from "../lib/hedera/error.ts";
import { formatTimestamp } from "../lib/hedera/timestamp.ts";
import { systemClock } from "../lib/mirror/clock.ts";
import { commandLine, wholeNumber } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";
import { namedLog, namedMirror } from "./support/named.ts";
import { readText } from "./support/read-text.ts";
import { FORMATS, type Format, headline, noticeJson, type Origin, RUNBOOK } from "./watch/body.ts";
import { keepMemory, readMemory } from "./watch/memory.ts";
import { playRound, type Round } from "./watch/round.ts";
import { send, type Webhook, webhookOf } from "./watch/webhook.ts";

interface Options {
  readonly once?: true;
  readonly test?: true;
  readonly json?: true;
  readonly log?: string;
  readonly mirror?: string;
  readonly webhook?: string;
  readonly format?: Format;
  readonly state: string;
  readonly baseline?: string;
  readonly every: number;
  readonly runbook: string;
  readonly runway: number;
  readonly overdue: number;
  readonly stopped: number;
  readonly unauthorised: number;
  readonly drawdown: number;
}

const { env } = process;
const usual = DEFAULT_THRESHOLDS;
const formatOption = new Option("--format <name>", "the webhook's form; default FEST_WEBHOOK_FORMAT or json");

const options = commandLine("watch", "bun run watch --once --log 0.0.1012 --mirror http://127.0.0.1:5551")
  .description(
    "Look at the ledger again and again, and tell what begins to want a person and what is over, each once.",
  )
  .option("--once", "look once and end; exit code 0 if the ledger was read and everything was told")
  .option("--webhook <url>", "where to tell it; default FEST_WEBHOOK_URL, else only on stdout")
  .addOption(formatOption.choices(FORMATS))
  .option("--test", "send an alarm and its recovery to the webhook, and end")
  .option("--json", "print JSON lines on stdout, and nothing else; with --once one object")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK")
  .option("--every <seconds>", "how often to look", wholeNumber(1), 60)
  .option("--state <file>", "what was told already; may be deleted", join(stateFolder(), "watch.json"))
  .option("--baseline <file>", "compare rates with what `bun run baseline` wrote; default FEST_BASELINE")
  .option("--runway <days>", "days that each balance has to last", wholeNumber(0), usual.runwayDays)
  .option("--overdue <seconds>", "when an obligation is overdue", wholeNumber(0), usual.overdueSeconds)
  .option("--stopped <seconds>", "how long an agent may be stopped", wholeNumber(0), usual.stoppedSeconds)
  .option(
    "--unauthorised <n>",
    "entries an hour that an account may write in vain",
    wholeNumber(0),
    usual.unauthorised,
  )
  .option(
    "--drawdown <bps>",
    "the fund's loss, in hundredths of a percent",
    wholeNumber(1),
    usual.drawdownBps,
  )
  .option("--runbook <url>", "where notices link to", RUNBOOK)
  .parse()
  .opts<Options>();

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());

try {
  const ok = options.test === true ? await sendTest() : await watch();
  process.exit(ok ? 0 : 1);
} catch (error) {
  fail("watch", options.json, error);
}

async function watch(): Promise<boolean> {
  const log = namedLog(options.log);
  const mirror = namedMirror(options.mirror);
  const webhook = namedWebhook();
  const baseline = await readBaseline();
  const { runbook, state } = options;
  const tell = async (notice: Notice, origin: Origin) => {
    if (webhook !== null) await send(webhook, notice, origin);
  };
  let memory = await readMemory(state);
  for (;;) {
    const round = await playRound({
      mirror,
      log,
      runbook,
      baseline,
      memory,
      tell,
      thresholds: thresholdsOf(options),
    });
    memory = round.memory;
    await keepMemory(state, memory);
    show(round);
    if (options.once) return round.problems.length === 0;
    await mirror.clock.sleep(options.every * 1_000, stopping.signal);
    if (stopping.signal.aborted) return true;
  }
}

/** Both ways through the webhook, without a look at the ledger. */
async function sendTest(): Promise<boolean> {
  const webhook = namedWebhook();
  if (webhook === null) {
    throw new FestError("WEBHOOK_MISSING", "no webhook is named", {
      fix: "Give --webhook or set FEST_WEBHOOK_URL.",
    });
  }
  const now = systemClock.now();
  const test = alarm("agent_silent", "test", "this is a test: nobody is silent", "warning");
  const origin: Origin = { festival: "a test", log: options.log ?? "none", runbook: options.runbook };
  const notices = (["firing", "recovered"] as const).map((kind) => ({ ...test, kind, since: now, at: now }));
  for (const notice of notices) await send(webhook, notice, origin);
  const sent = notices.map((notice) => noticeJson(notice, origin));
  console.log(options.json ? JSON.stringify({ ok: true, notices: sent }) : "The webhook took both notices.");
  return true;
}

function show({ look, alarms, notices, origin, problems }: Round): void {
  const told = notices.map((notice) => noticeJson(notice, origin));
  if (options.json) {
    const body = {
      ok: look !== null && alarms.length === 0,
      log: origin.log,
      festival: look === null ? null : origin.festival,
      sequence: look?.sight.state.head?.sequence ?? null,
      time: look === null ? null : formatTimestamp(look.sight.now),
      alarms: alarms.map((one) => ({ ...one, fix: `${origin.runbook}#${alarmAnchor(one.name)}` })),
      notices: told,
      problems,
    };
    if (options.once || told.length > 0 || problems.length > 0) console.log(JSON.stringify(body));
    return;
  }
  for (const problem of problems) console.error(`watch: ${problem}`);
  for (const notice of notices) console.log(`${headline(notice)}: ${notice.message}`);
  if (!options.once) return;
  if (look !== null && alarms.length === 0) console.log(`${origin.festival}: nothing wants a person.`);
  if (notices.length > 0) return;
  for (const { name, message } of alarms) console.log(`still ${name}: ${message}`);
}

function namedWebhook(): Webhook | null {
  const { webhook, format } = options;
  return webhookOf(webhook ?? env.FEST_WEBHOOK_URL, format ?? env.FEST_WEBHOOK_FORMAT);
}

async function readBaseline(): Promise<Baseline | null> {
  const path = options.baseline ?? env.FEST_BASELINE;
  if (!path) return null;
  const fix = "Take it again with `bun run baseline`.";
  const text = await readText(path, "baseline", fix);
  try {
    return z.decode(baselineSchema, JSON.parse(text));
  } catch {
    throw new FestError("BASELINE_INVALID", `${path} is not what baseline writes`, { fix });
  }
}

function thresholdsOf(chosen: Options): Thresholds {
  return {
    ...usual,
    runwayDays: chosen.runway,
    overdueSeconds: chosen.overdue,
    stoppedSeconds: chosen.stopped,
    unauthorised: chosen.unauthorised,
    drawdownBps: chosen.drawdown,
  };
}

/** systemd's, if it gives one. */
function stateFolder(): string {
  return env.STATE_DIRECTORY || ".fest/state";
}
