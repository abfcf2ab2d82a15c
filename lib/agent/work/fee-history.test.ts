import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import type { AccountId } from "../../hedera/id.ts";
import { fromMillis, type Timestamp, timestampOf } from "../../hedera/timestamp.ts";
import { transferHbar } from "../../ledger/accounts.ts";
import { type Ledger, openLedger } from "../../ledger/client.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import { systemClock } from "../../mirror/clock.ts";
import { FeeHistory } from "./fee-history.ts";
import { feesBetween } from "./fees.ts";

setDefaultTimeout(120_000);

const HOUR = timestampOf(3_600);

let time: Timestamp = fromMillis(Date.now());
let devnet: Devnet;
let operator: Ledger;
let mirror: Mirror;
let account: AccountId;

beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0, now: () => time });
  account = devnet.operator.accountId;
  const key = { type: "ED25519", hex: devnet.operator.privateKey } as const;
  const clock = { ...systemClock, now: () => time };
  operator = openLedger({ network: devnet.network, account, key, clock });
  mirror = createMirror({ baseUrl: devnet.network.mirror });
});
afterAll(async () => {
  operator.close();
  await devnet.stop();
});

/** Has the account charged at a time, and says when it was. */
async function chargedAt(at: Timestamp): Promise<Timestamp> {
  time = at;
  await transferHbar(operator, { to: "0.0.800", amount: 1n });
  const { items } = await mirror.transactions({ account, limit: 1, order: "desc" });
  return items[0]?.timestamp ?? 0n;
}

test("the fees of a period are those that a reader of every transaction finds, hour after hour", async () => {
  const nextHour = time - (time % HOUR) + HOUR;
  const began = await chargedAt(nextHour + HOUR / 2n);
  const history = new FeeHistory(mirror, account);
  const compare = async (from: Timestamp, to: Timestamp) => {
    const fees = await history.between(from, to);
    expect(fees).toBe(await feesBetween(mirror, [account], from, to + 1n));
    return fees;
  };
  let whole = 0n;
  for (const hours of [0n, 0n, 1n, 1n, 2n, 5n]) {
    const last = await chargedAt(time + HOUR * hours + timestampOf(40));
    expect(await compare(began, last - 1n)).toBe(whole);
    whole = await compare(began, last);
  }
  const withoutFirst = await compare(nextHour + HOUR, time);
  expect(withoutFirst).toBeLessThan(whole);
  expect(await compare(nextHour + 3n * HOUR, time)).toBeLessThan(withoutFirst);
});
