/** What the owner says on the log by hand: `pause` and `resume`. */
import { Command } from "commander";
import { coldStart } from "../../lib/agent/cold-start.ts";
import { type Body, encodeEntry } from "../../lib/festival/entry/entry.ts";
import { fold } from "../../lib/festival/fold.ts";
import { EMPTY_STATE } from "../../lib/festival/state.ts";
import { ConfigReader } from "../../lib/hedera/config.ts";
import { describeError, FestError } from "../../lib/hedera/error.ts";
import { parseTopicId, type TopicId } from "../../lib/hedera/id.ts";
import { openLedger } from "../../lib/ledger/client.ts";
import { readLedger } from "../../lib/ledger/config.ts";
import { createMirror } from "../../lib/mirror/client.ts";
import { follow } from "../../lib/mirror/follow.ts";

/**
 * Runs one of the owner's commands to its end: says the entry with the account
 * and key of the environment, as setup writes it to `owner.env`, looks whether
 * it counts, and exits.
 */
export async function govern(type: "pause" | "resume", description: string): Promise<never> {
  const options = new Command(type)
    .description(`${description} Needs the owner's environment: bun --env-file=.../owner.env run ${type}`)
    .option("--reason <text>", "why, for everybody to read; at most 200 letters")
    .option("--log <topic>", "the festival's log; default FEST_LOG")
    .helpOption("--help", "show this")
    .allowExcessArguments(false)
    .parse()
    .opts<{ reason?: string; log?: string }>();
  try {
    const { reason } = options;
    const payload = reason === undefined ? {} : { payload: { reason } };
    const { log, mirror, sequence } = await say({ v: 1, type, ...payload }, options.log);
    await needCounted(mirror, log, sequence);
    console.log(`entry #${sequence} says ${type}`);
    process.exit(0);
  } catch (error) {
    console.error(`${type}: ${describeError(error)}`);
    process.exit(1);
  }
}

/** Says it, and tells where. @throws ConfigError, FestError `NOT_SAID` with Hedera's status */
async function say(body: Body<"pause" | "resume">, named: string | undefined) {
  const reader = new ConfigReader(process.env);
  const config = readLedger(reader);
  const fix = "Give --log, or set it to the festival's log, which setup prints.";
  const log = reader.parsed("FEST_LOG", named ?? reader.required("FEST_LOG", fix), parseTopicId);
  reader.finish();
  if (!config || !log) throw new FestError("CONFIG_INVALID", "the environment could not be read");
  const ledger = openLedger(config);
  try {
    const outcome = await ledger.say(log, encodeEntry(body));
    if (outcome.kind === "executed" && outcome.sequence !== undefined) {
      const sequence = Number(outcome.sequence);
      return { log, mirror: config.network.mirror, sequence };
    }
    const status = "status" in outcome ? outcome.status : outcome.kind;
    throw new FestError("NOT_SAID", `the network did not take it: ${status}`, {
      fix:
        outcome.kind === "pending"
          ? "See `bun run status` whether it came through, and run it again."
          : "Use the owner's environment.",
    });
  } finally {
    ledger.close();
  }
}

/** Reads the log up to an entry, as every agent does. @throws FestError `NOT_COUNTED` with the reason */
async function needCounted(baseUrl: string, topic: TopicId, sequence: number): Promise<void> {
  const mirror = createMirror({ baseUrl });
  const cold = await coldStart(mirror, topic);
  const start = cold !== null && cold.message.sequence < sequence ? cold : null;
  let state = start?.state ?? EMPTY_STATE;
  const from = start === null ? {} : { from: start.message };
  for await (const message of follow({ mirror, topic, signal: new AbortController().signal, ...from })) {
    state = fold(state, message);
    if (message.sequence === sequence) break;
  }
  const { verdict } = state;
  if (verdict === null || !("problem" in verdict)) return;
  throw new FestError("NOT_COUNTED", `entry #${sequence} does not count: ${verdict.problem}`);
}
