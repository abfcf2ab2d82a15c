/** Tells a person, or a program with `--json`, how a demo goes. */

import { feesBetween } from "../../lib/agent/work/fees.ts";
import { priceAt } from "../../lib/agent/work/rates.ts";
import { agentsOf } from "../../lib/festival/roles.ts";
import type { State, Task } from "../../lib/festival/state.ts";
import { formatHbar } from "../../lib/hedera/amount.ts";
import { NANOS_PER_MILLI } from "../../lib/hedera/timestamp.ts";
import { hbarValue } from "../../lib/market/price.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import type { Host } from "./host.ts";
import type { Turn } from "./watch.ts";

/** What an edition came to, as `--json` prints it. */
export interface CommittedEvent {
  readonly event: "committed";
  readonly festival: string;
  readonly edition: number;
  readonly tasks: { readonly planned: number; readonly paid: number; readonly failed: number };
  readonly payments: number;
  readonly trades: number;
  /** Entries on the log so far. */
  readonly entries: number;
  /** Consensus time from the edition's plan to its commit. */
  readonly seconds: number;
  /** What the network charged the agents' accounts in that time. */
  readonly usd: number;
}

/** Sums up an edition that was just committed, from log and mirror. */
export async function committedEvent(mirror: Mirror, state: State): Promise<CommittedEvent> {
  const { edition, manifest, head } = state;
  const commit = edition?.committed;
  if (!edition || !commit || !manifest) throw new Error("there is no commit");
  const accounts = agentsOf(state).map(({ account }) => account);
  const fees = await feesBetween(mirror, accounts, edition.started - 1n, commit.timestamp + 1n);
  const { tasks, payments, trades } = commit.payload;
  return {
    event: "committed",
    festival: manifest.festival.id,
    edition: edition.number,
    tasks: { planned: tasks.planned, paid: tasks.paid, failed: tasks.failed },
    payments,
    trades,
    entries: head?.sequence ?? 0,
    seconds: Number((commit.timestamp - edition.started) / NANOS_PER_MILLI) / 1_000,
    usd: Number(hbarValue(fees, await priceAt(mirror, commit.timestamp))) / 1_000_000,
  };
}

/** Writes progress to the terminal, or events as JSON to stdout. */
export class Narrator {
  readonly #json: boolean;

  constructor(json: boolean) {
    this.#json = json;
  }

  /** What is done next. */
  step(what: string): void {
    if (!this.#json) console.log(`  ${what}`);
  }

  /** Something out of order. */
  warn(problem: string): void {
    console.error(`  ${problem}`);
  }

  /** A line of an agent's own log. */
  line(line: string): void {
    console.error(line);
  }

  /** Everything runs. */
  ready({ network, festival, agents, devnet }: Host, site: string | null): void {
    const { log, vitals, token, accounts } = festival;
    const pids = { devnet: devnet.pid, ...agents.pids };
    if (this.#json) {
      this.#print({ event: "ready", mirror: network.mirror, log, vitals, token, accounts, site, pids });
      return;
    }
    console.log(`\n  log ${log}, vitals ${vitals}, mirror ${network.mirror}/api/v1`);
    if (site !== null) console.log(`  the page: ${site}`);
    console.log("");
  }

  /** An entry of the log, as far as it changes a task. */
  turn({ before, after }: Turn): void {
    for (const task of after.edition?.tasks.values() ?? []) {
      const old =
        before.edition?.number === after.edition?.number ? before.edition?.tasks.get(task.id) : undefined;
      if (old?.state !== task.state) this.#task(task, after);
    }
    const { verdict, head } = after;
    if (verdict !== null && verdict.kind !== "accepted") {
      const problem = "problem" in verdict ? verdict.problem : verdict.name;
      this.warn(`entry ${head?.sequence} does not count (${verdict.kind}): ${problem}`);
    }
  }

  /** An edition is finished. */
  committed(event: CommittedEvent): void {
    if (this.#json) {
      this.#print(event);
      return;
    }
    const { edition, tasks, trades, entries, seconds, usd } = event;
    console.log(
      `\n  edition ${edition} committed: ${tasks.paid} of ${tasks.planned} tasks paid, ${tasks.failed} failed, ` +
        `${trades} traded, ${entries} entries, ${seconds.toFixed(1)} s, ${usd.toFixed(4)} USD in fees\n`,
    );
  }

  #task(task: Task, state: State): void {
    const { id, spec, agent, payment, trade } = task;
    if (this.#json) {
      this.#print({ event: "task", edition: state.edition?.number, task_id: id, state: task.state, agent });
      return;
    }
    const swap = trade?.stage === "settled" ? `, ${trade.side} ${formatHbar(trade.hbar)} HBAR` : "";
    const paid = payment === null || task.state !== "paid" ? "" : ` ${payment.amount} to ${agent}`;
    console.log(`  ${id.padEnd(8)} ${task.state.padEnd(12)} ${spec.name}${paid}${swap}`);
  }

  #print(value: unknown): void {
    console.log(JSON.stringify(value));
  }
}
