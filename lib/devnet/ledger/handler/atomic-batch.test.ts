import { describe, expect, test } from "bun:test";
import { proto } from "@hiero-ledger/proto";
import type { AccountId, TopicId } from "../../../hedera/id.ts";
import { ed25519Signer, hbarTransfer, LedgerFixture, OPERATOR } from "../fixture.ts";
import { runningHashAfter } from "../running-hash.ts";
import { wireTopicId } from "../wire/id.ts";

const [alice, batcher] = [ed25519Signer(), ed25519Signer()];
const SIGNED = { signers: [OPERATOR, batcher] };

interface Scene {
  readonly fixture: LedgerFixture;
  readonly aliceId: AccountId;
  readonly topic: TopicId;
}

function scene(): Scene {
  const fixture = new LedgerFixture();
  return { fixture, aliceId: fixture.createAccount(alice.key), topic: fixture.createTopic() };
}

const batch = (...transactions: Uint8Array[]): proto.ITransactionBody => ({ atomicBatch: { transactions } });

/** Alice pays 5 tinybars to the genesis account, as a member. */
function payment({ fixture, aliceId }: Scene, amount = 5n, signer = alice): Uint8Array {
  const transfer = hbarTransfer({ [aliceId]: -amount, "0.0.2": amount });
  return fixture.member(transfer, batcher.key, { payer: aliceId, signers: [signer] });
}

/** Alice says so on the topic, as a member. */
function message({ fixture, aliceId, topic }: Scene): Uint8Array {
  const consensusSubmitMessage = { topicID: wireTopicId(topic), message: Buffer.from("paid") };
  return fixture.member({ consensusSubmitMessage }, batcher.key, { payer: aliceId, signers: [alice] });
}

const results = (items: readonly { readonly record: { readonly result: string } }[]) =>
  items.map(({ record }) => record.result);

