import type { Body } from "../../festival/entry/entry.ts";
import { encodeEntry } from "../../festival/entry/entry.ts";
import { TINYBARS_PER_HBAR } from "../../hedera/amount.ts";
import { FestError } from "../../hedera/error.ts";
import type { AccountId, TokenId, TopicId } from "../../hedera/id.ts";
import { createAccount } from "../../ledger/accounts.ts";
import { type Ledger, openLedger } from "../../ledger/client.ts";
import type { KeyRule } from "../../ledger/key.ts";
import { associate, createToken, transferToken } from "../../ledger/tokens.ts";
import { createTopic } from "../../ledger/topics.ts";
import { AGENTS, type Deployment, PARTIES, type Party } from "./deployment.ts";
import type { Endowment } from "./endowment.ts";

/** A festival that is ready to run. */
export interface Festival {
  readonly accounts: Readonly<Record<Party | "fund", AccountId>>;
  readonly token: TokenId;
  readonly stablecoin: TokenId;
  readonly log: TopicId;
  readonly vitals: TopicId;
}

/** What set-up needs. */
export interface SetupOptions {
  /** Pays for it all. */
  readonly operator: Ledger;
  readonly deployment: Deployment;
  readonly endowment: Endowment;
  readonly festival: { readonly id: string; readonly name: string };
  /** Told what is done next. */
  readonly onStep?: (step: string) => void;
}

type Made = "token" | "stablecoin" | "log" | "vitals";

const SUPPLY = 1_000_000_000n;
/** Attempts of a task before it fails. */
const ATTEMPTS = 3;
/** Largest reward of a task, in payment tokens. */
const MAX_REWARD = 1_000n;

/**
 * Makes what a festival needs: an account and key for each party, the trading
 * fund whose key is 2-of-2 of defi and coordinator, payment token and test
 * stablecoin, log and vitals, and the manifest that binds them. Every step is
 * kept as it is taken; a second run takes only those that are missing.
 *
 * @throws LedgerError with Hedera's status, FestError
 */
export async function setUp(options: SetupOptions): Promise<Festival> {
  const accounts = await makeAccounts(options);
  const owner = openLedger({
    network: options.operator.network,
    account: accounts.owner,
    key: options.deployment.keyOf("owner"),
  });
  try {
    const festival = await makeFestival(options, owner, accounts);
    await endow(options, owner, festival);
    await step(options, "manifest", "say the manifest", () => sayManifest(options, owner, festival));
    return festival;
  } finally {
    owner.close();
  }
}

async function makeAccounts(options: SetupOptions): Promise<Festival["accounts"]> {
  const { operator, deployment, endowment } = options;
  const publicKey = (party: Party) => deployment.keyOf(party).publicKey;
  const fundKey: KeyRule = { threshold: 2, keys: [publicKey("defi"), publicKey("coordinator")] };
  const { owner, coordinator, worker, desk, fund } = endowment;
  const balances = { owner, coordinator, inference: worker, defi: worker, desk };
  await inParallel([
    ...PARTIES.map(
      (party) => () =>
        makeAccount(options, party, () =>
          createAccount(operator, {
            key: publicKey(party),
            balance: balances[party],
            memo: `fest-agents ${party}`,
          }),
        ),
    ),
    () =>
      makeAccount(options, "fund", () =>
        createAccount(operator, { key: fundKey, balance: fund, memo: "fest-agents trading fund, 2 of 2" }),
      ),
  ]);
  const made = deployment.record.accounts;
  return {
    owner: known(made.owner),
    coordinator: known(made.coordinator),
    inference: known(made.inference),
    defi: known(made.defi),
    desk: known(made.desk),
    fund: known(made.fund),
  };
}

