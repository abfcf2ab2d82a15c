/** A deployment that set-up left in a folder, and the network that it is on. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Deployment } from "../../lib/agent/setup/deployment.ts";
import type { Environment } from "../../lib/hedera/config.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { parseTopicId, type TopicId } from "../../lib/hedera/id.ts";
import { type LedgerConfig, ledgerFromEnv } from "../../lib/ledger/config.ts";
import { readTarget } from "../doctor/target.ts";

/** A deployment as the owner's commands need it. */
export interface Deployed {
  readonly deployment: Deployment;
  /** The owner's account and key, and the network. */
  readonly owner: LedgerConfig;
  readonly log: TopicId;
  /** The owner's environment, which names the network. */
  readonly env: Environment;
}

/**
 * Opens what set-up wrote.
 *
 * @throws FestError `NOT_SET_UP` where there is nothing; ConfigError; see {@link Deployment.open}
 */
export async function openDeployed(folder: string): Promise<Deployed> {
  const fix = "Name the folder that setup wrote with --out.";
  const path = join(folder, "owner.env");
  if (!existsSync(path) || !existsSync(join(folder, "deployment.json"))) {
    throw new FestError("NOT_SET_UP", `${folder} has no owner.env and deployment.json`, { fix });
  }
  const [role] = readTarget(path, {}).roles;
  const env = { ...role?.env, HEDERA_PRIVATE_KEY_FILE: join(folder, "owner.key") };
  const owner = ledgerFromEnv(env);
  const deployment = await Deployment.open(folder, owner.network.name);
  return { deployment, owner, log: parseTopicId(role?.env.FEST_LOG ?? ""), env };
}
