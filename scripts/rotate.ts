/** Gives a role a new key, while the festival runs. */
import { foldLog } from "../lib/agent/fold-log.ts";
import { keyPath } from "../lib/agent/setup/key-file.ts";
import { type RotatedRole, repairSubmitKeys, rotate } from "../lib/agent/setup/rotate.ts";
import { readKeyDrift } from "../lib/agent/submit-keys.ts";
import type { State } from "../lib/festival/state.ts";
import { describeDrift } from "../lib/festival/submit-keys.ts";
import { FestError } from "../lib/hedera/error.ts";
import type { TopicId } from "../lib/hedera/id.ts";
import { openLedger } from "../lib/ledger/client.ts";
import { createMirror, type Mirror } from "../lib/mirror/client.ts";
import { crashingAround } from "./setup/crash.ts";
import { openDeployed } from "./setup/deployed.ts";
import { renewUnit } from "./setup/unit.ts";
import { commandLine } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";

const ROLES: readonly RotatedRole[] = ["coordinator", "inference", "defi", "desk"];

const command = commandLine("rotate", "bun run rotate inference --out .fest/state")
  .description(
    "A new key for a role, in one atomic batch: its account, what else its key opens, the submit keys of log and vitals, and the manifest said anew. Replaces the key file, restarts the unit, and shows that the old key is dead. Needs the owner's key in --out.",
  )
  .argument("[role]", `one of ${ROLES.join(", ")}`)
  .option("--repair", "no new key: put the topics' submit keys back to what the manifest wants")
  .option("--out <folder>", "where setup keeps keys and environments", ".fest/state")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .parse();
const options = command.opts<{ repair?: true; out: string; json?: true }>();

try {
  const { deployment, owner: config, log } = await openDeployed(options.out);
  const around = crashingAround(process.env.FEST_CRASH_AT);
  const owner = openLedger({ ...config, ...(around === null ? {} : { around }) });
  const mirror = createMirror({ baseUrl: config.network.mirror });
  try {
    if (options.repair) {
      const state = await foldLog(mirror, log);
      const drift = (await readKeyDrift(mirror, state, log)).map(describeDrift);
      for (const one of drift) say(one);
      if (drift.length > 0) await repairSubmitKeys({ owner, deployment, mirror, log, state });
      if (options.json) console.log(JSON.stringify({ ok: true, repaired: drift }));
      else
        console.log(
          drift.length === 0 ? "  nothing to repair" : "  the submit keys are the manifest's again",
        );
    } else {
      const role = roleOf(command.args[0]);
      const state = await betweenTrades(mirror, log, role);
      const rotation = await rotate({ owner, deployment, mirror, log, state, onStep: say }, role);
      const unit = await renewUnit(role, keyPath(deployment.folder, role));
      if (options.json) console.log(JSON.stringify({ ok: true, ...rotation, unit }));
      else {
        console.log(`  ${role} ${rotation.account} has the key ${rotation.newKey.hex}`);
        console.log(`  the old key is dead: a message that it signed was answered ${rotation.oldKeyAnswer}`);
        console.log(`  ${unit}`);
      }
    }
  } finally {
    owner.close();
  }
  process.exit(0);
} catch (error) {
  fail("rotate", options.json, error);
}

function roleOf(name: string | undefined): RotatedRole {
  const role = ROLES.find((one) => one === name);
  if (role !== undefined) return role;
  const wrong =
    name === undefined ? "no role is named" : `${JSON.stringify(name)} is no role whose key can be changed`;
  throw new FestError("ROLE_UNKNOWN", wrong, {
    fix: `Choose one of ${ROLES.join(", ")}.`,
  });
}

/**
 * The state at a moment when no trade waits for signatures, since those of an
 * old key count no more. A trade lapses with its quote, so that this ends.
 */
async function betweenTrades(mirror: Mirror, log: TopicId, role: RotatedRole): Promise<State> {
  for (let look = 0; ; look += 1) {
    const state = await foldLog(mirror, log);
    const stages = [...(state.edition?.tasks.values() ?? [])].flatMap(({ trade }) => trade?.stage ?? []);
    const signing = stages.some((stage) => stage === "proposed" || stage === "approved");
    if (role === "inference" || !signing || look === 200) return state;
    if (look === 0) say("wait for the trade that is being signed");
    await Bun.sleep(500);
  }
}

function say(step: string): void {
  if (!options.json) console.log(`  ${step}`);
}
