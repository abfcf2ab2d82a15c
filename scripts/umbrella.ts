/** What fest-agents.service runs: speaks to systemd for every agent's unit on this machine. */
import { createNotifier } from "../lib/agent/notify.ts";
import { describeError } from "../lib/hedera/error.ts";
import { type UnitState, unitStates } from "./deploy/systemctl.ts";
import { allSettled, allStopped, summary } from "./umbrella/summary.ts";

const AGENTS = "fest-agent@*.service";
const LOOK_MS = 1_000;
/** Up by then, whatever the agents say: a machine's start must not wait for a ledger. */
const PATIENCE_MS = 120_000;

const notifier = createNotifier(process.env);
const stopping = Promise.withResolvers<void>();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stopping.resolve());

const begun = Date.now();
let isUp = false;
let isStopping = false;
void stopping.promise.then(() => {
  isStopping = true;
});
while (!isStopping) {
  const { agents, problem } = await look();
  isUp ||= problem !== null || allSettled(agents) || Date.now() - begun > PATIENCE_MS;
  notifier.notify(`${isUp ? "READY=1\n" : ""}STATUS=${problem ?? summary(agents)}`);
  await Promise.race([Bun.sleep(isUp ? LOOK_MS : LOOK_MS / 5), stopping.promise]);
}
const { agents: atStop } = await look();
notifier.notify("STOPPING=1\nSTATUS=waits for the agents to stop");
while (!allStopped((await look()).agents, atStop)) await Bun.sleep(LOOK_MS / 5);
process.exit(0);

/** Without an answer from systemd the agents run all the same, only nobody counts them. */
async function look(): Promise<{ agents: readonly UnitState[]; problem: string | null }> {
  try {
    return { agents: await unitStates(AGENTS), problem: null };
  } catch (error) {
    const fix = "Install dbus and libnss-systemd, as stock Debian has them.";
    return { agents: [], problem: `cannot ask systemd for the agents: ${describeError(error)}. ${fix}` };
  }
}
