/** A festival's ledger as raw REST answers have it: without any code of the page or of the fold. */
import { allOf, oneOf } from "../../../scripts/testing/rest.ts";
import { nanosOf } from "./wording.ts";

/** Something that a mirror node answers. */
// biome-ignore lint/suspicious/noExplicitAny: a stranger has no schema
export type Wire = any;

/** A message of a topic. */
export interface Said {
  readonly sequence: number;
  readonly timestamp: string;
  /** The same in nanoseconds. */
  readonly at: bigint;
  readonly payer: string;
  /** As people write it: `0.0.2@1.5`. */
  readonly transaction: string;
  readonly text: string;
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly runningHash: string;
  /** What it says as JSON; null where it is none. */
  readonly body: Wire;
}

/** How a token's amounts are written. */
export interface Token {
  readonly symbol: string;
  readonly decimals: number;
}

/** Everything that the page's figures are about. */
export interface Ledger {
  readonly topic: string;
  readonly entries: readonly Said[];
  readonly vitals: readonly Said[];
  readonly payment: Token;
  /** What HBAR is traded against; null without a market. */
  readonly market: Token | null;
  /** The transactions of each transaction id that the log speaks of. */
  readonly moved: ReadonlyMap<string, readonly Wire[]>;
}

/** Reads all that there is; or only what had reached consensus by a time, a consensus timestamp. */
export async function readLedger(mirror: string, topic: string, until?: string): Promise<Ledger> {
  const entries = await readTopic(mirror, topic, until);
  const manifest = entries.findLast(({ body }) => body?.type === "manifest");
  if (manifest === undefined) throw new Error(`log ${topic} has no manifest`);
  const { token, market, vitals } = manifest.body.payload;
  const ids = entries.flatMap(({ body }) => {
    if (body?.type === "payment_settled") return [body.payload.transfer];
    return body?.type === "trade_settled" ? [body.payload.transaction] : [];
  });
  const moved = new Map<string, readonly Wire[]>();
  for (const id of ids) {
    const [payer, time] = id.split("@");
    const answer = await oneOf(mirror, `transactions/${payer}-${time.replace(".", "-")}`);
    moved.set(id, answer?.transactions ?? []);
  }
  return {
    topic,
    entries,
    vitals: await readTopic(mirror, vitals, until),
    payment: await readToken(mirror, token),
    market: market === undefined ? null : await readToken(mirror, market.token),
    moved,
  };
}

async function readToken(mirror: string, id: string): Promise<Token> {
  const { symbol, decimals } = await oneOf(mirror, `tokens/${id}`);
  return { symbol, decimals: Number(decimals) };
}

async function readTopic(mirror: string, topic: string, until: string | undefined): Promise<readonly Said[]> {
  const cut = until === undefined ? "" : `&timestamp=lte:${until}`;
  return (await allOf(mirror, `topics/${topic}/messages?limit=100${cut}`, "messages")).map(saidIn);
}

function saidIn(message: Wire): Said {
  const bytes = Buffer.from(message.message, "base64");
  const { account_id, transaction_valid_start } = message.chunk_info.initial_transaction_id;
  const text = bytes.toString("utf8");
  return {
    sequence: message.sequence_number,
    timestamp: message.consensus_timestamp,
    at: nanosOf(message.consensus_timestamp),
    payer: message.payer_account_id,
    transaction: `${account_id}@${transaction_valid_start}`,
    text,
    bytes: bytes.length,
    runningHash: Buffer.from(message.running_hash, "base64").toString("hex"),
    body: bodyOf(text),
  };
}

function bodyOf(text: string): Wire {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
