import type { proto } from "@hiero-ledger/proto";
import { hbarTransfer, OPERATOR } from "../fixture.ts";
import { BAD_KEY, rowsOf, type StatusRow } from "./row.ts";
import type { Stage } from "./stage.ts";

const TRANSFER = hbarTransfer({ "0.0.2": -1n, "0.0.98": 1n });
const HIP = "AtomicBatchHandler, HIP-551";

const batch = (...transactions: Uint8Array[]): proto.ITransactionBody => ({ atomicBatch: { transactions } });
const member = (s: Stage, data = TRANSFER) => s.fixture.member(data, OPERATOR.key);

const BY_SDK = rowsOf("AtomicBatch", [
  ["SUCCESS", "all is well", HIP, (s) => batch(member(s), member(s))],
  [
    "INNER_TRANSACTION_FAILED",
    "a member fails",
    HIP,
    (s) => batch(member(s), member(s, hbarTransfer({ [s.bobId]: -1n, "0.0.2": 1n }))),
  ],
  [
    "INVALID_SIGNATURE",
    "the batch key of a member has not signed",
    HIP,
    (s) => batch(s.fixture.member(TRANSFER, s.alice.key)),
  ],
  [
    "INVALID_BATCH_KEY",
    "the batch key of a member is not valid",
    HIP,
    (s) => batch(s.fixture.member(TRANSFER, BAD_KEY)),
  ],
  [
    "MISSING_BATCH_KEY",
    "a member has no batch key",
    HIP,
    (s) => batch(s.fixture.signed(TRANSFER, { node: "0.0.0" })),
  ],
  [
    "INVALID_NODE_ACCOUNT_ID",
    "a member is for a node",
    HIP,
    (s) => batch(s.fixture.signed(TRANSFER, { batchKey: OPERATOR.key })),
  ],
  [
    "BATCH_LIST_CONTAINS_DUPLICATES",
    "a member is in it twice",
    HIP,
    (s) => {
      const twice = member(s);
      return batch(twice, twice);
    },
  ],
  [
    "BATCH_SIZE_LIMIT_EXCEEDED",
    "it has more than 50 members",
    "atomicBatch.maxNumberOfTransactions",
    (s) =>
      batch(
        ...Array.from({ length: 51 }, () =>
          s.fixture.member(hbarTransfer({}), OPERATOR.key, { signers: [] }),
        ),
      ),
  ],
  [
    "BATCH_TRANSACTION_IN_BLACKLIST",
    "a member is a ScheduleSign",
    "atomicBatch.blacklist",
    (s) => batch(member(s, { scheduleSign: {} })),
  ],
]);

const RAW = rowsOf(
  "AtomicBatch",
  [
    ["BATCH_LIST_EMPTY", "it has no members", HIP, () => batch()],
    [
      "BATCH_TRANSACTION_IN_BLACKLIST",
      "a member is a Freeze",
      "atomicBatch.blacklist",
      (s) => batch(member(s, { freeze: {} })),
    ],
    [
      "BATCH_TRANSACTION_IN_BLACKLIST",
      "a member is a batch",
      "atomicBatch.blacklist",
      (s) => batch(member(s, { atomicBatch: {} })),
    ],
    [
      "BATCH_TRANSACTION_IN_BLACKLIST",
      "a member is a ScheduleCreate",
      "atomicBatch.blacklist",
      (s) => batch(member(s, { scheduleCreate: {} })),
    ],
  ],
  false,
);

/** The rows of batches. */
export const BATCH_ROWS: readonly StatusRow[] = [...BY_SDK, ...RAW];
