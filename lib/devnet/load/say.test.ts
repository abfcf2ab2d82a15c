import { afterAll, beforeAll, expect, test } from "bun:test";
import { PrivateKey } from "@hashgraph/sdk";
import { parseTopicId, type TopicId } from "../../hedera/id.ts";
import { fromMillis } from "../../hedera/timestamp.ts";
import { type Devnet, startDevnet } from "../devnet.ts";
import { replay } from "./replay.ts";
import { say, signingKey } from "./say.ts";
import { createOpenTopic } from "./sender.ts";

let devnet: Devnet;
let topic: TopicId;
const key = () => PrivateKey.fromStringDer(devnet.operator.privateKey).toStringRaw();
const said = () => devnet.ledger.topics.get(topic)?.sequenceNumber;

beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  topic = parseTopicId(String(await createOpenTopic(devnet.network.nodes[0]?.address ?? "")));
});
afterAll(() => devnet.stop());

test("a message is said at once, under the id that was asked for, and only once under it", async () => {
  const validStart = fromMillis(Date.now()) - 1_000_000_000n;
  const saying = { payer: devnet.operator.accountId, key: signingKey(key()), topic, validStart };
  say(devnet.ledger, { ...saying, message: Buffer.from("once") });
  expect(said()).toBe(1n);
  expect(() => say(devnet.ledger, { ...saying, message: Buffer.from("twice") })).toThrow("DUPLICATE");
  const path = `/api/v1/topics/${topic}/messages/1`;
  const { chunk_info } = await (await fetch(devnet.network.mirror + path)).json();
  const start = chunk_info.initial_transaction_id.transaction_valid_start;
  expect(BigInt(start.replace(".", ""))).toBe(validStart);
});

test("a message is refused whose payer's key did not sign", () => {
  const saying = { payer: devnet.operator.accountId, topic, validStart: fromMillis(Date.now()) - 2n };
  const foreign = signingKey(PrivateKey.generateED25519().toStringRaw());
  expect(() => say(devnet.ledger, { ...saying, key: foreign, message: Buffer.from("x") })).toThrow(
    "INVALID_SIGNATURE",
  );
});

test.each([true, false])("everything is sent again, batches too, with receipts: %p", async (receipts) => {
  const before = said() ?? 0n;
  const message = Buffer.from("again");
  const payment = { to: "0.0.98" as const, amount: 1n };
  const options = {
    node: devnet.network.nodes[0]?.address ?? "",
    account: devnet.operator.accountId,
    key: key(),
    topic,
    // No such token: the batch as a whole then fails, its message with it.
    token: "0.0.999999" as const,
    receipts,
  };
  expect(await replay([{ message }, { message }], options)).toBeGreaterThan(0);
  if (receipts) {
    expect(said()).toBe(before + 2n);
    await expect(replay([{ message, payment }], options)).rejects.toThrow("INNER_TRANSACTION_FAILED");
  }
});
