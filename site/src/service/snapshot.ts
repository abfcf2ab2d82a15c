import type { Finding } from "../../../lib/festival/proof/legs.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { FollowState } from "../../../lib/mirror/follow.ts";
import type { Deployment, Parameters } from "../deployment/deployment.ts";
import { EMPTY_LOG, type LogView } from "../ledger/feed.ts";
import { type ChainProof, NO_CHAIN } from "../ledger/proof.ts";
import { NO_VITALS, type VitalsView } from "../ledger/vitals.ts";
import { NO_PUSHES, type PushesHealth } from "../ledger/waker.ts";
import type { LogTokens } from "../text/summary.ts";

/** What a session knows of its deployment's ledger. */
export interface LedgerSnapshot {
  readonly log: LogView;
  /** How following the log goes; null before it begins. */
  readonly logFollow: FollowState | null;
  readonly vitals: VitalsView;
  /** How following the vitals goes; null before the log has named them. */
  readonly vitalsFollow: FollowState | null;
  /** What wakes the page. */
  readonly pushes: PushesHealth;
  readonly tokens: LogTokens;
  /** What came of looking transfers up on the mirror node, by expectation. */
  readonly findings: ReadonlyMap<string, Finding>;
  /** How far the running hashes were recomputed. */
  readonly chain: ChainProof;
  /** Messages before the checkpoint that are still to be read back; null if none are. */
  readonly behind: number | null;
  /** A defect of this page that ended the session, in words. */
  readonly defect: string | null;
}

/** Everything that is on the page. */
export interface Snapshot extends LedgerSnapshot {
  /** Which log is shown; null while there is none. */
  readonly deployment: Deployment | null;
  /** What the start screen begins with; null while it isn't known whether it is needed. */
  readonly parameters: Parameters | null;
  /** The moment that is shown; null for now. */
  readonly moment: Timestamp | null;
  /** Why the parameters do not name a deployment. */
  readonly problem: string | null;
}

/** A session that has not read anything. */
export const NO_LEDGER: LedgerSnapshot = {
  log: EMPTY_LOG,
  logFollow: null,
  vitals: NO_VITALS,
  vitalsFollow: null,
  pushes: NO_PUSHES,
  tokens: { payment: null, market: null },
  findings: new Map(),
  chain: NO_CHAIN,
  behind: null,
  defect: null,
};
