import type { LedgerIndex } from "../../festival/proof/ledger-index.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { Mirror } from "../../mirror/client.ts";

/**
 * A mirror node as it was: balances are those of a time, summed up from all that
 * the accounts of the index ever gained and lost. Everything else is history already.
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
  };
}
