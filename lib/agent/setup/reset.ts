import { addSeconds } from "../../hedera/timestamp.ts";
import type { Mirror } from "../../mirror/client.ts";
import { keysEnoughAlone, keyTreeOf } from "../../mirror/key-tree.ts";
import type { Deployment } from "./deployment.ts";

/** Seconds after which a mirror node that does not show a transaction's account never will. */
const CERTAIN_SECONDS = 200;

/**
 * Whether what a deployment names is no more: the network was reset (testnet is,
 * from time to time, and gives the same ids to others then), or everything was
 * torn down. What is only not visible yet is not gone.
 *
 * @throws MirrorError
 */
export async function isGone(
  mirror: Pick<Mirror, "account" | "latestBlock">,
  deployment: Deployment,
): Promise<boolean> {
  const { owner } = deployment.record.accounts;
  if (owner === undefined) return false;
  const account = await mirror.account(owner);
  if (account !== null) {
    if (account.deleted) return true;
    if (account.key === null) return false;
    return !keysEnoughAlone(keyTreeOf(account.key)).includes(deployment.keyOf("owner").publicKey.hex);
  }
  const sent = deployment.sentOf("account owner");
  if (sent === null) return true;
  const block = await mirror.latestBlock();
  // A network that is younger than the account never had it.
  if (block === null || block.to < sent.validStart) return true;
  return block.to > addSeconds(sent.validStart, CERTAIN_SECONDS);
}
