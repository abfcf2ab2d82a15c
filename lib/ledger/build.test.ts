import { describe, expect, test } from "bun:test";
import { AccountId, Transaction } from "@hashgraph/sdk";
import { proto } from "@hiero-ledger/proto";
import { FestError } from "../hedera/error.ts";
import { envelopeOf } from "./build.ts";
import type { Action, Effect } from "./effect.ts";
import { seal } from "./envelope.ts";
import { SigningKey } from "./key.ts";

const ACCOUNT = "0.0.1001";
const KEY = SigningKey.parse({ type: "ED25519", hex: "11".repeat(32) });
const MEMO = "0.0.1010 7.1 0";
const text = (length: number) => new Uint8Array(length).fill(65);

const MESSAGE: Action = { kind: "message", topic: "0.0.1010", message: text(300) };
const PAYMENT: Action = {
  kind: "payment",
  token: "0.0.1009",
  to: "0.0.1003",
  amount: 9_007_199_254_740_993n,
  topic: "0.0.1010",
  message: text(300),
};
const TRADE: Action = {
  kind: "scheduleTransfer",
  hbar: [
    { account: "0.0.1005", amount: -123_456_789_012_345_678n },
    { account: "0.0.1004", amount: 123_456_789_012_345_678n },
  ],
  tokens: [
    { token: "0.0.1009", account: "0.0.1004", amount: -500n },
    { token: "0.0.1009", account: "0.0.1005", amount: 500n },
  ],
  expiration: 1_700_000_600_000_000_007n,
  scheduleMemo: "0.0.1010 9.1",
};
const SIGN: Action = { kind: "scheduleSign", schedule: "0.0.1020" };

function effect(action: Action, over: Partial<Effect> = {}): Effect {
  return { id: { payer: ACCOUNT, validStart: 1_700_000_000_123_456_780n }, memo: MEMO, action, ...over };
}

async function signed(effect: Effect, node = "0.0.3"): Promise<Uint8Array> {
  const transaction = await seal(envelopeOf(effect, ACCOUNT, KEY), AccountId.fromString(node));
  const [only, ...others] = proto.TransactionList.decode(transaction.toBytes()).transactionList;
  expect(others).toEqual([]);
  return only?.signedTransactionBytes ?? new Uint8Array();
}

function bodyOf(bytes: Uint8Array): proto.TransactionBody {
  return proto.TransactionBody.decode(proto.SignedTransaction.decode(bytes).bodyBytes);
}

function idOf(body: proto.TransactionBody): string {
  const start = body.transactionID?.transactionValidStart;
  return `0.0.${body.transactionID?.accountID?.accountNum}@${start?.seconds}.${start?.nanos}`;
}

describe("every effect", () => {
  for (const action of [MESSAGE, PAYMENT, TRADE, SIGN]) {
    test(`(${action.kind}) has the caller's id and memo, 180 s, and one payer's signature`, async () => {
      const bytes = await signed(effect(action));
      const body = bodyOf(bytes);
      expect(idOf(body)).toBe("0.0.1001@1700000000.123456780");
      expect(body.memo).toBe(MEMO);
      expect(String(body.transactionValidDuration?.seconds)).toBe("180");
      expect(proto.SignedTransaction.decode(bytes).sigMap?.sigPair).toHaveLength(1);
    });

    test(`(${action.kind}) is the same bytes every time, and for another node but for its account`, async () => {
      const [first, again, elsewhere] = await Promise.all([
        signed(effect(action)),
        signed(effect(action)),
        signed(effect(action), "0.0.4"),
      ]);
      expect([...again]).toEqual([...first]);
      const moved = bodyOf(elsewhere);
      moved.nodeAccountID = bodyOf(first).nodeAccountID ?? null;
      expect(proto.TransactionBody.encode(moved).finish()).toEqual(
        proto.TransactionBody.encode(bodyOf(first)).finish(),
      );
    });

    test(`(${action.kind}) keeps its id through the SDK's own bytes`, async () => {
      const sealed = await seal(envelopeOf(effect(action), ACCOUNT, KEY), AccountId.fromString("0.0.3"));
      const restored = Transaction.fromBytes(sealed.toBytes());
      expect(restored.transactionId?.toString()).toBe("0.0.1001@1700000000.123456780");
      expect([...restored.toBytes()]).toEqual([...sealed.toBytes()]);
    });
  }
});

test("a message is one chunk of one, which names the transaction itself", async () => {
  const { consensusSubmitMessage: submit, transactionID } = bodyOf(await signed(effect(MESSAGE)));
  expect(submit?.message).toHaveLength(300);
  expect(submit?.chunkInfo).toMatchObject({ number: 1, total: 1 });
  expect(submit?.chunkInfo?.initialTransactionID).toEqual(transactionID);
});