async function makeAccount(
  options: SetupOptions,
  name: Party | "fund",
  make: () => Promise<AccountId>,
): Promise<void> {
  const { deployment, onStep } = options;
  if (deployment.record.accounts[name] !== undefined) return;
  onStep?.(`create the ${name}'s account`);
  const account = await make();
  await deployment.save({ accounts: { ...deployment.record.accounts, [name]: account } });
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
    create: () => Promise<Id>,
  ) => {
    if (found !== undefined) return found;
    onStep?.(`create the ${name}`);
    const id = await create();
    await deployment.save({ [name]: id });
    return id;
  };
  const newToken = (name: string, symbol: string, decimals: number) =>
    createToken(owner, {
      name,
      symbol,
      decimals,
      initialSupply: SUPPLY * 10n ** BigInt(decimals),
      adminKey,
      supplyKey: adminKey,
    });
  const newTopic = (memo: string) => createTopic(owner, { submitKeys, adminKey, memo });
  const [token, stablecoin, vitals, log] = await Promise.all([
    make("token", record.token, () => newToken("Festival Payment", "FEST", 0)),
    make("stablecoin", record.stablecoin, () => newToken("Festival Test Dollar", "FUSD", 6)),
    make("vitals", record.vitals, () => newTopic(`fest-agents vitals ${festival.id}`)),
    make("log", record.log, () => newTopic(`fest-agents log ${festival.id}`)),
  ]);
  return { accounts, token, stablecoin, vitals, log };
}

async function endow(
  options: SetupOptions,
  owner: Ledger,
  { accounts, token, stablecoin }: Festival,
): Promise<void> {
  const { deployment, endowment } = options;
  const paid: readonly Party[] = ["coordinator", "inference", "defi", "desk"];
  const join = (party: Party | "fund", what: TokenId, signers: readonly Party[]) =>
    step(options, `associate ${party} ${what}`, `associate the ${party} with ${what}`, () =>
      associate(owner, {
        account: accounts[party],
        token: what,
        signers: signers.map((one) => deployment.keyOf(one)),
      }),
    );
  const give = (party: Party | "fund", what: TokenId, amount: bigint) =>
    step(options, `endow ${party} ${what}`, `give the ${party} its ${what}`, () =>
      transferToken(owner, { token: what, to: accounts[party], amount }),
    );
  await inParallel([
    ...paid.map((party) => () => join(party, token, [party])),
    () => join("fund", stablecoin, ["defi", "coordinator"]),
    () => join("desk", stablecoin, ["desk"]),
  ]);
  await inParallel([
    () => give("coordinator", token, endowment.budget),
    () => give("fund", stablecoin, endowment.fundTokens),
    () => give("desk", stablecoin, endowment.deskTokens),
  ]);
}

async function sayManifest(options: SetupOptions, owner: Ledger, festival: Festival): Promise<void> {
  const outcome = await owner.say(festival.log, encodeEntry(manifestOf(options, festival)));
  if (outcome.kind === "executed") return;
  const status = "status" in outcome ? outcome.status : outcome.kind;
  throw new FestError("MANIFEST_FAILED", `the manifest could not be said: ${status}`, {
    fix: "Run setup again.",
  });
}

/** The manifest of a festival. */
export function manifestOf(
  { endowment, festival }: Pick<SetupOptions, "endowment" | "festival">,
  made: Festival,
): Body<"manifest"> {
  const { accounts, token, stablecoin, vitals } = made;
  return {
    v: 1,
    type: "manifest",
    payload: {
      festival,
      roles: {
        coordinator: { [AGENTS.coordinator]: accounts.coordinator },
        inference: { [AGENTS.inference]: accounts.inference },
        defi: { [AGENTS.defi]: accounts.defi },
        desk: { [AGENTS.desk]: accounts.desk },
      },
      token,
      vitals,
      heartbeat_seconds: endowment.heartbeatSeconds,
      lost_seconds: endowment.lostSeconds,
      limits: {
        reward: MAX_REWARD,
        edition: endowment.maxEdition,
        attempts: ATTEMPTS,
        lease_seconds: endowment.leaseSeconds,
      },
      market: {
        fund: accounts.fund,
        token: stablecoin,
        limits: {
          max_trade: endowment.maxTrade,
          max_position: endowment.maxPosition,
          min_balance: TINYBARS_PER_HBAR,
          max_deviation_bps: 200,
          max_signal_age: 900,
        },
      },
    },
  };
}

async function step(
  options: SetupOptions,
  name: string,
  what: string,
  take: () => Promise<void>,
): Promise<void> {
  const { deployment, onStep } = options;
  if (deployment.record.done.includes(name)) return;
  onStep?.(what);
  await take();
  await deployment.save({ done: [...deployment.record.done, name] });
}

/** Takes steps side by side; those that succeed are kept even if another fails. */
async function inParallel(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const results = await Promise.allSettled(steps.map((take) => take()));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

function known(id: AccountId | undefined): AccountId {
  if (id === undefined)
    throw new FestError("SETUP_INCOMPLETE", "an account is missing", { fix: "Run setup again." });
  return id;
}
