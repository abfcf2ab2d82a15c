import type { AccountId as SdkAccountId, TransactionReceipt } from "@hashgraph/sdk";
import { addSeconds } from "../hedera/timestamp.ts";
import type { TransactionId } from "../hedera/transaction-id.ts";
import type { Clock } from "../mirror/clock.ts";
import { QUIET_SECONDS, VALID_SECONDS } from "./effect.ts";
import { type Envelope, seal } from "./envelope.ts";
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
  const patience = new Patience(session.clock, options.patienceMs ?? 30_000, AbortSignal.any(signals));
  try {
    return await deliverWithin(session, envelope, patience);
  } finally {
    patience.end();
  }
}

async function deliverWithin(session: Session, envelope: Envelope, patience: Patience): Promise<Delivery> {
  let taken = false;
  let status: string = UNREACHABLE;
  while (!patience.exhausted()) {
    const node = session.nodes.current();
    if (session.clock.now() >= addSeconds(envelope.id.validStart, VALID_SECONDS - QUIET_SECONDS)) {
      return lastLook(session, envelope.id, node, taken);
    }
    const sealed = await seal(envelope, node);
    const answer = await patience.bound(session.transport.submit(sealed));
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
  const { receipt, status } = await session.transport.receipt(node, id);
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
  try {
    return await receiptWithin(session, id, first, ours, wait);
  } finally {
    wait.end();
  }
}

async function receiptWithin(
  session: Session,
  id: TransactionId,
  first: SdkAccountId,
  ours: boolean,
  wait: Patience,
): Promise<Delivery & { kind: "receipt" | "pending" }> {
  let node = first;
  let status = "UNKNOWN";
  while (!wait.exhausted()) {
    const answer = await wait.bound(session.transport.receipt(node, id));
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
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  readonly #over: AbortSignal;
  #pause = FIRST_PAUSE_MS;

  constructor(clock: Clock, budgetMs: number, signal: AbortSignal) {
    this.#clock = clock;
    this.#over = AbortSignal.any([signal, this.#ended.signal]);
    if (budgetMs <= 0) this.end();
    // Slept through, not computed: the wall clock may be set while a delivery waits.
    else void clock.sleep(budgetMs, this.#over).then(() => this.end());
  }

  /** A budget inside this one, with its pauses starting short again. */
  within(budgetMs: number): Patience {
    return new Patience(this.#clock, budgetMs, this.#over);
  }

  exhausted(): boolean {
    return this.#over.aborted;
  }

  /** What `work` resolves to, or null if the budget or the signal ends first. */
  async bound<T>(work: Promise<T>): Promise<T | null> {
    const { promise, resolve } = Promise.withResolvers<null>();
    const giveUp = () => resolve(null);
    this.#over.addEventListener("abort", giveUp);
    if (this.#over.aborted) giveUp();
    try {
      return await Promise.race([work, promise]);
    } finally {
      this.#over.removeEventListener("abort", giveUp);
    }
  }

  pause(): Promise<void> {
    const milliseconds = this.#pause;
    this.#pause = Math.min(this.#pause * 1.6, LONGEST_PAUSE_MS);
    return this.#clock.sleep(milliseconds, this.#over);
  }

  /** Gives up what is left of it. */
  end(): void {
    this.#ended.abort();
  }
}
