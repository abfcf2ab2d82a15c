/** Makes what a festival needs on a network; run again, it makes only what is missing. */
import { join, resolve } from "node:path";
import { Command } from "commander";
import { readPlanFolder } from "../lib/agent/plan-folder.ts";
import { Deployment } from "../lib/agent/setup/deployment.ts";
import { endowmentFor } from "../lib/agent/setup/endowment.ts";
import { writeEnvironments } from "../lib/agent/setup/environment.ts";
import { setUp } from "../lib/agent/setup/setup.ts";
import { KINDS } from "../lib/agent/work/kinds.ts";
import { GENESIS_OPERATOR } from "../lib/devnet/ledger/genesis.ts";
import { describeError } from "../lib/hedera/error.ts";
import { openLedger } from "../lib/ledger/client.ts";
import { type LedgerConfig, ledgerFromEnv } from "../lib/ledger/config.ts";

interface Options {
  readonly json?: true;
  readonly network?: string;
  readonly out: string;
  readonly plan: string;
}

const options = new Command("setup")
  .description(
    "Accounts for every role, the trading fund, payment token, log, vitals and manifest; each role's environment file.",
  )
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--network <name>", "overrides HEDERA_NETWORK")
  .option("--out <folder>", "where keys and environments are kept, mode 0600", ".fest/state")
  .option(
    "--plan <folder>",
    "the festival to set up",
    join(resolve(import.meta.dir, ".."), "agents/plans/hbar-desk"),
  )
  .helpOption("--help", "show this")
  .allowExcessArguments(false)
  .parse()
  .opts<Options>();

try {
  const plan = await readPlanFolder(options.plan, KINDS);
  const config = operatorOf(
    options.network === undefined ? process.env : { ...process.env, HEDERA_NETWORK: options.network },
  );
  const { network } = config;
  const deployment = await Deployment.open(options.out, network.name);
  const operator = openLedger(config);
  try {
    const festival = await setUp({
      operator,
      deployment,
      endowment: endowmentFor(network.name),
      festival: { id: plan.id, name: plan.name },
      onStep: (step) => {
        if (!options.json) console.log(`  ${step}`);
      },
    });
    const environments = await writeEnvironments(network, deployment, festival);
    const { log, vitals, token, stablecoin, accounts } = festival;
    if (options.json) {
      console.log(
        JSON.stringify({ network: network.name, log, vitals, token, stablecoin, accounts, environments }),
      );
    } else {
      console.log(`\n  log ${log}, vitals ${vitals}, payment token ${token}\n  ${environments.join("\n  ")}`);
    }
  } finally {
    operator.close();
  }
  process.exit(0);
} catch (error) {
  console.error(`setup: ${describeError(error)}`);
  process.exit(1);
}

/** Who pays: the environment's account, or on devnet the operator that every local network has. */
function operatorOf(env: Readonly<Record<string, string | undefined>>): LedgerConfig {
  const devnet = (env.HEDERA_NETWORK || "devnet") === "devnet" && !env.HEDERA_ACCOUNT_ID;
  const { accountId, privateKey } = GENESIS_OPERATOR;
  return ledgerFromEnv(
    devnet
      ? { ...env, HEDERA_ACCOUNT_ID: accountId, HEDERA_KEY_TYPE: "ED25519", HEDERA_PRIVATE_KEY: privateKey }
      : env,
  );
}
