import type { LedgerIndex } from "../../festival/proof/ledger-index.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { Mirror } from "../../mirror/client.ts";

/**
 * A mirror node as it was at a time: it lists nothing later, and balances are
 * summed up from all that the accounts of the index ever gained and lost until
 * then. Single things that it is asked for are what they are now.
 */
export function pastMirror(mirror: Mirror, index: LedgerIndex, at: Timestamp): Mirror {
  return {
    ...mirror,
    async balance(id, options) {
      const held = index.heldAt(id, at);
      if (held === null) return mirror.balance(id, options);
      const tokens = [...held.tokens].map(([token, balance]) => ({ token, balance }));
      return { hbar: held.hbar, tokens, timestamp: at };
    },
    transactions(query, options) {
      const { before = at + 1n } = query;
      return mirror.transactions({ ...query, before: before > at ? at + 1n : before }, options);
    },
  };
}