describe("a payment", () => {
  async function members(): Promise<proto.TransactionBody[]> {
    const batch = bodyOf(await signed(effect(PAYMENT))).atomicBatch;
    return (batch?.transactions ?? []).map(bodyOf);
  }

  test("is a transfer and a message, 1 and 2 ns after the batch, bound to our key", async () => {
    const [transfer, message] = await members();
    expect(transfer && idOf(transfer)).toBe("0.0.1001@1700000000.123456781");
    expect(message && idOf(message)).toBe("0.0.1001@1700000000.123456782");
    for (const member of [transfer, message]) {
      expect(Buffer.from(member?.batchKey?.ed25519 ?? []).toString("hex")).toBe(KEY.publicKey.hex);
      expect(String(member?.transactionValidDuration?.seconds)).toBe("180");
      expect(String(member?.nodeAccountID?.accountNum)).toBe("0");
    }
    expect(message?.consensusSubmitMessage?.chunkInfo).toMatchObject({ number: 1, total: 1 });
    expect(message?.consensusSubmitMessage?.chunkInfo?.initialTransactionID).toEqual(message?.transactionID);
  });

  test("moves the exact amount, above what a floating-point number can hold", async () => {
    const [transfer] = await members();
    const [list] = transfer?.cryptoTransfer?.tokenTransfers ?? [];
    expect(list?.transfers?.map((leg) => [`0.0.${leg.accountID?.accountNum}`, String(leg.amount)])).toEqual([
      ["0.0.1001", "-9007199254740993"],
      ["0.0.1003", "9007199254740993"],
    ]);
  });

  test("with a message of 300 bytes stays well under the 1,350 bytes that are free of charge", async () => {
    expect((await signed(effect(PAYMENT))).length).toBeLessThan(1_000);
    const ecdsa = SigningKey.generate("ECDSA");
    const sealed = await seal(envelopeOf(effect(PAYMENT), ACCOUNT, ecdsa), AccountId.fromString("0.0.3"));
    expect(sealed.toBytes().length).toBeLessThan(1_000);
  });
});

test("a scheduled transfer executes on its last signature, and nobody can withdraw it", async () => {
  const { scheduleCreate } = bodyOf(await signed(effect(TRADE)));
  expect(scheduleCreate).toMatchObject({ memo: "0.0.1010 9.1", waitForExpiry: false });
  expect(scheduleCreate?.adminKey ?? null).toBeNull();
  expect(String(scheduleCreate?.payerAccountID?.accountNum)).toBe("1001");
  expect(String(scheduleCreate?.expirationTime?.seconds)).toBe("1700000600");
  expect(scheduleCreate?.expirationTime?.nanos).toBe(7);
  const { transfers, tokenTransfers } = {
    transfers: scheduleCreate?.scheduledTransactionBody?.cryptoTransfer?.transfers?.accountAmounts,
    tokenTransfers: scheduleCreate?.scheduledTransactionBody?.cryptoTransfer?.tokenTransfers,
  };
  expect(transfers?.map(({ amount }) => String(amount)).sort()).toEqual([
    "-123456789012345678",
    "123456789012345678",
  ]);
  expect(tokenTransfers?.[0]?.transfers?.map(({ amount }) => String(amount)).sort()).toEqual(["-500", "500"]);
});

describe("refused before it is sent:", () => {
  const refused: Record<string, Effect> = {
    "another account's effect": effect(MESSAGE, { id: { payer: "0.0.7", validStart: 1n } }),
    "an empty message": effect({ ...MESSAGE, message: text(0) }),
    "a message of 1,025 bytes": effect({ ...MESSAGE, message: text(1_025) }),
    "a memo of 101 bytes": effect(MESSAGE, { memo: `${"é".repeat(50)}x` }),
    "a payment of nothing": effect({ ...PAYMENT, amount: 0n }),
    "a payment of less": effect({ ...PAYMENT, amount: -1n }),
    "a schedule memo of 101 bytes": effect({ ...TRADE, scheduleMemo: "x".repeat(101) }),
    "legs that don't sum to zero": effect({ ...TRADE, hbar: TRADE.hbar.slice(1) }),
    "a transfer of nothing": effect({ ...TRADE, hbar: [], tokens: [] }),
  };
  for (const [what, wrong] of Object.entries(refused)) {
    test(what, () => {
      expect(() => envelopeOf(wrong, ACCOUNT, KEY)).toThrow(FestError);
    });
  }

  test("while the largest message and memo pass", () => {
    envelopeOf(effect({ ...MESSAGE, message: text(1_024) }, { memo: "é".repeat(50) }), ACCOUNT, KEY);
  });
});
