import { proto } from "@hiero-ledger/proto";
import { addSeconds } from "../../../hedera/timestamp.ts";
import { ed25519Signer, hbarTransfer, OPERATOR } from "../fixture.ts";
import { wireAccountId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { wireTransactionId } from "../wire/transaction-id.ts";
import { rowsOf, type StatusRow } from "./row.ts";
import type { Stage } from "./stage.ts";

const TRANSFER = hbarTransfer({ "0.0.2": -1n, "0.0.98": 1n });
/** Field 1,000 with the number 1. */
const UNKNOWN_FIELD = Buffer.from("c03e01", "hex");
const CHECKER = "TransactionChecker";
const INGEST = "IngestChecker";

/** The bytes of a transaction whose body is what `change` makes of a plain one. */
function changed(stage: Stage, change: proto.ITransactionBody): Uint8Array {
  const { bodyBytes } = proto.SignedTransaction.decode(stage.fixture.signed(TRANSFER));
  const body = proto.TransactionBody.encode({
    ...proto.TransactionBody.decode(bodyBytes),
    ...change,
  }).finish();
  const sigMap = { sigPair: [OPERATOR.sign(body)] };
  const signedTransactionBytes = proto.SignedTransaction.encode({ bodyBytes: body, sigMap }).finish();
  return proto.Transaction.encode({ signedTransactionBytes }).finish();
}

/** What pre-check says of any transaction, in Hedera's order, and the SDK can be made to send. */
const BY_SDK = rowsOf("Any", [
  ["SUCCESS", "all is well", "HandleWorkflow", () => TRANSFER],
  [
    "PAYER_ACCOUNT_NOT_FOUND",
    "its payer does not exist",
    INGEST,
    () => ({ data: TRANSFER, options: { payer: "0.0.999999" } }),
  ],
  [
    "MEMO_TOO_LONG",
    "its memo has more than 100 bytes",
    CHECKER,
    () => ({ data: TRANSFER, options: { memo: "é".repeat(51) } }),
  ],
  [
    "INVALID_ZERO_BYTE_IN_STRING",
    "its memo has a zero byte",
    CHECKER,
    () => ({ data: TRANSFER, options: { memo: "a\0b" } }),
  ],
  [
    "INSUFFICIENT_TX_FEE",
    "it offers less than node and network want",
    "SolvencyPreCheck",
    () => ({ data: TRANSFER, options: { maxFee: 99_999n } }),
  ],
  [
    "INSUFFICIENT_TX_FEE",
    "it offers less than the service fee on top, and pays the rest",
    "SolvencyPreCheck, at consensus",
    () => ({
      data: { consensusCreateTopic: { autoRenewPeriod: { seconds: toLong(7_776_000n) } } },
      options: { maxFee: 100_000n },
    }),
  ],
  [
    "INVALID_TRANSACTION_DURATION",
    "it is valid for less than 15 s",
    CHECKER,
    () => ({ data: TRANSFER, options: { durationSeconds: 14 } }),
  ],
  [
    "INVALID_TRANSACTION_DURATION",
    "it is valid for more than 180 s",
    CHECKER,
    () => ({ data: TRANSFER, options: { durationSeconds: 181 } }),
  ],
  [
    "INVALID_TRANSACTION_START",
    "it starts in the future",
    CHECKER,
    (s) => ({ data: TRANSFER, options: { validStart: addSeconds(s.fixture.time, 1) } }),
  ],
  [
    "DUPLICATE_TRANSACTION",
    "the node has taken in its id before",
    "DeduplicationCache",
    (s) => {
      const options = { validStart: addSeconds(s.fixture.time, -7) };
      s.fixture.submit(TRANSFER, options);
      return { data: TRANSFER, options };
    },
  ],
  [
    "NOT_SUPPORTED",
    "devnet does not know its type",
    "devnet's own, as for what a node does not support",
    () => ({ fileCreate: {} }),
  ],
  [
    "PAYER_ACCOUNT_DELETED",
    "its payer was deleted",
    INGEST,
    (s) => {
      const who = s.newcomer();
      return { data: TRANSFER, options: { payer: s.deleted(who), signers: [who.signer] } };
    },
  ],
  [
    "INVALID_SIGNATURE",
    "its payer has not signed",
    INGEST,
    () => ({ data: TRANSFER, options: { signers: [ed25519Signer()] } }),
  ],
  [
    "KEY_PREFIX_MISMATCH",
    "two of its signatures could be of one key",
    CHECKER,
    () => ({ data: TRANSFER, options: { signers: [OPERATOR, OPERATOR] } }),
  ],
  [
    "INSUFFICIENT_PAYER_BALANCE",
    "its payer cannot pay fees and what it gives away",
    "SolvencyPreCheck",
    (s) => {
      const { id, signer } = s.newcomer();
      const data = hbarTransfer({ [id]: -100_000_000n, "0.0.2": 100_000_000n });
      return { data, options: { payer: id, signers: [signer] } };
    },
  ],
  [
    "INSUFFICIENT_PAYER_BALANCE",
    "its payer cannot pay the service fee, and pays the rest",
    "SolvencyPreCheck, at consensus",
    (s) => {
      const { id, signer } = s.newcomer();
      const data = {
        consensusCreateTopic: { autoRenewPeriod: { seconds: toLong(7_776_000n) }, submitKey: signer.key },
      };
      s.pay(id, "0.0.2", 99_000_000n, signer);
      return { data, options: { payer: id, signers: [signer] } };
    },
  ],
]);

/** What the SDK cannot be made to send. */
const RAW = rowsOf(
  "Any",
  [
    [
      "TRANSACTION_EXPIRED",
      "less than 10 s of its validity are left",
      CHECKER,
      (s) => ({ data: TRANSFER, options: { validStart: addSeconds(s.fixture.time, -111) } }),
    ],
    [
      "TRANSACTION_OVERSIZE",
      "it has more than 6,144 bytes",
      CHECKER,
      () => ({ data: {}, raw: new Uint8Array(6_145) }),
    ],
    ["INVALID_TRANSACTION", "it is no protobuf", CHECKER, () => ({ data: {}, raw: Buffer.from("none") })],
    ["INVALID_TRANSACTION_BODY", "its body is missing", CHECKER, () => ({ data: {}, raw: new Uint8Array() })],
    [
      "TRANSACTION_HAS_UNKNOWN_FIELDS",
      "the envelope has a field that the network does not know",
      CHECKER,
      (s) => ({ data: {}, raw: Buffer.concat([changed(s, {}), UNKNOWN_FIELD]) }),
    ],
    [
      "TRANSACTION_HAS_UNKNOWN_FIELDS",
      "the body, or anything in it, has one",
      CHECKER,
      (s) => {
        const body = Buffer.concat([
          proto.SignedTransaction.decode(s.fixture.signed(TRANSFER)).bodyBytes,
          UNKNOWN_FIELD,
        ]);
        const sigMap = { sigPair: [OPERATOR.sign(body)] };
        const signedTransactionBytes = proto.SignedTransaction.encode({ bodyBytes: body, sigMap }).finish();
        return { data: {}, raw: proto.Transaction.encode({ signedTransactionBytes }).finish() };
      },
    ],
    [
      "INVALID_TRANSACTION_ID",
      "it has no id",
      CHECKER,
      (s) => ({ data: {}, raw: changed(s, { transactionID: null }) }),
    ],
    [
      "TRANSACTION_ID_FIELD_NOT_ALLOWED",
      "its id has a nonce or says that it is scheduled",
      CHECKER,
      (s) => {
        const id = { payer: "0.0.2" as const, validStart: s.fixture.time, scheduled: true, nonce: 0 };
        return { data: {}, raw: changed(s, { transactionID: wireTransactionId(id) }) };
      },
    ],
    [
      "MAX_CUSTOM_FEES_IS_NOT_SUPPORTED",
      "it limits custom fees and is no topic message",
      CHECKER,
      (s) => ({ data: {}, raw: changed(s, { maxCustomFees: [{ accountId: wireAccountId("0.0.2") }] }) }),
    ],
    [
      "INVALID_NODE_ACCOUNT",
      "it is for another node",
      INGEST,
      () => ({ data: TRANSFER, options: { node: "0.0.4" } }),
    ],
    [
      "BATCH_KEY_SET_ON_NON_INNER_TRANSACTION",
      "it has a batch key and is no member of a batch",
      "HIP-551",
      () => ({ data: TRANSFER, options: { batchKey: OPERATOR.key } }),
    ],
  ],
  false,
);

/** The rows of what concerns any transaction. */
export const ANY_ROWS: readonly StatusRow[] = [...BY_SDK, ...RAW];
