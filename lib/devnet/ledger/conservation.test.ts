import { expect, test } from "bun:test";
import { proto } from "@hiero-ledger/proto";
import { type AccountId, parseAccountId, type TokenId } from "../../hedera/id.ts";
import {
  accountAmounts,
  ed25519Signer,
  hbarTransfer,
  LedgerFixture,
  OPERATOR,
  PERIOD,
  type Signer,
} from "./fixture.ts";
import { TOTAL_SUPPLY } from "./genesis.ts";
import { wireAccountId, wireScheduleId, wireTokenId, wireTopicId } from "./wire/id.ts";
import { toLong } from "./wire/int64.ts";

const SEED = 20_261_121;
const TRANSACTIONS = 10_000;
/** The books are added up after so many. */
const AUDIT_EVERY = 100;
const TIMEOUT_MS = 120_000;

/** A generator of whole numbers below a bound (mulberry32), so that a failure can be repeated. */
function seeded(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}

/** Makes random transactions, about half of them invalid in one way or another. */
class Chaos {
  readonly fixture = new LedgerFixture();
  readonly #random = seeded(SEED);
  readonly #signers: Signer[] = [1, 2, 3, 4].map(() => ed25519Signer());
  readonly #owners = new Map<AccountId, Signer>();
  readonly #tokens: TokenId[] = [];

  constructor() {
    for (const signer of this.#signers) {
      const id = this.fixture.createAccount(signer.key, 5_000n, { maxAutomaticTokenAssociations: 2 });
      this.#owners.set(id, signer);
      this.#tokens.push(this.fixture.createToken(id, signer, { supplyKey: signer.key }));
    }
  }

  step(): void {
    const payer = this.#account();
    const signers =
      this.#random(8) === 0 ? [OPERATOR] : [this.#owners.get(payer) ?? OPERATOR, ...this.#someSigners(payer)];
    this.fixture.submit(this.#data(payer), {
      payer,
      signers,
      maxFee: this.#random(8) === 0 ? 150_000n : 1_000_000_000n,
    });
    if (this.#random(20) === 0) this.fixture.advance(this.#random(700));
  }

