import {
  Client,
  Status,
  StatusError,
  Transaction,
  TransactionId,
  TransactionReceiptQuery,
} from "@hashgraph/sdk";
import { proto } from "@hiero-ledger/proto";
import type { AccountId, TokenId, TopicId } from "../../../hedera/id.ts";
import { type ConsensusServer, startConsensusServer } from "../../consensus/server.ts";
import {
  accountAmounts,
  type ecdsaSigner,
  ed25519Signer,
  hbarTransfer,
  LedgerFixture,
  OPERATOR,
  PERIOD,
  type TransactionOptions,
} from "../fixture.ts";
import { wireAccountId, wireTokenId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import type { StatusRow } from "./row.ts";

type Signer = ReturnType<typeof ecdsaSigner>;

/** A ledger with a consensus node before it and the SDK before that, and a few people on it. */
export class Stage {
  readonly fixture = new LedgerFixture();
  readonly alice = ed25519Signer();
  readonly bob = ed25519Signer();
  readonly aliceId: AccountId;
  readonly bobId: AccountId;
  /** Alice is its treasury and holds every key; it has 1,000 units. */
  readonly token: TokenId;
  /** Alice administers it and may submit. */
  readonly topic: TopicId;
  readonly #server: ConsensusServer;
  readonly #client: Client;

  private constructor(fixture: LedgerFixture, server: ConsensusServer) {
    this.fixture = fixture;
    this.#server = server;
    this.#client = Client.forNetwork({ [`127.0.0.1:${server.port}`]: "0.0.3" })
      .setMaxAttempts(1)
      .setDefaultRegenerateTransactionId(false);
    this.aliceId = fixture.createAccount(this.alice.key, 10_000n);
    this.bobId = fixture.createAccount(this.bob.key, 10_000n);
    this.token = this.createToken({ adminKey: this.alice.key });
    const { key } = this.alice;
    this.topic = fixture.createTopic({ adminKey: key, submitKey: key }, [this.alice]);
  }

  static async open(): Promise<Stage> {
    const fixture = new LedgerFixture();
    return new Stage(fixture, await startConsensusServer({ ledger: fixture.ledger, port: 0 }));
  }

  async close(): Promise<void> {
    this.#client.close();
    await this.#server.close();
  }

  /** Submits what a row says and returns the status that it ends with, wherever that was. */
  async statusOf(row: StatusRow): Promise<string> {
    const { data, options, raw } = row.attempt(this);
    if (raw instanceof Uint8Array) return this.#rawStatus(raw);
    if (!row.bySdk) return this.fixture.result(data, options);
    return this.#sdkStatus(this.fixture.signed(data, options));
  }

  /** Options of a transaction that others than the genesis account sign, too. */
  by(...signers: Signer[]): TransactionOptions {
    return { signers: [OPERATOR, ...signers] };
  }

  /** A token of Alice's with all keys but the admin key. */
  createToken(more: Partial<proto.ITokenCreateTransactionBody> = {}): TokenId {
    return this.fixture.createToken(this.aliceId, this.alice, { supplyKey: this.alice.key, ...more });
  }

  /** A new account with HBAR that nobody else knows, and who signs for it. */
  newcomer(more: Partial<proto.ICryptoCreateTransactionBody> = {}): { id: AccountId; signer: Signer } {
    const signer = ed25519Signer();
    const id = this.fixture.createAccount(signer.key, 0n, more);
    this.pay("0.0.2", id, 100_000_000n, signer);
    return { id, signer };
  }

  /** Moves HBAR. */
  pay(from: AccountId, to: AccountId, tinybars: bigint, ...signers: Signer[]): void {
    this.fixture.run(hbarTransfer({ [from]: -tinybars, [to]: tinybars }), this.by(...signers));
  }

  /** A transfer of token units from Alice. */
  units(token: TokenId, to: AccountId, units: bigint, decimals?: number): proto.ITransactionBody {
    const transfers = accountAmounts({ [this.aliceId]: -units, [to]: units });
    const expectedDecimals = decimals === undefined ? null : { value: decimals };
    return {
      cryptoTransfer: { tokenTransfers: [{ token: wireTokenId(token), transfers, expectedDecimals }] },
    };
  }

  /** Deletes an account; the genesis account inherits. */
  deleted({ id, signer }: { id: AccountId; signer: Signer }): AccountId {
    const cryptoDelete = { deleteAccountID: wireAccountId(id), transferAccountID: wireAccountId("0.0.2") };
    this.fixture.run({ cryptoDelete }, this.by(signer));
    return id;
  }

  /** A token of Alice's that was deleted. */
  deletedToken(): TokenId {
    const token = this.createToken({ adminKey: this.alice.key });
    this.fixture.run({ tokenDeletion: { token: wireTokenId(token) } }, this.by(this.alice));
    return token;
  }

  /** A creation of a token, all well but for what is said. */
  tokenCreation(more: Partial<proto.ITokenCreateTransactionBody>): proto.ITransactionBody {
    const treasury = wireAccountId("0.0.2");
    return { tokenCreation: { name: "T", symbol: "T", treasury, autoRenewPeriod: PERIOD, ...more } };
  }

  /** A transfer for a schedule to hold, which Bob must sign, or whoever is named. */
  scheduled(from: AccountId = this.bobId, amount = 5n): proto.ISchedulableTransactionBody {
    return { ...hbarTransfer({ [from]: -amount, "0.0.2": amount }), transactionFee: toLong(100_000_000n) };
  }

  #rawStatus(bytes: Uint8Array): string {
    const before = this.fixture.items.length;
    const { status, transaction } = this.fixture.ledger.precheck(bytes);
    if (!transaction) return status;
    this.fixture.ledger.handle(transaction);
    return this.fixture.items[before]?.record.result ?? "no record";
  }

  async #sdkStatus(signed: Uint8Array): Promise<string> {
    const list = { transactionList: [{ signedTransactionBytes: signed }] };
    const transaction = Transaction.fromBytes(proto.TransactionList.encode(list).finish());
    try {
      const { transactionId } = await transaction.execute(this.#client);
      const query = new TransactionReceiptQuery().setTransactionId(
        TransactionId.fromString(`${transactionId}`),
      );
      return (await query.setValidateStatus(false).execute(this.#client)).status.toString();
    } catch (error) {
      if (error instanceof StatusError && error.status instanceof Status) return error.status.toString();
      throw error;
    }
  }
}
