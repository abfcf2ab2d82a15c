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
  /** Accounts that were added later, such as workers'. */
  readonly others?: readonly Heirless[];
  /** Told what is done next. */
  readonly onStep?: (step: string) => void;
}

/** An account that was added after set-up, with its key. */
export interface Heirless {
  readonly name: string;
  readonly account: AccountId;
  readonly key: SigningKey;
}

/** An account, what it holds in HBAR, and who signs for it. */
export interface Holding {
  readonly name: string;
  readonly account: AccountId;
  readonly balance: Tinybar;
  readonly signers: readonly SigningKey[];
}

/** What a deployment still holds. */
export interface Estate {
  readonly accounts: readonly Holding[];
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

/**
 * What the deployment's accounts hold, the owner's last; those that are deleted or not there hold nothing.
 *
 * @param others accounts that were added later, such as workers'
 * @throws MirrorError
 */
export async function estateOf(
  mirror: Mirror,
  deployment: Deployment,
  others: readonly Heirless[] = [],
): Promise<Estate> {
  const own = HOLDERS.flatMap((name) => {
    const account = deployment.record.accounts[name];
    const signers = KEYS[name].map((party) => deployment.keyOf(party));
    return account === undefined ? [] : [{ name, account, signers }];
  });
  const found = await Promise.all(
    [...others.map(({ name, account, key }) => ({ name, account, signers: [key] })), ...own].map(
      async (holder) => {
        const held = await mirror.account(holder.account);
        return held === null || held.deleted ? [] : [{ ...holder, balance: held.balance ?? 0n }];
      },
    ),
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
  const { accounts } = await estateOf(mirror, deployment, options.others);
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
  const signers = [deployment.keyOf("owner")];
  const tokens = [record.token, record.stablecoin].flatMap((token) => token ?? []);
  if (owner !== undefined) {
    for (const holding of accounts.filter(({ account }) => account !== owner)) {
      await returnTokens({ ...options, owner, tokens, holding }, attempt);
    }
    for (const token of tokens) {
      await attempt(`delete the token ${token}`, () => deleteToken(operator, token, signers));
      await attempt(`let the owner forget ${token}`, () =>
        dissociate(operator, { account: owner, token, signers: signers }),
      );
    }
    for (const topic of [record.vitals, record.log].flatMap((id) => id ?? [])) {
      await attempt(`delete the topic ${topic}`, () => deleteTopic(operator, topic, signers));
    }
  }
  for (const { name, account, signers } of accounts) {
    await attempt(`delete the ${name}'s account ${account}`, () =>
      deleteAccount(operator, { account, heir: operator.account, signers }),
    );
  }
  return remnants;
}

async function returnTokens(
  {
    operator,
    deployment,
    mirror,
    owner: to,
    tokens,
    holding,
  }: TeardownOptions & {
    readonly owner: AccountId;
    readonly tokens: readonly TokenId[];
    readonly holding: Holding;
  },
  attempt: (what: string, act: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const { name, account: from } = holding;
  const signers = [...holding.signers, deployment.keyOf("owner")];
  const held = (await mirror.accountTokens(from)) ?? [];
  for (const { token, balance: amount } of held) {
    if (amount === 0n || !tokens.includes(token)) continue;
    await attempt(`return the ${name}'s ${token}`, () =>
      transferToken(operator, { token, from, to, amount, signers }),
    );
  }
}
