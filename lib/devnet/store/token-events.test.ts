import { expect, test } from "bun:test";
import { parseAccountId, parseTokenId } from "../../hedera/id.ts";
import { tokenEvents } from "./token-events.ts";

const TOKEN = parseTokenId("0.0.9");
const account = (n: number) => parseAccountId(`0.0.${n}`);

/** Transfers as `[account, amount]` to events as `from>to amount`. */
function events(...transfers: [number, bigint][]): string[] {
  const own = transfers.map(([n, amount]) => ({ token: TOKEN, account: account(n), amount }));
  return tokenEvents(own).map(
    ({ from, to, amount }) => `${from?.slice(4) ?? 0}>${to?.slice(4) ?? 0} ${amount}`,
  );
}

test("one sender and one receiver are one event", () => {
  expect(events([1, -5n], [2, 5n])).toEqual(["1>2 5"]);
});

test("several are paired from the largest amount on", () => {
  expect(events([1, -3n], [2, -7n], [3, 4n], [4, 6n])).toEqual(["2>4 6", "2>3 1", "1>3 3"]);
});

test("of equal amounts the lower account goes first", () => {
  expect(events([10, -2n], [9, -2n], [3, 4n])).toEqual(["9>3 2", "10>3 2"]);
});

test("a mint comes from zero and a burn goes there", () => {
  expect(events([1, 8n])).toEqual(["0>1 8"]);
  expect(events([1, -8n])).toEqual(["1>0 8"]);
});

test("tokens are not mixed", () => {
  const other = parseTokenId("0.0.10");
  const mixed = tokenEvents([
    { token: TOKEN, account: account(1), amount: -1n },
    { token: TOKEN, account: account(2), amount: 1n },
    { token: other, account: account(1), amount: 1n },
    { token: other, account: account(2), amount: -1n },
  ]);
  expect(mixed.map(({ token, from }) => [token, from])).toEqual([
    [TOKEN, account(1)],
    [other, account(2)],
  ]);
});
