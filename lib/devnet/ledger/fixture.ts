import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { proto } from "@hiero-ledger/proto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { TINYBARS_PER_HBAR, type Tinybar } from "../../hedera/amount.ts";
import {
  type AccountId,
  type EntityId,
  parseAccountId,
  parseScheduleId,
  parseTokenId,
  parseTopicId,
} from "../../hedera/id.ts";
import { addSeconds, type Timestamp, timestampOf } from "../../hedera/timestamp.ts";
import { GENESIS_OPERATOR, genesis, NODE_ACCOUNT } from "./genesis.ts";
import { Ledger, type LedgerOptions } from "./ledger.ts";
import type { RecordItem } from "./record.ts";
import type { Status } from "./status.ts";
import { wireAccountId, wireTokenId } from "./wire/id.ts";
import { toLong } from "./wire/int64.ts";
import { wireTransactionId } from "./wire/transaction-id.ts";

/** Someone who can sign: a key, and a signature pair for it over any bytes. */
export interface Signer {
  readonly key: proto.IKey;
  sign(bytes: Uint8Array): proto.ISignaturePair;
}

/** A signer with an ED25519 key, a new one unless it is given in DER. */
export function ed25519Signer(der?: string): Signer {
  const privateKey: KeyObject = der
    ? createPrivateKey({ key: Buffer.from(der, "hex"), format: "der", type: "pkcs8" })
    : generateKeyPairSync("ed25519").privateKey;
  const jwk = privateKey.export({ format: "jwk" });
  const publicKey = Buffer.from(jwk.x ?? "", "base64url");
  return {
    key: { ed25519: publicKey },
    sign: (bytes) => ({ pubKeyPrefix: publicKey, ed25519: sign(null, bytes, privateKey) }),
  };
}

/** A signer with a new ECDSA secp256k1 key. */
export function ecdsaSigner(): Signer {
  const secret = secp256k1.utils.randomSecretKey();
  const publicKey = secp256k1.getPublicKey(secret, true);
  return {
    key: { ECDSASecp256k1: publicKey },
    sign: (bytes) => ({
      pubKeyPrefix: publicKey,
      ECDSASecp256k1: secp256k1.sign(keccak_256(bytes), secret, { prehash: false }),
    }),
  };
}

/** A key of which `threshold` of the signers' keys must sign. */
export function thresholdKey(threshold: number, ...signers: Signer[]): proto.IKey {
  return { thresholdKey: { threshold, keys: { keys: signers.map(({ key }) => key) } } };
}

/** How a test transaction differs from a plain one of the genesis account. */
export interface TransactionOptions {
  readonly payer?: AccountId;
  readonly signers?: readonly Signer[];
  readonly node?: AccountId;
  readonly maxFee?: Tinybar;
  readonly validStart?: Timestamp;
  readonly durationSeconds?: number;
  readonly memo?: string;
  readonly batchKey?: proto.IKey;
}

/** The signer of the genesis account. */
export const OPERATOR: Signer = ed25519Signer(GENESIS_OPERATOR.privateKey);

/** 1 HBAR is 10 cents. */
const RATE = { hbarEquivalent: 30_000, centEquivalent: 300_000, expirationSeconds: 1_700_003_600 };

/** A ledger under a test's control: its clock stands still until the test moves it, and it keeps every record. */
export class LedgerFixture {
  time: Timestamp = timestampOf(1_700_000_000n);
  readonly items: RecordItem[] = [];
  readonly faults: unknown[] = [];
  readonly ledger: Ledger;
  #starts = 0n;

  constructor(options: Partial<Pick<LedgerOptions, "state" | "records">> & { time?: Timestamp } = {}) {
    this.time = options.time ?? this.time;
    this.ledger = new Ledger({
      now: () => this.time,
      rate: () => RATE,
      onRecord: (item) => this.items.push(item),
      onFault: (error) => this.faults.push(error),
      state: options.state ?? genesis(this.time),
      ...(options.records && { records: options.records }),
    });
  }

  /** Moves the clock. */
  advance(seconds: number): void {
    this.time = addSeconds(this.time, seconds);
  }

  /** The bytes of a `SignedTransaction` with the given data. */
  signed(data: proto.ITransactionBody, options: TransactionOptions = {}): Uint8Array {
    const validStart = options.validStart ?? this.time - 1_000_000_000n - this.#starts++;
    const id = { payer: options.payer ?? GENESIS_OPERATOR.accountId, validStart, scheduled: false, nonce: 0 };
    const bodyBytes = proto.TransactionBody.encode({
      transactionID: wireTransactionId(id),
      nodeAccountID: wireAccountId(options.node ?? NODE_ACCOUNT),
      transactionFee: toLong(options.maxFee ?? 100n * TINYBARS_PER_HBAR),
      transactionValidDuration: { seconds: toLong(BigInt(options.durationSeconds ?? 120)) },
      memo: options.memo ?? "",
      ...(options.batchKey && { batchKey: options.batchKey }),
      ...data,
    }).finish();
    const sigPair = (options.signers ?? [OPERATOR]).map((signer) => signer.sign(bodyBytes));
    return proto.SignedTransaction.encode({ bodyBytes, sigMap: { sigPair } }).finish();
  }

