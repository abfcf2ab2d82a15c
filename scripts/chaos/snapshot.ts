import { GENESIS_OPERATOR, genesis } from "../../lib/devnet/ledger/genesis.ts";
import { Ledger as DevnetLedger } from "../../lib/devnet/ledger/ledger.ts";
import type { EntityChange, RecordItem } from "../../lib/devnet/ledger/record.ts";
import { fixedRate } from "../../lib/devnet/rate/fixed.ts";
import { TINYBARS_PER_HBAR } from "../../lib/hedera/amount.ts";
import type { AccountId, TokenId, TopicId } from "../../lib/hedera/id.ts";
import { devnetNetwork } from "../../lib/hedera/network.ts";
import { type Timestamp, timestampOf } from "../../lib/hedera/timestamp.ts";
import { createAccount } from "../../lib/ledger/accounts.ts";
import { type Ledger, openLedger } from "../../lib/ledger/client.ts";
import { type KeyRule, type PublicKeySpec, SigningKey } from "../../lib/ledger/key.ts";
import { devnetTransport } from "../../lib/ledger/testing/devnet-transport.ts";
import { associate, createToken, transferToken } from "../../lib/ledger/tokens.ts";
import { createTopic } from "../../lib/ledger/topics.ts";
import type { Transport } from "../../lib/ledger/transport.ts";
import type { Clock } from "../../lib/mirror/clock.ts";
import { Random } from "./random.ts";

/** Rates that never change: what an agent reads twice is the same. */
export const RATE = fixedRate(30_000, 600_000);

/** When set-up happens; every seed begins ten seconds later. */
export const START: Timestamp = timestampOf(1_700_001_600n);

/** Everybody with an account and a key of its own. */
export const PARTIES = [
  "owner",
  "coordinator",
  "inference-001",
  "inference-002",
  "defi-001",
  "desk-001",
  "successor",
] as const;
/** One of {@link PARTIES}. */
export type Party = (typeof PARTIES)[number];

/** A network on which a festival was set up, but for the manifest and what a seed varies. */
export interface Snapshot {
  readonly genesis: readonly EntityChange[];
  readonly items: readonly RecordItem[];
  /** Every entity as set-up left it. */
  readonly state: readonly EntityChange[];
  readonly accounts: Readonly<Record<Party | "fund", AccountId>>;
  readonly token: TokenId;
  readonly stablecoin: TokenId;
  readonly log: TopicId;
  readonly vitals: TopicId;
}

/** Payment tokens that the coordinator begins with. */
export const BUDGET = 100_000n;
/** Test dollars, six decimals. */
const FUND_TOKENS = 1_000_000_000n;
/** The desk's own account is its pool here: 5% below the network's rate, so that a purchase always pays. */
const DESK_TOKENS = 1_900_000_000n;

/** A party's key, the same in every run. */
export function keyOf(party: Party): SigningKey {
  const known = keys.get(party);
  if (known !== undefined) return known;
  const hex = new Bun.CryptoHasher("sha256").update(`chaos ${party}`).digest("hex");
  const key = SigningKey.parse({ type: "ED25519", hex });
  keys.set(party, key);
  return key;
}

const keys = new Map<Party, SigningKey>();

/** Everybody's keys but one's. */
export function submitKeys(except: Party): PublicKeySpec[] {
  return PARTIES.filter((party) => party !== except).map((party) => keyOf(party).publicKey);
}

/** The write side of an account over a given way to the nodes. */
export function ledgerOf(
  account: AccountId,
  key: SigningKey,
  { transport, clock }: { readonly transport: Transport; readonly clock: Clock },
): Ledger {
  return openLedger({ network: devnetNetwork(), account, key, transport, clock });
}

/** A clock for those who never wait: on a quiet network everything is answered at once. */
export function stillClock(now: () => Timestamp, random: Random): Clock {
  return {
    now,
    random: () => random.next(),
    sleep: (_, signal) =>
      new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true })),
  };
}

/** Sets a festival up: accounts, fund, tokens, topics, once for all seeds. */
export async function takeSnapshot(): Promise<Snapshot> {
  const items: RecordItem[] = [];
  const first = genesis(START);
  const ledger = new DevnetLedger({
    now: () => START,
    rate: RATE,
    state: first,
    onRecord: (item) => items.push(item),
  });
  const transport = devnetTransport({
    ledger,
    send: (transaction) => ledger.handle(transaction),
    memo: () => null,
  });
  const way = { transport, clock: stillClock(() => START, new Random("set-up")) };
  const key = SigningKey.parse({ type: "ED25519", hex: GENESIS_OPERATOR.privateKey });
  const made = await makeFestival(ledgerOf(GENESIS_OPERATOR.accountId, key, way));
  return { genesis: first, items, state: entitiesOf(ledger), ...made };
}

async function makeFestival(operator: Ledger): Promise<Omit<Snapshot, "genesis" | "items" | "state">> {
  const balance = 10_000n * TINYBARS_PER_HBAR;
  const account = (rule: KeyRule) => createAccount(operator, { key: rule, balance });
  const own = (party: Party) => account(keyOf(party).publicKey);
  const both = [keyOf("defi-001"), keyOf("coordinator")];
  const accounts = {
    owner: await own("owner"),
    coordinator: await own("coordinator"),
    "inference-001": await own("inference-001"),
    "inference-002": await own("inference-002"),
    "defi-001": await own("defi-001"),
    "desk-001": await own("desk-001"),
    successor: await own("successor"),
    fund: await account({ threshold: 2, keys: both.map(({ publicKey }) => publicKey) }),
  };
  const token = await createToken(operator, {
    name: "Payment",
    symbol: "FEST",
    decimals: 0,
    initialSupply: BUDGET,
    treasury: accounts.coordinator,
    signers: [keyOf("coordinator")],
  });
  const stablecoin = await createToken(operator, {
    name: "Test Dollar",
    symbol: "FUSD",
    decimals: 6,
    initialSupply: FUND_TOKENS + DESK_TOKENS,
  });
  for (const party of ["owner", "inference-001", "inference-002", "desk-001", "successor"] as const) {
    await associate(operator, { account: accounts[party], token, signers: [keyOf(party)] });
  }
  const desk = { account: accounts["desk-001"], token: stablecoin, signers: [keyOf("desk-001")] };
  await associate(operator, desk);
  await associate(operator, { account: accounts.fund, token: stablecoin, signers: both });
  await transferToken(operator, { token: stablecoin, to: accounts.fund, amount: FUND_TOKENS });
  await transferToken(operator, { token: stablecoin, to: accounts["desk-001"], amount: DESK_TOKENS });
  const owner = { adminKey: keyOf("owner").publicKey, signers: [keyOf("owner")] };
  const log = await createTopic(operator, { submitKeys: submitKeys("successor"), ...owner });
  const vitals = await createTopic(operator, { submitKeys: submitKeys("successor"), ...owner });
  return { accounts, token, stablecoin, log, vitals };
}

function entitiesOf(ledger: DevnetLedger): EntityChange[] {
  return [
    ...[...ledger.accounts.values()].map((entity) => ({ kind: "account" as const, entity })),
    ...[...ledger.topics.values()].map((entity) => ({ kind: "topic" as const, entity })),
    ...[...ledger.tokens.values()].map((entity) => ({ kind: "token" as const, entity })),
    ...[...ledger.relations.values()].map((entity) => ({ kind: "relation" as const, entity })),
    ...[...ledger.schedules.values()].map((entity) => ({ kind: "schedule" as const, entity })),
  ];
}
