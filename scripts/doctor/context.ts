/** What every check of doctor's gets to see. */
import { readFileSync } from "node:fs";
import { ConfigError, ConfigReader, type Environment } from "../../lib/hedera/config.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { type AccountId, parseAccountId, parseTopicId, type TopicId } from "../../lib/hedera/id.ts";
import type { Network } from "../../lib/hedera/network.ts";
import { readNetwork } from "../../lib/hedera/network-env.ts";
import type { Timestamp } from "../../lib/hedera/timestamp.ts";
import { SigningKey } from "../../lib/ledger/key.ts";
import type { Finding } from "./finding.ts";
import type { HostFacts } from "./host-facts.ts";
import type { RoleEnvironment, Target } from "./target.ts";

/** A role's environment, as far as it can be read. */
export interface Member {
  readonly role: RoleEnvironment;
  readonly network: Network | null;
  readonly account: AccountId | null;
  readonly key: SigningKey | null;
  readonly log: TopicId | null;
  /** The agent's name; null for the owner, who is nobody's process. */
  readonly agent: string | null;
}

/** Everything that can be looked at without a network, and how to reach one. */
export interface Context {
  readonly target: Target;
  readonly members: readonly Member[];
  /** That of the first member that names one. */
  readonly network: Network | null;
  readonly log: TopicId | null;
  readonly host: HostFacts;
  /** The machine's clock. */
  readonly now: () => Timestamp;
  /** Certificates of authorities that are trusted besides the usual ones, in PEM. */
  readonly ca: string | undefined;
}

/** One concept that doctor looks at. */
export type Check<View = Context> = (view: View) => Promise<readonly Finding[]> | readonly Finding[];

/** Reads of an environment what can be read; what can't be is for the checks to tell. */
export function memberOf(role: RoleEnvironment): Member {
  const { env, keyFile } = role;
  return {
    role,
    network: networkOf(env),
    account: parsed(env.HEDERA_ACCOUNT_ID, parseAccountId),
    key: keyOf(env, keyFile),
    log: parsed(env.FEST_LOG, parseTopicId),
    agent: env.FEST_AGENT?.trim() || null,
  };
}

/** How a command that sets up what is missing is written. */
export function setupCommand({ network, target }: Pick<Context, "network" | "target">): string {
  const where = target.folder === null ? "" : ` --out ${target.folder}`;
  return `bun run setup --network ${network?.name ?? "devnet"}${where}`;
}

/** How to open the file that an environment comes from. */
export function editCommand({ file }: RoleEnvironment, hint: string): string {
  return `\${EDITOR:-vi} ${file ?? ".env"}  # ${hint}`;
}

function networkOf(env: Environment): Network | null {
  const reader = new ConfigReader(env);
  const network = readNetwork(reader);
  try {
    reader.finish();
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
  return network ?? null;
}

function keyOf(env: Environment, keyFile: string | null): SigningKey | null {
  const type = env.HEDERA_KEY_TYPE?.trim().toUpperCase();
  if (type !== "ED25519" && type !== "ECDSA") return null;
  const hex = env.HEDERA_PRIVATE_KEY?.trim() || (keyFile === null ? null : textOf(keyFile));
  return parsed(hex, (text) => SigningKey.parse({ type, hex: text }));
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}

function parsed<T>(text: string | null | undefined, parse: (text: string) => T): T | null {
  if (!text) return null;
  try {
    return parse(text.trim());
  } catch (error) {
    if (error instanceof FestError) return null;
    throw error;
  }
}
