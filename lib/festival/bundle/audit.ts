import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { Message } from "../../mirror/message.ts";
import { allItems } from "../../mirror/page.ts";
import { createProofMirror, type ProofMirror } from "../../mirror/proof-client.ts";
import { CHAIN_START, continuesHash } from "../../mirror/running-hash.ts";
import { decode } from "../entry/decode.ts";
import { ENTRY_TYPES, type Entry } from "../entry/entry.ts";
import { BREAK_REASONS } from "../proof/chain.ts";
import type { Tally } from "../proof/ledger-audit.ts";
import { type Expectation, faultOf } from "../proof/legs.ts";
import { type Problem, problem } from "../proof/problem.ts";
import { swapLegs } from "../proof/trades.ts";
import { rewardOf } from "../reward.ts";
import { agentOf, maySpeak } from "../roles.ts";
import { EMPTY_STATE, type State } from "../state.ts";
import { bundleFetch, bundleUrl } from "./answer.ts";
import type { Bundle } from "./bundle.ts";

/** What a selection proves, and what of it does not hold. */
export interface SelectionAudit {
  readonly ok: boolean;
  readonly entries: number;
  /** Each entry's number, and the running hash that every mirror node of the network must have after it. */
  readonly hashes: readonly { readonly sequence: number; readonly runningHash: string }[];
  readonly payments: Tally;
  readonly trades: Tally;
  readonly problems: readonly Problem[];
}

/**
 * Checks a selection without the network: running hashes, who may say what by the
 * manifest that comes with it, and every payment and trade by its transfers. Whether
 * an entry counted takes the whole log; that its hash is the log's, any mirror node.
 */
export async function auditSelection(bundle: Bundle): Promise<SelectionAudit> {
  const mirror = createProofMirror({ baseUrl: bundleUrl(), fetch: bundleFetch(bundle), retries: 0 });
  const first = await mirror.topicMessages({ topic: bundle.header.log, limit: 100, order: "asc" });
  const messages = await allItems(first);
  const problems = [...chainFaults(bundle, messages)];
  const audit = new Audit(mirror);
  for (const message of messages) problems.push(...(await audit.take(message)));
  if (messages.length === 0) problems.push(problem("log_empty", null, "the bundle has no entries"));
  return {
    ok: problems.every(({ severity }) => severity !== "error"),
    entries: messages.length,
    hashes: messages.map(({ sequence, runningHash }) => ({ sequence, runningHash: bytesToHex(runningHash) })),
    payments: audit.payments,
    trades: audit.trades,
    problems,
  };
}

function chainFaults(bundle: Bundle, messages: readonly Message[]): readonly Problem[] {
  const given = new Map<number, string>();
  for (const one of bundle.records) {
    if (one.kind === "message" && one.body.topic_id === bundle.header.log && one.before !== undefined)
      given.set(one.body.sequence_number, one.before);
  }
  const after = new Map(messages.map(({ sequence, runningHash }) => [sequence, runningHash]));
  return messages.flatMap((message) => {
    const { sequence } = message;
    const before = given.get(sequence);
    const known =
      after.get(sequence - 1) ??
      (before === undefined ? (sequence === 1 ? CHAIN_START.runningHash : null) : hexToBytes(before));
    if (known === null)
      return [problem("chain_gap", sequence, `entry ${sequence}: the running hash before it is not given`)];
    if (continuesHash(known, message)) return [];
    return [problem("chain_hash", sequence, `entry ${sequence}: ${BREAK_REASONS.hash}`)];
  });
}

/** What the entries before said that a payment or a trade must agree with. */
class Audit {
  payments: Tally = { total: 0, matched: 0 };
  trades: Tally = { total: 0, matched: 0 };
  readonly #mirror: ProofMirror;
  readonly #planned = new Map<string, Entry<"task_planned">>();
  readonly #quotes = new Map<string, Entry<"quote">>();
  readonly #results = new Map<string, Entry<"task_result">>();
  #state: State = EMPTY_STATE;

  constructor(mirror: ProofMirror) {
    this.#mirror = mirror;
  }

  async take(message: Message): Promise<readonly Problem[]> {
    const { sequence } = message;
    const decoded = decode(message);
    if (decoded.kind !== "entry")
      return [problem("malformed", sequence, `entry ${sequence}: ${decoded.kind}`)];
    const { entry } = decoded;
    const owner = entry.name === "manifest" ? (this.#state.owner ?? message.payer) : this.#state.owner;
    if (entry.name === "manifest") this.#state = { ...this.#state, owner, manifest: entry.body.payload };
    if (!maySpeak(this.#state, message.payer, ENTRY_TYPES[entry.name].by)) {
      const said = `entry ${sequence}: ${message.payer} may not say ${entry.name} by the manifest in this bundle`;
      // Here, unlike in a whole log, nothing else shows that it counts for nothing.
      return [{ ...problem("unauthorised", sequence, said), severity: "error" }];
    }
    if (entry.name === "task_planned") this.#planned.set(entry.body.task_id, entry);
    if (entry.name === "quote") this.#quotes.set(entry.body.task_id, entry);
    if (entry.name === "task_result") this.#results.set(entry.body.task_id, entry);
    if (entry.name === "payment_settled") return this.#payment(entry);
    if (entry.name === "trade_settled") return this.#trade(entry);
    return [];
  }

  async #payment(entry: Entry<"payment_settled">): Promise<readonly Problem[]> {
    const { sequence, payer } = entry.stamp;
    const { task_id, to, payload } = entry.body;
    const { amount, token_id: token, transfer: transaction } = payload;
    const result = this.#results.get(task_id);
    const account = result?.stamp.payer ?? agentOf(this.#state, to)?.account;
    const planned = this.#planned.get(task_id)?.body.payload;
    const reward = planned && rewardOf(planned, result?.body.payload ?? null);
    // One that the owner signed executed by itself, from the account whose schedule it was.
    const scheduled = planned?.approval !== undefined;
    const from = scheduled ? transaction.payer : payer;
    const legs =
      account === undefined
        ? []
        : [
            { account: from, token, amount: -amount },
            { account, token, amount },
          ];
    const fault =
      account === undefined
        ? `the manifest in this bundle has no agent ${to}`
        : token !== this.#state.manifest?.token
          ? `it is paid in ${token}`
          : reward !== undefined && reward !== amount
            ? `the reward of task ${task_id} is ${reward}`
            : await this.#faultOf({ transaction, scheduled, legs });
    this.payments = count(this.payments, fault);
    return fault === null
      ? []
      : [problem("payment", sequence, `entry ${sequence} pays task ${task_id}: ${fault}`)];
  }

  async #trade(entry: Entry<"trade_settled">): Promise<readonly Problem[]> {
    const { sequence } = entry.stamp;
    const { task_id, payload } = entry.body;
    const market = this.#state.manifest?.market;
    const account = this.#quotes.get(task_id)?.stamp.payer;
    const fault =
      market === undefined || account === undefined
        ? "neither the market nor the desk's quote is in this bundle"
        : await this.#faultOf({
            transaction: payload.transaction,
            scheduled: true,
            legs: swapLegs({ ...payload, account }, market),
          });
    this.trades = count(this.trades, fault);
    return fault === null
      ? []
      : [problem("trade", sequence, `entry ${sequence}, the trade of task ${task_id}: ${fault}`)];
  }

  async #faultOf(expected: Expectation): Promise<string | null> {
    return faultOf(expected, (await this.#mirror.transaction(expected.transaction)) ?? []);
  }
}

function count({ total, matched }: Tally, fault: string | null): Tally {
  return { total: total + 1, matched: matched + (fault === null ? 1 : 0) };
}
