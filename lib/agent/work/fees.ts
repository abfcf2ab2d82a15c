import type { Tinybar } from "../../hedera/amount.ts";
import type { AccountId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { Mirror } from "../../mirror/client.ts";
import { itemsFrom } from "../../mirror/page.ts";

/** What the network charged the accounts for their transactions between two moments, both excluded. @throws MirrorError */
export async function feesBetween(
  mirror: Mirror,
  accounts: readonly AccountId[],
  after: Timestamp,
  before: Timestamp,
): Promise<Tinybar> {
  let fees = 0n;
  for (const account of new Set(accounts)) {
    const first = await mirror.transactions({ account, after, before, limit: 100, order: "asc" });
    for await (const { id, chargedFee } of itemsFrom(first)) if (id.payer === account) fees += chargedFee;
  }
  return fees;
}
