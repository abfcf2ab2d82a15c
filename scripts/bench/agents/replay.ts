/** One SDK process that sends what it reads on stdin, and says on stdout how many seconds that took. */
import { type Replayed, type ReplayOptions, replay } from "../../../lib/devnet/load/replay.ts";
import { parseAccountId } from "../../../lib/hedera/id.ts";

/** What the process is told: bytes in base64, amounts as text. */
export interface ReplayOrder {
  readonly options: ReplayOptions;
  readonly transactions: readonly { message: string; payment?: { to: string; amount: string } }[];
}

if (import.meta.main) {
  const order: ReplayOrder = JSON.parse(await Bun.stdin.text());
  const transactions = order.transactions.map(({ message, payment }): Replayed => {
    const bytes = Buffer.from(message, "base64");
    if (payment === undefined) return { message: bytes };
    return { message: bytes, payment: { to: parseAccountId(payment.to), amount: BigInt(payment.amount) } };
  });
  console.log(JSON.stringify({ seconds: await replay(transactions, order.options) }));
  process.exit(0);
}
