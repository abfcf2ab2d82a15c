/** Who pays for set-up, teardown and tests. */
import { GENESIS_OPERATOR } from "../../lib/devnet/ledger/genesis.ts";
import type { Environment } from "../../lib/hedera/config.ts";
import { type LedgerConfig, ledgerFromEnv } from "../../lib/ledger/config.ts";

/**
 * The environment's account, or on devnet the operator that every local network has.
 *
 * @param network overrides `HEDERA_NETWORK`
 * @throws ConfigError
 */
export function operatorOf(env: Environment, network?: string): LedgerConfig {
  const named = network === undefined ? env : { ...env, HEDERA_NETWORK: network };
  const devnet = (named.HEDERA_NETWORK || "devnet") === "devnet" && !named.HEDERA_ACCOUNT_ID;
  const { accountId, privateKey } = GENESIS_OPERATOR;
  return ledgerFromEnv(
    devnet
      ? { ...named, HEDERA_ACCOUNT_ID: accountId, HEDERA_KEY_TYPE: "ED25519", HEDERA_PRIVATE_KEY: privateKey }
      : named,
  );
}
