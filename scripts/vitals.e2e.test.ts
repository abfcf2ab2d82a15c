import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { AGENTS } from "../lib/agent/setup/deployment.ts";
import { parseHbar } from "../lib/hedera/amount.ts";
import { transferHbar } from "../lib/ledger/accounts.ts";
import { openLedger } from "../lib/ledger/client.ts";
import { allOf, entriesOf, oneOf, type RawEntry } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(180_000);

const committed = (entry: RawEntry) => entry.type === "festival_commit";

/** What `bun run status --json` says. */
async function statusOf({ mirror, log }: Stage) {
  const argv = [process.execPath, `${import.meta.dir}/status.ts`, "--json", "--log", log, "--mirror", mirror];
  const child = Bun.spawn(argv, { stdio: ["ignore", "pipe", "inherit"] });
  const status = JSON.parse(await new Response(child.stdout).text());
  return {
    ...status,
    of: (agent: string) => status.agents.find((one: { agent: string }) => one.agent === agent),
  };
}

/** Reads the vitals until an entry satisfies `wanted`. */
async function heard(stage: Stage, wanted: (entry: RawEntry) => boolean): Promise<readonly RawEntry[]> {
  for (;;) {
    const entries = await entriesOf(stage.mirror, stage.festival.vitals);
    if (entries.some(wanted)) return entries;
    await Bun.sleep(100);
  }
}

describe("an agent that is killed for good", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ endowment: { heartbeatSeconds: 1, lostSeconds: 8 } });
    await stage.until(committed);
  });
  afterAll(() => stage?.stop());

  test("is announced by the network at the expiry of its own schedule, and no other agent is", async () => {
    await heard(stage, ({ type, payload }) => type === "heartbeat" && payload.agent_id === AGENTS.desk);
    await stage.agents.dismiss(AGENTS.desk, "SIGKILL");
    const vitals = await heard(stage, ({ type }) => type === "agent_lost");
    const lost = vitals.filter(({ type }) => type === "agent_lost");
    expect(lost.map(({ payload, payer }) => [payload.agent_id, payer])).toEqual([
      [AGENTS.desk, stage.festival.accounts.desk],
    ]);
    const schedules = await allOf(
      stage.mirror,
      `schedules?account.id=${stage.festival.accounts.desk}&limit=100`,
      "schedules",
    );
    const executed = schedules.filter((one) => one.executed_timestamp === lost[0]?.timestamp);
    expect(executed).toHaveLength(1);
    expect(executed[0].executed_timestamp >= executed[0].expiration_time).toBe(true);
    expect(executed[0].wait_for_expiry).toBe(true);
  });

  test("is shown as lost, and the others as alive, by the ledger alone", async () => {
    const status = await statusOf(stage);
    expect(status.of(AGENTS.desk)).toMatchObject({ state: "lost" });
    for (const agent of [AGENTS.coordinator, AGENTS.inference, AGENTS.defi]) {
      expect(status.of(agent)).toMatchObject({ state: "alive", lag: 0, problem: null });
    }
    for (const { balance, spent, runwayDays } of status.agents) {
      expect(runwayDays).toBe(Number(BigInt(balance) / BigInt(spent)));
    }
  });

  test("has the balance and the fees in the status that the mirror node has", async () => {
    const { desk } = stage.festival.accounts;
    const transactions = await allOf(
      stage.mirror,
      `transactions?account.id=${desk}&limit=100`,
      "transactions",
    );
    const fees = transactions
      .filter((one) => one.transaction_id.startsWith(`${desk}-`))
      .reduce((sum, one) => sum + one.charged_tx_fee, 0);
    const { balance } = (await oneOf(stage.mirror, `accounts/${desk}`)).balance;
    expect((await statusOf(stage)).of(AGENTS.desk)).toMatchObject({
      spent: String(fees),
      balance: String(balance),
    });
  });

  test("goes away without an announcement if it is asked to stop", async () => {
    await stage.agents.dismiss(AGENTS.defi);
    const { defi } = stage.festival.accounts;
    const schedules = await allOf(stage.mirror, `schedules?account.id=${defi}&limit=100`, "schedules");
    const armed = schedules.filter((one) => one.memo.includes("lost"));
    expect(armed.length).toBeGreaterThan(1);
    for (const { deleted, executed_timestamp } of armed) {
      expect({ deleted, executed_timestamp }).toEqual({ deleted: true, executed_timestamp: null });
    }
    expect((await statusOf(stage)).of(AGENTS.defi)).toMatchObject({ state: "stopped" });
  });
});

describe("an agent at the end of its means", () => {
  test("stops spending and says why, lives on, and does its work once its account is filled up", async () => {
    const floor = parseHbar("6000");
    const stage = await openStage({
      endowment: { heartbeatSeconds: 1 },
      env: { [AGENTS.inference]: { FEST_FLOOR_HBAR: "6000" } },
    });
    const { inference } = stage.festival.accounts;
    const mine = ({ payer }: RawEntry) => payer === inference;
    const { accountId, privateKey } = stage.devnet.operator;
    const key = { type: "ED25519", hex: privateKey } as const;
    const operator = openLedger({ network: stage.network, account: accountId, key });
    try {
      const said = await heard(stage, (entry) => entry.type === "agent_error" && mine(entry));
      expect(said.filter(({ type }) => type === "agent_error").map(({ payload }) => payload.code)).toEqual([
        "BALANCE_LOW",
      ]);
      await stage.until(({ type }) => type === "payment_settled");
      const entries = await stage.until(
        ({ type, to }) => type === "task_assignment" && to === AGENTS.inference,
      );
      expect(entries.filter(mine)).toEqual([]);
      const status = await statusOf(stage);
      expect(status.of(AGENTS.inference)).toMatchObject({ state: "alive", problem: { code: "BALANCE_LOW" } });
      await transferHbar(operator, { to: inference, amount: floor });
      await stage.until(committed);
      expect((await statusOf(stage)).of(AGENTS.inference).problem).toBeNull();
    } finally {
      operator.close();
      await stage.stop();
    }
  });
});
