import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "../devnet/devnet.ts";
import { foldAll } from "../festival/fold.ts";
import { type Ledger, openLedger } from "../ledger/client.ts";
import { NOISE, noiseError } from "../market/noise.ts";
import { midPrice } from "../market/pool.ts";
import { createMirror, type Mirror } from "../mirror/client.ts";
import { systemClock } from "../mirror/clock.ts";
import { createLogger } from "./logger.ts";
import type { Pass } from "./loop.ts";
import { NoiseTrader } from "./noise-trader.ts";
import { Deployment } from "./setup/deployment.ts";
import { endowmentFor } from "./setup/endowment.ts";
import type { Festival } from "./setup/options.ts";
import { setUp } from "./setup/setup.ts";
import { holdingsOf } from "./work/balance.ts";
import { priceAt } from "./work/rates.ts";

// A real network on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(120_000);

const root = mkdtempSync(join(tmpdir(), "noise-"));

let devnet: Devnet;
let operator: Ledger;
let mirror: Mirror;
let festival: Festival;
let deployment: Deployment;
let traders: NoiseTrader[] = [];

beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  const { accountId: account, privateKey: hex } = devnet.operator;
  operator = openLedger({ network: devnet.network, account, key: { type: "ED25519", hex } });
  mirror = createMirror({ baseUrl: devnet.network.mirror });
  deployment = await Deployment.open(join(root, "one"), "devnet");
  festival = await setUp({
    operator,
    deployment,
    endowment: endowmentFor("devnet"),
    noise: { ...NOISE, everySeconds: 1 },
    festival: { id: "N1", name: "Noise" },
  });
});
afterAll(async () => {
  operator.close();
  await devnet.stop();
  rmSync(root, { recursive: true });
});

async function start(network = "devnet"): Promise<void> {
  const key = deployment.keyOf("desk");
  const trader = new NoiseTrader({
    log: festival.log,
    network,
    mirror,
    open: (account) => openLedger({ network: devnet.network, account, key }),
    logger: createLogger("desk-001", "silent"),
    clock: systemClock,
  });
  traders.push(trader);
  trader.update(await pass());
}

async function pass(): Promise<Pass> {
  const { items } = await mirror.topicMessages({ topic: festival.log, order: "asc" });
  return { state: foldAll(items), caughtUp: true, last: null, active: [] };
}

/** The noise trades on the ledger, oldest first. */
async function trades() {
  const account = festival.noise ?? "0.0.0";
  const { items } = await mirror.transactions({ account, order: "asc", limit: 100 });
  return items.filter(({ memo }) => memo.startsWith("noise "));
}

async function untilTrades(count: number) {
  for (;;) {
    const found = await trades();
    if (found.length >= count) return found;
    await Bun.sleep(50);
  }
}

test("two copies of it make each trade once, under the id of its time, to the rate with the seed's error", async () => {
  await start();
  await start();
  const found = await untilTrades(4);
  for (const trader of traders) trader.stop();
  traders = [];
  const numbers = found.map(({ memo }) => Number(/^noise (\d+) of/.exec(memo)?.[1]));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers[0]).toBe(0);
  expect(found.slice(1).every(({ id }) => id.payer === festival.noise)).toBe(true);
  expect(found.every(({ result }) => result === "SUCCESS")).toBe(true);

  const last = numbers.at(-1) ?? 0;
  const balance = await mirror.balance(festival.accounts.pool);
  if (balance === null) throw new Error("there is a pool");
  const reference = await priceAt(mirror, found.at(-1)?.timestamp ?? 0n);
  const mid = midPrice({ ...holdingsOf(balance, festival.stablecoin), feeBps: 0n });
  const off = Number(((mid - reference) * 10_000n) / reference) - Number(noiseError(NOISE, last));
  expect(Math.abs(off)).toBeLessThanOrEqual(5);
});

test("there is none anywhere but on devnet, whatever the manifest says", async () => {
  const before = (await trades()).length;
  await start("testnet");
  await Bun.sleep(2_500);
  expect((await trades()).length).toBe(before);
});
