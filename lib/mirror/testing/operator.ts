import { Client, PrivateKey, TopicCreateTransaction, TopicMessageSubmitTransaction } from "@hashgraph/sdk";
import type { Devnet } from "../../devnet/devnet.ts";
import { parseTopicId, type TopicId } from "../../hedera/id.ts";

/** A devnet's operator with the real SDK, to make what the mirror node then shows. */
export interface Operator {
  readonly client: Client;
  readonly key: PrivateKey;
  createTopic(): Promise<TopicId>;
  /** Submits a message; resolves once it has a receipt. */
  say(topic: TopicId, text: string): Promise<void>;
  close(): void;
}

/** The operator of a devnet. */
export function operatorOf(devnet: Devnet): Operator {
  const { nodes, mirrorGrpc } = devnet.network;
  const client = Client.forNetwork(Object.fromEntries(nodes.map((node) => [node.address, node.account])));
  client.setMirrorNetwork(mirrorGrpc);
  const key = PrivateKey.fromStringDer(devnet.operator.privateKey);
  client.setOperator(devnet.operator.accountId, key);
  return {
    client,
    key,
    async createTopic() {
      const response = await new TopicCreateTransaction().setTopicMemo("a log").execute(client);
      return parseTopicId(String((await response.getReceipt(client)).topicId));
    },
    async say(topicId, message) {
      const response = await new TopicMessageSubmitTransaction({ topicId, message }).execute(client);
      await response.getReceipt(client);
    },
    close: () => client.close(),
  };
}
