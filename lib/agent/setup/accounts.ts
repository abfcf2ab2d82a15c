import { FestError } from "../../hedera/error.ts";
import { type AccountId, parseAccountId } from "../../hedera/id.ts";
import { createAccount, type NewAccount } from "../../ledger/accounts.ts";
import type { KeyRule } from "../../ledger/key.ts";
import { type Deployment, PARTIES, type Party } from "./deployment.ts";
import { once } from "./once.ts";
import { type Festival, mirrorOf, POOL_KEEPER, type SetupOptions } from "./options.ts";
import { priceNow } from "./price.ts";
import { inParallel } from "./step.ts";

/** Makes every account that is missing. @throws LedgerError; MirrorError */
export async function makeAccounts(options: SetupOptions): Promise<Festival["accounts"]> {
  const { deployment, endowment } = options;
  const publicKey = (party: Party) => deployment.keyOf(party).publicKey;
  const fundKey: KeyRule = { threshold: 2, keys: [publicKey("defi"), publicKey("coordinator")] };
  const { coordinator, worker, desk, fund, pool, noise } = endowment;
  const { owner } = await priceNow(options);
  const keeper = { key: publicKey(POOL_KEEPER), signers: [deployment.keyOf(POOL_KEEPER)] };
  const balances = { owner, coordinator, inference: worker, defi: worker, desk };
  await inParallel([
    ...PARTIES.map(
      (party) => () =>
        makeAccount(options, party, {
          key: publicKey(party),
          balance: balances[party],
          memo: `fest-agents ${party}`,
        }),
    ),
    () =>
      makeAccount(options, "fund", { key: fundKey, balance: fund, memo: "fest-agents trading fund, 2 of 2" }),
    // Nothing comes in without the desk's signature: the pool's price moves by trades alone.
    () =>
      makeAccount(options, "pool", {
        ...keeper,
        balance: pool,
        receiverSigRequired: true,
        memo: "fest-agents desk's pool",
      }),
    ...(options.noise === undefined
      ? []
      : [
          () =>
            makeAccount(options, "noise", {
              ...keeper,
              balance: noise,
              memo: "fest-agents noise trader, devnet only",
            }),
        ]),
  ]);
  const made = deployment.record.accounts;
  return {
    owner: known(made.owner),
    coordinator: known(made.coordinator),
    inference: known(made.inference),
    defi: known(made.defi),
    desk: known(made.desk),
    fund: known(made.fund),
    pool: known(made.pool),
  };
}

async function makeAccount(
  options: SetupOptions,
  name: keyof Deployment["record"]["accounts"],
  wanted: NewAccount,
): Promise<void> {
  const { deployment, onStep, operator } = options;
  if (deployment.record.accounts[name] !== undefined) return;
  onStep?.(`create the ${name}'s account`);
  const account = await once(
    { ...options, mirror: mirrorOf(options) },
    {
      name: `account ${name}`,
      ledger: operator,
      take: (under) => createAccount(operator, wanted, under),
      found: ({ entity }) => parseAccountId(entity ?? ""),
    },
  );
  await deployment.save({ accounts: { ...deployment.record.accounts, [name]: account } });
}

function known(id: AccountId | undefined): AccountId {
  if (id === undefined)
    throw new FestError("SETUP_INCOMPLETE", "an account is missing", { fix: "Run setup again." });
  return id;
}
