import { formatTransactionId } from "../hedera/transaction-id.ts";
import { type Ledger, openLedger } from "../ledger/client.ts";
import type { LedgerConfig } from "../ledger/config.ts";
import type { Transport } from "../ledger/transport.ts";

/**
 * Opens a ledger on which this process does not survive the n-th step of its
 * effects (n from 1): it ends as by `kill -9`, for chaos to see what comes of it.
 * Steps are, in the order in which they come: before a submission, after it, and
 * after a receipt. Heartbeats and ticks, which are no effects, don't count.
 *
 * @throws FestError as {@link openLedger}
 */
export function openCrashingLedger(config: LedgerConfig, crashAt: number): Ledger {
  const effects = new Set<string>();
  let steps = 0;
  const step = () => {
    steps += 1;
    if (steps === crashAt) process.kill(process.pid, "SIGKILL");
  };
  const around = (transport: Transport): Transport => ({
    ...transport,
    async submit(transaction) {
      const isEffect = effects.has(String(transaction.transactionId));
      if (isEffect) step();
      const status = await transport.submit(transaction);
      if (isEffect) step();
      return status;
    },
    async receipt(node, id) {
      const answer = await transport.receipt(node, id);
      const isFinal = answer.receipt !== null && answer.status !== "UNKNOWN";
      if (isFinal && effects.has(formatTransactionId(id))) step();
      return answer;
    },
  });
  const ledger = openLedger({ ...config, around });
  return {
    ...ledger,
    perform: (effect, options) => {
      effects.add(formatTransactionId(effect.id));
      return ledger.perform(effect, options);
    },
  };
}
