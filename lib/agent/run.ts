import packageJson from "../../package.json" with { type: "json" };
import { ConfigError } from "../hedera/config.ts";
import { describeError, FestError } from "../hedera/error.ts";
import { NANOS_PER_MILLI, type Timestamp } from "../hedera/timestamp.ts";
import { type Ledger, openLedger } from "../ledger/client.ts";
import type { Outcome } from "../ledger/effect.ts";
import { createMirror, type Mirror } from "../mirror/client.ts";
import { systemClock } from "../mirror/clock.ts";
import { connectRelay } from "../mirror/relay.ts";
import { connectTopicStream } from "../mirror/topic-stream.ts";
import { anyWake } from "../mirror/wake.ts";
import { Breaker } from "./breaker.ts";
import { type AgentConfig, readAgentConfig } from "./config.ts";
import { openCrashingLedger } from "./crash.ts";
import { DeadManSwitch } from "./dead-man.ts";
import type { Performers } from "./duty.ts";
import { guardPerformers, guardSaying, type Hold } from "./guard.ts";
import { KeyWatch } from "./key-watch.ts";
import { createLogger, type Logger, stderrSink } from "./logger.ts";
import { type Pass, runLoop } from "./loop.ts";
import { createNotifier, type Notifier } from "./notify.ts";
import { Observatory } from "./observatory.ts";
import { Pacer } from "./pacer.ts";
import { Purse } from "./purse.ts";
import { QuietCollection } from "./quiet-collection.ts";
import { Standing } from "./standing.ts";
import { Stopping } from "./stopping.ts";
import { Ticker } from "./ticker.ts";
import { Vitals } from "./vitals.ts";

/** What an agent's performers are made from. */
export interface AgentContext {
  readonly config: AgentConfig;
  readonly ledger: Ledger;
  readonly mirror: Mirror;
  readonly logger: Logger;
  /** Has something of the role's own look on at every pass. */
  readonly watch: (watcher: Watcher) => void;
}

/** Something that a role does beside its obligations. */
export interface Watcher {
  update(pass: Pass): void;
  stop(): void | Promise<void>;
}

/** Exit code of a process whose configuration is wrong (`EX_CONFIG` of sysexits). */
const EXIT_CONFIG = 78;
/**
 * Under systemd, how long a process with a wrong configuration shows what is wrong before it ends and is
 * started with what its files say then: so long that these starts stay under the unit's limit (10 in 10 min).
 */
const CONFIG_WAIT_MS = 65_000;

/**
 * Runs an agent until SIGTERM or SIGINT: reads the environment, follows the log,
 * performs what the role owes, and shows its vital signs.
 *
 * @param performersOf what the role performs; called once
 */
export async function runAgent(
  performersOf: (context: AgentContext) => Promise<Performers> | Performers,
): Promise<void> {
  const stopping = Stopping.ofProcess();
  const notifier = createNotifier(process.env);
  const pacer = new Pacer(process.env);
  try {
    await pace(pacer, notifier, stopping.signal);
    const config = readAgentConfig(process.env);
    const logger = createLogger(config.agent, config.logLevel, stderrSink(process.env));
    await serve(config, logger, notifier, performersOf, stopping);
    pacer.end();
    process.exit(0);
  } catch (error) {
    console.error(describeError(error));
    // What the project itself has thrown is known, and waiting may cure it; anything else is a crash.
    if (!(error instanceof FestError)) process.exit(1);
    pacer.end();
    if (notifier.active && !stopping.signal.aborted) {
      await waitForCure(describeError(error), notifier, stopping.signal);
      if (stopping.signal.aborted) process.exit(0);
    }
    process.exit(error instanceof ConfigError || error.code === "PLAN_INVALID" ? EXIT_CONFIG : 1);
  }
}

/**
 * Every turn of the loop, however it went, feeds the watchdog; readiness is said
 * once. A unit's key is read at its start: only another start cures a wrong one.
 */
function teller(standing: Standing, notifier: Notifier, stopping: Stopping): () => void {
  let wasReady = false;
  let isAnew = false;
  return () => {
    const ready = !wasReady && standing.ready;
    wasReady ||= ready;
    if (standing.wrongKey && !isAnew && notifier.active) {
      isAnew = true;
      setTimeout(() => stopping.request("wrong key"), CONFIG_WAIT_MS).unref();
    }
    notifier.notify(`${ready ? "READY=1\n" : ""}WATCHDOG=1\nSTATUS=${standing.line}`);
  };
}

