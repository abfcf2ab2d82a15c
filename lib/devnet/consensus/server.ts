import type { Ledger } from "../ledger/ledger.ts";

/** What a {@link ConsensusServer} listens on and how fast it reaches consensus. */
export interface ConsensusServerOptions {
  readonly ledger: Ledger;
  /** On 127.0.0.1; 0 takes a free port. */
  readonly port: number;
  /** Milliseconds between a transaction's `OK` and its consensus; 0 handles it at once. */
  readonly latencyMs?: number;
}

/** A running consensus node. */
export interface ConsensusServer {
  readonly port: number;
  /** Stops listening, drops connections; transactions in flight are lost as on a real node. */
  close(): Promise<void>;
}

/** Starts a consensus node's gRPC service. @throws FestError `PORT_IN_USE` */
export declare function startConsensusServer(options: ConsensusServerOptions): Promise<ConsensusServer>;
