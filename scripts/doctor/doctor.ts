/** Examines what is set up on a machine, before anything is started. */
import type { Environment } from "../../lib/hedera/config.ts";
import { describeError } from "../../lib/hedera/error.ts";
import type { Network } from "../../lib/hedera/network.ts";
import { fromMillis, type Timestamp } from "../../lib/hedera/timestamp.ts";
import { createMirror } from "../../lib/mirror/client.ts";
import { accounts } from "./accounts.ts";
import { balances } from "./balances.ts";
import { clock } from "./clock.ts";
import { type Check, type Context, memberOf } from "./context.ts";
import { duplicates } from "./duplicates.ts";
import { error, type Finding } from "./finding.ts";
import { type HostFacts, thisHost } from "./host-facts.ts";
import { keyFiles } from "./key-files.ts";
import { machine } from "./machine.ts";
import { manifest } from "./manifest.ts";
import { networkMix } from "./network-mix.ts";
import { plan } from "./plan.ts";
import { mirrorAnswers, nodes, relay, relayWebSocket } from "./reach.ts";
import { readTarget, type Target } from "./target.ts";
import { certificates } from "./tls.ts";
import { tokens } from "./tokens.ts";
import { topicKeys } from "./topic-keys.ts";
import { variables } from "./variables.ts";
import { readView, type View } from "./view.ts";

/** Doctor's answer. */
export interface Diagnosis {
  /** There is no finding of severity `error`. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** What to examine, and by which means. */
export interface DoctorOptions {
  /** See {@link readTarget}; default where environments usually lie. */
  readonly path?: string | undefined;
  /** This process's environment. */
  readonly env: Environment;
  /** Default: this machine. */
  readonly host?: HostFacts;
  /** Default: this machine's clock. */
  readonly now?: () => Timestamp;
  /** Certificates of authorities that are trusted besides the usual ones, in PEM. */
  readonly ca?: string;
}

const LOCAL: Readonly<Record<string, Check>> = { variables, networkMix, keyFiles, duplicates, plan, machine };
const ON_LEDGER: Readonly<Record<string, Check<View>>> = { accounts, manifest, topicKeys, tokens, balances };

/** Runs every check; one that breaks down is a finding itself. @throws FestError `ENV_UNREADABLE` */
export async function examine(options: DoctorOptions): Promise<Diagnosis> {
  return diagnose(readTarget(options.path, options.env), options);
}

/** The same for environments that were read already. */
export async function diagnose(
  target: Target,
  { host = thisHost, now = () => fromMillis(Date.now()), ca }: Omit<DoctorOptions, "path" | "env"> = {},
): Promise<Diagnosis> {
  const members = target.roles.map(memberOf);
  const network = members.find((member) => member.network !== null)?.network ?? null;
  const log = members.find((member) => member.log !== null)?.log ?? null;
  const context: Context = { target, members, network, log, host, now, ca };
  const findings: Finding[] = [];
  for (const [name, check] of Object.entries(LOCAL)) {
    findings.push(...(await guarded(name, async () => check(context))));
  }
  if (network !== null) findings.push(...(await onNetwork(context, network)));
  return { ok: findings.every(({ severity }) => severity !== "error"), findings };
}

async function onNetwork(context: Context, network: Network): Promise<readonly Finding[]> {
  const mirror = createMirror({ baseUrl: network.mirror, retries: 1 });
  const [answers, ...reached] = await Promise.all([
    guarded("mirror", () => mirrorAnswers(network, mirror)),
    guarded("node", () => nodes(network)),
    guarded("relay", () => relay(network)),
    guarded("relay-ws", () => relayWebSocket(network)),
    guarded("tls", () => certificates(network, context.ca)),
  ]);
  const found = [...answers, ...reached.flat()];
  if (answers.some(({ severity }) => severity === "error")) return found;
  found.push(...(await guarded("clock", () => clock(context, network, mirror))));
  let view: View | null = null;
  found.push(
    ...(await guarded("ledger", async () => {
      view = await readView(context, mirror);
      return [];
    })),
  );
  if (view === null) return found;
  const seen: View = view;
  for (const [name, check] of Object.entries(ON_LEDGER)) {
    found.push(...(await guarded(name, async () => check(seen))));
  }
  return found;
}

async function guarded(name: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (thrown) {
    return [error(name, `could not be examined: ${describeError(thrown)}`, "bun run doctor")];
  }
}