  /** The bytes of a `Transaction` with the given data. */
  transaction(data: proto.ITransactionBody, options: TransactionOptions = {}): Uint8Array {
    return proto.Transaction.encode({ signedTransactionBytes: this.signed(data, options) }).finish();
  }

  /** A member of a batch: node 0.0.0 and the batch's key. */
  member(data: proto.ITransactionBody, batchKey: proto.IKey, options: TransactionOptions = {}): Uint8Array {
    return this.signed(data, { ...options, node: "0.0.0", batchKey });
  }

  /** Pre-check's answer to a transaction, which goes to consensus if it is `OK`. */
  submit(data: proto.ITransactionBody, options: TransactionOptions = {}): Status {
    const { status, transaction } = this.ledger.precheck(this.transaction(data, options));
    if (transaction) this.ledger.handle(transaction);
    return status;
  }

  /** Brings a transaction to consensus and returns its record and those that it set off; fails where pre-check refuses it. */
  run(data: proto.ITransactionBody, options: TransactionOptions = {}): RecordItem[] {
    const before = this.items.length;
    const status = this.submit(data, options);
    if (status !== "OK") throw new Error(`pre-check answered ${status}`);
    return this.items.slice(before);
  }

  /** The result of a transaction: pre-check's status if it refused, else the record's. */
  result(data: proto.ITransactionBody, options: TransactionOptions = {}): string {
    const before = this.items.length;
    const status = this.submit(data, options);
    return status === "OK" ? (this.items[before]?.record.result ?? "no record") : status;
  }

  /** Creates an account with a key and some HBAR. */
  createAccount(
    key: proto.IKey,
    hbar = 100n,
    more: Partial<proto.ICryptoCreateTransactionBody> = {},
  ): AccountId {
    const initialBalance = toLong(hbar * TINYBARS_PER_HBAR);
    const cryptoCreateAccount = { key, initialBalance, autoRenewPeriod: PERIOD, ...more };
    return parseAccountId(this.#created({ cryptoCreateAccount }, {}));
  }

  /** Creates a topic. */
  createTopic(more: Partial<proto.IConsensusCreateTopicTransactionBody> = {}, signers: Signer[] = []) {
    const consensusCreateTopic = { autoRenewPeriod: PERIOD, ...more };
    return parseTopicId(this.#created({ consensusCreateTopic }, { signers: [OPERATOR, ...signers] }));
  }

  /** Creates a fungible token with two decimals. */
  createToken(treasury: AccountId, signer: Signer, more: Partial<proto.ITokenCreateTransactionBody> = {}) {
    const tokenCreation = {
      name: "Token",
      symbol: "TOK",
      decimals: 2,
      initialSupply: toLong(1_000n),
      treasury: wireAccountId(treasury),
      autoRenewPeriod: PERIOD,
      autoRenewAccount: wireAccountId(treasury),
      ...more,
    };
    return parseTokenId(this.#created({ tokenCreation }, { signers: [OPERATOR, signer] }));
  }

  /** Creates a schedule. */
  createSchedule(scheduleCreate: proto.IScheduleCreateTransactionBody, options: TransactionOptions = {}) {
    return parseScheduleId(this.#created({ scheduleCreate }, options));
  }

  /** Associates an account with a token. */
  associate(account: AccountId, signer: Signer, token: ReturnType<typeof parseTokenId>): void {
    const tokenAssociate = { account: wireAccountId(account), tokens: [wireTokenId(token)] };
    const [item] = this.run({ tokenAssociate }, { signers: [OPERATOR, signer] });
    if (item?.record.result !== "SUCCESS") throw new Error(`association ended as ${item?.record.result}`);
  }

  /** All HBAR there is. */
  get totalHbar(): Tinybar {
    return this.ledger.accounts.values().reduce((sum, { balance }) => sum + balance, 0n);
  }

  /** An account's balance. */
  balance(id: AccountId): Tinybar {
    return this.ledger.accounts.get(id)?.balance ?? 0n;
  }

  #created(data: proto.ITransactionBody, options: TransactionOptions): EntityId {
    const [item] = this.run(data, options);
    if (!item?.record.entity || item.record.result !== "SUCCESS") {
      throw new Error(`creation ended as ${item?.record.result}`);
    }
    return item.record.entity;
  }
}

/** An auto-renew period that the network allows: 90 days. */
export const PERIOD: proto.IDuration = { seconds: toLong(7_776_000n) };

/** HBAR transfers of a `CryptoTransfer`. */
export function hbarTransfer(amounts: Readonly<Record<AccountId, Tinybar>>): proto.ITransactionBody {
  return { cryptoTransfer: { transfers: { accountAmounts: accountAmounts(amounts) } } };
}

/** Account amounts of a transfer list. */
export function accountAmounts(amounts: Readonly<Record<AccountId, bigint>>): proto.IAccountAmount[] {
  return Object.entries(amounts).map(([account, amount]) => ({
    accountID: wireAccountId(parseAccountId(account)),
    amount: toLong(amount),
  }));
}
