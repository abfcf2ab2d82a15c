/** Hours or days of forecasts on a devnet whose clock is advanced from one duty to the next, by the duties that agents have. */
import pino from "pino";
import { assigning } from "../../lib/agent/duty/assigning.ts";
import { evidenceOf } from "../../lib/agent/duty/evidence.ts";
import { planning } from "../../lib/agent/duty/planning.ts";
import { scoring } from "../../lib/agent/duty/scoring.ts";
import { settling } from "../../lib/agent/duty/settling.ts";
import { working } from "../../lib/agent/duty/working.ts";
import type { Performers } from "../../lib/agent/duty.ts";
import { runLoop } from "../../lib/agent/loop.ts";
import { WORK } from "../../lib/agent/work/kinds.ts";
import { type Devnet, startDevnet } from "../../lib/devnet/devnet.ts";
import { type Body, encodeEntry } from "../../lib/festival/entry/entry.ts";
import type { Plan, PlannedTask } from "../../lib/festival/plan/plan.ts";
import type { State } from "../../lib/festival/state.ts";
import { TINYBARS_PER_HBAR } from "../../lib/hedera/amount.ts";
import type { AccountId, TokenId, TopicId } from "../../lib/hedera/id.ts";
import { NANOS_PER_MILLI, NANOS_PER_SECOND, type Timestamp } from "../../lib/hedera/timestamp.ts";
import { createAccount } from "../../lib/ledger/accounts.ts";
import { type Ledger, openLedger } from "../../lib/ledger/client.ts";
import { SigningKey } from "../../lib/ledger/key.ts";
import { associate, createToken } from "../../lib/ledger/tokens.ts";
import { createTopic } from "../../lib/ledger/topics.ts";
import { createMirror } from "../../lib/mirror/client.ts";
import { type Clock, systemClock } from "../../lib/mirror/clock.ts";
import { createWake } from "../../lib/mirror/wake.ts";

/** A festival whose hours pass as fast as its agents work. */
export class Hours {
  readonly devnet: Devnet;
  readonly log: TopicId;
  readonly vitals: TopicId;
  readonly #clock: Clock;
  readonly #coordinator: Ledger;
  readonly #inference: Ledger;
  readonly #stopping = new AbortController();
  readonly #loops: Promise<void>[] = [];
  #state: State | null = null;

  private constructor(
    devnet: Devnet,
    clock: Clock,
    {
      log,
      vitals,
      coordinator,
      inference,
    }: Readonly<Record<"log" | "vitals", TopicId>> & Readonly<Record<"coordinator" | "inference", Ledger>>,
  ) {
    this.devnet = devnet;
    this.log = log;
    this.vitals = vitals;
    this.#clock = clock;
    this.#coordinator = coordinator;
    this.#inference = inference;
  }

