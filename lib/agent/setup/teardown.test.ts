import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import { createAccount } from "../../ledger/accounts.ts";
import { type Ledger, type LedgerOptions, openLedger } from "../../ledger/client.ts";
import { SigningKey } from "../../ledger/key.ts";
import { associate, transferToken } from "../../ledger/tokens.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import { Deployment } from "./deployment.ts";
import { endowmentFor } from "./endowment.ts";
import type { Festival } from "./options.ts";
import { setUp } from "./setup.ts";
import { estateOf, tearDown } from "./teardown.ts";
import { PowerCut } from "./testing/power-cut.ts";

setDefaultTimeout(120_000);

const root = mkdtempSync(join(tmpdir(), "teardown-"));
let devnet: Devnet;
let operator: Ledger;
let mirror: Mirror;
beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  operator = openOperator();
  mirror = createMirror({ baseUrl: devnet.network.mirror });
});
afterAll(async () => {
  operator?.close();
  await devnet?.stop();
  rmSync(root, { recursive: true });
});

function openOperator(more: Partial<LedgerOptions> = {}): Ledger {
  const { accountId: account, privateKey: hex } = devnet.operator;
  return openLedger({ network: devnet.network, account, key: { type: "ED25519", hex }, ...more });
}

async function found(name: string): Promise<{ deployment: Deployment; festival: Festival }> {
  const deployment = await Deployment.open(join(root, name), "devnet");
  const festival = await setUp({
    operator,
    deployment,
    endowment: endowmentFor("devnet"),
    festival: { id: "T1", name: "Test" },
  });
  return { deployment, festival };
}

const balanceOf = (account: string) => devnet.ledger.accounts.get(account as `0.0.${number}`)?.balance ?? 0n;
const allHbar = () => [...devnet.ledger.accounts.values()].reduce((sum, { balance }) => sum + balance, 0n);

function expectNothingLeft({ accounts, token, stablecoin, log, vitals }: Festival): void {
  const { ledger } = devnet;
  for (const account of Object.values(accounts)) {
    expect(ledger.accounts.get(account)).toMatchObject({ deleted: true, balance: 0n });
  }
  for (const id of [token, stablecoin]) expect(ledger.tokens.get(id)?.deleted).toBe(true);
  for (const id of [log, vitals]) expect(ledger.topics.get(id)?.deleted).toBe(true);
}

describe("teardown", () => {
  test("gives every account's HBAR back to the operator but for fees, and leaves nothing", async () => {
    const { deployment, festival } = await found("whole");
    const { total, accounts } = await estateOf(mirror, deployment);
    expect(accounts).toHaveLength(7);
    const [before, all] = [balanceOf(operator.account), allHbar()];
    expect(await tearDown({ operator, deployment, mirror })).toEqual([]);
    expectNothingLeft(festival);
    const fees = before + total - balanceOf(operator.account);
    expect(fees).toBeGreaterThan(0n);
    expect(fees).toBeLessThan(1_000_000_000n);
    expect(allHbar()).toBe(all);
    expect((await estateOf(mirror, deployment)).total).toBe(0n);
  });

  test("has nothing to do when it is run again, and set-up begins anew after it", async () => {
    const { deployment } = await found("again");
    await tearDown({ operator, deployment, mirror });
    const steps: string[] = [];
    const onStep = (step: string) => void steps.push(step);
    expect(await tearDown({ operator, deployment, mirror, onStep })).toEqual([]);
    expect(steps).toEqual([]);
    const { festival } = await found("again");
    expect(devnet.ledger.accounts.get(festival.accounts.owner)?.deleted).toBe(false);
  });

  test.each(Array.from({ length: 16 }, (_, index) => 1 + 3 * index))(
    "that dies at step %d is finished by the next",
    async (at) => {
      const { deployment, festival } = await found(`dies ${at}`);
      const cut = new PowerCut(at);
      const mortal = openOperator({ around: cut.around });
      await expect(tearDown({ operator: mortal, deployment, mirror })).rejects.toThrow(cut);
      mortal.close();
      expect(await tearDown({ operator, deployment, mirror })).toEqual([]);
      expectNothingLeft(festival);
    },
  );

  test("takes back what was added later, too", async () => {
    const { deployment, festival } = await found("worker");
    const key = SigningKey.generate();
    const account = await createAccount(operator, { key: key.publicKey, balance: 5_000_000_000n });
    await associate(operator, { account, token: festival.token, signers: [key] });
    const from = festival.accounts.coordinator;
    const signers = [deployment.keyOf("coordinator")];
    await transferToken(operator, { token: festival.token, from, to: account, amount: 7n, signers });
    const others = [{ name: "inference-002", account, key }];
    expect((await estateOf(mirror, deployment, others)).accounts[0]).toMatchObject({ account });
    expect(await tearDown({ operator, deployment, mirror, others })).toEqual([]);
    expect(devnet.ledger.accounts.get(account)).toMatchObject({ deleted: true, balance: 0n });
    expectNothingLeft(festival);
  });

  test("tells what it could not take back", async () => {
    const { deployment, festival } = await found("rest");
    const stranger = await Deployment.open(join(root, "stranger"), "devnet");
    await deployment.replaceKey("inference", stranger.keyOf("inference"));
    const left = await tearDown({ operator, deployment, mirror });
    expect(left).toEqual([
      { what: `delete the inference's account ${festival.accounts.inference}`, status: "INVALID_SIGNATURE" },
    ]);
  });
});
