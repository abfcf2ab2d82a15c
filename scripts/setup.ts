/** Makes what a festival needs on a network; run again, it makes only what is missing. */
import { readPlan } from "../lib/agent/plan-source.ts";
import { type CarriedOn, carryOn } from "../lib/agent/setup/carry-on.ts";
import { Deployment } from "../lib/agent/setup/deployment.ts";
import { type Endowment, endowmentFor } from "../lib/agent/setup/endowment.ts";
import { writeEnvironments } from "../lib/agent/setup/environment.ts";
import { type Filled, fillUp } from "../lib/agent/setup/fill.ts";
import { type Price, priceNow } from "../lib/agent/setup/price.ts";
import { isGone } from "../lib/agent/setup/reset.ts";
import { setUp } from "../lib/agent/setup/setup.ts";
import { KINDS } from "../lib/agent/work/kinds.ts";
import { formatHbar } from "../lib/hedera/amount.ts";
import { FestError } from "../lib/hedera/error.ts";
import { toJson } from "../lib/hedera/to-json.ts";
import { type Ledger, openLedger } from "../lib/ledger/client.ts";
import { createMirror, type Mirror } from "../lib/mirror/client.ts";
import { confirm } from "./setup/confirm.ts";
import { crashingAround } from "./setup/crash.ts";
import { noiseFor } from "./setup/noise.ts";
import { operatorOf } from "./setup/operator.ts";
import { commandLine, planOption, webAddress } from "./support/command-line.ts";
import { dashboardLink, LOCAL_PAGE } from "./support/dashboard-link.ts";
import { fail } from "./support/failure.ts";
import { readText } from "./support/read-text.ts";

interface Options {
  readonly json?: true;
  readonly yes?: true;
  readonly fill?: true;
  readonly network?: string;
  readonly out: string;
  readonly plan: string;
  readonly dashboard: string;
  readonly carryOn?: string;
  readonly noise?: string;
}

const options = commandLine("setup", "bun run setup --out .fest/state")
  .description(
    "Accounts for every role, the trading fund, tokens, log, vitals and manifest; each role's environment and key file, as systemd wants them. Run again, also after it was killed or the network was reset, it makes only what is missing.",
  )
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--network <name>", "overrides HEDERA_NETWORK")
  .option("--out <folder>", "where keys and environments are kept, mode 0600", ".fest/state")
  .addOption(planOption("the festival to set up"))
  .option(
    "--carry-on <bundle>",
    "the archive of a festival whose network was reset: its hash goes into the manifest",
  )
  .option(
    "--noise <seed>",
    "seed of the noise trader that moves the desk's price, or off; on devnet alone, and there by default",
  )
  .option("--fill", "fill accounts up of which less than half is left")
  .option("--yes", "spend without asking; on devnet nothing is asked")
  .option("--dashboard <url>", "where the page is served", webAddress, LOCAL_PAGE)
  .parse()
  .opts<Options>();

try {
  const plan = await readPlan(options.plan, KINDS);
  const config = operatorOf(process.env, options.network);
  const { network } = config;
  const deployment = await Deployment.open(options.out, network.name);
  const around = crashingAround(process.env.FEST_CRASH_AT);
  const interfering = around === null ? {} : { around };
  const operator = openLedger({ ...config, ...interfering });
  const mirror = createMirror({ baseUrl: network.mirror });
  const endowment = endowmentFor(network.name);
  try {
    const carriesOn = await carriedOn(mirror, deployment);
    const price = await agree(operator, deployment, mirror, endowment);
    const festival = await setUp({
      operator,
      deployment,
      endowment,
      festival: { id: plan.id, name: plan.name },
      carriesOn,
      noise: noiseFor(network.name, options.noise),
      onStep: say,
      ...interfering,
    });
    const environments = await writeEnvironments(network, deployment, festival);
    const filled = options.fill ? await fillUp({ operator, deployment, endowment, mirror }) : [];
    const dashboard = dashboardLink(options.dashboard, network, festival);
    const { log, vitals, token, stablecoin } = festival;
    const accounts = { ...festival.accounts, ...(festival.noise === null ? {} : { noise: festival.noise }) };
    const made = { network: network.name, log, vitals, token, stablecoin, accounts, environments, dashboard };
    if (options.json) console.log(toJson({ ...made, price, filled }));
    else console.log(describe(made, filled));
  } finally {
    operator.close();
  }
  process.exit(0);
} catch (error) {
  fail("setup", options.json, error);
}

/** What the manifest is to say of the archive. @throws FestError `CARRY_ON_LATE` if there is a log already, `ARCHIVE_UNSOUND` */
async function carriedOn(mirror: Mirror, deployment: Deployment): Promise<CarriedOn | undefined> {
  if (options.carryOn === undefined) return undefined;
  if (deployment.record.done.includes("manifest") && !(await isGone(mirror, deployment))) {
    throw new FestError("CARRY_ON_LATE", `the festival has its log ${deployment.record.log} here`, {
      fix: "Only a festival whose network was reset is carried on.",
    });
  }
  say(`verify ${options.carryOn}`);
  return carryOn(await readText(options.carryOn, "bundle", "`bun run archive` writes one."));
}

/** Shows what it will cost, if anything is to be made, and asks. @throws FestError `NOT_CONFIRMED`, `OPERATOR_POOR` */
async function agree(
  operator: Ledger,
  deployment: Deployment,
  mirror: Mirror,
  endowment: Endowment,
): Promise<Price | null> {
  const whole = deployment.record.done.includes("manifest") && !(await isGone(mirror, deployment));
  if (whole) return null;
  const price = await priceNow({ operator, endowment });
  const { name } = operator.network;
  const fees = formatHbar(price.operatorFees + price.ownerFees);
  const begun = deployment.record.accounts.owner === undefined ? "" : ", less what was made before";
  const total = `${formatHbar(price.total)} HBAR from ${operator.account} on ${name}${begun}`;
  say(`at most ${total}: ${fees} in fees, the rest for accounts, which teardown returns`);
  const has = (await mirror.account(operator.account))?.balance ?? null;
  if (has !== null && has < price.total && begun === "") {
    const fix = name === "testnet" ? "Fill it up at portal.hedera.com/faucet." : "Fill it up.";
    throw new FestError(
      "OPERATOR_POOR",
      `${operator.account} has ${formatHbar(has)} HBAR, not ${formatHbar(price.total)}`,
      { fix },
    );
  }
  if (name !== "devnet" && !options.yes) await confirm(`Spend at most ${total}?`);
  return price;
}

function say(step: string): void {
  if (!options.json) console.log(`  ${step}`);
}

function describe(
  made: {
    readonly log: string;
    readonly vitals: string;
    readonly token: string;
    readonly environments: readonly string[];
    readonly dashboard: string;
  },
  filled: readonly Filled[],
): string {
  return [
    ...filled.map(({ name, account, amount }) => `  gave ${name} ${account} ${formatHbar(amount)} HBAR`),
    "",
    `  log ${made.log}, vitals ${made.vitals}, payment token ${made.token}`,
    ...made.environments.map((path) => `  ${path}`),
    `  page ${made.dashboard}`,
  ].join("\n");
}
