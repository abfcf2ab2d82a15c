import {
  AccountId,
  BatchTransaction,
  Client,
  PrivateKey,
  Timestamp as SdkTimestamp,
  TopicMessageSubmitTransaction,
  type Transaction,
  TransactionId,
  TransferTransaction,
} from "@hashgraph/sdk";
import type { AccountId as Account, TokenId, TopicId } from "../../hedera/id.ts";
import { NANOS_PER_MILLI, nanosOf, secondsOf, type Timestamp } from "../../hedera/timestamp.ts";

/** One transaction to send again: a message, or a batch of a token transfer and a message (HIP-551). */
export interface Replayed {
  readonly message: Uint8Array;
  readonly payment?: { readonly to: Account; readonly amount: bigint };
}

/** Who sends, where to, and what pays. */
export interface ReplayOptions {
  /** `host:port` of the consensus node. */
  readonly node: string;
  readonly account: Account;
  /** ED25519, 32 bytes in hex. */
  readonly key: string;
  readonly topic: TopicId;
  readonly token: TokenId;
  /** Whether each receipt is awaited, or nothing but the pre-check's `OK`. */
  readonly receipts: boolean;
}

const IN_FLIGHT = 32;
/** Ids begin so long ago, lest a node's clock is behind. */
const BEHIND_MS = 5_000;

/**
 * Sends transactions as a program does that has nothing else to do: one SDK
 * client, 32 in flight, each built, signed and executed.
 *
 * @returns seconds that it took
 * @throws StatusError of the SDK where one is not taken
 */
export async function replay(transactions: readonly Replayed[], options: ReplayOptions): Promise<number> {
  const client = Client.forNetwork({ [options.node]: "0.0.3" });
  client.setOperator(options.account, PrivateKey.fromStringED25519(options.key));
  // The SDK's pauses between two looks for a receipt are made for networks whose consensus takes seconds.
  client.setMinBackoff(1).setMaxBackoff(50);
  const queue = transactions.entries();
  const first = BigInt(Date.now() - BEHIND_MS) * NANOS_PER_MILLI;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const [index, one] of queue) {
        // Ids of its own: the SDK's are a millisecond apart, and would run ahead of the clock.
        const id = (part: number) => idAt(options.account, first + BigInt(index * 10 + part));
        const built = await build(one, options, client, id);
        const response = await built.setTransactionId(id(0)).execute(client);
        if (options.receipts) await response.getReceipt(client);
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1_000;
  client.close();
  return seconds;
}

async function build(
  { message, payment }: Replayed,
  { account, key, topic, token }: ReplayOptions,
  client: Client,
  id: (part: number) => TransactionId,
): Promise<Transaction> {
  const said = new TopicMessageSubmitTransaction().setTopicId(topic).setMessage(message);
  if (payment === undefined) return said;
  const transfer = new TransferTransaction()
    .addTokenTransfer(token, account, -payment.amount)
    .addTokenTransfer(token, payment.to, payment.amount);
  const batchKey = PrivateKey.fromStringED25519(key).publicKey;
  const members = await Promise.all(
    [transfer, said].map((member, index) =>
      member.setTransactionId(id(index + 1)).batchify(client, batchKey),
    ),
  );
  return new BatchTransaction().setInnerTransactions(members);
}

function idAt(account: Account, time: Timestamp): TransactionId {
  const start = new SdkTimestamp(Number(secondsOf(time)), Number(nanosOf(time)));
  return TransactionId.withValidStart(AccountId.fromString(account), start);
}
