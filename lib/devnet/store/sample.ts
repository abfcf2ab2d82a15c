import { parseAccountId, parseScheduleId, parseTokenId, parseTopicId } from "../../hedera/id.ts";
import { addSeconds, NANOS_PER_MILLI, type Timestamp, timestampOf } from "../../hedera/timestamp.ts";
import type {
  Account,
  EntityChange,
  RecordItem,
  Schedule,
  Token,
  TokenRelation,
  Topic,
  TransactionRecord,
} from "../ledger/record.ts";

/** Where the sample history begins. */
export const SAMPLE_START: Timestamp = timestampOf(1_700_000_000n);

/** The accounts and other entities of the sample history. */
export const SAMPLE = {
  treasury: parseAccountId("0.0.2"),
  node: parseAccountId("0.0.3"),
  alice: parseAccountId("0.0.1001"),
  bob: parseAccountId("0.0.1002"),
  token: parseTokenId("0.0.1003"),
  topic: parseTopicId("0.0.1004"),
  schedule: parseScheduleId("0.0.1005"),
} as const;

const FEE = 100n;

/** A protobuf ED25519 `Key` of 32 equal bytes. */
function sampleKey(byte: number): Uint8Array {
  return new Uint8Array([0x12, 0x20, ...new Uint8Array(32).fill(byte)]);
}

/** An account with 1,000 tinybars, created at the start. */
export function sampleAccount(id: Account["id"], fields: Partial<Account> = {}): Account {
  return {
    id,
    key: sampleKey(Number(id.slice(4)) % 256),
    memo: "",
    balance: 1_000n,
    alias: null,
    receiverSigRequired: false,
    maxAutomaticAssociations: 0,
    autoRenewSeconds: 7_776_000n,
    expiry: addSeconds(SAMPLE_START, 7_776_000n),
    deleted: false,
    created: SAMPLE_START,
    ...fields,
  };
}

/** The sample's topic. */
function sampleTopic(fields: Partial<Topic> = {}): Topic {
  return {
    id: SAMPLE.topic,
    memo: "log",
    adminKey: sampleKey(7),
    submitKey: null,
    autoRenewAccount: SAMPLE.alice,
    autoRenewSeconds: 7_776_000n,
    expiry: addSeconds(SAMPLE_START, 7_776_000n),
    sequenceNumber: 0n,
    runningHash: new Uint8Array(48),
    deleted: false,
    created: SAMPLE_START,
    modified: SAMPLE_START,
    ...fields,
  };
}

/** The sample's token, of which Alice is the treasury. */
export function sampleToken(fields: Partial<Token> = {}): Token {
  const noKeys = { adminKey: null, kycKey: null, wipeKey: null, feeScheduleKey: null, pauseKey: null };
  return {
    ...noKeys,
    id: SAMPLE.token,
    name: "Festival credit",
    symbol: "FEST",
    memo: "",
    decimals: 2,
    initialSupply: 2n ** 60n + 1n,
    totalSupply: 2n ** 60n + 1n,
    supplyType: "INFINITE",
    maxSupply: 0n,
    treasury: SAMPLE.alice,
    freezeKey: sampleKey(9),
    supplyKey: sampleKey(8),
    metadataKey: null,
    freezeDefault: false,
    paused: false,
    autoRenewAccount: null,
    autoRenewSeconds: 7_776_000n,
    expiry: addSeconds(SAMPLE_START, 7_776_000n),
    deleted: false,
    created: SAMPLE_START,
    modified: SAMPLE_START,
    ...fields,
  };
}

/** An association with the sample's token. */
export function sampleRelation(account: Account["id"], balance: bigint): TokenRelation {
  const state = {
    frozen: false,
    kycGranted: false,
    automatic: false,
    associated: true,
    created: SAMPLE_START,
  };
  return { account, token: SAMPLE.token, balance, ...state };
}

/** The sample's schedule, signed once. */
export function sampleSchedule(fields: Partial<Schedule> = {}): Schedule {
  return {
    id: SAMPLE.schedule,
    creator: SAMPLE.alice,
    payer: SAMPLE.bob,
    memo: "17.0",
    adminKey: null,
    waitForExpiry: false,
    expiration: addSeconds(SAMPLE_START, 1_800n),
    body: new Uint8Array([1, 2, 3]),
    transactionId: { payer: SAMPLE.alice, validStart: SAMPLE_START },
    signatories: [
      {
        consensusTimestamp: SAMPLE_START,
        publicKey: new Uint8Array(32).fill(3),
        signature: new Uint8Array(64).fill(4),
        type: "ED25519",
      },
    ],
    executed: null,
    deleted: null,
    created: SAMPLE_START,
    ...fields,
  };
}

