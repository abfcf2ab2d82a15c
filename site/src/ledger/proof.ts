import { type Expectation, type Finding, keyOf } from "../../../lib/festival/proof/legs.ts";
import { transferOf } from "../../../lib/festival/proof/payments.ts";
import { swapOf } from "../../../lib/festival/proof/trades.ts";
import type { FollowState } from "../../../lib/mirror/follow.ts";
import type { LogView } from "./feed.ts";
import { once } from "./once.ts";

/** How far the running hashes of a log were recomputed in this browser. */
export interface ChainProof {
  /** The last message whose hash continues the chain from the first message on; 0 for none. */
  readonly upTo: number;
  /** Where the chain breaks, and how; null while it does not. */
  readonly broken: { readonly sequence: number; readonly reason: string } | null;
}

/** Nothing was recomputed yet. */
export const NO_CHAIN: ChainProof = { upTo: 0, broken: null };

/** Transfers that the log speaks of, by what the mirror node shows of them. */
export interface Reconciliation {
  readonly total: number;
  readonly matched: number;
  /** Sequence numbers of entries whose transfer moved something else. */
  readonly different: readonly number[];
}

/** Something that does not hold. */
export interface Objection {
  readonly sequence: number;
  readonly reason: string;
}

/** What this browser could verify of a log. */
export interface Proof {
  /** `broken`: something does not hold. `working`: something is still to be checked. */
  readonly verdict: "proven" | "working" | "broken";
  /** Messages that the log has, as far as it is known. */
  readonly entries: number;
  readonly upTo: number;
  readonly payments: Reconciliation;
  readonly trades: Reconciliation;
  readonly objections: readonly Objection[];
}

// A long log has thousands of payments, and every picture asks for all of them.
const paidBy = once(transferOf);
const nameOf = once(keyOf);

/** What is proven of a log, from its chain and from what came of looking its transfers up. */
export function proofOf(
  view: LogView,
  chain: ChainProof,
  findings: ReadonlyMap<string, Finding>,
  follow: FollowState | null,
): Proof {
  const market = view.state.manifest?.market;
  const payments = reconcile(
    view.payments.map((payment) => ({ sequence: payment.sequence, expected: paidBy(payment) })),
    findings,
  );
  const trades = reconcile(
    market === undefined
      ? []
      : view.trades.map((trade) => ({ sequence: trade.sequence, expected: swapOf(trade, market) })),
    findings,
  );
  const entries = view.state.head?.sequence ?? 0;
  const objections: Objection[] = [
    ...(chain.broken === null ? [] : [chain.broken]),
    ...objectionTo(follow),
    ...payments.different.map((sequence) => ({ sequence, reason: "its transfer moved something else" })),
    ...trades.different.map((sequence) => ({ sequence, reason: "its swap moved something else" })),
  ];
  const open = payments.matched < payments.total || trades.matched < trades.total || chain.upTo < entries;
  const verdict = objections.length > 0 ? "broken" : open || entries === 0 ? "working" : "proven";
  return { verdict, entries, upTo: Math.min(chain.upTo, entries), payments, trades, objections };
}

/** What following the log refuses to take. */
function objectionTo(follow: FollowState | null): readonly Objection[] {
  const sequence = (follow?.position?.sequence ?? 0) + 1;
  switch (follow?.phase) {
    case "tampered":
      return [{ sequence, reason: "its running hash is not what its content gives" }];
    case "gap":
      return [{ sequence, reason: "it is missing, and later ones are there" }];
    case "disorder":
      return [{ sequence, reason: "its consensus time is not after the one before" }];
    case "diverged":
      return [{ sequence: sequence - 1, reason: "the mirror node now has another message in its place" }];
    default:
      return [];
  }
}

interface Claim {
  readonly sequence: number;
  readonly expected: Expectation | null;
}

function reconcile(claims: readonly Claim[], findings: ReadonlyMap<string, Finding>): Reconciliation {
  let total = 0;
  let matched = 0;
  const different: number[] = [];
  for (const { sequence, expected } of claims) {
    if (expected === null) continue;
    total += 1;
    const finding = findings.get(nameOf(expected));
    if (finding === "found") matched += 1;
    if (finding === "different") different.push(sequence);
  }
  return { total, matched, different };
}
