import * as grpc from "@grpc/grpc-js";
import {
  AccountId,
  Client,
  PrivateKey,
  Timestamp,
  TopicCreateTransaction,
  type TopicId,
  TopicMessageSubmitTransaction,
  TransactionId,
} from "@hashgraph/sdk";
import { proto } from "@hiero-ledger/proto";
import { GENESIS_OPERATOR } from "../ledger/genesis.ts";

/** Bytes of a message, as an entry of a festival often has. */
const MESSAGE = Buffer.alloc(300, "x");
const RAW_CALLS_IN_FLIGHT = 64;
const SDK_CALLS_IN_FLIGHT = 16;
const PATH = "/proto.ConsensusService/submitMessage";
const { OK } = proto.ResponseCodeEnum;

/**
 * Sends messages to a topic through one node as fast as it takes them, and says
 * how many a second that were. It sees nothing but the pre-check's `OK`, so it
 * can be pointed at anything that answers so.
 */
export class Sender {
  readonly #client: Client;
  readonly #channel: grpc.Client;
  readonly #topicId: TopicId;
  #sent = 0;

  /** @param node `host:port` of a consensus node */
  constructor(node: string, topicId: TopicId) {
    this.#client = clientOf(node);
    this.#channel = new grpc.Client(node, grpc.credentials.createInsecure());
    this.#topicId = topicId;
  }

  /** Messages a second as signed bytes over gRPC; signing is not counted. @throws Error where one is not taken */
  async raw(count: number): Promise<number> {
    const requests: Buffer[] = [];
    for (let n = 0; n < count; n++) {
      const transaction = this.#message().freezeWith(this.#client);
      requests.push(bytesOf(await transaction.signWithOperator(this.#client)));
    }
    return perSecond(requests, RAW_CALLS_IN_FLIGHT, (bytes) => this.#call(bytes));
  }

  /** Messages a second through the SDK, which builds, signs and executes each. @throws StatusError where one is not taken */
  async sdk(count: number): Promise<number> {
    return perSecond(Array.from({ length: count }), SDK_CALLS_IN_FLIGHT, async () => {
      await this.#message().execute(this.#client);
    });
  }

  /** Ends its connections. */
  close(): void {
    this.#client.close();
    this.#channel.close();
  }

  #message(): TopicMessageSubmitTransaction {
    // The SDK's own ids begin up to 8 seconds ago, a millisecond apart, and would run out.
    const begun = Math.floor(Date.now() / 1_000) - 3;
    const start = new Timestamp(begun, (this.#sent++ * 1_000) % 1_000_000_000);
    return new TopicMessageSubmitTransaction()
      .setTopicId(this.#topicId)
      .setMessage(MESSAGE)
      .setTransactionId(TransactionId.withValidStart(AccountId.fromString(GENESIS_OPERATOR.accountId), start))
      .setMaxAttempts(1);
  }

  #call(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#channel.makeUnaryRequest(PATH, keep, decoded, bytes, (error, answer) => {
        if (error) reject(error);
        else if (answer?.nodeTransactionPrecheckCode === OK) resolve();
        else reject(new Error(`pre-check answered ${answer?.nodeTransactionPrecheckCode}`));
      });
    });
  }
}

/** Creates a topic that anybody may submit to. */
export async function createOpenTopic(node: string): Promise<TopicId> {
  const client = clientOf(node);
  const { topicId } = await (await new TopicCreateTransaction().execute(client)).getReceipt(client);
  client.close();
  if (!topicId) throw new Error("the receipt names no topic");
  return topicId;
}

function clientOf(node: string): Client {
  return Client.forNetwork({ [node]: "0.0.3" }).setOperator(
    GENESIS_OPERATOR.accountId,
    PrivateKey.fromStringDer(GENESIS_OPERATOR.privateKey),
  );
}

/** The bytes of the protobuf `Transaction` that the SDK would send. */
function bytesOf(transaction: TopicMessageSubmitTransaction): Buffer {
  const list = proto.TransactionList.decode(transaction.toBytes());
  return Buffer.from(proto.Transaction.encode(list.transactionList[0] ?? {}).finish());
}

const keep = (bytes: Buffer): Buffer => bytes;
const decoded = (bytes: Buffer): proto.TransactionResponse => proto.TransactionResponse.decode(bytes);

/** How many are done a second, with so many under way at any moment. */
async function perSecond<T>(
  items: readonly T[],
  inFlight: number,
  send: (item: T) => Promise<void>,
): Promise<number> {
  const queue = items.values();
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (const item of queue) await send(item);
    }),
  );
  return items.length / ((performance.now() - begun) / 1_000);
}