/** The state that the sample history starts from. */
export function sampleState(): EntityChange[] {
  return [
    {
      kind: "account",
      entity: sampleAccount(SAMPLE.treasury, { balance: 5_000_000_000_000_000_000n - 3_000n }),
    },
    { kind: "account", entity: sampleAccount(SAMPLE.node) },
    { kind: "account", entity: sampleAccount(SAMPLE.alice) },
    { kind: "account", entity: sampleAccount(SAMPLE.bob, { alias: new Uint8Array(20).fill(0xab) }) },
    { kind: "token", entity: sampleToken() },
    { kind: "relation", entity: sampleRelation(SAMPLE.alice, 2n ** 60n + 1n) },
    { kind: "relation", entity: sampleRelation(SAMPLE.bob, 0n) },
    { kind: "topic", entity: sampleTopic() },
    { kind: "schedule", entity: sampleSchedule() },
  ];
}

/** The time of the `n`th sample transaction. */
export function sampleTime(n: number): Timestamp {
  return SAMPLE_START + BigInt(n) * NANOS_PER_MILLI;
}

/** The `n`th transaction of the sample history: Alice pays, and something happens. */
export function sampleItem(
  n: number,
  fields: Partial<TransactionRecord> = {},
  rest: Partial<RecordItem> = {},
): RecordItem {
  const consensusTimestamp = sampleTime(n);
  const record: TransactionRecord = {
    consensusTimestamp,
    payer: SAMPLE.alice,
    validStart: consensusTimestamp - 5n,
    scheduled: false,
    nonce: 0,
    parentConsensusTimestamp: null,
    type: "CRYPTOTRANSFER",
    result: "SUCCESS",
    node: SAMPLE.node,
    memo: new TextEncoder().encode(`memo ${n}`),
    maxFee: 1_000n,
    chargedFee: FEE,
    validDurationSeconds: 180,
    transactionHash: new Uint8Array(new Bun.CryptoHasher("sha384").update(`${n}`).digest()),
    entity: null,
    transfers: [
      { account: SAMPLE.node, amount: FEE },
      { account: SAMPLE.alice, amount: -FEE },
    ],
    tokenTransfers: [],
    batchKey: null,
    receipt: new Uint8Array(),
    ...fields,
  };
  return { record, message: null, changes: [], ...rest };
}

/** The `n`th transaction, with the topic's message `sequenceNumber`. */
export function sampleMessage(
  n: number,
  sequenceNumber: number,
  text = `message ${sequenceNumber}`,
): RecordItem {
  const consensusTimestamp = sampleTime(n);
  const runningHash = new Uint8Array(48).fill(sequenceNumber % 256);
  const topic = sampleTopic({ sequenceNumber: BigInt(sequenceNumber), runningHash });
  return sampleItem(
    n,
    { type: "CONSENSUSSUBMITMESSAGE", entity: SAMPLE.topic },
    {
      message: {
        topic: SAMPLE.topic,
        sequenceNumber: BigInt(sequenceNumber),
        consensusTimestamp,
        payer: SAMPLE.alice,
        message: new TextEncoder().encode(text),
        runningHash,
        chunkInfo: {
          initialTransactionId: {
            payer: SAMPLE.alice,
            validStart: consensusTimestamp - 5n,
            scheduled: false,
            nonce: 0,
          },
          number: 1,
          total: 1,
        },
      },
      changes: [{ kind: "topic", entity: topic }],
    },
  );
}

/** The `n`th transaction, in which Alice sends Bob tokens. */
export function sampleTokenTransfer(
  n: number,
  amount: bigint,
  aliceAfter: bigint,
  bobAfter: bigint,
): RecordItem {
  const tokenTransfers = [
    { token: SAMPLE.token, account: SAMPLE.alice, amount: -amount },
    { token: SAMPLE.token, account: SAMPLE.bob, amount },
  ];
  return sampleItem(
    n,
    { tokenTransfers },
    {
      changes: [
        { kind: "relation", entity: sampleRelation(SAMPLE.alice, aliceAfter) },
        { kind: "relation", entity: sampleRelation(SAMPLE.bob, bobAfter) },
      ],
    },
  );
}
