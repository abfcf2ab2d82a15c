import { describe, expect, test } from "bun:test";
import type { proto } from "@hiero-ledger/proto";
import { addSeconds } from "../../../hedera/timestamp.ts";
import { ed25519Signer, LedgerFixture, OPERATOR, PERIOD } from "../fixture.ts";
import { keyBytes } from "../key/key.ts";
import { wireAccountId, wireTopicId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { wireTimestamp } from "../wire/time.ts";

const [admin, guard, other] = [ed25519Signer(), ed25519Signer(), ed25519Signer()];
const NO_KEY: proto.IKey = { keyList: { keys: [] } };

function scene() {
  const fixture = new LedgerFixture();
  const id = fixture.createTopic({ adminKey: admin.key, submitKey: guard.key, memo: "log" }, [admin]);
  const update = (change: proto.IConsensusUpdateTopicTransactionBody, ...signers: (typeof admin)[]) =>
    fixture.result(
      { consensusUpdateTopic: { topicID: wireTopicId(id), ...change } },
      { signers: [OPERATOR, ...signers] },
    );
  return { fixture, id, update, topic: () => fixture.ledger.topics.get(id) };
}

describe("creation", () => {
  test("needs the admin key's signature, not the submit key's", () => {
    const create = (signers: (typeof admin)[]) =>
      new LedgerFixture().result(
        { consensusCreateTopic: { adminKey: admin.key, submitKey: guard.key, autoRenewPeriod: PERIOD } },
        { signers: [OPERATOR, ...signers] },
      );
    expect(create([])).toBe("INVALID_SIGNATURE");
    expect(create([admin])).toBe("SUCCESS");
  });

  test.each<[string, string, proto.IConsensusCreateTopicTransactionBody]>([
    ["no auto-renew period", "AUTORENEW_DURATION_NOT_IN_RANGE", { autoRenewPeriod: null }],
    [
      "a period over 92 days",
      "AUTORENEW_DURATION_NOT_IN_RANGE",
      { autoRenewPeriod: { seconds: toLong(8_000_002n) } },
    ],
    ["a bad submit key", "BAD_ENCODING", { submitKey: { ed25519: new Uint8Array(31) } }],
    ["a memo that is too long", "MEMO_TOO_LONG", { memo: "x".repeat(101) }],
    [
      "an auto-renew account that does not exist",
      "INVALID_AUTORENEW_ACCOUNT",
      { autoRenewAccount: wireAccountId("0.0.4242") },
    ],
    ["custom fees", "NOT_SUPPORTED", { feeScheduleKey: admin.key }],
  ])("refuses %s with %s", (_what, status, change) => {
    expect(new LedgerFixture().result({ consensusCreateTopic: { autoRenewPeriod: PERIOD, ...change } })).toBe(
      status,
    );
  });

  test("costs a US cent, and one more for each key", () => {
    const fixture = new LedgerFixture();
    const fee = (keys: object) =>
      fixture.run({ consensusCreateTopic: { autoRenewPeriod: PERIOD, ...keys } })[0]?.record.chargedFee;
    expect(fee({})).toBe(10_000_000n);
    expect(fee({ submitKey: guard.key })).toBe(20_000_000n);
  });
});

describe("an update", () => {
  test("needs the admin key, and a new admin key as well", () => {
    const { update, topic } = scene();
    expect(update({ memo: { value: "new" } })).toBe("INVALID_SIGNATURE");
    expect(update({ memo: { value: "new" } }, admin)).toBe("SUCCESS");
    expect(topic()?.memo).toBe("new");
    expect(update({ adminKey: other.key }, admin)).toBe("INVALID_SIGNATURE");
    expect(update({ adminKey: other.key }, admin, other)).toBe("SUCCESS");
    expect(topic()?.adminKey).toEqual(keyBytes(other.key));
  });

  test("of the submit key alone is signed by it or by the admin key", () => {
    const { update, topic } = scene();
    expect(update({ submitKey: other.key })).toBe("INVALID_SIGNATURE");
    expect(update({ submitKey: other.key }, guard)).toBe("SUCCESS");
    expect(update({ submitKey: NO_KEY }, admin)).toBe("SUCCESS");
    expect(topic()?.submitKey).toBeNull();
  });

  test("that only extends the expiry needs nobody's signature, and cannot shorten it", () => {
    const { fixture, update, topic } = scene();
    const expiry = topic()?.expiry ?? 0n;
    expect(update({ expirationTime: wireTimestamp(addSeconds(expiry, 60)) })).toBe("SUCCESS");
    expect(update({ expirationTime: wireTimestamp(addSeconds(fixture.time, 60)) })).toBe(
      "EXPIRATION_REDUCTION_NOT_ALLOWED",
    );
  });

  test("of a topic without admin key is not authorized", () => {
    const { update } = scene();
    expect(update({ adminKey: NO_KEY }, admin)).toBe("SUCCESS");
    expect(update({ memo: { value: "new" } }, admin)).toBe("UNAUTHORIZED");
  });
});
