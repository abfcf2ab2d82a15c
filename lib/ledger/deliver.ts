import type { AccountId as SdkAccountId, TransactionReceipt } from "@hashgraph/sdk";
import { addSeconds } from "../hedera/timestamp.ts";
import type { TransactionId } from "../hedera/transaction-id.ts";
import { QUIET_SECONDS, VALID_SECONDS } from "./effect.ts";
import { type Envelope, seal } from "./envelope.ts";
import { receiptOnce, submitOnce } from "./sdk-call.ts";
import type { Session } from "./session.ts";
import { consensusVerdict, precheckVerdict, UNREACHABLE } from "./status.ts";

/** How long to wait for a receipt before the same bytes go to another node. */
const RECEIPT_WAIT_MS = 10_000;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/** How a delivery may be bounded. */
export interface DeliverOptions {
  /** Ends the delivery at the next step; the transaction may be on its way. */
  readonly signal?: AbortSignal;
  /** How long to go on without an answer; default 30 s. */
  readonly patienceMs?: number;
}

/** What became of a transaction that was sent. */
export type Delivery =
  | {
      readonly kind: "receipt";
      readonly receipt: TransactionReceipt;
      readonly status: string;
      /** Whether a node took it from us; else somebody sent this id before. */
      readonly ours: boolean;
      readonly node: SdkAccountId;
    }
  | { readonly kind: "pending"; readonly status: string }
  | { readonly kind: "expired" }
  | { readonly kind: "refused"; readonly status: string; readonly curable: boolean };

/**
 * Sends a transaction until the network has it, and finds out what it did.
 *
 * Every attempt is the same transaction to one more node, so that nothing here
 * can make anything happen twice, and nothing that it returns but a receipt, an
 * expiry or a refusal claims to be final.
 */
export async function deliver(
  session: Session,
  envelope: Envelope,
  options: DeliverOptions = {},
): Promise<Delivery> {
  const signals = [session.closing, ...(options.signal ? [options.signal] : [])];
  const patience = new Patience(options.patienceMs ?? 30_000, AbortSignal.any(signals));
  let taken = false;
  let status: string = UNREACHABLE;
  while (!patience.exhausted()) {
    const node = session.nodes.current();
    if (session.now() >= addSeconds(envelope.id.validStart, VALID_SECONDS - QUIET_SECONDS)) {
      return lastLook(session, envelope.id, node, taken);
    }
    const sealed = await seal(envelope, node);
    const answer = await patience.bound(submitOnce(session, sealed));
    if (answer === null) break;
    status = answer;
    const verdict = precheckVerdict(status);
    if (verdict === "early") return { kind: "pending", status };
    if (verdict === "next window") return lastLook(session, envelope.id, node, taken);
    if (verdict === "stop" || verdict === "fund") {
      // A copy that another node has taken may still execute, whatever this one thinks of it.
      if (taken) return { kind: "pending", status };
      return { kind: "refused", status, curable: verdict === "fund" };
    }
    taken ||= verdict === "accepted";
    if (verdict !== "again") {
      const found = await awaitReceipt(session, envelope.id, node, taken, patience);
      if (found.kind === "receipt") return found;
      status = found.status;
    }
    session.nodes.skip(node);
    if (verdict === "again") await patience.pause();
  }
  return { kind: "pending", status };
}

/** Nothing more is sent; a receipt may still tell what happened earlier in the window. */
async function lastLook(
  session: Session,
  id: TransactionId,
  node: SdkAccountId,
  ours: boolean,
): Promise<Delivery> {
  const { receipt, status } = await receiptOnce(session, node, id);
  if (receipt) return { kind: "receipt", receipt, status, ours, node };
  return status === "RECEIPT_NOT_FOUND" ? { kind: "expired" } : { kind: "pending", status };
}

/** Asks for a receipt until there is one, at most 10 s. */
async function awaitReceipt(
  session: Session,
  id: TransactionId,
  first: SdkAccountId,
  ours: boolean,
  patience: Patience,
): Promise<Delivery & { kind: "receipt" | "pending" }> {
  const wait = patience.within(RECEIPT_WAIT_MS);
  let node = first;
  let status = "UNKNOWN";
  while (!wait.exhausted()) {
    const answer = await wait.bound(receiptOnce(session, node, id));
    if (answer === null) break;
    status = answer.status;
    const verdict = consensusVerdict(status);
    if (answer.receipt && verdict !== "wait" && verdict !== "again") {
      return { kind: "receipt", receipt: answer.receipt, status, ours, node };
    }
    if (verdict === "again") break;
    if (status === UNREACHABLE) {
      session.nodes.skip(node);
      node = session.nodes.current();
    }
    await wait.pause();
  }
  return { kind: "pending", status };
}

/** A budget of waiting: pauses grow from 20 ms to half a second and end with the budget or the signal. */
class Patience {
  readonly #end: number;
  readonly #signal: AbortSignal;
  #pause = FIRST_PAUSE_MS;

  constructor(budgetMs: number, signal: AbortSignal) {
    this.#end = performance.now() + budgetMs;
    this.#signal = signal;
  }

  /** A budget inside this one, with its pauses starting short again. */
  within(budgetMs: number): Patience {
    return new Patience(Math.min(budgetMs, this.#end - performance.now()), this.#signal);
  }

  exhausted(): boolean {
    return this.#signal.aborted || performance.now() >= this.#end;
  }

  /** What `work` resolves to, or null if the budget or the signal ends first. */
  async bound<T>(work: Promise<T>): Promise<T | null> {
    const end = new AbortController();
    const over = this.#sleep(this.#end - performance.now(), end.signal).then(() => null);
    try {
      return await Promise.race([work, over]);
    } finally {
      end.abort();
    }
  }

  pause(): Promise<void> {
    const milliseconds = Math.min(this.#pause, this.#end - performance.now());
    this.#pause = Math.min(this.#pause * 1.6, LONGEST_PAUSE_MS);
    return this.#sleep(milliseconds);
  }

  #sleep(milliseconds: number, end?: AbortSignal): Promise<void> {
    const signals = [this.#signal, ...(end ? [end] : [])];
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(0, milliseconds));
      for (const signal of signals) signal.addEventListener("abort", done);
      if (signals.some((signal) => signal.aborted)) done();
    });
  }
}
