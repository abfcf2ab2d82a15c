/** A deployment that set-up left in a folder, and the network that it is on. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Deployment, PARTIES } from "../../lib/agent/setup/deployment.ts";
import type { Heirless } from "../../lib/agent/setup/teardown.ts";
import type { Environment } from "../../lib/hedera/config.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { parseTopicId, type TopicId } from "../../lib/hedera/id.ts";
import { type LedgerConfig, ledgerFromEnv } from "../../lib/ledger/config.ts";
import { memberOf } from "../doctor/context.ts";
import { readTarget } from "../doctor/target.ts";

/** A deployment as the owner's commands need it. */
export interface Deployed {
  readonly deployment: Deployment;
  /** The owner's account and key, and the network. */
  readonly owner: LedgerConfig;
  readonly log: TopicId;
  /** The owner's environment, which names the network. */
  readonly env: Environment;
  /** Accounts whose environment and key lie beside those of set-up, such as workers'. */
  readonly others: readonly Heirless[];
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
  const log = parseTopicId(role?.env.FEST_LOG ?? "");
  return { deployment, owner, log, env, others: othersIn(folder) };
}

function othersIn(folder: string): readonly Heirless[] {
  return readTarget(folder, {})
    .roles.filter(({ name }) => !PARTIES.some((party) => party === name))
    .map(memberOf)
    .flatMap(({ role, account, key }) =>
      account === null || key === null ? [] : [{ name: role.name, account, key }],
    );
}
