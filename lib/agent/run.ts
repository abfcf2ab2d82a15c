import packageJson from "../../package.json" with { type: "json" };
import { ConfigError } from "../hedera/config.ts";
import { describeError, FestError } from "../hedera/error.ts";
import { type Ledger, openLedger } from "../ledger/client.ts";
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
import { type Health, serveHealth } from "./health.ts";
import { createLogger, type Logger } from "./logger.ts";
import { runLoop } from "./loop.ts";
import { createNotifier } from "./notify.ts";
import { Purse } from "./purse.ts";
import { Ticker } from "./ticker.ts";
import { Vitals } from "./vitals.ts";

/** What an agent's performers are made from. */
export interface AgentContext {
  readonly config: AgentConfig;
  readonly ledger: Ledger;
  readonly mirror: Mirror;
  readonly logger: Logger;
}

/** Exit code of a process whose configuration is wrong (`EX_CONFIG` of sysexits). */
const EXIT_CONFIG = 78;

/**
 * Runs an agent until SIGTERM or SIGINT: reads the environment, follows the log,
 * performs what the role owes, and shows its vital signs.
 *
 * @param performersOf what the role performs; called once
 */
export async function runAgent(
  performersOf: (context: AgentContext) => Promise<Performers> | Performers,
): Promise<void> {
  const stopping = new AbortController();
  let reason = "";
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      reason ||= signal;
      stopping.abort();
    });
  }
  // Started with a channel, a process lives no longer than who holds its other end.
  process.on("disconnect", () => {
    reason ||= "parent gone";
    stopping.abort();
  });
  try {
    const config = readAgentConfig(process.env);
    const logger = createLogger(config.agent, config.logLevel);
    await serve(config, logger, performersOf, stopping.signal, () => reason);
    process.exit(0);
  } catch (error) {
    console.error(describeError(error));
    process.exit(
      error instanceof ConfigError || (error instanceof FestError && error.code === "PLAN_INVALID")
        ? EXIT_CONFIG
        : 1,
    );
  }
}

async function serve(
  config: AgentConfig,
  logger: Logger,
  performersOf: (context: AgentContext) => Promise<Performers> | Performers,
  signal: AbortSignal,
  reason: () => string,
): Promise<void> {
  const clock = systemClock;
  const { network, account } = config.ledger;
  const ledger =
    config.crashAt === null ? openLedger(config.ledger) : openCrashingLedger(config.ledger, config.crashAt);
  const mirror = createMirror({ baseUrl: network.mirror });
  const relay = network.relayWs === null ? null : connectRelay({ url: network.relayWs });
  const notifier = createNotifier(process.env);
  const health: Health = { pass: null, follow: null };
  const since = () => health.follow?.position?.timestamp ?? null;
  const stream =
    network.mirrorGrpcWeb === null
      ? null
      : connectTopicStream({ url: network.mirrorGrpcWeb, topic: config.log, since });
  const server = config.healthPort === null ? null : serveHealth(config.healthPort, health);
  const { agent, log } = config;
  const { version } = packageJson;
  const onHold = (hold: Hold) => void vitals.report(hold);
  const purse = new Purse({ account, limits: config.limits, mirror, logger, clock, onHold });
  const breaker = new Breaker(clock, onHold);
  const hold = () => purse.hold ?? breaker.hold;
  const vitals = new Vitals({ agent, account, version, ledger, mirror, logger, clock, hold });
  const deadMan = new DeadManSwitch({ agent, version, log, ledger, mirror, logger, clock });
  const ticker = new Ticker({ agent, log, ledger: guardSaying(ledger, [purse]), logger, clock });
  void purse.watch();
  try {
    const performers = guardPerformers(await performersOf({ config, ledger, mirror, logger }), [
      purse,
      breaker,
    ]);
    logger.info({ account, log, network: network.name }, "follows the log");
    await runLoop({
      agent,
      log,
      mirror,
      ledger,
      performers,
      wake: anyWake(...[relay, stream].filter((source) => source !== null)),
      clock,
      logger,
      signal,
      onPass: (pass) => {
        if (pass.caughtUp && !health.pass?.caughtUp) notifier.notify("READY=1");
        health.pass = pass;
        vitals.update(pass);
        deadMan.update(pass);
        ticker.update(pass);
        notifier.notify(`WATCHDOG=1\nSTATUS=folded to entry ${pass.state.head?.sequence ?? 0}`);
      },
      onFollow: (state) => {
        health.follow = state;
        notifier.notify("WATCHDOG=1");
      },
    });
  } finally {
    notifier.notify("STOPPING=1");
    ticker.stop();
    purse.stop();
    await deadMan.stop();
    await vitals.stop(reason());
    await server?.stop();
    stream?.close();
    relay?.close();
    ledger.close();
    logger.info("stopped");
  }
}
