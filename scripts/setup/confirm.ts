/** Asks before money is spent. */
import { createInterface } from "node:readline/promises";
import { FestError } from "../../lib/hedera/error.ts";

/**
 * Asks on the terminal whether to go on.
 *
 * @throws FestError `NOT_CONFIRMED` if the answer is no, or there is nobody to ask
 */
export async function confirm(question: string): Promise<void> {
  const fix = "Run it again with --yes, or answer yes.";
  if (!process.stdin.isTTY)
    throw new FestError("NOT_CONFIRMED", `${question} There is nobody to ask`, { fix });
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await asking.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new FestError("NOT_CONFIRMED", "nothing was done", { fix });
  } finally {
    asking.close();
  }
}
