/** What a check of a festival can find. Every name is one kind of finding, and stable. */
export type ProblemName =
  /** A running hash is not what its message's content gives. */
  | "chain_hash"
  /** A message is missing, or is there twice. */
  | "chain_gap"
  /** A message's consensus time is not after the one before. */
  | "chain_order"
  /** The same of the vitals topic. */
  | "vitals_chain"
  /** An agent heard of entries that this mirror node does not show, or of other ones. */
  | "heartbeat"
  /** The ledger has no transaction that carried the entry, or has another one. */
  | "entry_transaction"
  /** The ledger has a message for the log that the log does not show. */
  | "entry_withheld"
  /** A payment's transfer is not there, or moved something else. */
  | "payment"
  /** A transfer of the payment token that no entry settles. */
  | "payment_unrecorded"
  /** A trade's transfer is not there, or moved something else. */
  | "trade"
  /** A trade's schedule is not what was approved. */
  | "schedule"
  /** The fund's money moved without a settled trade. */
  | "fund_moved"
  /** More was paid than the manifest allows. */
  | "budget"
  /** A result was paid whose own figures do not hold the task's gate. */
  | "verdict"
  /** Work that can be done again comes to another result. */
  | "evidence"
  /** A forecast was scored by another rate than the network's, or its score is not what the rate comes to. */
  | "score"
  /** A checkpoint is not what the log says. */
  | "checkpoint"
  /** A commit's root or totals are not what the log says. */
  | "commit"
  /** An entry is not under the root of its edition's commit. */
  | "inclusion"
  /** A commit of git and the commit of a festival do not name each other. */
  | "git"
  /** An entry by somebody who may not say it; it counts for nothing. */
  | "unauthorised"
  /** A message that is no entry; it counts for nothing. */
  | "malformed"
  /** An entry out of place; it counts for nothing. */
  | "refused"
  /** Something could not be checked, since it could not be read. */
  | "unread"
  /** There is nothing to verify. */
  | "log_empty";

/** Something that does not hold, or (a warning) that is worth knowing and takes nothing from the proof. */
export interface Problem {
  readonly name: ProblemName;
  readonly severity: "error" | "warning";
  /** Which entry, and why. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** The entry that it is about; null if it is about none. */
  readonly sequence: number | null;
}

const ASK_ANOTHER = "Ask another mirror node: if that one agrees with itself, this one shows something else.";
const LOOK = "Look at the entry with `bun run why`, and at its transaction on another mirror node.";

const FIXES: Readonly<Record<ProblemName, string>> = {
  chain_hash: ASK_ANOTHER,
  chain_gap: ASK_ANOTHER,
  chain_order: ASK_ANOTHER,
  vitals_chain: ASK_ANOTHER,
  heartbeat: ASK_ANOTHER,
  entry_transaction: ASK_ANOTHER,
  entry_withheld: ASK_ANOTHER,
  payment: LOOK,
  payment_unrecorded:
    "Ask who holds the coordinator's key; a payment is a batch of a transfer and its entry.",
  trade: LOOK,
  schedule: LOOK,
  fund_moved: "Ask who holds the keys of the fund: two of them signed this.",
  budget: "Pause the festival, and compare the manifest's limits with what was paid.",
  verdict: "Pause the festival: the coordinator paid for work that did not pass.",
  evidence: "Compare the result with what the mirror node has for the same times; then pause the festival.",
  score: "Ask the mirror node for the exchange rate of that hour, and who holds the coordinator's key.",
  checkpoint: "Start agents and page without checkpoints, and ask who holds the coordinator's key.",
  commit: "Trust the log's own totals, and ask who holds the coordinator's key.",
  inclusion: "Ask who gave the file for another one: `bun run prove` writes it from any mirror node.",
  git: "Trust neither for the other: look at the trailers with `git log -1` and at the entry on the ledger.",
  unauthorised: "Nothing: it counts for nothing. Rotate the key if it should not be able to submit.",
  malformed: "Nothing: it counts for nothing.",
  refused: "Nothing: it counts for nothing.",
  unread: "Try again; if it stays so, ask another mirror node.",
  log_empty: "Name the festival's log, and the mirror node of its network.",
};

/** A finding that is as bad as its name says: what counts for nothing is a warning. */
export function problem(name: ProblemName, sequence: number | null, message: string): Problem {
  const harmless = name === "unauthorised" || name === "malformed" || name === "refused";
  const severity = harmless ? "warning" : "error";
  return { name, severity, message, fix: FIXES[name], sequence };
}
