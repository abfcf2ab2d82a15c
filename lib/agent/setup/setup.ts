import type { Body } from "../../festival/entry/entry.ts";
import { encodeEntry } from "../../festival/entry/entry.ts";
import { TINYBARS_PER_HBAR } from "../../hedera/amount.ts";
import { FestError } from "../../hedera/error.ts";
import {
  type AccountId,
  parseAccountId,
  parseTokenId,
  parseTopicId,
  type TokenId,
  type TopicId,
} from "../../hedera/id.ts";
import { createAccount, type NewAccount, transferLegs } from "../../ledger/accounts.ts";
import { type Ledger, openLedger } from "../../ledger/client.ts";
import type { KeyRule } from "../../ledger/key.ts";
import type { Under } from "../../ledger/submit.ts";
import { associate, createToken, transferToken } from "../../ledger/tokens.ts";
import { createTopic, sayOnTopic } from "../../ledger/topics.ts";
import type { Transport } from "../../ledger/transport.ts";
import { DESK_FEE_BPS } from "../../market/desk.ts";
import { type Noise, noiseTrade } from "../../market/noise.ts";
import { poolAt } from "../../market/pool.ts";
import { hbarValue, priceOfRate } from "../../market/price.ts";
import { swapLegs } from "../../market/swap.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import { rateAt } from "../../mirror/network.ts";
import { noiseMemo } from "../noise-trader.ts";
import type { CarriedOn } from "./carry-on.ts";
import { AGENTS, type Deployment, PARTIES, type Party } from "./deployment.ts";
import type { Endowment } from "./endowment.ts";
import { once } from "./once.ts";
import { type Price, priceOf } from "./price.ts";
import { isGone } from "./reset.ts";

/** A festival that is ready to run. */
export interface Festival {
  readonly accounts: Readonly<Record<Party | "fund" | "pool", AccountId>>;
  /** The noise trader's account, where there is one. */
  readonly noise: AccountId | null;
  readonly token: TokenId;
  readonly stablecoin: TokenId;
  readonly log: TopicId;
  readonly vitals: TopicId;
}

/** A noise trader to set up: its noise, and how often it trades. */
export interface NoiseSetup extends Noise {
  readonly everySeconds: number;
}

/** The party whose key holds the pool's and the noise trader's accounts too. */
const POOL_KEEPER = "desk";

/** What set-up needs. */
export interface SetupOptions {
  /** Pays for it all. */
  readonly operator: Ledger;
  readonly deployment: Deployment;
  readonly endowment: Endowment;
  readonly festival: { readonly id: string; readonly name: string };
  /** The noise trader, on devnet alone; absent: none. */
  readonly noise?: NoiseSetup | undefined;
  /** The festival that this one carries on, whose network was reset; absent: none. */
  readonly carriesOn?: CarriedOn | undefined;
  /** Puts something around the owner's way to the nodes, to look on or to interfere. */
  readonly around?: (transport: Transport) => Transport;
  /** Told what is done next. */
  readonly onStep?: (step: string) => void;
}

type Made = "token" | "stablecoin" | "log" | "vitals";

const SUPPLY = 1_000_000_000n;
/** Attempts of a task before it fails. */
const ATTEMPTS = 3;
/** Largest reward of a task, in payment tokens. */
export const MAX_REWARD = 1_000n;

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

/**
 * What a set-up will cost at the network's present rate; nothing is spent yet.
 *
 * @throws MirrorError; FestError `RATE_UNKNOWN`
 */
export async function priceNow(
  options: Pick<SetupOptions, "operator" | "endowment" | "noise">,
): Promise<Price> {
  const rates = await mirrorOf(options).exchangeRates();
  if (rates === null) throw new FestError("RATE_UNKNOWN", "the mirror node has no exchange rate");
  return priceOf(
    options.endowment,
    rateAt(rates, options.operator.session.clock.now()),
    options.noise !== undefined,
  );
}

function mirrorOf({ operator }: Pick<SetupOptions, "operator">): Mirror {
  return createMirror({ baseUrl: operator.network.mirror });
}

