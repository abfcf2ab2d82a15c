import { type Body, encodeEntry } from "../festival/entry/entry.ts";
import { agentsOf } from "../festival/roles.ts";
import type { State } from "../festival/state.ts";
import type { Tinybar } from "../hedera/amount.ts";
import { describeError } from "../hedera/error.ts";
import type { AccountId, TopicId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import type { Ledger } from "../ledger/client.ts";
import { profitOf } from "../market/profit.ts";
import type { Mirror } from "../mirror/client.ts";
import type { Logger } from "./logger.ts";
import type { Pass } from "./loop.ts";
import type { AgentContext } from "./run.ts";
import { bookBegins, readBook } from "./work/book.ts";
import { marketOf } from "./work/context.ts";
import { FeeHistory } from "./work/fee-history.ts";
import { timeOfEntry } from "./work/log-times.ts";
import { poolAccount, poolFee } from "./work/pool.ts";

type Report = Body<"pnl_report">["payload"];

/** What a {@link PnlReporter} needs. */
export interface PnlOptions {
  readonly agent: string;
  readonly log: TopicId;
  readonly ledger: Pick<Ledger, "say">;
  readonly mirror: Mirror;
  readonly logger: Logger;
}

/**
 * Says the fund's profit and loss on the vitals topic after every edition. With
 * several DeFi agents, the first of the manifest does. No decision reads it.
 */
class PnlReporter {
  readonly #options: PnlOptions;
  readonly #fees = new Map<AccountId, FeeHistory>();
  readonly #stopping = new AbortController();
  #commits: number | null = null;
  #saying: Promise<void> = Promise.resolve();

  constructor(options: PnlOptions) {
    this.#options = options;
  }

  /** Takes note of a pass: an edition that was committed since the last one is reported on. */
  update({ state, caughtUp }: Pass): void {
    if (!caughtUp || state.manifest?.market === undefined) return;
    const first = agentsOf(state).find(({ role }) => role === "defi");
    const before = this.#commits;
    this.#commits = state.commits;
    if (first?.id !== this.#options.agent || before === null || before === state.commits) return;
    this.#saying = this.#saying.then(() => this.#report(state));
  }

  /** Ends it, once what is being said is said. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#saying;
  }

  async #report(state: State): Promise<void> {
    const { ledger, logger } = this.#options;
    const { manifest } = state;
    if (manifest === null || this.#stopping.signal.aborted) return;
    try {
      const payload = await this.#reportOf(state);
      const message = encodeEntry({ v: 1, type: "pnl_report", payload });
      const outcome = await ledger.say(manifest.vitals, message, { patienceMs: 10_000 });
      if (outcome.kind !== "executed") logger.warn({ outcome }, "the report was not said");
    } catch (error) {
      // The next edition's report covers the same time and more.
      logger.warn({ error: describeError(error) }, "profit and loss could not be reported");
    }
  }

  /** The fund's profit and loss up to the last entry that was folded. @throws MirrorError, FestError */
  async #reportOf(state: State): Promise<Report> {
    const { agent, log, mirror } = this.#options;
    const to = state.head?.timestamp ?? 0n;
    const from = bookBegins(to, await timeOfEntry(mirror, log, 1));
    const { fund, token } = marketOf(state);
    const pool = poolAccount(state) ?? fund;
    const book = await readBook(mirror, { fund, pool, token }, from, to);
    const networkFees = await this.#feesOf(state, from, to);
    const profit = profitOf({ ...book, networkFees, feeBps: poolFee(state) });
    return {
      agent_id: agent,
      from,
      to,
      opening: book.opening,
      closing: { ...profit.inventory, price: book.price },
      trades: profit.trades,
      sales: profit.sales,
      wins: profit.wins,
      realised: profit.realised,
      unrealised: profit.unrealised,
      turnover: profit.turnover,
      venue_fees: profit.venueFees,
      network_fees: profit.networkFees,
      net: profit.net,
      holding: profit.untouched,
      trading: profit.trading,
      desk: profit.desk,
      max_drawdown_bps: Number(profit.drawdown.value),
      trading_drawdown_bps: Number(profit.drawdown.trading),
      is_self_sustaining: profit.selfSustaining,
    };
  }

  /** What the network charged the trading agents after `from` and up to `to`. */
  async #feesOf(state: State, from: Timestamp, to: Timestamp): Promise<Tinybar> {
    let fees = 0n;
    for (const { role, account } of agentsOf(state)) {
      if (role !== "defi") continue;
      const history = this.#fees.get(account) ?? new FeeHistory(this.#options.mirror, account);
      this.#fees.set(account, history);
      fees += await history.between(from, to);
    }
    return fees;
  }
}

/** The reporter of the process that a context belongs to. */
export function pnlReporterOf({ config, ledger, mirror, logger }: AgentContext): PnlReporter {
  return new PnlReporter({ agent: config.agent, log: config.log, ledger, mirror, logger });
}
