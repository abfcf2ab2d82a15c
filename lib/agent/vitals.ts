import { bytesToHex } from "@noble/hashes/utils.js";
import type { Body } from "../festival/entry/entry.ts";
import { encodeEntry } from "../festival/entry/entry.ts";
import { SLOW_BEATS } from "../festival/vitals.ts";
import { describeError } from "../hedera/error.ts";
import type { AccountId } from "../hedera/id.ts";
import { NANOS_PER_SECOND, type Timestamp } from "../hedera/timestamp.ts";
import type { Ledger } from "../ledger/client.ts";
import type { Outcome } from "../ledger/effect.ts";
import type { AccountBalance } from "../mirror/account.ts";
import type { Mirror } from "../mirror/client.ts";
import type { Clock } from "../mirror/clock.ts";
import type { Hold } from "./guard.ts";
import type { Logger } from "./logger.ts";
import type { Pass } from "./loop.ts";

/** What an agent's vital signs are made of. */
export interface VitalsOptions {
  readonly agent: string;
  readonly account: AccountId;
  readonly version: string;
  readonly ledger: Pick<Ledger, "say">;
  readonly mirror: Pick<Mirror, "balance">;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Why the agent does not do its work now, or null; it beats rarely then, to spend little. */
  readonly hold: () => Hold | null;
  /** Told what became of each thing said. */
  readonly onSaid?: (outcome: Outcome) => void;
}

/** How long a heartbeat waits for the balance that it tells. */
const BALANCE_MS = 1_500;
/** How soon a greeting that was not taken is said again: doubled each time from the first to the longest. */
const FIRST_GREETING_MS = 1_000;
const LONGEST_GREETING_MS = 30_000;

/**
 * Says on the vitals topic that the agent lives, at the manifest's interval. No
 * decision reads it, so a lost heartbeat is not repeated.
 */
export class Vitals {
  readonly #options: VitalsOptions;
  readonly #startedAt: Timestamp;
  readonly #stopping = new AbortController();
  #pass: Pass | null = null;
  #beating = false;
  readonly #unsaid: Hold[] = [];

  constructor(options: VitalsOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** Takes note of a pass; the first one that knows the manifest starts the heartbeat. */
  update(pass: Pass): void {
    this.#pass = pass;
    if (this.#beating || !pass.caughtUp || pass.state.manifest === null) return;
    this.#beating = true;
    void this.#greet();
    void this.#beat();
  }

  /** Says that something needs a person, as soon as it is known where. */
  async report(hold: Hold): Promise<void> {
    this.#options.logger.error({ code: hold.code }, hold.message);
    this.#unsaid.push(hold);
    if (this.#beating) await this.#complain();
  }

  /** Ends the heartbeat and says why. */
  async stop(reason: string): Promise<void> {
    this.#stopping.abort();
    await this.#say({ v: 1, type: "agent_stopped", payload: { ...this.#who(), reason } });
  }

  /** Says that the agent has started until the network takes it: that shows that it can submit. */
  async #greet(): Promise<void> {
    const { signal } = this.#stopping;
    for (let pause = FIRST_GREETING_MS; !signal.aborted; pause = Math.min(LONGEST_GREETING_MS, 2 * pause)) {
      if (await this.#say({ v: 1, type: "agent_started", payload: this.#who() })) return;
      await this.#options.clock.sleep(pause, signal);
    }
  }

  async #beat(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    await this.#complain();
    for (let interval = 0; !signal.aborted; interval += 1) {
      const wait = clock.sleep((this.#pass?.state.manifest?.heartbeat_seconds ?? 5) * 1_000, signal);
      const quiet = this.#options.hold() !== null && interval % SLOW_BEATS !== 0;
      const body = quiet ? null : await this.#heartbeat();
      if (body !== null && !signal.aborted) await this.#say(body);
      await wait;
    }
  }

  async #complain(): Promise<void> {
    for (let hold = this.#unsaid.shift(); hold !== undefined; hold = this.#unsaid.shift()) {
      const payload = { ...this.#who(), code: hold.code, message: hold.message.slice(0, 200) };
      await this.#say({ v: 1, type: "agent_error", payload });
    }
  }

  async #heartbeat(): Promise<Body<"heartbeat"> | null> {
    const { clock, hold } = this.#options;
    const pass = this.#pass;
    if (pass === null) return null;
    const balance = await this.#balance();
    const { active, last, state } = pass;
    const [task] = active;
    return {
      v: 1,
      type: "heartbeat",
      payload: {
        ...this.#who(),
        status: hold() !== null ? "error" : active.length > 0 ? "working" : "idle",
        ...(task === undefined ? {} : { active_task_id: task }),
        uptime_seconds: Number((clock.now() - this.#startedAt) / NANOS_PER_SECOND),
        ...this.#tallies(pass),
        rss_mb: Math.round(process.memoryUsage.rss() / 1_048_576),
        ...(balance === null ? {} : { balance: balance.hbar }),
        sequence: state.head?.sequence ?? 0,
        ...(last === null ? {} : { running_hash: bytesToHex(last.runningHash).slice(0, 16) }),
      },
    };
  }

  /** What the account holds; null if the mirror node does not say so at once, since the heartbeat must not wait for it. */
  async #balance(): Promise<AccountBalance | null> {
    const { mirror, account, logger, clock } = this.#options;
    const enough = new AbortController();
    const read = mirror.balance(account, { retries: 0, signal: enough.signal }).catch((error: unknown) => {
      logger.warn({ error: describeError(error) }, "the balance could not be read");
      return null;
    });
    const balance = await Promise.race([read, clock.sleep(BALANCE_MS, enough.signal).then(() => null)]);
    enough.abort();
    return balance;
  }

  #tallies({ state }: Pass): { completed_tasks: number; failed_tasks: number } {
    const mine = [...(state.edition?.tasks.values() ?? [])].filter(
      (task) => task.agent === this.#options.agent,
    );
    return {
      completed_tasks: mine.filter((task) => task.state === "paid").length,
      failed_tasks: mine.filter((task) => task.state === "failed").length,
    };
  }

  #who(): { agent_id: string; version: string } {
    return { agent_id: this.#options.agent, version: this.#options.version };
  }

  async #say(body: Body): Promise<boolean> {
    const { ledger, logger, onSaid } = this.#options;
    const topic = this.#pass?.state.manifest?.vitals;
    if (topic === undefined) return false;
    const outcome = await ledger.say(topic, encodeEntry(body), { patienceMs: 5_000 });
    if (!this.#stopping.signal.aborted) onSaid?.(outcome);
    if (outcome.kind !== "executed") logger.warn({ type: body.type, outcome }, "was not said");
    return outcome.kind === "executed";
  }
}
