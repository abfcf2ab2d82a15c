/** Reads a mirror's REST API for tests, without any code of this project: what a stranger would do with curl. */
import { expect } from "bun:test";

/** An entry as a stranger sees it. */
export interface RawEntry {
  readonly sequence: number;
  readonly timestamp: string;
  readonly payer: string;
  readonly transactionId: string;
  readonly type: string;
  readonly re: string;
  readonly task_id: string;
  readonly to: string;
  // biome-ignore lint/suspicious/noExplicitAny: a stranger has no schema
  readonly payload: any;
}

/** Every item of a list, over all its pages. */
// biome-ignore lint/suspicious/noExplicitAny: a stranger has no schema
export async function allOf(mirror: string, path: string, field: string): Promise<any[]> {
  const items: unknown[] = [];
  let next: string | null = `/api/v1/${path}`;
  while (next !== null) {
    const response: Response = await fetch(mirror + next);
    expect(response.status).toBe(200);
    // biome-ignore lint/suspicious/noExplicitAny: a stranger has no schema
    const body: any = await response.json();
    items.push(...body[field]);
    next = body.links.next;
  }
  return items;
}

/** One object; undefined where there is none. */
// biome-ignore lint/suspicious/noExplicitAny: a stranger has no schema
export async function oneOf(mirror: string, path: string): Promise<any> {
  const response = await fetch(`${mirror}/api/v1/${path}`);
  return response.ok ? response.json() : undefined;
}

/** What a message says; of one that is no JSON, nothing. */
// biome-ignore lint/suspicious/noExplicitAny: a stranger has no schema
function parse(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** The entries of a topic, in order. */
export async function entriesOf(mirror: string, topic: string): Promise<RawEntry[]> {
  const messages = await allOf(mirror, `topics/${topic}/messages?limit=100`, "messages");
  return messages.map((message) => ({
    ...parse(Buffer.from(message.message, "base64").toString("utf8")),
    sequence: message.sequence_number,
    timestamp: message.consensus_timestamp,
    payer: message.payer_account_id,
    transactionId: `${message.chunk_info.initial_transaction_id.account_id}-${message.chunk_info.initial_transaction_id.transaction_valid_start.replace(".", "-")}`,
  }));
}

/** Successful transfers of a token out of an account. */
export async function paymentsOf(mirror: string, from: string, token: string) {
  const transactions = await allOf(
    mirror,
    `transactions?account.id=${from}&transactiontype=cryptotransfer&result=success&limit=100&order=asc`,
    "transactions",
  );
  return transactions.flatMap((transaction) => {
    const legs = transaction.token_transfers.filter((leg: { token_id: string }) => leg.token_id === token);
    const sent = legs.find(
      (leg: { account: string; amount: number }) => leg.account === from && leg.amount < 0,
    );
    const got = legs.find((leg: { amount: number }) => leg.amount > 0);
    return sent === undefined
      ? []
      : [{ to: got.account as string, amount: got.amount as number, transaction }];
  });
}

/** The sum of all HBAR balances, in tinybars. */
export async function totalHbar(mirror: string): Promise<bigint> {
  let total = 0n;
  let next: string | null = "/api/v1/balances?limit=100";
  while (next !== null) {
    const text = await (await fetch(mirror + next)).text();
    for (const match of text.matchAll(/"account":"[\d.]+","balance":(\d+)/g)) total += BigInt(match[1] ?? 0);
    next = /"next":"([^"]+)"/.exec(text)?.[1] ?? null;
  }
  return total;
}

/** All HBAR that exist, in tinybars. */
export const ALL_HBAR = 5_000_000_000_000_000_000n;
