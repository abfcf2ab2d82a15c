/** Adds a worker to a festival that runs, or takes one out: its account, its key, the manifest and the topics' submit keys. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readKeyFile, writeKeyFile } from "../../lib/agent/setup/key-file.ts";
import { writeSecret } from "../../lib/agent/setup/secret.ts";
import { type Body, encodeEntry } from "../../lib/festival/entry/entry.ts";
import { agentOf } from "../../lib/festival/roles.ts";
import type { State } from "../../lib/festival/state.ts";
import { writersOf } from "../../lib/festival/submit-keys.ts";
import type { Tinybar } from "../../lib/hedera/amount.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { type AccountId, parseAccountId, type TopicId } from "../../lib/hedera/id.ts";
import { createAccount } from "../../lib/ledger/accounts.ts";
import type { Ledger } from "../../lib/ledger/client.ts";
import { type PublicKeySpec, SigningKey } from "../../lib/ledger/key.ts";
import { changeKeys } from "../../lib/ledger/key-change.ts";
import { associate } from "../../lib/ledger/tokens.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import { keyTreeOf } from "../../lib/mirror/key-tree.ts";

/** Roles whose work needs no key but the agent's own: the fund's is 2 of 2 of the first defi agent and the coordinator. */
export const ROLES = ["inference"] as const;

/** What a change needs. */
export interface WorkforceOptions {
  readonly owner: Ledger;
  readonly mirror: Mirror;
  readonly log: TopicId;
  /** The log's state as it is now. */
  readonly state: State;
  /** Told what is done next. */
  readonly onStep: (step: string) => void;
}

/** A worker to be. */
export interface NewWorker {
  readonly role: (typeof ROLES)[number];
  readonly agent: string;
  /** What its account is given; fees come from it. */
  readonly balance: Tinybar;
  /** Where `<agent>.env` and `<agent>.key` go. */
  readonly folder: string;
  /** The rest of its environment: how to reach the network. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Gives a worker an account and a key, and binds it to its role. Run again, it
 * does only what is missing.
 *
 * @returns its account
 * @throws FestError `AGENT_BOUND`, `KEY_UNKNOWN`; LedgerError
 */
export async function addWorker(options: WorkforceOptions, worker: NewWorker): Promise<AccountId> {
  const { owner, log, state, onStep } = options;
  const { agent, role, folder } = worker;
  const bound = agentOf(state, agent);
  const path = join(folder, `${agent}.env`);
  const made = existsSync(path) ? accountIn(await readFile(path, "utf8")) : null;
  if (bound !== undefined && (bound.account !== made || bound.role !== role)) {
    throw new FestError("AGENT_BOUND", `${agent} is ${bound.role} by the account ${bound.account} already`, {
      fix: "Choose another name.",
    });
  }
  const key = (await readKeyFile(folder, agent, "ED25519")) ?? SigningKey.generate();
  // On disk before there is an account that only it opens.
  await writeKeyFile(folder, agent, key);
  const account = made ?? (await openAccount(options, worker, key));
  const lines = { ...worker.env, HEDERA_ACCOUNT_ID: account, HEDERA_KEY_TYPE: key.type };
  const own = { HEDERA_PRIVATE_KEY_FILE: resolve(folder, `${agent}.key`), FEST_LOG: log, FEST_AGENT: agent };
  await writeSecret(path, textOf({ ...lines, ...own, FEST_ROLE: role }));
  onStep("associate it with the payment token");
  await associate(owner, { account, token: manifestOf(state).payload.token, signers: [key] });
  if (bound !== undefined) return account;
  const { roles } = manifestOf(state).payload;
  await announce(options, { ...roles, [role]: { ...roles[role], [agent]: account } }, key.publicKey);
  return account;
}

/**
 * Takes a worker out of the manifest, and its key off the topics. What it owed
 * goes to others of its role; its account and what is on it stay.
 *
 * @throws FestError `AGENT_UNKNOWN`, `AGENT_NEEDED`
 */
export async function removeWorker(options: WorkforceOptions, agent: string): Promise<AccountId> {
  const bound = agentOf(options.state, agent);
  if (bound === undefined) {
    const fix = "`bun run status` lists the agents.";
    throw new FestError("AGENT_UNKNOWN", `the manifest has no agent ${JSON.stringify(agent)}`, { fix });
  }
  const { roles } = manifestOf(options.state).payload;
  const { [agent]: _, ...others } = roles[bound.role] ?? {};
  if (Object.keys(others).length === 0) {
    throw new FestError("AGENT_NEEDED", `${agent} is the only ${bound.role}`, {
      fix: "Add another one first.",
    });
  }
  await announce(options, { ...roles, [bound.role]: others }, null);
  return bound.account;
}

async function openAccount(
  { owner, onStep }: WorkforceOptions,
  { agent, balance }: NewWorker,
  { publicKey: key }: SigningKey,
): Promise<AccountId> {
  onStep("create its account");
  return createAccount(owner, { key, balance, memo: `fest-agents ${agent}` });
}

/** The new manifest and the submit keys that go with it, in one atomic batch, so that neither is ever without the other. */
async function announce(
  { owner, mirror, log, state, onStep }: WorkforceOptions,
  roles: Body<"manifest">["payload"]["roles"],
  added: PublicKeySpec | null,
): Promise<void> {
  const before = manifestOf(state);
  const manifest = { ...before, payload: { ...before.payload, roles } };
  const staying = new Set(Object.values(roles).flatMap((agents) => Object.values(agents)));
  const writers = writersOf(state).filter(({ account, name }) => name === "owner" || staying.has(account));
  const known = await Promise.all(writers.map(({ account }) => publicKeyOf(mirror, account)));
  const submitKeys = added === null ? known : [...known, added];
  const topics = [log, before.payload.vitals].map((topic) => ({ topic, submitKeys }));
  onStep("say the manifest, and change the topics' submit keys with it");
  const says = { topic: log, message: encodeEntry(manifest) };
  await changeKeys(owner, { accounts: [], signers: [], topics, says });
}

async function publicKeyOf(mirror: Mirror, account: AccountId): Promise<PublicKeySpec> {
  const key = (await mirror.account(account))?.key;
  const tree = key ? keyTreeOf(key) : null;
  if (tree?.kind === "key") return { type: tree.type, hex: tree.hex };
  throw new FestError("KEY_UNKNOWN", `the account ${account} has no single key`, {
    fix: "Give every agent an account with one key.",
  });
}

function manifestOf({ manifest }: State): Body<"manifest"> {
  if (manifest === null) throw new FestError("LOG_EMPTY", "the log has no manifest", { fix: "Run setup." });
  return { v: 1, type: "manifest", payload: manifest };
}

function accountIn(text: string): AccountId | null {
  const [, id] = /^HEDERA_ACCOUNT_ID=(.+)$/m.exec(text) ?? [];
  return id === undefined ? null : parseAccountId(id.trim());
}

function textOf(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
