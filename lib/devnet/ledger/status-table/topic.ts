import type { proto } from "@hiero-ledger/proto";
import { addSeconds } from "../../../hedera/timestamp.ts";
import { PERIOD, type TransactionOptions } from "../fixture.ts";
import { wireAccountId, wireTopicId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { wireTimestamp } from "../wire/time.ts";
import { wireTransactionId } from "../wire/transaction-id.ts";
import { BAD_KEY, rowsOf, type StatusRow } from "./row.ts";
import type { Stage } from "./stage.ts";

const NOBODY = wireAccountId("0.0.999999");
const NOWHERE = wireTopicId("0.0.999999");
const NO_KEY: proto.IKey = { keyList: { keys: [] } };

const create =
  (more: Partial<proto.IConsensusCreateTopicTransactionBody>, ...who: ("alice" | "bob")[]) =>
  (s: Stage) => ({
    data: { consensusCreateTopic: { autoRenewPeriod: PERIOD, ...more } },
    options: s.by(...who.map((name) => s[name])),
  });

const CREATE = rowsOf("ConsensusCreateTopic", [
  ["SUCCESS", "all is well", "ConsensusCreateTopicHandler", create({})],
  [
    "NOT_SUPPORTED",
    "it asks for custom fees (HIP-991)",
    "devnet's own",
    (s) => create({ feeScheduleKey: s.alice.key })(s),
  ],
  [
    "BAD_ENCODING",
    "the admin key is not valid",
    "ConsensusCreateTopicHandler",
    create({ adminKey: BAD_KEY }),
  ],
  [
    "BAD_ENCODING",
    "the submit key is not valid",
    "ConsensusCreateTopicHandler",
    create({ submitKey: BAD_KEY }),
  ],
  [
    "INVALID_SIGNATURE",
    "the admin key has not signed",
    "ConsensusCreateTopicHandler.preHandle",
    (s) => create({ adminKey: s.alice.key })(s),
  ],
  [
    "INVALID_SIGNATURE",
    "the auto-renew account has not signed",
    "ConsensusCreateTopicHandler.preHandle",
    (s) => create({ autoRenewAccount: wireAccountId(s.aliceId) })(s),
  ],
  [
    "INVALID_AUTORENEW_ACCOUNT",
    "the auto-renew account does not exist",
    "ConsensusCreateTopicHandler.preHandle",
    create({ autoRenewAccount: NOBODY }),
  ],
  [
    "MEMO_TOO_LONG",
    "the topic's memo has more than 100 bytes",
    "AttributeValidator.validateMemo",
    create({ memo: "x".repeat(101) }),
  ],
  [
    "INVALID_ZERO_BYTE_IN_STRING",
    "the topic's memo has a zero byte",
    "AttributeValidator.validateMemo",
    create({ memo: "\0" }),
  ],
  [
    "AUTORENEW_DURATION_NOT_IN_RANGE",
    "it has no auto-renew period, or one under 30 or over 92 days",
    "ConsensusCreateTopicHandler",
    create({ autoRenewPeriod: { seconds: toLong(1n) } }),
  ],
]);

const update =
  (more: proto.IConsensusUpdateTopicTransactionBody, ...who: ("alice" | "bob")[]) =>
  (s: Stage) => ({
    data: { consensusUpdateTopic: { topicID: wireTopicId(s.topic), ...more } },
    options: s.by(...who.map((name) => s[name])),
  });

const UPDATE = rowsOf("ConsensusUpdateTopic", [
  ["SUCCESS", "all is well", "ConsensusUpdateTopicHandler", update({ memo: { value: "m" } }, "alice")],
  [
    "SUCCESS",
    "it extends the expiration, for which nobody need sign",
    "ConsensusUpdateTopicHandler",
    (s) => update({ expirationTime: wireTimestamp(addSeconds(s.fixture.time, 9_000_000)) })(s),
  ],
  [
    "SUCCESS",
    "it changes only the submit key, which has signed",
    "ConsensusUpdateTopicHandler",
    (s) => update({ submitKey: s.alice.key }, "alice")(s),
  ],
  [
    "INVALID_TOPIC_ID",
    "the topic does not exist",
    "ConsensusUpdateTopicHandler",
    update({ topicID: NOWHERE }),
  ],
  [
    "NOT_SUPPORTED",
    "it asks for custom fees (HIP-991)",
    "devnet's own",
    (s) => update({ feeScheduleKey: s.alice.key })(s),
  ],
  [
    "UNAUTHORIZED",
    "the topic has no admin key",
    "ConsensusUpdateTopicHandler",
    (s) => update({ topicID: wireTopicId(s.fixture.createTopic()), memo: { value: "m" } })(s),
  ],
  [
    "INVALID_SIGNATURE",
    "the admin key has not signed",
    "ConsensusUpdateTopicHandler.preHandle",
    update({ memo: { value: "m" } }),
  ],
  [
    "INVALID_SIGNATURE",
    "neither submit nor admin key has signed a new submit key",
    "ConsensusUpdateTopicHandler.preHandle",
    (s) => update({ submitKey: s.bob.key }, "bob")(s),
  ],
  [
    "INVALID_SIGNATURE",
    "the new admin key has not signed",
    "ConsensusUpdateTopicHandler.preHandle",
    (s) => update({ adminKey: s.bob.key }, "alice")(s),
  ],
  [
    "BAD_ENCODING",
    "the new admin key is not valid",
    "ConsensusUpdateTopicHandler",
    update({ adminKey: BAD_KEY }, "alice"),
  ],
  [
    "BAD_ENCODING",
    "the new submit key is not valid",
    "ConsensusUpdateTopicHandler",
    update({ submitKey: BAD_KEY }, "alice"),
  ],
  [
    "INVALID_AUTORENEW_ACCOUNT",
    "the new auto-renew account does not exist",
    "ConsensusUpdateTopicHandler.preHandle",
    update({ autoRenewAccount: NOBODY }, "alice"),
  ],
  [
    "AUTORENEW_ACCOUNT_NOT_ALLOWED",
    "it removes the admin key of a topic that keeps its auto-renew account",
    "ConsensusUpdateTopicHandler",
    (s) => {
      const { key } = s.alice;
      const topic = s.fixture.createTopic({ adminKey: key, autoRenewAccount: wireAccountId(s.aliceId) }, [
        s.alice,
      ]);
      return update({ topicID: wireTopicId(topic), adminKey: NO_KEY }, "alice")(s);
    },
  ],
  [
    "MEMO_TOO_LONG",
    "the new memo has more than 100 bytes",
    "AttributeValidator.validateMemo",
    update({ memo: { value: "x".repeat(101) } }, "alice"),
  ],
  [
    "INVALID_ZERO_BYTE_IN_STRING",
    "the new memo has a zero byte",
    "AttributeValidator.validateMemo",
    update({ memo: { value: "\0" } }, "alice"),
  ],
  [
    "INVALID_EXPIRATION_TIME",
    "the new expiration is not in the future",
    "ExpiryValidator",
    (s) => update({ expirationTime: wireTimestamp(s.fixture.time) })(s),
  ],
  [
    "EXPIRATION_REDUCTION_NOT_ALLOWED",
    "the new expiration is earlier than the old",
    "ExpiryValidator",
    (s) => update({ expirationTime: wireTimestamp(addSeconds(s.fixture.time, 5)) })(s),
  ],
  [
    "AUTORENEW_DURATION_NOT_IN_RANGE",
    "the new auto-renew period is under 30 or over 92 days",
    "AttributeValidator",
    update({ autoRenewPeriod: { seconds: toLong(1n) } }, "alice"),
  ],
]);

const drop = (topicID: proto.ITopicID, options: TransactionOptions) => ({
  data: { consensusDeleteTopic: { topicID } },
  options,
});

const DELETE = rowsOf("ConsensusDeleteTopic", [
  [
    "SUCCESS",
    "all is well",
    "ConsensusDeleteTopicHandler",
    (s) => {
      const topic = s.fixture.createTopic({ adminKey: s.alice.key }, [s.alice]);
      return drop(wireTopicId(topic), s.by(s.alice));
    },
  ],
  [
    "INVALID_TOPIC_ID",
    "the topic does not exist, or was deleted before",
    "ConsensusDeleteTopicHandler.preHandle",
    (s) => drop(NOWHERE, s.by()),
  ],
  [
    "UNAUTHORIZED",
    "the topic has no admin key",
    "ConsensusDeleteTopicHandler.preHandle",
    (s) => drop(wireTopicId(s.fixture.createTopic()), s.by()),
  ],
  [
    "INVALID_SIGNATURE",
    "the admin key has not signed",
    "ConsensusDeleteTopicHandler.preHandle",
    (s) => drop(wireTopicId(s.topic), s.by()),
  ],
]);

const say =
  (message: string | Uint8Array, chunkInfo: ((s: Stage) => proto.IConsensusMessageChunkInfo) | null = null) =>
  (s: Stage) => ({
    data: {
      consensusSubmitMessage: {
        topicID: wireTopicId(s.topic),
        message: Buffer.from(message),
        chunkInfo: chunkInfo?.(s) ?? null,
      },
    },
    options: s.by(s.alice),
  });

const started = (s: Stage, ago: bigint) =>
  wireTransactionId({ payer: "0.0.2", validStart: s.fixture.time - ago, scheduled: false, nonce: 0 });

const SUBMIT = rowsOf("ConsensusSubmitMessage", [
  ["SUCCESS", "all is well", "ConsensusSubmitMessageHandler", say("hello")],
  [
    "SUCCESS",
    "it is chunk 1 of 1, of the transaction itself",
    "ConsensusSubmitMessageHandler",
    (s) => {
      const initialTransactionID = started(s, 3_000n);
      const { data, options } = say("hello", () => ({ initialTransactionID, number: 1, total: 1 }))(s);
      return { data, options: { ...options, validStart: s.fixture.time - 3_000n } };
    },
  ],
  [
    "INVALID_TOPIC_ID",
    "the topic does not exist, or was deleted",
    "ConsensusSubmitMessageHandler.preHandle",
    () => ({ consensusSubmitMessage: { topicID: NOWHERE, message: Buffer.from("x") } }),
  ],
  ["INVALID_TOPIC_MESSAGE", "the message is empty", "ConsensusSubmitMessageHandler.pureChecks", say("")],
  [
    "INVALID_SIGNATURE",
    "the submit key has not signed",
    "ConsensusSubmitMessageHandler.preHandle",
    (s) => ({ data: say("x")(s).data }),
  ],
  [
    "MESSAGE_SIZE_TOO_LARGE",
    "the message has more than 1,024 bytes",
    "ConsensusSubmitMessageHandler",
    say("x".repeat(1_025)),
  ],
  [
    "INVALID_CHUNK_NUMBER",
    "the chunk's number is not from 1 to the total",
    "ConsensusSubmitMessageHandler.validateChunkInfo",
    say("x", (s) => ({ initialTransactionID: started(s, 1n), number: 3, total: 2 })),
  ],
  [
    "INVALID_CHUNK_TRANSACTION_ID",
    "the chunk belongs to another payer",
    "ConsensusSubmitMessageHandler.validateChunkInfo",
    say("x", () => ({
      initialTransactionID: wireTransactionId({
        payer: "0.0.98",
        validStart: 5n,
        scheduled: false,
        nonce: 0,
      }),
      number: 2,
      total: 2,
    })),
  ],
  [
    "INVALID_CHUNK_TRANSACTION_ID",
    "the first chunk names another transaction than itself",
    "ConsensusSubmitMessageHandler.validateChunkInfo",
    say("x", (s) => ({ initialTransactionID: started(s, 4_000_000_000n), number: 1, total: 2 })),
  ],
]);

const WITHOUT_ID = [
  ...rowsOf(
    "ConsensusUpdateTopic",
    [
      [
        "INVALID_TOPIC_ID",
        "it names no topic",
        "ConsensusUpdateTopicHandler.pureChecks",
        () => ({ consensusUpdateTopic: {} }),
      ],
    ],
    false,
  ),
  ...rowsOf(
    "ConsensusDeleteTopic",
    [
      [
        "INVALID_TOPIC_ID",
        "it names no topic",
        "ConsensusDeleteTopicHandler.pureChecks",
        () => ({ consensusDeleteTopic: {} }),
      ],
    ],
    false,
  ),
];

/** The rows of the Consensus Service. */
export const TOPIC_ROWS: readonly StatusRow[] = [...CREATE, ...UPDATE, ...DELETE, ...SUBMIT, ...WITHOUT_ID];
