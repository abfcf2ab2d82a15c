import { encodeEntry } from "../../festival/entry/entry.ts";
import { FestError } from "../../hedera/error.ts";
import { type AccountId, parseTokenId, parseTopicId, type TokenId, type TopicId } from "../../hedera/id.ts";
import { type Ledger, openLedger } from "../../ledger/client.ts";
import type { Under } from "../../ledger/submit.ts";
import { associate, createToken, transferToken } from "../../ledger/tokens.ts";
import { createTopic, sayOnTopic } from "../../ledger/topics.ts";
import { makeAccounts } from "./accounts.ts";
import { PARTIES, type Party } from "./deployment.ts";
import { manifestOf } from "./manifest.ts";
import { once } from "./once.ts";
import { type Festival, mirrorOf, POOL_KEEPER, type SetupOptions } from "./options.ts";
import { openPool } from "./pool.ts";
import { isGone } from "./reset.ts";
import { allSettled, inParallel, step } from "./step.ts";

type Made = "token" | "stablecoin" | "log" | "vitals";

const SUPPLY = 1_000_000_000n;
/**
 * Makes what a festival needs: an account and key for each party, the trading
 * fund whose key is 2-of-2 of defi and coordinator, payment token and test
 * stablecoin, log and vitals, and the manifest that binds them. Every step is
 * kept as it is taken; a second run takes only those that are missing.
 *
 * @throws LedgerError with Hedera's status, FestError
 */
export async function setUp(options: SetupOptions): Promise<Festival> {
  if (options.noise !== undefined && options.operator.network.name !== "devnet") {
    throw new FestError("NOISE_ELSEWHERE", `a noise trader is for devnet alone`, {
      fix: "Set up without --noise.",
    });
  }
  const { operator, deployment } = options;
  if (await isGone(mirrorOf(options), deployment)) {
    options.onStep?.(`begin anew: ${operator.network.name} does not have what was set up before`);
    await deployment.beginAnew();
  }
  const accounts = await makeAccounts(options);
  const owner = openLedger({
    network: operator.network,
    account: accounts.owner,
    key: deployment.keyOf("owner"),
    clock: operator.session.clock,
    ...(options.around === undefined ? {} : { around: options.around }),
  });
  try {
    const festival = await makeFestival(options, owner, accounts);
    await endow(options, owner, festival);
    await openPool(options, owner, festival);
    const manifest = encodeEntry(manifestOf(options, festival));
    await step(options, owner, "manifest", "say the manifest", (under) =>
      sayOnTopic(owner, festival.log, manifest, under),
    );
    return festival;
  } finally {
    owner.close();
  }
}

async function makeFestival(
  options: SetupOptions,
  owner: Ledger,
  accounts: Festival["accounts"],
): Promise<Festival> {
  const { deployment, onStep, festival } = options;
  const { record } = deployment;
  const submitKeys = PARTIES.map((party) => deployment.keyOf(party).publicKey);
  const adminKey = deployment.keyOf("owner").publicKey;
  const make = async <Id extends TokenId | TopicId>(
    name: Made,
    found: Id | undefined,
    parse: (text: string) => Id,
    create: (under: Under) => Promise<Id>,
  ) => {
    if (found !== undefined) return found;
    onStep?.(`create the ${name}`);
    const id = await once(
      { ...options, mirror: mirrorOf(options) },
      { name, ledger: owner, take: create, found: ({ entity }) => parse(entity ?? "") },
    );
    await deployment.save({ [name]: id });
    return id;
  };
  const newToken = (name: string, symbol: string, decimals: number) => (under: Under) =>
    createToken(
      owner,
      {
        name,
        symbol,
        decimals,
        initialSupply: SUPPLY * 10n ** BigInt(decimals),
        adminKey,
        supplyKey: adminKey,
      },
      under,
    );
  const newTopic = (memo: string) => (under: Under) =>
    createTopic(owner, { submitKeys, adminKey, memo }, under);
  const [token, stablecoin, vitals, log] = await allSettled([
    make("token", record.token, parseTokenId, newToken("Festival Payment", "FEST", 0)),
    make("stablecoin", record.stablecoin, parseTokenId, newToken("Festival Test Dollar", "FUSD", 6)),
    make("vitals", record.vitals, parseTopicId, newTopic(`fest-agents vitals ${festival.id}`)),
    make("log", record.log, parseTopicId, newTopic(`fest-agents log ${festival.id}`)),
  ]);
  return { accounts, noise: record.accounts.noise ?? null, token, stablecoin, vitals, log };
}

async function endow(
  options: SetupOptions,
  owner: Ledger,
  { accounts, noise, token, stablecoin }: Festival,
): Promise<void> {
  const { deployment, endowment } = options;
  const paid: readonly Party[] = ["coordinator", "inference", "defi", "desk"];
  const join = (name: string, account: AccountId, what: TokenId, signers: readonly Party[]) =>
    step(options, owner, `associate ${name} ${what}`, `associate the ${name} with ${what}`, (under) =>
      associate(owner, { account, token: what, signers: signers.map((one) => deployment.keyOf(one)) }, under),
    );
  const give = (name: string, to: AccountId, what: TokenId, amount: bigint) =>
    step(options, owner, `endow ${name} ${what}`, `give the ${name} its ${what}`, (under) =>
      transferToken(owner, { token: what, to, amount }, under),
    );
  await inParallel([
    ...paid.map((party) => () => join(party, accounts[party], token, [party])),
    () => join("fund", accounts.fund, stablecoin, ["defi", "coordinator"]),
    () => join("pool", accounts.pool, stablecoin, [POOL_KEEPER]),
    ...(noise === null ? [] : [() => join("noise", noise, stablecoin, [POOL_KEEPER])]),
  ]);
  await inParallel([
    () => give("coordinator", accounts.coordinator, token, endowment.budget),
    () => give("fund", accounts.fund, stablecoin, endowment.fundTokens),
    ...(noise === null ? [] : [() => give("noise", noise, stablecoin, endowment.noiseTokens)]),
  ]);
}