async function makeAccounts(options: SetupOptions): Promise<Festival["accounts"]> {
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

/**
 * Gives the pool the tokens that make its price the network's rate of now, and
 * lets the noise trader, where there is one, make its first trade.
 */
async function openPool(options: SetupOptions, owner: Ledger, festival: Festival): Promise<void> {
  const { deployment, endowment, noise } = options;
  const { accounts, stablecoin: token } = festival;
  const signers = [deployment.keyOf(POOL_KEEPER)];
  const mirror = mirrorOf(options);
  const price = async () => {
    const rates = await mirror.exchangeRates();
    if (rates === null) throw new FestError("RATE_UNKNOWN", "the mirror node has no exchange rate");
    return priceOfRate(Number(rates.current.centEquivalent), Number(rates.current.hbarEquivalent));
  };
  await step(options, owner, "open the pool", "open the desk's pool at the network's rate", async (under) => {
    const amount = hbarValue(endowment.pool, await price());
    await transferToken(owner, { token, to: accounts.pool, amount, signers }, under);
  });
  if (noise === undefined || festival.noise === null) return;
  const trader = festival.noise;
  await step(options, owner, "noise 0", "let the noise trader make its first trade", async (under) => {
    const reference = await price();
    const pool = poolAt(reference, endowment.pool, DESK_FEE_BPS);
    const holdings = { hbar: endowment.noise, tokens: endowment.noiseTokens };
    const swap = noiseTrade(noise, 0, { pool, reference, holdings });
    if (swap === null) return;
    const { side, hbar, tokens } = swap;
    const legs = swapLegs({ side, hbar, tokens, fund: trader, desk: accounts.pool, token });
    await transferLegs(owner, { ...legs, memo: noiseMemo(0, noise.seed), signers }, under);
  });
}

/** The manifest of a festival. */
export function manifestOf(
  {
    endowment,
    festival,
    noise,
    carriesOn,
  }: Pick<SetupOptions, "endowment" | "festival" | "noise" | "carriesOn">,
  made: Festival,
): Body<"manifest"> {
  const { accounts, token, stablecoin, vitals } = made;
  return {
    v: 1,
    type: "manifest",
    payload: {
      festival,
      ...(carriesOn === undefined ? {} : { carries_on: carriesOn }),
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
        pool: accounts.pool,
        fee_bps: Number(DESK_FEE_BPS),
        ...(noise === undefined || made.noise === null ? {} : { noise: noiseOf(noise, made.noise) }),
        limits: {
          max_trade: endowment.maxTrade,
          max_position: endowment.maxPosition,
          min_balance: TINYBARS_PER_HBAR,
          max_deviation_bps: 500,
          max_signal_age: 900,
          max_daily_volume: endowment.maxDailyVolume,
          max_drawdown_bps: 1_000,
          max_silence: endowment.maxSilenceSeconds,
        },
      },
    },
  };
}

function noiseOf({ seed, strengthBps, everySeconds }: NoiseSetup, account: AccountId) {
  return { account, seed, strength_bps: Number(strengthBps), every_seconds: everySeconds };
}

async function step(
  options: SetupOptions,
  ledger: Ledger,
  name: string,
  what: string,
  take: (under: Under) => Promise<void>,
): Promise<void> {
  const { deployment, onStep } = options;
  if (deployment.record.done.includes(name)) return;
  onStep?.(what);
  await once({ ...options, mirror: mirrorOf(options) }, { name, ledger, take, found: () => undefined });
  await deployment.save({ done: [...deployment.record.done, name] });
}

/** Takes steps side by side; those that succeed are kept even if another fails. */
async function inParallel(steps: readonly (() => Promise<void>)[]): Promise<void> {
  await allSettled(steps.map((take) => take()));
}

/** What all come to, once none is under way any more. */
async function allSettled<const T extends readonly Promise<unknown>[]>(
  under: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  await Promise.allSettled(under);
  return Promise.all(under);
}

function known(id: AccountId | undefined): AccountId {
  if (id === undefined)
    throw new FestError("SETUP_INCOMPLETE", "an account is missing", { fix: "Run setup again." });
  return id;
}