describe("a batch whose members all succeed", () => {
  test("executes them in order, 1 ns apart, as children of its own record", () => {
    const at = scene();
    const [outer, paid, said, ...rest] = at.fixture.run(batch(payment(at), message(at)), SIGNED);
    expect(rest).toEqual([]);
    const time = outer?.record.consensusTimestamp ?? 0n;
    expect(outer?.record).toMatchObject({
      type: "ATOMICBATCH",
      result: "SUCCESS",
      parentConsensusTimestamp: null,
    });
    expect(paid?.record).toMatchObject({
      type: "CRYPTOTRANSFER",
      result: "SUCCESS",
      payer: at.aliceId,
      consensusTimestamp: time + 1n,
      parentConsensusTimestamp: time,
      nonce: 0,
    });
    expect(said?.record).toMatchObject({ consensusTimestamp: time + 2n, parentConsensusTimestamp: time });
    expect(said?.message?.consensusTimestamp).toBe(time + 2n);
  });

  test("hashes a member's message with the time of the batch, not of the member", () => {
    const at = scene();
    const [outer, said] = at.fixture.run(batch(message(at)), SIGNED);
    const hash = runningHashAfter({
      previous: new Uint8Array(48),
      payer: at.aliceId,
      topic: at.topic,
      consensusTimestamp: outer?.record.consensusTimestamp ?? 0n,
      sequenceNumber: 1n,
      message: Buffer.from("paid"),
    });
    expect(Buffer.from(said?.message?.runningHash ?? [])).toEqual(Buffer.from(hash));
  });

  test("is paid by its payer, and each member by its own", () => {
    const at = scene();
    const before = at.fixture.balance(at.aliceId);
    const [outer, paid, said] = at.fixture.run(batch(payment(at), message(at)), SIGNED);
    expect(outer?.record.chargedFee).toBe(100_000n + 100_000n + 900_000n);
    expect(outer?.record.transfers.map(({ account }) => account)).toEqual(["0.0.2", "0.0.3", "0.0.98"]);
    expect(at.fixture.balance(at.aliceId)).toBe(
      before - 5n - (paid?.record.chargedFee ?? 0n) - (said?.record.chargedFee ?? 0n),
    );
    for (const item of [outer, paid, said]) {
      expect(item?.record.transfers.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
    }
  });

  test("says which key guarded each member, and gives members no exchange rate", () => {
    const at = scene();
    const [outer, paid] = at.fixture.run(batch(payment(at)), SIGNED);
    const receipt = (bytes: Uint8Array | undefined) =>
      proto.TransactionReceipt.decode(bytes ?? new Uint8Array());
    expect(proto.Key.decode(paid?.record.batchKey ?? new Uint8Array()).ed25519).toEqual(
      Buffer.from(batcher.key.ed25519 ?? []),
    );
    expect(receipt(outer?.record.receipt).exchangeRate).not.toBeNull();
    expect(receipt(paid?.record.receipt).exchangeRate).toBeNull();
  });
});

describe("a batch of which a member fails", () => {
  test("undoes every member, does not start the later ones, and keeps all fees of those that ran", () => {
    const at = scene();
    const before = at.fixture.balance(at.aliceId);
    const [outer, paid, failed, ...rest] = at.fixture.run(
      batch(payment(at), payment(at, 1_000_000_000_000n), message(at)),
      SIGNED,
    );
    expect(rest).toEqual([]);
    expect(outer?.record).toMatchObject({ result: "INNER_TRANSACTION_FAILED", chargedFee: 1_100_000n });
    expect(paid?.record).toMatchObject({ result: "REVERTED_SUCCESS", chargedFee: 100_000n });
    expect(failed?.record).toMatchObject({ result: "INSUFFICIENT_ACCOUNT_BALANCE", chargedFee: 100_000n });
    expect(at.fixture.balance(at.aliceId)).toBe(before - 200_000n);
    expect(at.fixture.ledger.topics.get(at.topic)?.sequenceNumber).toBe(0n);
  });

  test("takes a message back, number and running hash included", () => {
    const at = scene();
    const [, said] = at.fixture.run(batch(message(at), payment(at, 1_000_000_000_000n)), SIGNED);
    expect(said?.record.result).toBe("REVERTED_SUCCESS");
    expect(said?.message).toBeNull();
    expect(at.fixture.ledger.topics.get(at.topic)).toMatchObject({
      sequenceNumber: 0n,
      runningHash: new Uint8Array(48),
    });
  });

  test("charges nothing for a member that its payer did not sign", () => {
    const at = scene();
    const before = at.fixture.balance(at.aliceId);
    const items = at.fixture.run(batch(payment(at, 5n, batcher)), SIGNED);
    expect(results(items)).toEqual(["INNER_TRANSACTION_FAILED", "INVALID_PAYER_SIGNATURE"]);
    expect(at.fixture.balance(at.aliceId)).toBe(before);
  });
});

describe("a member's id", () => {
  test("is used up by the batch, also for a batch that failed", () => {
    const at = scene();
    const member = payment(at);
    expect(results(at.fixture.run(batch(member), SIGNED))).toEqual(["SUCCESS", "SUCCESS"]);
    expect(results(at.fixture.run(batch(member), SIGNED))).toEqual([
      "INNER_TRANSACTION_FAILED",
      "DUPLICATE_TRANSACTION",
    ]);
    const reverted = message(at);
    at.fixture.run(batch(reverted, payment(at, 1_000_000_000_000n)), SIGNED);
    expect(results(at.fixture.run(batch(reverted), SIGNED))[1]).toBe("DUPLICATE_TRANSACTION");
  });

  test("is still free where the batch failed before it", () => {
    const at = scene();
    const later = message(at);
    at.fixture.run(batch(payment(at, 1_000_000_000_000n), later), SIGNED);
    expect(results(at.fixture.run(batch(later), SIGNED))).toEqual(["SUCCESS", "SUCCESS"]);
  });

  test("makes a plain transaction with the same id a duplicate at consensus, at the node's cost", () => {
    const at = scene();
    const options = { payer: at.aliceId, signers: [alice], validStart: at.fixture.time };
    const member = at.fixture.member(hbarTransfer({ [at.aliceId]: -1n, "0.0.2": 1n }), batcher.key, options);
    at.fixture.run(batch(member), SIGNED);
    const before = at.fixture.balance(at.aliceId);
    const [item] = at.fixture.run(hbarTransfer({ [at.aliceId]: -1n, "0.0.2": 1n }), options);
    expect(item?.record).toMatchObject({ result: "DUPLICATE_TRANSACTION", chargedFee: 0n });
    expect(at.fixture.balance(at.aliceId)).toBe(before);
  });
});

describe("a batch is refused", () => {
  test("without members", () => {
    expect(scene().fixture.result(batch(), SIGNED)).toBe("BATCH_LIST_EMPTY");
  });

  test("with the same member twice", () => {
    const at = scene();
    const member = payment(at);
    expect(at.fixture.result(batch(member, member), SIGNED)).toBe("BATCH_LIST_CONTAINS_DUPLICATES");
  });

  test("with a member that has no batch key", () => {
    const at = scene();
    const member = at.fixture.signed(hbarTransfer({ "0.0.2": 0n }), { node: "0.0.0" });
    expect(at.fixture.result(batch(member), SIGNED)).toBe("MISSING_BATCH_KEY");
  });

  test("with a member for a node", () => {
    const at = scene();
    const member = at.fixture.signed(hbarTransfer({ "0.0.2": 0n }), { batchKey: batcher.key });
    expect(at.fixture.result(batch(member), SIGNED)).toBe("INVALID_NODE_ACCOUNT_ID");
  });

  test("whose signatures do not include the members' batch key", () => {
    const at = scene();
    expect(at.fixture.result(batch(payment(at)))).toBe("INVALID_SIGNATURE");
  });

  test.each<[string, proto.ITransactionBody]>([
    ["freeze", { freeze: {} }],
    ["batch", { atomicBatch: {} }],
    ["schedule creation", { scheduleCreate: {} }],
    ["schedule signature", { scheduleSign: {} }],
  ])("with a %s as a member", (_what, data) => {
    const at = scene();
    expect(at.fixture.result(batch(at.fixture.member(data, batcher.key)), SIGNED)).toBe(
      "BATCH_TRANSACTION_IN_BLACKLIST",
    );
  });

  test("with more than 50 members", () => {
    const at = scene();
    const members = Array.from({ length: 51 }, () =>
      at.fixture.member(hbarTransfer({}), batcher.key, { signers: [] }),
    );
    expect(at.fixture.result(batch(...members), SIGNED)).toBe("BATCH_SIZE_LIMIT_EXCEEDED");
  });
});
