import { openTrade } from "../festival/trades.ts";
import { formatHbar } from "../hedera/amount.ts";
import { describeError } from "../hedera/error.ts";
import type { AccountId, TopicId } from "../hedera/id.ts";
import {
  addSeconds,
  NANOS_PER_MILLI,
  NANOS_PER_SECOND,
  type Timestamp,
  truncateToMicros,
} from "../hedera/timestamp.ts";
import { type Ledger, openLedger } from "../ledger/client.ts";
import type { Outcome } from "../ledger/effect.ts";
import { noiseTrade } from "../market/noise.ts";
import { swapLegs } from "../market/swap.ts";
import type { Mirror } from "../mirror/client.ts";
import { type Clock, systemClock } from "../mirror/clock.ts";
import type { Logger } from "./logger.ts";
import type { Pass } from "./loop.ts";
import type { AgentContext } from "./run.ts";
import { holdingsOf } from "./work/balance.ts";
import { marketOf } from "./work/context.ts";
import { timeOfEntry } from "./work/log-times.ts";
import { poolAccount, poolFee } from "./work/pool.ts";
import { priceAt } from "./work/rates.ts";

/** What a {@link NoiseTrader} needs. */
export interface NoiseTraderOptions {
  readonly log: TopicId;
  readonly network: string;
  readonly mirror: Mirror;
  /** Opens the write side for the noise trader's account, whose key is the desk's. */
  readonly open: (account: AccountId) => Pick<Ledger, "perform" | "close">;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** The noise trader of the process that a context belongs to. */
export function noiseTraderOf({ config, mirror, logger }: AgentContext): NoiseTrader {
  return new NoiseTrader({
    log: config.log,
    network: config.ledger.network.name,
    mirror,
    open: (account) => openLedger({ ...config.ledger, account }),
    logger,
    clock: systemClock,
  });
}

/** How often the mirror node is asked for what was sent. */
const LOOK_MS = 200;
/** After so long the noise trader gives its trade up as not taken. */
const PATIENCE_MS = 15_000;

/**
 * The noise trader of the manifest, in the desk's process, on devnet alone.
 * Trade number n is due n intervals after the log's first entry, and its
 * transaction id begins then, so that two copies of the desk make it once.
 * While a quote is asked for or stands it does nothing: a quote is firm.
 */
export class NoiseTrader {
  readonly #options: NoiseTraderOptions;
  readonly #stopping = new AbortController();
  #pass: Pass | null = null;
  #running = false;
  #underWay = false;

  constructor(options: NoiseTraderOptions) {
    this.#options = options;
  }

  /** Whether none of its trades is under way, so that the pool's price holds still for a quote. */
  get quiet(): boolean {
    return !this.#underWay;
  }

  /** Takes note of a pass; the first one that knows a noise trader starts it. */
  update(pass: Pass): void {
    this.#pass = pass;
    if (this.#running || !pass.caughtUp || pass.state.manifest?.market?.noise === undefined) return;
    this.#running = true;
    if (this.#options.network !== "devnet") {
      this.#options.logger.error("a noise trader is for devnet alone; there is none here");
      return;
    }
    void this.#run();
  }

  /** Ends it. */
  stop(): void {
    this.#stopping.abort();
  }

  async #run(): Promise<void> {
    const { logger, clock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#turn();
      } catch (error) {
        logger.warn({ error: describeError(error) }, "the noise trader could not trade");
        await clock.sleep(1_000, signal);
      }
    }
  }

  /** Waits for the next trade's time, and makes it. */
  async #turn(): Promise<void> {
    const { mirror, log, clock, logger } = this.#options;
    const noise = this.#pass?.state.manifest?.market?.noise;
    if (noise === undefined) return clock.sleep(1_000, this.#stopping.signal);
    const began = truncateToMicros(await timeOfEntry(mirror, log, 1));
    const interval = BigInt(noise.every_seconds) * NANOS_PER_SECOND;
    const number = Number((clock.now() - began) / interval) + 1;
    const due = began + BigInt(number) * interval;
    await clock.sleep(Number((due - clock.now()) / NANOS_PER_MILLI) + 1, this.#stopping.signal);
    if (this.#stopping.signal.aborted || this.#pass === null || this.#pass.state.paused) return;
    if (openTrade(this.#pass.state) !== null) return;
    this.#underWay = true;
    try {
      await this.#trade(number, due);
    } finally {
      this.#underWay = false;
    }
    logger.debug({ number }, "the noise trader's turn is over");
  }

  async #trade(number: number, due: Timestamp): Promise<void> {
    const { mirror, open, logger, clock } = this.#options;
    const state = this.#pass?.state;
    if (state === undefined) return;
    const { noise, token } = marketOf(state);
    const account = poolAccount(state);
    if (noise === undefined || account === null) return;
    const [reserves, held] = [await mirror.balance(account), await mirror.balance(noise.account)];
    if (reserves === null || held === null) return;
    const pool = { ...holdingsOf(reserves, token), feeBps: poolFee(state) };
    const { seed, strength_bps } = noise;
    const swap = noiseTrade({ seed, strengthBps: BigInt(strength_bps) }, number, {
      pool,
      reference: await priceAt(mirror, clock.now()),
      holdings: holdingsOf(held, token),
    });
    if (swap === null) return;
    const ledger = open(noise.account);
    try {
      const { side, hbar, tokens } = swap;
      const legs = swapLegs({ side, hbar, tokens, fund: noise.account, desk: account, token });
      const id = { payer: noise.account, validStart: due };
      const memo = noiseMemo(number, seed);
      const outcome = await ledger.perform({ id, memo, action: { kind: "transfer", ...legs } });
      if (outcome.kind === "executed") await this.#shown(id);
      logger.info({ number, side, hbar: formatHbar(hbar), outcome: outcomeOf(outcome) }, "noise");
    } finally {
      ledger.close();
    }
  }

  /** Waits until the mirror node shows the trade, so that nobody quotes from before it. */
  async #shown(id: { payer: AccountId; validStart: Timestamp }): Promise<void> {
    const { mirror, clock } = this.#options;
    const end = addSeconds(clock.now(), PATIENCE_MS / 1_000);
    while (clock.now() < end && !this.#stopping.signal.aborted) {
      if ((await mirror.transaction(id)) !== null) return;
      await clock.sleep(LOOK_MS, this.#stopping.signal);
    }
  }
}

/** The memo of a noise trade: what it is, to whoever reads the ledger. */
export function noiseMemo(number: number, seed: string): string {
  return `noise ${number} of ${JSON.stringify(seed)}`.slice(0, 90);
}

function outcomeOf(outcome: Outcome): string {
  return "status" in outcome ? `${outcome.kind} ${outcome.status}` : outcome.kind;
}
