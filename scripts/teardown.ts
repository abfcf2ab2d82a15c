/** Takes back what set-up made, and returns its HBAR to the operator. */
import { estateOf, tearDown } from "../lib/agent/setup/teardown.ts";
import { readStatus } from "../lib/agent/status.ts";
import { formatHbar } from "../lib/hedera/amount.ts";
import { FestError } from "../lib/hedera/error.ts";
import type { TopicId } from "../lib/hedera/id.ts";
import { fromMillis } from "../lib/hedera/timestamp.ts";
import { toJson } from "../lib/hedera/to-json.ts";
import { openLedger } from "../lib/ledger/client.ts";
import { createMirror, type Mirror } from "../lib/mirror/client.ts";
import { confirm } from "./setup/confirm.ts";
import { crashingAround } from "./setup/crash.ts";
import { openDeployed } from "./setup/deployed.ts";
import { operatorOf } from "./setup/operator.ts";
import { commandLine } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";

const options = commandLine("teardown", "bun run teardown --out .fest/state")
  .description(
    "Returns tokens, deletes tokens, topics and accounts that setup made, and gives their HBAR to the operator, who is the environment's account. Messages stay on the ledger.",
  )
  .option("--out <folder>", "where setup keeps keys and environments", ".fest/state")
  .option("--yes", "do it without asking; on devnet nothing is asked")
  .option("--force", "also while agents are alive")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .parse()
  .opts<{ out: string; yes?: true; force?: true; json?: true }>();

try {
  const { deployment, owner, log, env, others } = await openDeployed(options.out);
  const { network } = owner;
  const addresses = Object.fromEntries(
    Object.entries(env).filter(([name]) => /^HEDERA_(NETWORK|NODES|MIRROR|RELAY)/.test(name)),
  );
  const around = crashingAround(process.env.FEST_CRASH_AT);
  const config = operatorOf({ ...process.env, ...addresses });
  const operator = openLedger({ ...config, ...(around === null ? {} : { around }) });
  const mirror = createMirror({ baseUrl: network.mirror });
  try {
    if (!options.force) await needQuiet(mirror, log);
    const before = await estateOf(mirror, deployment, others);
    const what = `${before.accounts.length} accounts with ${formatHbar(before.total)} HBAR`;
    say(`${what} go to ${operator.account} on ${network.name}`);
    const asks = before.accounts.length > 0 && network.name !== "devnet" && !options.yes;
    if (asks) await confirm(`Delete ${what}, the log and the tokens for ever?`);
    const remnants = await tearDown({ operator, deployment, mirror, others, onStep: say });
    const left = remnants.map(({ what, status }) => `${what}: ${status}`);
    if (options.json) {
      const { total } = before;
      const accounts = before.accounts.map(({ name, account, balance }) => ({ name, account, balance }));
      console.log(
        toJson({
          ok: left.length === 0,
          network: network.name,
          heir: operator.account,
          accounts,
          total,
          left,
        }),
      );
    } else console.log(left.length === 0 ? "  nothing is left" : `  left:\n  ${left.join("\n  ")}`);
    process.exitCode = left.length === 0 ? 0 : 1;
  } finally {
    operator.close();
  }
  process.exit();
} catch (error) {
  fail("teardown", options.json, error);
}

/** Agents that work on would only fail. @throws FestError `AGENTS_ALIVE` */
async function needQuiet(mirror: Mirror, log: TopicId): Promise<void> {
  const topic = await mirror.topic(log);
  if (topic === null || topic.deleted) return;
  const { agents } = await readStatus(mirror, log, fromMillis(Date.now()));
  const alive = agents.filter(({ state }) => state === "alive").map(({ agent }) => agent);
  if (alive.length === 0) return;
  throw new FestError("AGENTS_ALIVE", `${alive.join(", ")} still work on ${log}`, {
    fix: "Stop them first (systemctl stop fest-agents), or give --force.",
  });
}

function say(step: string): void {
  if (!options.json) console.log(`  ${step}`);
}
