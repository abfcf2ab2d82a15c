/** For tests: a process that ends as by `kill -9` at a step of its transactions. */
import { FestError } from "../../lib/hedera/error.ts";
import type { Transport } from "../../lib/ledger/transport.ts";

/**
 * Counts a step before each submission, one after it, and one with each receipt,
 * and does not survive the n-th.
 *
 * @param crashAt `FEST_CRASH_AT`; undefined: nothing happens
 * @throws FestError `CRASH_AT_INVALID`
 */
export function crashingAround(crashAt: string | undefined): ((transport: Transport) => Transport) | null {
  if (!crashAt) return null;
  if (!/^[1-9]\d{0,5}$/.test(crashAt)) {
    throw new FestError("CRASH_AT_INVALID", "FEST_CRASH_AT is malformed", {
      fix: "Write a whole number from 1.",
    });
  }
  let left = Number(crashAt);
  const step = () => {
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
  };
  return (transport) => ({
    ...transport,
    async submit(transaction) {
      step();
      const status = await transport.submit(transaction);
      step();
      return status;
    },
    async receipt(node, id) {
      const answer = await transport.receipt(node, id);
      if (answer.receipt !== null) step();
      return answer;
    },
  });
}
