import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import type { AccountId } from "../../hedera/id.ts";
import { addSeconds } from "../../hedera/timestamp.ts";
import { transferHbar, transferLegs } from "../../ledger/accounts.ts";
import { type Ledger, openLedger } from "../../ledger/client.ts";
import type { SigningKey } from "../../ledger/key.ts";
import { transferToken } from "../../ledger/tokens.ts";
import { NOISE, noiseTrade } from "../../market/noise.ts";
import { midPrice, poolAt } from "../../market/pool.ts";
import { swapLegs } from "../../market/swap.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import { MirrorUnavailable } from "../../mirror/error.ts";
import { Deployment } from "../setup/deployment.ts";
import { endowmentFor } from "../setup/endowment.ts";
import type { Festival } from "../setup/options.ts";
import { setUp } from "../setup/setup.ts";
import { balanceAt, holdingsOf } from "./balance.ts";
import { bookBegins, readBook } from "./book.ts";
import { othersTrades } from "./pool.ts";
import { priceAt } from "./rates.ts";

setDefaultTimeout(120_000);

const root = mkdtempSync(join(tmpdir(), "book-"));
const endowment = endowmentFor("devnet");
const HBAR = 100_000_000n;

let devnet: Devnet;
let operator: Ledger;
let mirror: Mirror;
let festival: Festival;
let deployment: Deployment;
let owner: { fund: AccountId; pool: AccountId; token: Festival["stablecoin"] };

beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  const { accountId: account, privateKey: hex } = devnet.operator;
  operator = openLedger({ network: devnet.network, account, key: { type: "ED25519", hex } });
  mirror = createMirror({ baseUrl: devnet.network.mirror });
  deployment = await Deployment.open(join(root, "one"), "devnet");
  const noise = { ...NOISE, everySeconds: 3_600 };
  festival = await setUp({ operator, deployment, endowment, noise, festival: { id: "B1", name: "Book" } });
  owner = { fund: festival.accounts.fund, pool: festival.accounts.pool, token: festival.stablecoin };
});
afterAll(async () => {
  operator.close();
  await devnet.stop();
  rmSync(root, { recursive: true });
});

const now = async () => (await mirror.latestBlock())?.to ?? 0n;
const held = async (account: AccountId) =>
  holdingsOf(await balanceAt(mirror, account, await now()), owner.token);
const keys = (...parties: readonly ("defi" | "coordinator" | "desk")[]): SigningKey[] =>
  parties.map((party) => deployment.keyOf(party));

/** A swap of the fund with the pool, signed by everybody. */
function swap(side: "buy" | "sell", hbar: bigint, tokens: bigint): Promise<void> {
  const { fund, pool: desk, token } = owner;
  const legs = swapLegs({ side, hbar, tokens, fund, desk, token });
  return transferLegs(operator, { ...legs, memo: "", signers: keys("defi", "coordinator", "desk") });
}

describe("the desk's pool", () => {
  test("was opened at the network's rate, and then the noise trader made its first trade", async () => {
    const reference = await priceAt(mirror, await now());
    const pool = poolAt(reference, endowment.pool, 30n);
    const holdings = { hbar: endowment.noise, tokens: endowment.noiseTokens };
    const first = noiseTrade(NOISE, 0, { pool, reference, holdings });
    const { hbar, tokens } = await held(owner.pool);
    expect({ hbar, tokens }).toEqual({
      hbar: pool.hbar + (first?.hbar ?? 0n),
      tokens: pool.tokens - (first?.tokens ?? 0n),
    });
    const { token, fund, pool: account } = owner;
    expect(await othersTrades(mirror, { pool: account, fund, token, at: await now() })).toBe(1);
    const { items } = await mirror.transactions({ account });
    expect(items.map(({ memo }) => memo)).toContain('noise 0 of "fest-agents noise 335"');
    expect(midPrice({ hbar, tokens, feeBps: 0n })).toBeLessThan(reference);
  });

  test("takes nothing that the desk did not sign, so that its price moves by trades alone", async () => {
    const before = await held(owner.pool);
    await expect(transferHbar(operator, { to: owner.pool, amount: HBAR })).rejects.toMatchObject({
      code: "INVALID_SIGNATURE",
    });
    const gift = { token: owner.token, from: owner.fund, to: owner.pool, amount: 1n };
    const signers = keys("defi", "coordinator");
    await expect(transferToken(operator, { ...gift, signers })).rejects.toMatchObject({
      code: "INVALID_SIGNATURE",
    });
    expect(await held(owner.pool)).toEqual(before);
  });
});

describe("a balance at a time", () => {
  test("is what was held then, whatever came since, a stranger's gift too", async () => {
    const at = await now();
    const before = await held(owner.fund);
    await transferHbar(operator, { to: owner.fund, amount: 7n });
    await swap("buy", 10n * HBAR, 2_000_000n);
    expect(holdingsOf(await balanceAt(mirror, owner.fund, at), owner.token)).toEqual(before);
    expect(await held(owner.fund)).toEqual({
      hbar: before.hbar + 10n * HBAR + 7n,
      tokens: before.tokens - 2_000_000n,
    });
  });

  test("is not known while the mirror node is not so far, nor of an account that it does not know", async () => {
    const later = addSeconds(await now(), 60);
    await expect(balanceAt(mirror, owner.fund, later)).rejects.toBeInstanceOf(MirrorUnavailable);
    await expect(balanceAt(mirror, "0.0.999999", await now())).rejects.toBeInstanceOf(MirrorUnavailable);
  });
});

describe("the fund's book", () => {
  test("has every swap with the pool, and everything else as what it is: a gift, or a loss", async () => {
    const from = await now();
    const opening = await held(owner.fund);
    await swap("buy", 100n * HBAR, 19_000_000n);
    await transferHbar(operator, { to: owner.fund, amount: 5n });
    const middle = await now();
    await swap("sell", 50n * HBAR, 10_000_000n);
    await transferHbar(operator, {
      from: owner.fund,
      to: operator.account,
      amount: 3n,
      signers: keys("defi", "coordinator"),
    });
    const to = await now();
    const book = await readBook(mirror, owner, from, to);
    expect(book.opening).toMatchObject(opening);
    expect(book.swaps.map(({ side, hbar, tokens }) => ({ side, hbar, tokens }))).toEqual([
      { side: "buy", hbar: 100n * HBAR, tokens: 19_000_000n },
      { side: "sell", hbar: 50n * HBAR, tokens: 10_000_000n },
    ]);
    expect(book.deposits.map(({ hbar, tokens }) => ({ hbar, tokens }))).toEqual([
      { hbar: 5n, tokens: 0n },
      { hbar: -3n, tokens: 0n },
    ]);
    const part = await readBook(mirror, owner, middle, to);
    expect(part.opening.hbar).toBe(opening.hbar + 100n * HBAR + 5n);
    expect(part.swaps).toHaveLength(1);
    expect((await readBook(mirror, owner, from, to)).swaps).toEqual(book.swaps);
  });

  test("begins with the log, or on the full hour a day before", () => {
    const hour = 3_600_000_000_000n;
    const at = 500n * hour + 5n;
    expect(bookBegins(at, at - hour)).toBe(at - hour);
    expect(bookBegins(at, 0n)).toBe(476n * hour);
  });
});
