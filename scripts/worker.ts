/** The owner adds a worker to a festival that runs, or takes one out. */
import { Option } from "commander";
import { parseHbar, type Tinybar } from "../lib/hedera/amount.ts";
import { FestError } from "../lib/hedera/error.ts";
import { openLedger } from "../lib/ledger/client.ts";
import { ledgerFromEnv } from "../lib/ledger/config.ts";
import { asArgument, commandLine } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";
import { Owner } from "./support/owner.ts";
import { addWorker, ROLES, removeWorker, type WorkforceOptions } from "./worker/workforce.ts";

const { env } = process;
const json = ["--json", "print one JSON object on stdout, and nothing else"] as const;
const log = ["--log <topic>", "the festival's log; default FEST_LOG"] as const;

interface Options {
  readonly json?: true;
  readonly log?: string;
}

const program = commandLine(
  "worker",
  "bun --env-file=.fest/state/owner.env run worker add inference inference-002",
).description(
  "Change who works for a festival while it runs. Needs the owner's environment: bun --env-file=.../owner.env run worker ...",
);
program
  .command("add")
  .description("Give a worker an account and a key, bind it to a role, and write its environment.")
  .argument("<role>", `one of ${ROLES.join(", ")}`)
  .argument("<agent>", "its name, such as inference-002")
  .option(...json)
  .option(...log)
  .addOption(
    new Option("--hbar <amount>", "what its account is given")
      .default(parseHbar("20"), "20")
      .argParser(asArgument(positiveHbar)),
  )
  .option("--out <folder>", "where its environment and key go", ".fest/state")
  .action((role: string, agent: string, options: Options & { hbar: Tinybar; out: string }) =>
    run(options, async (workforce) => {
      const known = ROLES.find((one) => one === role);
      if (known === undefined) {
        throw new FestError("ROLE_INVALID", `no worker can be added as ${JSON.stringify(role)}`, {
          fix: `Choose one of ${ROLES.join(", ")}.`,
        });
      }
      const name = agentName(agent);
      const wanted = {
        role: known,
        agent: name,
        balance: options.hbar,
        folder: options.out,
        env: networkEnv(),
      };
      const account = await addWorker(workforce, wanted);
      return { agent: name, account, environment: `${options.out}/${name}.env` };
    }),
  );
program
  .command("remove")
  .description("Take a worker out of the manifest, and its key off the topics.")
  .argument("<agent>", "its name")
  .option(...json)
  .option(...log)
  .action((agent: string, options: Options) =>
    run(options, async (workforce) => ({ agent, account: await removeWorker(workforce, agent) })),
  );
await program.parseAsync();

async function run(
  options: Options,
  change: (workforce: WorkforceOptions) => Promise<Readonly<Record<string, string>>>,
): Promise<never> {
  try {
    const reader = Owner.open(options.log);
    const owner = openLedger(ledgerFromEnv(env));
    const onStep = (step: string) => {
      if (!options.json) console.error(`${step} ...`);
    };
    const state = await reader.state();
    if (state.owner !== owner.account) {
      throw new FestError("NOT_OWNER", `${owner.account} does not own the festival, ${state.owner} does`, {
        fix: "Use the owner's environment.",
      });
    }
    const done = await change({ owner, mirror: reader.mirror, log: reader.log, state, onStep });
    const words = Object.entries(done).map(([name, value]) => `${name} ${value}`);
    console.log(options.json ? JSON.stringify({ ok: true, ...done }) : words.join(", "));
    process.exit(0);
  } catch (error) {
    fail("worker", options.json, error);
  }
}

/** How the owner's environment reaches the network, which is how the worker will. */
function networkEnv(): Readonly<Record<string, string>> {
  const named = /^(HEDERA_(NETWORK|NODES|PORT_BASE|MIRROR_\w+|RELAY_\w+)|FEST_VITALS)$/;
  const set = Object.entries(env).flatMap(([name, value]) =>
    named.test(name) && value ? [[name, value] as const] : [],
  );
  return Object.fromEntries(set);
}

function agentName(text: string): string {
  if (/^[a-z][a-z0-9-]{0,31}$/.test(text)) return text;
  throw new FestError("AGENT_INVALID", `${JSON.stringify(text)} is not an agent's name`, {
    fix: "Write lower-case letters, digits and hyphens, such as inference-002.",
  });
}

function positiveHbar(text: string): Tinybar {
  const amount = parseHbar(text);
  if (amount > 0n) return amount;
  throw new FestError("AMOUNT_INVALID", `${JSON.stringify(text)} is nothing to live on`, {
    fix: "Write an amount above 0.",
  });
}
