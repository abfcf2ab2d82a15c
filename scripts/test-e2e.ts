/** The end-to-end test of a network that runs already: testnet, or a devnet started apart. */
import { resolve } from "node:path";
import { formatHbar } from "../lib/hedera/amount.ts";
import type { AccountId } from "../lib/hedera/id.ts";
import { createMirror } from "../lib/mirror/client.ts";
import { confirm } from "./setup/confirm.ts";
import { operatorOf } from "./setup/operator.ts";
import { commandLine, wholeNumber } from "./support/command-line.ts";
import { describeFailure } from "./support/failure.ts";
import { type Check, Checklist } from "./test-e2e/checklist.ts";
import { runOn } from "./test-e2e/run.ts";

const options = commandLine("test:e2e", "bun run test:e2e --network testnet --yes")
  .description(
    "Sets a festival of its own up, runs one edition with agents as processes, audits it from the mirror alone, and takes everything back, in under five minutes. docs/testnet.md helps where it fails.",
  )
  .option("--network <name>", "overrides HEDERA_NETWORK: testnet, previewnet, devnet, custom")
  .option("--limit <seconds>", "for everything", wholeNumber(100), 295)
  .option("--yes", "spend without asking; on devnet nothing is asked")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .parse()
  .opts<{ network?: string; limit: number; yes?: true; json?: true }>();

const began = Date.now();
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
const said: string[] = [];
const list = new Checklist(tell);

try {
  const operator = operatorOf(process.env, options.network);
  const { name } = operator.network;
  if (name !== "devnet" && !options.yes) await ask(operator.account, name, operator.network.mirror);
  const folder = resolve(`.fest/state/e2e-${name}`);
  const { limit: limitSeconds } = options;
  const onLine = (line: string) => void said.push(line);
  await runOn({ operator, folder, limitSeconds, signal: stopping.signal, onLine }, list);
  const spent = Math.round((Date.now() - began) / 1_000);
  if (!list.ok && !options.json) console.log(`  agents said last:\n${said.slice(-10).join("\n")}`);
  if (options.json) {
    const { ok, checks } = list;
    console.log(JSON.stringify({ ok, network: name, seconds: spent, checks }));
  } else console.log(list.ok ? `  passed in ${spent} s` : "  failed; docs/testnet.md says what may be wrong");
  process.exit(list.ok ? 0 : 1);
} catch (error) {
  if (options.json) {
    const check = {
      name: "start",
      status: "failed",
      message: describeFailure(error),
      fix: "bun run test:e2e --help",
    };
    console.log(JSON.stringify({ ok: false, checks: [check] }));
  } else console.error(`test:e2e: ${describeFailure(error)}`);
  process.exit(1);
}

async function ask(account: AccountId, name: string, baseUrl: string): Promise<void> {
  const balance = (await createMirror({ baseUrl }).account(account))?.balance ?? 0n;
  await confirm(`Use ${account} on ${name}, which has ${formatHbar(balance)} HBAR?`);
}

function tell({ name, status, message, fix, seconds: took }: Check): void {
  if (options.json) return;
  const mark = { ok: "ok     ", failed: "FAILED ", skipped: "skipped" }[status];
  console.log(`  ${mark} ${name.padEnd(11)} ${String(took).padStart(4)} s  ${message}`);
  if (fix !== null) console.log(`${" ".repeat(30)}fix: ${fix}`);
}
