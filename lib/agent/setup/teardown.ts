import type { Tinybar } from "../../hedera/amount.ts";
import type { AccountId, TokenId } from "../../hedera/id.ts";
import { deleteAccount } from "../../ledger/accounts.ts";
import type { Ledger } from "../../ledger/client.ts";
import { LedgerError } from "../../ledger/error.ts";
import type { SigningKey } from "../../ledger/key.ts";
import { deleteToken, dissociate, transferToken } from "../../ledger/tokens.ts";
import { deleteTopic } from "../../ledger/topics.ts";
import type { Mirror } from "../../mirror/client.ts";
import type { Deployment, DeploymentRecord, Party } from "./deployment.ts";

/** What teardown needs. */
export interface TeardownOptions {
  /** Pays for it all, and gets what the accounts hold. */
  readonly operator: Ledger;
  readonly deployment: Deployment;
  readonly mirror: Mirror;
  /** Told what is done next. */
  readonly onStep?: (step: string) => void;
}

/** What a deployment still holds. */
export interface Estate {
  readonly accounts: readonly {
    readonly name: Holder;
    readonly account: AccountId;
    readonly balance: Tinybar;
  }[];
  /** HBAR of them all. */
  readonly total: Tinybar;
}

/** Something that could not be undone, and Hedera's word for why. */
export interface Remnant {
  readonly what: string;
  readonly status: string;
}

type Holder = keyof DeploymentRecord["accounts"];

/** Whose keys open an account; of the owner's things the owner, who goes last. */
const KEYS: Readonly<Record<Holder, readonly Party[]>> = {
  noise: ["desk"],
  pool: ["desk"],
  fund: ["defi", "coordinator"],
  desk: ["desk"],
  defi: ["defi"],
  inference: ["inference"],
  coordinator: ["coordinator"],
  owner: ["owner"],
};
const HOLDERS: readonly Holder[] = [
  "noise",
  "pool",
  "fund",
  "desk",
  "defi",
  "inference",
  "coordinator",
  "owner",
];

/** What the deployment's accounts hold; those that are deleted or not there hold nothing. @throws MirrorError */
export async function estateOf(mirror: Mirror, deployment: Deployment): Promise<Estate> {
  const found = await Promise.all(
    HOLDERS.map(async (name) => {
      const account = deployment.record.accounts[name];
      const held = account === undefined ? null : await mirror.account(account);
      if (account === undefined || held === null || held.deleted) return [];
      return [{ name, account, balance: held.balance ?? 0n }];
    }),
  );
  const accounts = found.flat();
  return { accounts, total: accounts.reduce((sum, { balance }) => sum + balance, 0n) };
}

/**
 * Takes back what set-up made: tokens go to their treasury and are deleted, so
 * are log and vitals, and every account leaves its HBAR to the operator. What is
 * done already is passed over, so that it can be run again. Messages stay on the
 * ledger for ever, and so does what a mirror node knows of them.
 *
 * @returns what is left, nothing if all went
 * @throws MirrorError; LedgerError where the network did not answer
 */
export async function tearDown(options: TeardownOptions): Promise<readonly Remnant[]> {
  const { operator, deployment, mirror, onStep } = options;
  const { record } = deployment;
  const { accounts } = await estateOf(mirror, deployment);
  const owner = accounts.find(({ name }) => name === "owner")?.account;
  const remnants: Remnant[] = [];
  const attempt = async (what: string, act: () => Promise<void>) => {
    onStep?.(what);
    try {
      await act();
    } catch (error) {
      if (!(error instanceof LedgerError) || !error.usedUp) throw error;
      remnants.push({ what, status: error.code });
    }
  };
  const signersOf = (name: Holder): readonly SigningKey[] =>
    KEYS[name].map((party) => deployment.keyOf(party));
  const tokens = [record.token, record.stablecoin].flatMap((token) => token ?? []);
  if (owner !== undefined) {
    for (const { name, account } of accounts.filter((one) => one.name !== "owner")) {
      await returnTokens(
        { ...options, owner, tokens, name, account, signers: [...signersOf(name), ...signersOf("owner")] },
        attempt,
      );
    }
    for (const token of tokens) {
      await attempt(`delete the token ${token}`, () => deleteToken(operator, token, signersOf("owner")));
      await attempt(`let the owner forget ${token}`, () =>
        dissociate(operator, { account: owner, token, signers: signersOf("owner") }),
      );
    }
    for (const topic of [record.vitals, record.log].flatMap((id) => id ?? [])) {
      await attempt(`delete the topic ${topic}`, () => deleteTopic(operator, topic, signersOf("owner")));
    }
  }
  for (const { name, account } of accounts) {
    await attempt(`delete the ${name}'s account ${account}`, () =>
      deleteAccount(operator, { account, heir: operator.account, signers: signersOf(name) }),
    );
  }
  return remnants;
}

async function returnTokens(
  {
    operator,
    mirror,
    owner,
    tokens,
    name,
    account,
    signers,
  }: TeardownOptions & {
    readonly owner: AccountId;
    readonly tokens: readonly TokenId[];
    readonly name: Holder;
    readonly account: AccountId;
    readonly signers: readonly SigningKey[];
  },
  attempt: (what: string, act: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const held = (await mirror.accountTokens(account)) ?? [];
  for (const { token, balance } of held) {
    if (balance === 0n || !tokens.includes(token)) continue;
    await attempt(`return the ${name}'s ${token}`, () =>
      transferToken(operator, { token, from: account, to: owner, amount: balance, signers }),
    );
  }
}
