import { afterAll, beforeAll, expect, test } from "bun:test";
import { go, type Spec, stage as stageLog } from "../../festival/testing/stage.ts";
import { addSeconds } from "../../hedera/timestamp.ts";
import { transferLegs } from "../../ledger/accounts.ts";
import { type Stage, setStage } from "../../ledger/testing/stage.ts";
import { transferToken } from "../../ledger/tokens.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import { contextOf, MARKET } from "../testing/context.ts";
import { gapWork } from "./gap.ts";
import { priceAt } from "./rates.ts";

let stage: Stage;
let mirror: Mirror;
beforeAll(async () => {
  stage = await setStage();
  mirror = createMirror({ baseUrl: stage.devnet.network.mirror });
});
afterAll(() => stage.close());

/** A task of that kind, on a manifest whose pool is the worker's account. */
function begun(spec: Spec, began: bigint) {
  const { market } = MARKET.payload;
  if (market === undefined) throw new Error("there is a market");
  const pool = { ...market, token: stage.token, pool: stage.worker.account };
  const manifest = { ...MARKET, payload: { ...MARKET.payload, market: pool } };
  const log = go(stageLog({ last: spec }, manifest), "last", "assign", "start");
  return contextOf(log, mirror, { began });
}

/** Buys HBAR of the pool, or sells to it, as anybody may. */
async function swap(hbar: bigint, tokens: bigint): Promise<void> {
  const { worker, coordinator, token, operator } = stage;
  await transferLegs(operator, {
    memo: "swap",
    hbar: [
      { account: worker.account, amount: hbar },
      { account: coordinator.account, amount: -hbar },
    ],
    tokens: [
      { token, account: worker.account, amount: tokens },
      { token, account: coordinator.account, amount: -tokens },
    ],
    signers: [worker.key, coordinator.key],
  });
}

test("the gap is read from the pool's own transfers, trade by trade, up to when the task began", async () => {
  const { coordinator, worker, token } = stage;
  await transferToken(coordinator.ledger, { token, to: worker.account, amount: 100_000n });
  for (let trade = 0; trade < 13; trade += 1) {
    await swap(trade % 2 === 0 ? 500_000_000n : -400_000_000n, trade % 2 === 0 ? -4_000n : 5_000n);
  }
  await Bun.sleep(100);
  const began = (await mirror.latestBlock())?.to ?? 0n;
  const balance = await mirror.balance(worker.account);
  const tokens = balance?.tokens.find((held) => held.token === token)?.balance ?? 0n;
  const { output, metrics } = await gapWork(begun({ kind: "gap" }, began));
  const desk = Number(tokens * 100_000_000n) / Number(balance?.hbar ?? 1n);
  const reference = Number(await priceAt(mirror, began));
  expect(output.prices).toBe(13);
  expect(Number(output.last_bps)).toBeCloseTo(Math.log(desk / reference) * 10_000, 0);
  expect(metrics).toMatchObject({ prices: 13, ordered: true });

  await swap(500_000_000n, -4_000n);
  await Bun.sleep(100);
  expect((await gapWork(begun({ kind: "gap" }, began))).output).toEqual(output);
  await expect(gapWork(begun({ kind: "gap" }, addSeconds(began, -3_600)))).rejects.toMatchObject({
    code: "GAP_UNPREDICTABLE",
  });
});
