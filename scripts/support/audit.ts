/** Whether a festival's books are right: payments on the log against transfers on the ledger, and money against its sum. */
import { decode } from "../../lib/festival/entry/decode.ts";
import { fold } from "../../lib/festival/fold.ts";
import { EMPTY_STATE, type State } from "../../lib/festival/state.ts";
import type { AccountId, TokenId, TopicId } from "../../lib/hedera/id.ts";
import type { Timestamp } from "../../lib/hedera/timestamp.ts";
import { formatTransactionId } from "../../lib/hedera/transaction-id.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import { itemsFrom } from "../../lib/mirror/page.ts";

/** What is audited. */
export interface Books {
  readonly log: TopicId;
  readonly token: TokenId;
  /** Whom every payment comes from. */
  readonly payer: AccountId;
}

/** What the mirror node says of a festival, and of the whole ledger. */
export interface Audit {
  readonly state: State;
  readonly tasks: { readonly planned: number; readonly paid: number; readonly failed: number };
  /** `payment_settled` entries that count, over all editions. */
  readonly payments: number;
  /** Transfers of the payment token out of the payer's account. */
  readonly transfers: number;
  /** Payments without a transfer of their own to whom the result came from, and transfers without a payment. */
  readonly unmatched: readonly string[];
  /** Tasks of an edition that were paid more than once. */
  readonly paidTwice: readonly string[];
  /** Token units. */
  readonly paid: bigint;
  readonly moved: bigint;
  /** Every HBAR and every payment token is somewhere. */
  readonly hbarConserved: boolean;
  readonly tokensConserved: boolean;
}

/** All HBAR that exist, in tinybars. */
const ALL_HBAR = 5_000_000_000_000_000_000n;

interface Movement {
  readonly to: AccountId | null;
  readonly amount: bigint;
}

interface Payments {
  /** By the transfer's transaction id. */
  readonly settled: Map<string, Movement>;
  readonly tasks: string[];
  readonly done: { planned: number; paid: number; failed: number };
  readonly state: State;
}

/** Reads log and transfers from the mirror node alone and compares them. @throws MirrorError */
export async function auditFestival(mirror: Mirror, books: Books): Promise<Audit> {
  const { settled, tasks, done, state } = await paymentsOf(mirror, books.log);
  // What happens while this reads is left for the next audit: a payment's transfer is never later than its entry.
  const before = (state.head?.timestamp ?? 0n) + 1n;
  const moved = await transfersOf(mirror, books, before);
  const unmatched = [
    ...[...settled].filter(([id, { to, amount }]) => {
      const transfer = moved.get(id);
      return transfer?.to !== to || transfer?.amount !== amount;
    }),
    ...[...moved].filter(([id]) => !settled.has(id)),
  ].map(([id]) => id);
  const sum = (movements: Iterable<Movement>) =>
    [...movements].reduce((total, { amount }) => total + amount, 0n);
  return {
    state,
    tasks: done,
    payments: tasks.length,
    transfers: moved.size,
    unmatched,
    paidTwice: tasks.filter((task, index) => tasks.indexOf(task) !== index),
    paid: sum(settled.values()),
    moved: sum(moved.values()),
    hbarConserved: (await hbarOf(mirror)) === ALL_HBAR,
    tokensConserved: await isConserved(mirror, books.token),
  };
}

async function paymentsOf(mirror: Mirror, log: TopicId): Promise<Payments> {
  const settled = new Map<string, Movement>();
  const tasks: string[] = [];
  const done = { planned: 0, paid: 0, failed: 0 };
  let state = EMPTY_STATE;
  for await (const message of itemsFrom(
    await mirror.topicMessages({ topic: log, limit: 100, order: "asc" }),
  )) {
    const { commits } = state;
    state = fold(state, message);
    if (state.verdict?.kind !== "accepted") continue;
    const decoded = decode(message);
    if (decoded.kind === "entry" && decoded.entry.name === "payment_settled") {
      const { payload, task_id } = decoded.entry.body;
      const to = state.edition?.tasks.get(task_id)?.payment?.account ?? null;
      settled.set(formatTransactionId(payload.transfer), { to, amount: payload.amount });
      tasks.push(`${state.edition?.number} ${task_id}`);
    }
    const committed = state.commits > commits ? state.edition?.committed?.payload.tasks : undefined;
    done.planned += committed?.planned ?? 0;
    done.paid += committed?.paid ?? 0;
    done.failed += committed?.failed ?? 0;
  }
  return { settled, tasks, done, state };
}

async function transfersOf(
  mirror: Mirror,
  { payer, token }: Books,
  before: Timestamp,
): Promise<Map<string, Movement>> {
  const moved = new Map<string, Movement>();
  const query = {
    account: payer,
    type: "CRYPTOTRANSFER",
    result: "success",
    before,
    limit: 100,
    order: "asc",
  } as const;
  for await (const { id, tokenTransfers } of itemsFrom(await mirror.transactions(query))) {
    const legs = tokenTransfers.filter((one) => one.token === token);
    const out = legs.find((one) => one.account === payer && one.amount < 0n);
    if (out === undefined) continue;
    const to = legs.length === 2 ? legs.find((one) => one.amount > 0n)?.account : undefined;
    moved.set(formatTransactionId(id), { to: to ?? null, amount: -out.amount });
  }
  return moved;
}

async function isConserved(mirror: Mirror, token: TokenId): Promise<boolean> {
  let held = 0n;
  for await (const { balance } of itemsFrom(await mirror.tokenBalances({ token, limit: 100 })))
    held += balance;
  return held === (await mirror.token(token))?.totalSupply;
}

/** The sum of all accounts' balances; read as text, since a JSON number would lose digits. */
async function hbarOf(mirror: Mirror): Promise<bigint> {
  let total = 0n;
  let next: string | null = "/api/v1/balances?limit=100";
  while (next !== null) {
    const text = await (await fetch(mirror.baseUrl + next)).text();
    for (const [, balance] of text.matchAll(/"account":"[\d.]+","balance":(\d+)/g))
      total += BigInt(balance ?? 0);
    next = /"next":"([^"]+)"/.exec(text)?.[1] ?? null;
  }
  return total;
}
