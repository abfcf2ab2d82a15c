/** What the DeFi agent says it earned, recomputed by a stranger from the mirror node's REST API, and why it earns nothing without noise. */
import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { NOISE } from "../lib/market/noise.ts";
import { allOf, entriesOf, oneOf, type RawEntry } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(400_000);

const TRADES = 6;

let stage: Stage | null = null;
afterEach(async () => {
  await stage?.stop();
  stage = null;
});

interface Move {
  readonly at: string;
  readonly hbar: bigint;
  readonly tokens: bigint;
}

/** Everything that moved the fund, from the transactions that name it. */
async function movesOf({ mirror, festival }: Stage, from: string, to: string): Promise<readonly Move[]> {
  const { fund } = festival.accounts;
  const path = `transactions?account.id=${fund}&timestamp=gt:${from}&timestamp=lte:${to}&limit=100&order=asc`;
  const sum = (legs: readonly { account: string; amount: number }[]) =>
    legs.reduce((total, { account, amount }) => (account === fund ? total + BigInt(amount) : total), 0n);
  return (await allOf(mirror, path, "transactions"))
    .map((one) => ({
      at: one.consensus_timestamp as string,
      hbar: sum(one.transfers),
      tokens: sum(one.token_transfers),
    }))
    .filter(({ hbar, tokens }) => hbar !== 0n || tokens !== 0n);
}

/** Micro-USD a HBAR at the full hour before a time. */
async function priceAt({ mirror }: Stage, at: string): Promise<bigint> {
  const hour = Math.floor(Number(at.split(".")[0]) / 3_600) * 3_600;
  const { current_rate, next_rate } = await oneOf(
    mirror,
    `network/exchangerate?timestamp=lte:${hour}.000000000`,
  );
  const rate = hour < current_rate.expiration_time ? current_rate : next_rate;
  return BigInt(Math.round((rate.cent_equivalent * 10_000) / rate.hbar_equivalent));
}

async function feesOf({ mirror, festival }: Stage, from: string, to: string): Promise<bigint> {
  const { defi } = festival.accounts;
  const path = `transactions?account.id=${defi}&timestamp=gt:${from}&timestamp=lte:${to}&limit=100`;
  return (await allOf(mirror, path, "transactions"))
    .filter(({ transaction_id }) => transaction_id.startsWith(`${defi}-`))
    .reduce((total, { charged_tx_fee }) => total + BigInt(charged_tx_fee), 0n);
}

async function reportsOf({ mirror, festival }: Stage): Promise<readonly RawEntry[]> {
  return (await entriesOf(mirror, festival.vitals)).filter(({ type }) => type === "pnl_report");
}

const worth = (hbar: bigint, price: bigint) => (hbar * price) / 100_000_000n;

describe("profit and loss", () => {
  test("of the last report is what the ledger's transfers come to, to the tinybar", async () => {
    stage = await openStage({
      noise: { ...NOISE, everySeconds: 2 },
      planChanges: { everySeconds: 1 },
    });
    const isTrade = ({ type }: RawEntry) => type === "trade_settled";
    const isCommit = ({ type }: RawEntry) => type === "festival_commit";
    const entries = await stage.until((entry, index, all) => {
      const before = all.slice(0, index);
      return isCommit(entry) && before.filter(isTrade).length >= TRADES && before.some(sold);
    });
    const commits = entries.filter(isCommit).length;
    let reports = await reportsOf(stage);
    while (reports.length < commits) {
      await Bun.sleep(100);
      reports = await reportsOf(stage);
    }
    const said = reports.at(-1)?.payload;
    const { from, to } = said;
    expect(from).toBe(entries[0]?.timestamp);
    expect(entries.some((entry) => isCommit(entry) && entry.timestamp <= to)).toBe(true);

    const moves = await movesOf(stage, from, to);
    const { fund } = stage.festival.accounts;
    const until = `account.id=${fund}&timestamp=${to}`;
    const closing = (await oneOf(stage.mirror, `balances?${until}`)).balances[0];
    const hbar = BigInt(closing.balance);
    const tokens = BigInt(closing.tokens[0].balance);
    expect(said.closing).toMatchObject({ hbar: `${hbar}`, tokens: `${tokens}` });
    const movedHbar = moves.reduce((sum, move) => sum + move.hbar, 0n);
    const movedTokens = moves.reduce((sum, move) => sum + move.tokens, 0n);
    expect(said.opening).toMatchObject({ hbar: `${hbar - movedHbar}`, tokens: `${tokens - movedTokens}` });
    const [open, close] = [await priceAt(stage, from), await priceAt(stage, to)];
    expect([said.opening.price, said.closing.price]).toEqual([`${open}`, `${close}`]);

    // First in, first out, the opening balance first.
    const lots = [{ hbar: hbar - movedHbar, cost: worth(hbar - movedHbar, open) }];
    let realised = 0n;
    for (const move of moves) {
      if (move.hbar > 0n) lots.push({ hbar: move.hbar, cost: -move.tokens });
      let left = move.hbar < 0n ? -move.hbar : 0n;
      let cost = 0n;
      while (left > 0n) {
        const [lot] = lots;
        if (lot === undefined) throw new Error("the fund sold what it had not");
        const taken = left < lot.hbar ? left : lot.hbar;
        const part = taken === lot.hbar ? lot.cost : (lot.cost * taken) / lot.hbar;
        lots[0] = { hbar: lot.hbar - taken, cost: lot.cost - part };
        if (lots[0].hbar === 0n) lots.shift();
        left -= taken;
        cost += part;
      }
      if (move.hbar < 0n) realised += move.tokens - cost;
    }
    const unrealised = worth(hbar, close) - lots.reduce((sum, lot) => sum + lot.cost, 0n);
    const fees = await feesOf(stage, from, to);
    const feesValue = (fees * close + 99_999_999n) / 100_000_000n;
    const holding = worth(hbar - movedHbar, close) - worth(hbar - movedHbar, open);
    const trading = realised + unrealised - holding;
    expect(said).toMatchObject({
      trades: moves.length,
      realised: `${realised}`,
      unrealised: `${unrealised}`,
      network_fees: `${fees}`,
      net: `${realised + unrealised - feesValue}`,
      holding: `${holding}`,
      trading: `${trading}`,
      desk: `${-trading}`,
      turnover: `${moves.reduce((sum, move) => sum + (move.tokens < 0n ? -move.tokens : move.tokens), 0n)}`,
      is_self_sustaining: realised > feesValue,
    });
  });

  test("is none without the noise trader: the agent makes no trade, and says why", async () => {
    stage = await openStage({ noise: null, planChanges: { everySeconds: 1 } });
    const committed = (entry: RawEntry) => entry.type === "festival_commit";
    const entries = await stage.until(
      (entry, index, all) => committed(entry) && all.slice(0, index).some(committed),
    );
    const held = entries.filter(({ type, task_id }) => type === "task_result" && task_id === "3.1.1");
    expect(held.length).toBeGreaterThanOrEqual(2);
    for (const { payload } of held) {
      expect(payload.output).toEqual({
        outcome: "held",
        reason: "nobody else traded with the desk lately, so its price comes back to nothing",
      });
    }
    // A hold is a result like any other, and paid with the plan's reward for the task.
    expect(entries.some(({ type, task_id }) => type === "payment_settled" && task_id === "3.1.1")).toBe(true);
    const [first] = entries;
    expect(await movesOf(stage, first?.timestamp ?? "", entries.at(-1)?.timestamp ?? "")).toEqual([]);
  });
});

function sold({ type, payload }: RawEntry): boolean {
  return type === "trade_settled" && payload.side === "sell";
}
