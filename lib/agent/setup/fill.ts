import type { Tinybar } from "../../hedera/amount.ts";
import type { AccountId } from "../../hedera/id.ts";
import { transferHbar } from "../../ledger/accounts.ts";
import type { Ledger } from "../../ledger/client.ts";
import type { Mirror } from "../../mirror/client.ts";
import { type Deployment, PARTIES } from "./deployment.ts";
import type { Endowment } from "./endowment.ts";
import { once } from "./once.ts";

/** An account that was filled up. */
export interface Filled {
  readonly name: string;
  readonly account: AccountId;
  readonly amount: Tinybar;
}

/**
 * Fills the accounts of parties and fund up to what set-up gave them, where less
 * than half of it is left. The pool is left alone: its balance is its price.
 *
 * @throws LedgerError, MirrorError
 */
export async function fillUp(options: {
  readonly operator: Ledger;
  readonly deployment: Deployment;
  readonly endowment: Endowment;
  readonly mirror: Mirror;
}): Promise<readonly Filled[]> {
  const { operator, deployment, endowment, mirror } = options;
  const { owner, coordinator, worker, desk, fund } = endowment;
  const targets = { owner, coordinator, inference: worker, defi: worker, desk, fund };
  const filled: Filled[] = [];
  for (const name of [...PARTIES, "fund"] as const) {
    const account = deployment.record.accounts[name];
    if (account === undefined) continue;
    const step = `fill ${name}`;
    const take = async (amount: Tinybar) => {
      await once(options, {
        name: step,
        ledger: operator,
        take: (under) => transferHbar(operator, { to: account, amount }, under),
        found: () => undefined,
      });
      await deployment.remember(step, null);
    };
    // One that was sent by a run that died: the balance may not show it yet.
    if (deployment.sentOf(step) !== null) await take(targets[name] / 2n);
    const balance = (await mirror.account(account))?.balance ?? targets[name];
    if (balance >= targets[name] / 2n) continue;
    const amount = targets[name] - balance;
    await take(amount);
    filled.push({ name, account, amount });
  }
  return filled;
}