  /** Sets it up, and lets the agents begin. */
  static async begin(plan: Plan): Promise<Hours> {
    const devnet = await startDevnet({ portBase: 0 });
    const clock = clockOf(devnet);
    const open = (account: AccountId, key: SigningKey) =>
      openLedger({ network: devnet.network, account, key, clock });
    const { accountId, privateKey } = devnet.operator;
    const operator = open(accountId, SigningKey.parse({ type: "ED25519", hex: privateKey }));
    const key = SigningKey.generate("ED25519");
    const account = () =>
      createAccount(operator, { key: key.publicKey, balance: 10_000n * TINYBARS_PER_HBAR });
    const coordinator = open(await account(), key);
    const inference = open(await account(), key);
    const token = await createToken(operator, {
      name: "Festival",
      symbol: "FEST",
      decimals: 2,
      initialSupply: 1_000_000_000n,
      treasury: coordinator.account,
      signers: [key],
    });
    await associate(inference, { token });
    const submitKeys = [operator.publicKey, key.publicKey];
    const log = await createTopic(operator, { submitKeys, memo: "log" });
    const vitals = await createTopic(operator, { submitKeys, memo: "vitals" });
    const hours = new Hours(devnet, clock, { log, vitals, coordinator, inference });
    await operator.say(log, encodeEntry(manifestOf(token, vitals, coordinator.account, inference.account)));
    operator.close();
    hours.#run("inference-001", inference, working(WORK));
    hours.#run("coordinator", coordinator, {
      ...planning(plan, null),
      ...assigning,
      ...settling(evidenceOf(WORK)),
      ...scoring,
    });
    return hours;
  }

  /** Lets the hours pass until the log's state, or the time, is as wanted. */
  async passUntil(wanted: (state: State, now: Timestamp) => boolean): Promise<void> {
    while (this.#state === null || !wanted(this.#state, this.#clock.now())) {
      await systemClock.sleep(3);
      const dues = [...(this.#state?.obligations.values() ?? [])].map(({ base }) => base);
      const [next] = dues.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
      const ahead = next === undefined ? 0n : next - this.#clock.now();
      if (ahead > NANOS_PER_SECOND) await this.devnet.clock.advance(Number(ahead / NANOS_PER_SECOND));
    }
  }

  /** The inference agent says something, whatever it is. */
  async say(topic: TopicId, message: Body | string): Promise<void> {
    const bytes = typeof message === "string" ? new TextEncoder().encode(message) : encodeEntry(message);
    const { kind } = await this.#inference.say(topic, bytes);
    if (kind !== "executed") throw new Error(`it was not said, but is ${kind}`);
  }

  /** Lets nobody speak any more. */
  async rest(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  /** Ends all of it. */
  async stop(): Promise<void> {
    await this.rest();
    for (const ledger of [this.#coordinator, this.#inference]) ledger.close();
    await this.devnet.stop();
  }

  #run(agent: string, ledger: Ledger, performers: Performers): void {
    const mirror = createMirror({ baseUrl: this.devnet.network.mirror, clock: this.#clock });
    const logger = pino({ level: "silent" });
    const pace = { minMs: 2, pollMs: 5, idleMs: 20 };
    const { signal } = this.#stopping;
    const onPass = ({ caughtUp, state }: { caughtUp: boolean; state: State }) => {
      if (caughtUp) this.#state = state;
    };
    const options = { agent, log: this.log, mirror, ledger, performers, clock: this.#clock, logger, pace };
    this.#loops.push(runLoop({ ...options, onPass, wake: createWake(), signal }));
  }
}

/** The devnet's time; sleeps are short looks at it, so that they end when it is advanced. */
function clockOf(devnet: Devnet): Clock {
  const now = () => devnet.clock.now();
  return {
    ...systemClock,
    now,
    sleep: async (milliseconds, signal) => {
      const end = now() + BigInt(Math.ceil(milliseconds)) * NANOS_PER_MILLI;
      while (now() < end && !signal?.aborted) {
        await systemClock.sleep(Math.min(20, Number((end - now()) / NANOS_PER_MILLI) + 1), signal);
      }
    },
  };
}

function manifestOf(
  token: TokenId,
  vitals: TopicId,
  coordinator: AccountId,
  inference: AccountId,
): Body<"manifest"> {
  return {
    v: 1,
    type: "manifest",
    payload: {
      festival: { id: "H", name: "Some hours" },
      roles: { coordinator: { coordinator }, inference: { "inference-001": inference } },
      token,
      vitals,
      heartbeat_seconds: 60,
      limits: { reward: 1_000n, attempts: 2, lease_seconds: 120 },
    },
  };
}

/** A plan of one sequence of an inference agent's tasks, whose editions begin so often. */
export function forecastPlan(everyHours: number, tasks: readonly PlannedTask[]): Plan {
  return {
    id: "hours",
    name: "Some hours",
    everySeconds: everyHours * 3_600,
    phases: [{ id: "1", name: "Forecast" }],
    sequences: [{ id: "1.1", name: "Forecast" }],
    tasks,
    gates: 0,
  };
}

/** A task of such a plan. */
export function forecastTask(id: string, kind: string, spec: Partial<PlannedTask["spec"]>): PlannedTask {
  const file = `${id}.md`;
  const placed = { file, placeOf: () => ({ file: "plan", line: 1 }) };
  return { id, spec: { name: kind, kind, role: "inference", reward: 250n, ...spec }, ...placed };
}
