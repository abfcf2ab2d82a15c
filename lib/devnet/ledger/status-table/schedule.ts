import type { proto } from "@hiero-ledger/proto";
import type { ScheduleId } from "../../../hedera/id.ts";
import { addSeconds } from "../../../hedera/timestamp.ts";
import { accountAmounts, hbarTransfer, OPERATOR } from "../fixture.ts";
import { wireAccountId, wireScheduleId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { wireTimestamp } from "../wire/time.ts";
import { BAD_KEY, rowsOf, type StatusRow } from "./row.ts";
import type { Stage } from "./stage.ts";

const NO_SCHEDULE = wireScheduleId("0.0.999999");

/** A creation that differs from every other by its memo. */
const create =
  (more: proto.IScheduleCreateTransactionBody) =>
  (s: Stage): proto.ITransactionBody => ({
    scheduleCreate: { scheduledTransactionBody: s.scheduled(), memo: `${s.fixture.items.length}`, ...more },
  });

const inSeconds = (s: Stage, seconds: number) => wireTimestamp(addSeconds(s.fixture.time, seconds));

const CREATE = rowsOf("ScheduleCreate", [
  ["SUCCESS", "all is well", "ScheduleCreateHandler", create({})],
  [
    "SUCCESS",
    "everyone has signed, and it executes at once, whatever comes of that",
    "AbstractScheduleHandler.tryToExecuteSchedule",
    (s) =>
      create({
        scheduledTransactionBody: {
          ...hbarTransfer({ "0.0.2": -(9n * 10n ** 18n), "0.0.98": 9n * 10n ** 18n }),
          transactionFee: toLong(100_000_000n),
        },
      })(s),
  ],
  [
    "MISSING_EXPIRY_TIME",
    "it waits for its expiry and has none",
    "ScheduleCreateHandler.pureChecks, HIP-423",
    create({ waitForExpiry: true }),
  ],
  [
    "MEMO_TOO_LONG",
    "the schedule's memo has more than 100 characters",
    "ScheduleCreateHandler.preHandle",
    create({ memo: "x".repeat(101) }),
  ],
  [
    "MEMO_TOO_LONG",
    "the memo of what is scheduled has more than 100 bytes",
    "AttributeValidator.validateMemo",
    (s) => create({ scheduledTransactionBody: { ...s.scheduled(), memo: "x".repeat(101) } })(s),
  ],
  [
    "INVALID_ZERO_BYTE_IN_STRING",
    "a memo has a zero byte",
    "AttributeValidator.validateMemo",
    create({ memo: "\0" }),
  ],
  [
    "ACCOUNT_ID_DOES_NOT_EXIST",
    "the payer that it names does not exist",
    "ScheduleCreateHandler.preHandle",
    create({ payerAccountID: wireAccountId("0.0.999999") }),
  ],
  [
    "SCHEDULED_TRANSACTION_NOT_IN_WHITELIST",
    "it holds what may not be scheduled",
    "scheduling.whitelist",
    create({ scheduledTransactionBody: { consensusDeleteTopic: {} } }),
  ],
  ["INVALID_ADMIN_KEY", "the admin key is not valid", "ScheduleCreateHandler", create({ adminKey: BAD_KEY })],
  [
    "INVALID_SIGNATURE",
    "the admin key has not signed",
    "ScheduleCreateHandler.preHandle",
    (s) => create({ adminKey: s.alice.key })(s),
  ],
  [
    "UNRESOLVABLE_REQUIRED_SIGNERS",
    "who must sign cannot be found out",
    "PreHandleContextImpl.allKeysForTransaction",
    (s) => create({ scheduledTransactionBody: s.scheduled("0.0.999999") })(s),
  ],
  [
    "UNRESOLVABLE_REQUIRED_SIGNERS",
    "a hollow account must sign",
    "AbstractScheduleHandler.getRequiredKeys",
    (s) => {
      const alias = new Uint8Array(20).fill(90);
      const amounts = [...accountAmounts({ "0.0.2": -1n }), { accountID: { alias }, amount: toLong(1n) }];
      s.fixture.run({ cryptoTransfer: { transfers: { accountAmounts: amounts } } });
      const hollow = [...s.fixture.ledger.accounts.keys()].at(-1) ?? "0.0.0";
      return create({ scheduledTransactionBody: s.scheduled(hollow) })(s);
    },
  ],
  [
    "SCHEDULE_EXPIRATION_TIME_MUST_BE_HIGHER_THAN_CONSENSUS_TIME",
    "it expires now or before",
    "ScheduleCreateHandler, HIP-423",
    (s) => create({ expirationTime: inSeconds(s, 0) })(s),
  ],
  [
    "SCHEDULE_EXPIRATION_TIME_TOO_FAR_IN_FUTURE",
    "it expires in more than 62 days",
    "ScheduleCreateHandler, HIP-423",
    (s) => create({ expirationTime: inSeconds(s, 5_356_801) })(s),
  ],
  [
    "IDENTICAL_SCHEDULE_ALREADY_CREATED",
    "the same schedule waits already",
    "ScheduleCreateHandler.maybeDuplicate",
    (s) => {
      const data = create({})(s);
      s.fixture.run(data);
      return { data };
    },
  ],
  [
    "IDENTICAL_SCHEDULE_ALREADY_CREATED",
    "the same schedule has executed, and has not expired yet",
    "ScheduleCreateHandler.maybeDuplicate",
    (s) => {
      const data = create({})(s);
      s.fixture.run(data, s.by(s.bob));
      return { data };
    },
  ],
  [
    "IDENTICAL_SCHEDULE_ALREADY_CREATED",
    "the same schedule was deleted, and has not expired yet",
    "WritableScheduleStoreImpl.delete",
    (s) => {
      const data = create({ adminKey: OPERATOR.key })(s);
      const schedule = s.fixture.createSchedule(data.scheduleCreate ?? {});
      s.fixture.run({ scheduleDelete: { scheduleID: wireScheduleId(schedule) } });
      return { data };
    },
  ],
]);

const EMPTY = rowsOf(
  "ScheduleCreate",
  [
    [
      "INVALID_TRANSACTION",
      "it holds no transaction",
      "ScheduleCreateHandler.pureChecks",
      () => ({ scheduleCreate: {} }),
    ],
  ],
  false,
);

function pending(s: Stage, more: proto.IScheduleCreateTransactionBody = {}): ScheduleId {
  return s.fixture.createSchedule(create(more)(s).scheduleCreate ?? {});
}

const sign = (s: Stage, schedule: ScheduleId, ...signers: Stage["bob"][]) => ({
  data: { scheduleSign: { scheduleID: wireScheduleId(schedule) } },
  options: s.by(...signers),
});

const drop = (schedule: proto.IScheduleID) => ({ scheduleDelete: { scheduleID: schedule } });

const SIGN = rowsOf("ScheduleSign", [
  ["SUCCESS", "all is well", "ScheduleSignHandler", (s) => sign(s, pending(s), s.bob)],
  [
    "SUCCESS",
    "the last signature executes what fails",
    "ScheduleSignHandler",
    (s) => sign(s, pending(s, { scheduledTransactionBody: s.scheduled(s.bobId, 10n ** 18n) }), s.bob),
  ],
  [
    "INVALID_SCHEDULE_ID",
    "the schedule does not exist",
    "AbstractScheduleHandler.validate",
    () => ({ scheduleSign: { scheduleID: NO_SCHEDULE } }),
  ],
  [
    "INVALID_SCHEDULE_ID",
    "the schedule has expired",
    "ScheduleServiceImpl.PurgingIterator",
    (s) => {
      const schedule = pending(s, { expirationTime: inSeconds(s, 60) });
      s.fixture.advance(60);
      s.fixture.ledger.tick();
      return sign(s, schedule, s.bob);
    },
  ],
  [
    "SCHEDULE_ALREADY_EXECUTED",
    "the schedule has executed",
    "AbstractScheduleHandler.validate",
    (s) => {
      const schedule = pending(s);
      s.fixture.run(sign(s, schedule).data, s.by(s.bob));
      return sign(s, schedule, s.bob);
    },
  ],
  [
    "SCHEDULE_ALREADY_DELETED",
    "the schedule was deleted",
    "AbstractScheduleHandler.validate",
    (s) => {
      const schedule = pending(s, { adminKey: OPERATOR.key });
      s.fixture.run(drop(wireScheduleId(schedule)));
      return sign(s, schedule, s.bob);
    },
  ],
  [
    "NO_NEW_VALID_SIGNATURES",
    "it adds no signature that the schedule needs",
    "ScheduleSignHandler",
    (s) => sign(s, pending(s), s.alice),
  ],
]);

const DELETE = rowsOf("ScheduleDelete", [
  [
    "SUCCESS",
    "all is well",
    "ScheduleDeleteHandler",
    (s) => drop(wireScheduleId(pending(s, { adminKey: OPERATOR.key }))),
  ],
  [
    "INVALID_SCHEDULE_ID",
    "the schedule does not exist, or has expired",
    "AbstractScheduleHandler.validate",
    () => drop(NO_SCHEDULE),
  ],
  [
    "SCHEDULE_IS_IMMUTABLE",
    "the schedule has no admin key",
    "ScheduleDeleteHandler.preHandle",
    (s) => drop(wireScheduleId(pending(s))),
  ],
  [
    "INVALID_SIGNATURE",
    "the admin key has not signed",
    "ScheduleDeleteHandler.preHandle",
    (s) => {
      const { scheduleCreate } = create({ adminKey: s.alice.key })(s);
      return drop(wireScheduleId(s.fixture.createSchedule(scheduleCreate ?? {}, s.by(s.alice))));
    },
  ],
  [
    "SCHEDULE_ALREADY_EXECUTED",
    "the schedule has executed",
    "AbstractScheduleHandler.validate",
    (s) => {
      const schedule = pending(s, { adminKey: OPERATOR.key });
      s.fixture.run(sign(s, schedule).data, s.by(s.bob));
      return drop(wireScheduleId(schedule));
    },
  ],
  [
    "SCHEDULE_ALREADY_DELETED",
    "the schedule was deleted before",
    "AbstractScheduleHandler.validate",
    (s) => {
      const schedule = wireScheduleId(pending(s, { adminKey: OPERATOR.key }));
      s.fixture.run(drop(schedule));
      return drop(schedule);
    },
  ],
]);

const WITHOUT_ID = [
  ...rowsOf(
    "ScheduleSign",
    [
      [
        "INVALID_SCHEDULE_ID",
        "it names no schedule",
        "ScheduleSignHandler.pureChecks",
        () => ({ scheduleSign: {} }),
      ],
    ],
    false,
  ),
  ...rowsOf(
    "ScheduleDelete",
    [
      [
        "INVALID_SCHEDULE_ID",
        "it names no schedule",
        "ScheduleDeleteHandler.pureChecks",
        () => ({ scheduleDelete: {} }),
      ],
    ],
    false,
  ),
];

/** The rows of the Schedule Service. */
export const SCHEDULE_ROWS: readonly StatusRow[] = [...CREATE, ...EMPTY, ...SIGN, ...DELETE, ...WITHOUT_ID];