  #data(payer: AccountId): proto.ITransactionBody {
    const token = wireTokenId(this.#tokens[this.#random(this.#tokens.length)] ?? "0.0.1");
    const amount = toLong(BigInt(this.#random(1_500)));
    const data: (() => proto.ITransactionBody)[] = [
      () => this.#transfer(),
      () => this.#transfer(),
      () => this.#toAlias(payer),
      () => this.#batch(payer),
      () => ({ tokenMint: { token, amount } }),
      () => ({ tokenBurn: { token, amount } }),
      () => ({ tokenAssociate: { account: wireAccountId(this.#account()), tokens: [token] } }),
      () => ({ tokenDissociate: { account: wireAccountId(this.#account()), tokens: [token] } }),
      () => ({
        scheduleCreate: {
          scheduledTransactionBody: { ...this.#transfer(), transactionFee: toLong(100_000_000n) },
        },
      }),
      () => ({
        scheduleSign: {
          scheduleID: wireScheduleId([...this.fixture.ledger.schedules.keys()].at(-1) ?? "0.0.1"),
        },
      }),
      () => ({
        cryptoCreateAccount: {
          key: this.#owners.get(payer)?.key ?? OPERATOR.key,
          autoRenewPeriod: PERIOD,
          initialBalance: toLong(BigInt(this.#random(2_000))),
        },
      }),
      () => ({
        cryptoDelete: {
          deleteAccountID: wireAccountId(parseAccountId(`0.0.${1_009 + this.#random(40)}`)),
          transferAccountID: wireAccountId(this.#account()),
        },
      }),
      () => ({
        consensusSubmitMessage: { topicID: wireTopicId("0.0.4242"), message: Buffer.from("nobody listens") },
      }),
    ];
    return data[this.#random(data.length)]?.() ?? {};
  }

  #transfer(): proto.ITransactionBody {
    const [from, to] = [this.#account(), this.#account()];
    const hbar = BigInt(this.#random(3_000_000));
    const units = BigInt(this.#random(600));
    const transfers = this.#random(2) === 0 ? accountAmounts({ [from]: -units, [to]: units }) : [];
    const token = wireTokenId(this.#tokens[this.#random(this.#tokens.length)] ?? "0.0.1");
    const { cryptoTransfer } = hbarTransfer({
      [from]: -hbar,
      [to]: this.#random(10) === 0 ? hbar + 1n : hbar,
    });
    return {
      cryptoTransfer: {
        ...cryptoTransfer,
        tokenTransfers: transfers.length > 0 ? [{ token, transfers }] : [],
      },
    };
  }

  /** HBAR and tokens for one of a few keys and addresses that have no account at first. */
  #toAlias(from: AccountId): proto.ITransactionBody {
    const bytes = new Uint8Array(this.#random(4) === 0 ? 20 : 32).fill(1 + this.#random(6));
    const alias = bytes.length === 20 ? bytes : proto.Key.encode({ ed25519: bytes }).finish();
    const amount = BigInt(this.#random(5_000));
    const to = (units: bigint) => ({ accountID: { alias }, amount: toLong(units) });
    const transfers = [...accountAmounts({ [from]: -1n }), to(1n)];
    const token = wireTokenId(this.#tokens[this.#random(this.#tokens.length)] ?? "0.0.1");
    return {
      cryptoTransfer: {
        transfers: { accountAmounts: [...accountAmounts({ [from]: -amount }), to(amount)] },
        tokenTransfers: this.#random(2) === 0 ? [{ token, transfers }] : [],
      },
    };
  }

  #batch(payer: AccountId): proto.ITransactionBody {
    const signer = this.#owners.get(payer) ?? OPERATOR;
    const members = Array.from({ length: 1 + this.#random(4) }, () =>
      this.fixture.member(this.#transfer(), signer.key, {
        payer,
        signers: [signer, ...this.#someSigners(payer)],
      }),
    );
    return { atomicBatch: { transactions: members } };
  }

  #someSigners(payer: AccountId): Signer[] {
    return this.#signers.filter((signer) => signer !== this.#owners.get(payer) && this.#random(3) > 0);
  }

  #account(): AccountId {
    const ids = [...this.#owners.keys()];
    return ids[this.#random(ids.length)] ?? "0.0.2";
  }
}

/** Adds up all HBAR and every token. */
function audit(fixture: LedgerFixture): void {
  expect(fixture.totalHbar).toBe(TOTAL_SUPPLY);
  const held = new Map<TokenId, bigint>();
  for (const { token, balance } of fixture.ledger.relations.values()) {
    expect(balance >= 0n).toBe(true);
    held.set(token, (held.get(token) ?? 0n) + balance);
  }
  for (const { id, totalSupply } of fixture.ledger.tokens.values()) expect(held.get(id)).toBe(totalSupply);
  for (const { balance } of fixture.ledger.accounts.values()) expect(balance >= 0n).toBe(true);
}

test(
  `money is conserved over ${TRANSACTIONS} random transactions, valid and invalid (seed ${SEED})`,
  () => {
    const chaos = new Chaos();
    const { fixture } = chaos;
    for (let i = 1; i <= TRANSACTIONS; i++) {
      chaos.step();
      if (i % AUDIT_EVERY === 0) audit(fixture);
    }
    expect(fixture.faults).toEqual([]);
    let previous = 0n;
    for (const { record } of fixture.items) {
      expect(record.transfers.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
      expect(record.consensusTimestamp > previous).toBe(true);
      previous = record.consensusTimestamp;
    }
    const results = new Set(fixture.items.map(({ record }) => `${record.type} ${record.result}`));
    for (const result of [
      "ATOMICBATCH SUCCESS",
      "ATOMICBATCH INNER_TRANSACTION_FAILED",
      "CRYPTOTRANSFER SUCCESS",
      "CRYPTOTRANSFER REVERTED_SUCCESS",
      "CRYPTOCREATEACCOUNT SUCCESS",
      "CRYPTODELETE SUCCESS",
      "SCHEDULESIGN SUCCESS",
      "TOKENMINT SUCCESS",
      "TOKENBURN INSUFFICIENT_TOKEN_BALANCE",
    ]) {
      expect(results).toContain(result);
    }
    expect(fixture.items.some(({ record }) => record.scheduled)).toBe(true);
    expect(fixture.items.some(({ record }) => record.nonce > 0)).toBe(true);
  },
  TIMEOUT_MS,
);