/** Shows what is wrong for as long as {@link CONFIG_WAIT_MS}, or until the signal. */
async function waitForCure(problem: string, notifier: Notifier, signal: AbortSignal): Promise<void> {
  const end = systemClock.now() + BigInt(CONFIG_WAIT_MS) * NANOS_PER_MILLI;
  while (systemClock.now() < end && !signal.aborted) {
    notifier.notify(`WATCHDOG=1\nSTATUS=waits: ${problem}`);
    await systemClock.sleep(CONFIG_WAIT_MS / 13, signal);
  }
}

/** Waits, after crashes, longer each time. */
async function pace(pacer: Pacer, notifier: Notifier, signal: AbortSignal): Promise<void> {
  const seconds = pacer.start(systemClock.now());
  if (seconds === 0) return;
  notifier.notify(`STATUS=waits ${seconds} s: it crashed several times within ten minutes`);
  await systemClock.sleep(seconds * 1_000, signal);
}

async function serve(
  config: AgentConfig,
  logger: Logger,
  notifier: Notifier,
  performersOf: (context: AgentContext) => Promise<Performers> | Performers,
  stopping: Stopping,
): Promise<void> {
  const clock = systemClock;
  const { network, account } = config.ledger;
  let position: Timestamp | null = null;
  const since = () => position;
  const { ledger, mirror, wake, close } = connect(config, since);
  const { agent, log } = config;
  const { version } = packageJson;
  const onHold = (hold: Hold) => void vitals.report(hold);
  const purse = new Purse({ account, limits: config.limits, mirror, logger, clock, onHold });
  const breaker = new Breaker(clock, onHold);
  const hold = () => purse.hold ?? breaker.hold;
  const shown = { self: { agent, account }, version, network: network.name, log, hold, clock };
  const observatory = new Observatory({ ...shown, port: config.healthPort, means: () => purse.means });
  const standing = new Standing({ agent, account, log, mirror: network.mirror, hold });
  const tell = teller(standing, notifier, stopping);
  const onSaid = (outcome: Outcome) => {
    standing.said(outcome);
    observatory.said(outcome);
    tell();
  };
  const vitals = new Vitals({ agent, account, version, ledger, mirror, logger, clock, hold, onSaid });
  const deadMan = new DeadManSwitch({ agent, version, log, ledger, mirror, logger, clock });
  const ticker = new Ticker({ agent, log, ledger: guardSaying(ledger, [purse]), logger, clock });
  const collection = new QuietCollection(clock);
  const watchers: Watcher[] = [];
  const watch = (watcher: Watcher) => void watchers.push(watcher);
  watch(new KeyWatch({ log, mirror, logger, clock, onDrift: onHold }));
  void purse.watch();
  try {
    const own = observatory.measured(await performersOf({ config, ledger, mirror, logger, watch }));
    const performers = guardPerformers(own, [purse, breaker]);
    const { port } = observatory;
    logger.info({ account, log, network: network.name, version, health_port: port }, "follows the log");
    await runLoop({
      agent,
      log,
      mirror,
      ledger,
      performers,
      wake,
      clock,
      logger,
      signal: stopping.signal,
      onPass: (pass) => {
        observatory.passed(pass);
        vitals.update(pass);
        deadMan.update(pass);
        ticker.update(pass);
        for (const watcher of watchers) watcher.update(pass);
        standing.passed(pass);
        tell();
        collection.update(pass);
      },
      onFollow: (state) => {
        position = state.position?.timestamp ?? null;
        observatory.followed(state);
        standing.followed(state);
        tell();
      },
    });
  } finally {
    notifier.notify("STOPPING=1");
    ticker.stop();
    for (const watcher of watchers) await watcher.stop();
    purse.stop();
    await deadMan.stop();
    await vitals.stop(stopping.reason);
    await observatory.stop();
    close();
    logger.info("stopped");
  }
}

/** Every way to the network: the nodes, the mirror node, and what wakes the agent early. */
function connect(config: AgentConfig, since: () => Timestamp | null) {
  const { network } = config.ledger;
  const ledger =
    config.crashAt === null ? openLedger(config.ledger) : openCrashingLedger(config.ledger, config.crashAt);
  const mirror = createMirror({ baseUrl: network.mirror });
  const relay = network.relayWs === null ? null : connectRelay({ url: network.relayWs });
  const stream =
    network.mirrorGrpcWeb === null
      ? null
      : connectTopicStream({ url: network.mirrorGrpcWeb, topic: config.log, since });
  const wake = anyWake(...[relay, stream].filter((source) => source !== null));
  const close = () => {
    stream?.close();
    relay?.close();
    ledger.close();
  };
  return { ledger, mirror, wake, close };
}
