import { rm } from "node:fs/promises";
import { encodeEntry } from "../../festival/entry/entry.ts";
import { agentsOf } from "../../festival/roles.ts";
import type { State } from "../../festival/state.ts";
import { writersOf } from "../../festival/submit-keys.ts";
import { FestError } from "../../hedera/error.ts";
import type { AccountId, TopicId } from "../../hedera/id.ts";
import { type Ledger, openLedger } from "../../ledger/client.ts";
import { type KeyRule, type PublicKeySpec, SigningKey } from "../../ledger/key.ts";
import { changeKeys, type KeyChange } from "../../ledger/key-change.ts";
import type { Mirror } from "../../mirror/client.ts";
import { keyTreeOf } from "../../mirror/key-tree.ts";
import { type Deployment, PARTIES, type Party } from "./deployment.ts";
import { keyPath, readKeyFile, writeKeyFile } from "./key-file.ts";
import { once } from "./once.ts";

const LOOK_MS = 250;
const MOST_LOOKS = 240;

/** A role that has a key of its own and an agent. */
export type RotatedRole = Exclude<Party, "owner">;

/** What a rotation needs. */
export interface RotateOptions {
  /** The festival's owner, who administers the topics and pays. */
  readonly owner: Ledger;
  readonly deployment: Deployment;
  readonly mirror: Mirror;
  readonly log: TopicId;
  /** The log, folded to its head. */
  readonly state: State;
  /** Told what is done next. */
  readonly onStep?: (step: string) => void;
}

/** What a rotation came to. */
export interface Rotation {
  readonly role: RotatedRole;
  readonly account: AccountId;
  readonly oldKey: PublicKeySpec;
  readonly newKey: PublicKeySpec;
  /** What the network answered to a message that the old key signed. */
  readonly oldKeyAnswer: string;
}

/**
 * Gives a role a new key in one atomic batch: its account's key, the keys of what
 * else it opens (the fund, the desk's pool), the submit keys of log and vitals,
 * and the manifest said anew. The account stays, and with it every obligation and
 * its transaction id: what the old process had sent can't happen twice, and what
 * it sends from now on is refused. The new key is on disk before the batch, and
 * takes the old one's place after it; run again after a death, it goes on.
 *
 * @throws LedgerError; MirrorError; FestError `NO_MANIFEST`, `ROLE_ELSEWHERE`, `KEY_NOT_SHOWN`, `OLD_KEY_ALIVE`
 */
export async function rotate(options: RotateOptions, role: RotatedRole): Promise<Rotation> {
  const { owner, deployment, onStep } = options;
  const account = accountOf(options, role);
  const old = deployment.keyOf(role);
  const next = await nextKey(deployment, role);
  const step = `rotate ${role}`;
  onStep?.(`change the ${role}'s key in one batch with the topics and the manifest`);
  const change = await changeOf(options, role, { account, old, next });
  await once(options, {
    name: step,
    ledger: owner,
    take: (under) => changeKeys(owner, change, under),
    found: () => undefined,
  });
  await deployment.replaceKey(role, next);
  await rm(keyPath(deployment.folder, `${role}.next`), { force: true });
  await deployment.remember(step, null);
  onStep?.("wait until the mirror node shows it");
  await untilShown(options, account, next);
  onStep?.("try the old key");
  const oldKeyAnswer = await tryOldKey(options, account, old);
  return { role, account, oldKey: old.publicKey, newKey: next.publicKey, oldKeyAnswer };
}

/**
 * Puts the submit keys of log and vitals back to what the manifest wants, and
 * says the manifest anew, in one batch.
 *
 * @throws LedgerError; MirrorError; FestError `NO_MANIFEST`
 */
export async function repairSubmitKeys(options: RotateOptions): Promise<void> {
  const { owner } = options;
  await changeKeys(owner, { accounts: [], signers: [], ...(await topicsAndManifest(options, null)) });
}

function accountOf({ deployment, state }: RotateOptions, role: RotatedRole): AccountId {
  const account = deployment.record.accounts[role];
  if (account !== undefined && agentsOf(state).some((agent) => agent.account === account)) return account;
  throw new FestError("ROLE_ELSEWHERE", `the manifest does not bind this deployment's ${role}, ${account}`, {
    fix: "Rotate it where its key is kept.",
  });
}

