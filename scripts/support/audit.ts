/** Whether a festival's books are right: payments on the log against transfers on the ledger, and money against its sum. */
import { LedgerIndex } from "../../lib/festival/proof/ledger-index.ts";
import { faultOf } from "../../lib/festival/proof/legs.ts";
import { LogAudit } from "../../lib/festival/proof/log-audit.ts";
import { transferOf } from "../../lib/festival/proof/payments.ts";
import type { State } from "../../lib/festival/state.ts";
import type { AccountId, TokenId, TopicId } from "../../lib/hedera/id.ts";
import { formatTransactionId } from "../../lib/hedera/transaction-id.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import { allItems, itemsFrom } from "../../lib/mirror/page.ts";
import type { MirrorTransaction } from "../../lib/mirror/transaction.ts";

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

/** Reads log and transfers from the mirror node alone and compares them. @throws MirrorError */
export async function auditFestival(mirror: Mirror, { log, token, payer }: Books): Promise<Audit> {
  const { audit, done } = await readLog(mirror, log);
  const { payments, state } = audit;
  // What happens while this reads is left for the next audit: a payment's transfer is never later than its entry.
  const before = (state.head?.timestamp ?? 0n) + 1n;
  const type = "CRYPTOTRANSFER";
  const query = { account: payer, type, result: "success", before, limit: 100, order: "asc" } as const;
  const index = new LedgerIndex(log);
  index.take(payer, await allItems(await mirror.transactions(query)));
  const transfers = [...index.transfers()].filter((one) => outOf(one, payer, token) > 0n);
  const settled = new Set(payments.map(({ transfer }) => formatTransactionId(transfer)));
  const wrong = payments.filter((payment) => {
    const expected = transferOf(payment);
    return expected !== null && faultOf(expected, index.transfersOf(expected.transaction)) !== null;
  });
  const tasks = payments.map(({ edition, task }) => `${edition} ${task}`);
  return {
    state,
    tasks: done,
    payments: payments.length,
    transfers: transfers.length,
    unmatched: [
      ...wrong.map(({ transfer }) => formatTransactionId(transfer)),
      ...transfers.map(({ id }) => formatTransactionId(id)).filter((id) => !settled.has(id)),
    ],
    paidTwice: tasks.filter((task, at) => tasks.indexOf(task) !== at),
    paid: payments.reduce((sum, { amount }) => sum + amount, 0n),
    moved: transfers.reduce((sum, one) => sum + outOf(one, payer, token), 0n),
    hbarConserved: (await hbarOf(mirror)) === ALL_HBAR,
    tokensConserved: await isConserved(mirror, token),
  };
}

async function readLog(mirror: Mirror, topic: TopicId): Promise<{ audit: LogAudit; done: Audit["tasks"] }> {
  const audit = new LogAudit();
  const done = { planned: 0, paid: 0, failed: 0 };
  const first = await mirror.topicMessages({ topic, limit: 100, order: "asc" });
  for await (const message of itemsFrom(first)) {
    const { commits } = audit.state;
    audit.take([message]);
    const { state } = audit;
    const committed = state.commits > commits ? state.edition?.committed?.payload.tasks : undefined;
    done.planned += committed?.planned ?? 0;
    done.paid += committed?.paid ?? 0;
    done.failed += committed?.failed ?? 0;
  }
  return { audit, done };
}

/** Units of a token that a transaction took from an account. */
function outOf({ tokenTransfers }: MirrorTransaction, from: AccountId, token: TokenId): bigint {
  const legs = tokenTransfers.filter((one) => one.token === token && one.account === from);
  return -legs.reduce((sum, { amount }) => sum + amount, 0n);
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
