import type { AccountId } from "../hedera/id.ts";
import { parseAccountId } from "../hedera/id.ts";
import type { Network } from "../hedera/network.ts";
import { openLedger } from "./client.ts";
import { freshId } from "./fresh-id.ts";
import { SigningKey } from "./key.ts";
import { nodeAccounts } from "./session.ts";
import { UNREACHABLE } from "./status.ts";

/** A connection may take longer than one call. */
const ATTEMPTS = 2;

/** Whether and how soon a consensus node answers. */
export interface NodeAnswer {
  readonly node: AccountId;
  /** Null: it did not answer within some seconds. */
  readonly milliseconds: number | null;
}

/**
 * Asks every consensus node of a network for the receipt of a transaction that
 * nobody sent: free, needs no account, and only a node that works can say no.
 *
 * @throws FestError `NETWORK_EMPTY`
 */
export async function probeNodes(network: Network): Promise<readonly NodeAnswer[]> {
  const ledger = openLedger({ network, account: "0.0.2", key: SigningKey.generate() });
  try {
    return await Promise.all(
      nodeAccounts(network).map(async (node) => {
        let milliseconds: number | null = null;
        for (let attempt = 1; attempt <= ATTEMPTS && milliseconds === null; attempt += 1) {
          const began = performance.now();
          const { status } = await ledger.session.transport.receipt(node, freshId(ledger.session));
          if (status !== UNREACHABLE) milliseconds = Math.round(performance.now() - began);
        }
        return { node: parseAccountId(node.toString()), milliseconds };
      }),
    );
  } finally {
    ledger.close();
  }
}