/** A key that a run before this one made and may have sent already, or a new one, on disk. */
async function nextKey({ folder }: Deployment, role: RotatedRole): Promise<SigningKey> {
  const found = await readKeyFile(folder, `${role}.next`, "ED25519");
  if (found !== null) return found;
  const key = SigningKey.generate();
  await writeKeyFile(folder, `${role}.next`, key);
  return key;
}

interface Keys {
  readonly account: AccountId;
  readonly old: SigningKey;
  readonly next: SigningKey;
}

async function changeOf(options: RotateOptions, role: RotatedRole, keys: Keys): Promise<KeyChange> {
  const { accounts } = options.deployment.record;
  const { account, old, next } = keys;
  const key = next.publicKey;
  const changed: { account: AccountId; key: KeyRule }[] = [{ account, key }];
  const signers = [old, next];
  const pair = role === "defi" ? "coordinator" : role === "coordinator" ? "defi" : null;
  if (pair !== null && accounts.fund !== undefined) {
    const other = options.deployment.keyOf(pair);
    const both = role === "defi" ? [key, other.publicKey] : [other.publicKey, key];
    changed.push({ account: accounts.fund, key: { threshold: 2, keys: both } });
    signers.push(other);
  }
  if (role === "desk") {
    for (const id of [accounts.pool, accounts.noise])
      if (id !== undefined) changed.push({ account: id, key });
  }
  return { accounts: changed, signers, ...(await topicsAndManifest(options, { account, key })) };
}

/** Whoever reads keys from a mirror node that lags would take the old one for the present one. */
async function untilShown(
  { mirror, owner }: RotateOptions,
  account: AccountId,
  key: SigningKey,
): Promise<void> {
  for (let look = 1; look <= MOST_LOOKS; look += 1) {
    if ((await mirror.account(account))?.key?.hex === key.publicKey.hex) return;
    await owner.session.clock.sleep(LOOK_MS);
  }
  throw new FestError("KEY_NOT_SHOWN", `the mirror node does not show ${account}'s new key yet`, {
    fix: "The key is changed; look again with `bun run doctor` when the mirror node has caught up.",
  });
}

/** Submit keys for everybody whom the manifest names, with one account's key replaced, and the manifest. */
async function topicsAndManifest(
  { mirror, state, log, deployment }: RotateOptions,
  replaced: { readonly account: AccountId; readonly key: PublicKeySpec } | null,
): Promise<Pick<KeyChange, "topics" | "says">> {
  if (state.manifest === null) {
    throw new FestError("NO_MANIFEST", `topic ${log} has no manifest`, { fix: "Name the festival's log." });
  }
  const submitKeys = await Promise.all(
    writersOf(state).map(async ({ account }) => {
      if (account === replaced?.account) return replaced.key;
      const own = PARTIES.find((party) => deployment.record.accounts[party] === account);
      if (own !== undefined) return deployment.keyOf(own).publicKey;
      const found = await mirror.account(account);
      const tree = found?.key ? keyTreeOf(found.key) : null;
      return tree?.kind === "key" ? { type: tree.type, hex: tree.hex } : null;
    }),
  );
  const keys = submitKeys.flatMap((key) => key ?? []);
  const topics = [log, state.manifest.vitals].map((topic) => ({ topic, submitKeys: keys }));
  const message = encodeEntry({ v: 1, type: "manifest", payload: state.manifest });
  return { topics, says: { topic: log, message } };
}

/** Says something with the old key. @throws FestError `OLD_KEY_ALIVE` if the network takes it */
async function tryOldKey(
  { owner, state }: RotateOptions,
  account: AccountId,
  old: SigningKey,
): Promise<string> {
  const { network, session } = owner;
  const ledger = openLedger({ network, account, key: old, clock: session.clock });
  try {
    const topic = state.manifest?.vitals ?? "0.0.0";
    const outcome = await ledger.say(topic, new TextEncoder().encode('{"v":1,"type":"old_key"}'));
    if (outcome.kind === "refused" || outcome.kind === "failed") return outcome.status;
    throw new FestError("OLD_KEY_ALIVE", `the network did not refuse ${account}'s old key: ${outcome.kind}`, {
      fix: "Look the account up, and run rotate again.",
    });
  } finally {
    ledger.close();
  }
}
