import type { Tinybar, TokenUnits } from "../../hedera/amount.ts";
import type { AccountId, EntityId, ScheduleId, TokenId, TopicId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";

/**
 * What the ledger hands over for every transaction that reached consensus, in
 * consensus order: the transaction's record and the new version of everything
 * that it changed. The store persists it and the mirror serves it, and neither
 * looks anywhere else.
 */
export interface RecordItem {
  readonly record: TransactionRecord;
  /** The message, where the transaction was a successful ConsensusSubmitMessage. */
  readonly message: TopicMessage | null;
  /** The new version of each entity that the transaction changed, fees included. */
  readonly changes: readonly EntityChange[];
}

/** A transaction as consensus left it. */
export interface TransactionRecord {
  readonly consensusTimestamp: Timestamp;
  /** The account of the transaction id; a scheduled transaction may be paid by another one. */
  readonly payer: AccountId;
  readonly validStart: Timestamp;
  /** True for the transaction that a schedule executed; it shares the id of its ScheduleCreate. */
  readonly scheduled: boolean;
  /** 0 for what a user submitted, above 0 for what the network itself added (e.g. a hollow account's creation). */
  readonly nonce: number;
  /** The outer transaction's time, for members of a batch and for children. */
  readonly parentConsensusTimestamp: Timestamp | null;
  /** The mirror node's name of the type: `CONSENSUSSUBMITMESSAGE`, `CRYPTOTRANSFER`, `ATOMICBATCH`, ... */
  readonly type: string;
  /** The response code's name: `SUCCESS`, `INVALID_SIGNATURE`, ... */
  readonly result: string;
  readonly node: AccountId | null;
  readonly memo: Uint8Array;
  readonly maxFee: Tinybar;
  readonly chargedFee: Tinybar;
  readonly validDurationSeconds: number;
  /** SHA-384 of the signed transaction's bytes, 48 bytes. */
  readonly transactionHash: Uint8Array;
  /** The entity that the transaction created or was about (the topic of a message, the token of a mint). */
  readonly entity: EntityId | null;
  /** HBAR moved, fees included, sums to zero, sorted by account. */
  readonly transfers: readonly { readonly account: AccountId; readonly amount: Tinybar }[];
  /** Token units moved, sorted by token and account. */
  readonly tokenTransfers: readonly {
    readonly token: TokenId;
    readonly account: AccountId;
    readonly amount: TokenUnits;
  }[];
  /** The protobuf `Key` that guards a member of a batch. */
  readonly batchKey: Uint8Array | null;
  /** The protobuf `TransactionReceipt`, so that a restarted ledger can still answer with it. */
  readonly receipt: Uint8Array;
}

/** A message on a topic, with the running hash (version 3) after it. */
export interface TopicMessage {
  readonly topic: TopicId;
  readonly sequenceNumber: bigint;
  readonly consensusTimestamp: Timestamp;
  readonly payer: AccountId;
  readonly message: Uint8Array;
  /** 48 bytes. */
  readonly runningHash: Uint8Array;
  readonly chunkInfo: ChunkInfo | null;
}

/** `ConsensusMessageChunkInfo` as it was submitted. */
export interface ChunkInfo {
  readonly initialTransactionId: {
    readonly payer: AccountId;
    readonly validStart: Timestamp;
    readonly scheduled: boolean;
    readonly nonce: number;
  };
  readonly number: number;
  readonly total: number;
}

/** The new version of one entity. */
export type EntityChange =
  | { readonly kind: "account"; readonly entity: Account }
  | { readonly kind: "topic"; readonly entity: Topic }
  | { readonly kind: "token"; readonly entity: Token }
  | { readonly kind: "relation"; readonly entity: TokenRelation }
  | { readonly kind: "schedule"; readonly entity: Schedule };

/** A protobuf-encoded `Key`, or null for none. */
export type KeyBytes = Uint8Array | null;

/** An account, as the state of the ledger holds it. */
export interface Account {
  readonly id: AccountId;
  readonly key: KeyBytes;
  readonly memo: string;
  readonly balance: Tinybar;
  /** Protobuf `Key` bytes or a 20-byte EVM address. */
  readonly alias: Uint8Array | null;
  readonly receiverSigRequired: boolean;
  readonly maxAutomaticAssociations: number;
  readonly autoRenewSeconds: bigint;
  readonly expiry: Timestamp;
  readonly deleted: boolean;
  readonly created: Timestamp;
}

/** A topic, as the state of the ledger holds it. */
export interface Topic {
  readonly id: TopicId;
  readonly memo: string;
  readonly adminKey: KeyBytes;
  readonly submitKey: KeyBytes;
  readonly autoRenewAccount: AccountId | null;
  readonly autoRenewSeconds: bigint;
  readonly expiry: Timestamp;
  readonly sequenceNumber: bigint;
  readonly runningHash: Uint8Array;
  readonly deleted: boolean;
  readonly created: Timestamp;
  readonly modified: Timestamp;
}

/** A fungible token, as the state of the ledger holds it. */
export interface Token {
  readonly id: TokenId;
  readonly name: string;
  readonly symbol: string;
  readonly memo: string;
  readonly decimals: number;
  readonly initialSupply: TokenUnits;
  readonly totalSupply: TokenUnits;
  readonly supplyType: "INFINITE" | "FINITE";
  readonly maxSupply: TokenUnits;
  readonly treasury: AccountId;
  readonly adminKey: KeyBytes;
  readonly kycKey: KeyBytes;
  readonly freezeKey: KeyBytes;
  readonly wipeKey: KeyBytes;
  readonly supplyKey: KeyBytes;
  readonly feeScheduleKey: KeyBytes;
  readonly pauseKey: KeyBytes;
  readonly metadataKey: KeyBytes;
  readonly freezeDefault: boolean;
  readonly paused: boolean;
  readonly autoRenewAccount: AccountId | null;
  readonly autoRenewSeconds: bigint;
  readonly expiry: Timestamp;
  readonly deleted: boolean;
  readonly created: Timestamp;
  readonly modified: Timestamp;
}

/** That an account is (or was) associated with a token, and what it holds of it. */
export interface TokenRelation {
  readonly account: AccountId;
  readonly token: TokenId;
  readonly balance: TokenUnits;
  readonly frozen: boolean;
  readonly kycGranted: boolean;
  readonly automatic: boolean;
  /** False once dissociated. */
  readonly associated: boolean;
  readonly created: Timestamp;
}

/** A schedule, as the state of the ledger holds it. */
export interface Schedule {
  readonly id: ScheduleId;
  readonly creator: AccountId;
  readonly payer: AccountId;
  readonly memo: string;
  readonly adminKey: KeyBytes;
  readonly waitForExpiry: boolean;
  readonly expiration: Timestamp;
  /** Protobuf `SchedulableTransactionBody`. */
  readonly body: Uint8Array;
  /** The id that the scheduled transaction executes under. */
  readonly transactionId: { readonly payer: AccountId; readonly validStart: Timestamp };
  /** The keys that have signed so far, in the order in which they did. */
  readonly signatories: readonly ScheduleSignature[];
  readonly executed: Timestamp | null;
  readonly deleted: Timestamp | null;
  readonly created: Timestamp;
}

/** One key's signature on a schedule. */
export interface ScheduleSignature {
  readonly consensusTimestamp: Timestamp;
  /** The raw public key, 32 bytes (ED25519) or 33 bytes (ECDSA secp256k1). */
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
  readonly type: "ED25519" | "ECDSA_SECP256K1";
}
