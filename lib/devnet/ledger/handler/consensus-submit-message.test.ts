import { describe, expect, test } from "bun:test";
import type { proto } from "@hiero-ledger/proto";
import { parseTopicId, type TopicId } from "../../../hedera/id.ts";
import { ed25519Signer, LedgerFixture, OPERATOR } from "../fixture.ts";
import { runningHashAfter } from "../running-hash.ts";
import { wireTopicId } from "../wire/id.ts";
import { wireTransactionId } from "../wire/transaction-id.ts";

const guard = ed25519Signer();

function message(
  topic: TopicId,
  text: string,
  chunkInfo?: proto.IConsensusMessageChunkInfo,
): proto.ITransactionBody {
  return {
    consensusSubmitMessage: {
      topicID: wireTopicId(topic),
      message: Buffer.from(text),
      chunkInfo: chunkInfo ?? null,
    },
  };
}

test("messages are numbered from 1 and each builds on the running hash before it", () => {
  const fixture = new LedgerFixture();
  const topic = fixture.createTopic();
  let previous: Uint8Array = new Uint8Array(48);
  for (const sequenceNumber of [1n, 2n, 3n]) {
    const [item] = fixture.run(message(topic, `number ${sequenceNumber}`));
    expect(item?.message).toMatchObject({ topic, sequenceNumber, payer: "0.0.2", chunkInfo: null });
    const expected = runningHashAfter({
      previous,
      payer: "0.0.2",
      topic,
      consensusTimestamp: item?.record.consensusTimestamp ?? 0n,
      sequenceNumber,
      message: Buffer.from(`number ${sequenceNumber}`),
    });
    expect(Buffer.from(item?.message?.runningHash ?? [])).toEqual(Buffer.from(expected));
    previous = expected;
  }
  expect(fixture.ledger.topics.get(topic)?.sequenceNumber).toBe(3n);
});

test("a topic's submit key guards it", () => {
  const fixture = new LedgerFixture();
  const topic = fixture.createTopic({ submitKey: guard.key });
  const [refused] = fixture.run(message(topic, "hello"));
  expect(refused?.record.result).toBe("INVALID_SIGNATURE");
  expect(refused?.message).toBeNull();
  expect(fixture.ledger.topics.get(topic)?.sequenceNumber).toBe(0n);
  expect(fixture.result(message(topic, "hello"), { signers: [OPERATOR, guard] })).toBe("SUCCESS");
});

test("it holds 1,024 bytes and not one more, and not none", () => {
  const fixture = new LedgerFixture();
  const topic = fixture.createTopic();
  expect(fixture.result(message(topic, "x".repeat(1_024)))).toBe("SUCCESS");
  expect(fixture.result(message(topic, "x".repeat(1_025)))).toBe("MESSAGE_SIZE_TOO_LARGE");
  expect(fixture.result(message(topic, ""))).toBe("INVALID_TOPIC_MESSAGE");
});

test("the topic must exist and not be deleted", () => {
  const fixture = new LedgerFixture();
  expect(fixture.result(message(parseTopicId("0.0.4242"), "hello"))).toBe("INVALID_TOPIC_ID");
  expect(fixture.result({ consensusSubmitMessage: { message: Buffer.from("hello") } })).toBe(
    "INVALID_TOPIC_ID",
  );
  const topic = fixture.createTopic({ adminKey: guard.key }, [guard]);
  const topicID = wireTopicId(topic);
  expect(fixture.result({ consensusDeleteTopic: { topicID } })).toBe("INVALID_SIGNATURE");
  expect(fixture.result({ consensusDeleteTopic: { topicID } }, { signers: [OPERATOR, guard] })).toBe(
    "SUCCESS",
  );
  expect(fixture.result(message(topic, "hello"))).toBe("INVALID_TOPIC_ID");
});

describe("chunk info", () => {
  const own = (fixture: LedgerFixture) => ({
    payer: "0.0.2" as const,
    validStart: fixture.time,
    scheduled: false,
    nonce: 0,
  });

  function resultWith(number: number, total: number, change: object = {}): string {
    const fixture = new LedgerFixture();
    const topic = fixture.createTopic();
    const id = own(fixture);
    const initialTransactionID = wireTransactionId({ ...id, ...change });
    return fixture.result(message(topic, "part", { initialTransactionID, number, total }), {
      validStart: id.validStart,
    });
  }

  test("1 of 1 must name the transaction itself", () => {
    expect(resultWith(1, 1)).toBe("SUCCESS");
    expect(resultWith(1, 1, { validStart: 5n })).toBe("INVALID_CHUNK_TRANSACTION_ID");
    expect(resultWith(1, 1, { scheduled: true })).toBe("INVALID_CHUNK_TRANSACTION_ID");
  });

  test("of a later chunk must name the same payer", () => {
    expect(resultWith(2, 2, { validStart: 5n })).toBe("SUCCESS");
    expect(resultWith(2, 2, { payer: "0.0.98" })).toBe("INVALID_CHUNK_TRANSACTION_ID");
  });

  test("counts from 1 to the total", () => {
    expect(resultWith(0, 1)).toBe("INVALID_CHUNK_NUMBER");
    expect(resultWith(3, 2)).toBe("INVALID_CHUNK_NUMBER");
  });
});

test("100 bytes cost USD 0.00017, and each more USD 0.00000068", () => {
  const fixture = new LedgerFixture();
  const topic = fixture.createTopic();
  const fee = (bytes: number) => fixture.run(message(topic, "x".repeat(bytes)))[0]?.record.chargedFee;
  expect(fee(100)).toBe(170_000n);
  expect(fee(1_024)).toBe(170_000n + 924n * 680n);
});
