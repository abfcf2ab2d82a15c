import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { encodeEntry } from "../lib/festival/entry/entry.ts";
import { parseAccountId } from "../lib/hedera/id.ts";
import { openLedger } from "../lib/ledger/client.ts";
import { SigningKey } from "../lib/ledger/key.ts";
import { parseEnvFile } from "./support/env-file.ts";
import { entriesOf } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(240_000);

const AGENT = "inference-002";
let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ planChanges: { everySeconds: 1 } });
});
afterAll(() => stage?.stop());

/** The environment that set-up or this command wrote for somebody. */
function environmentOf(name: string): Readonly<Record<string, string>> {
  const { env } = parseEnvFile(readFileSync(join(stage.deployment.folder, `${name}.env`), "utf8"));
  return Object.fromEntries(Object.entries(env).map(([variable, value]) => [variable, value ?? ""]));
}

/** Runs the command with the owner's environment and nothing else. */
async function worker(args: readonly string[], who = "owner") {
  const argv = [process.execPath, join(import.meta.dir, "worker.ts"), ...args, "--json"];
  const env = { PATH: process.env.PATH ?? "", ...environmentOf(who) };
  const child = Bun.spawn(argv, { env, stdio: ["ignore", "pipe", "inherit"] });
  const out = JSON.parse(await new Response(child.stdout).text());
  return { ...out, code: await child.exited };
}

const add = () => worker(["add", "inference", AGENT, "--hbar", "25", "--out", stage.deployment.folder]);

test("a worker that is added while the festival runs is given work, does it and is paid", async () => {
  await stage.until(({ type }) => type === "task_assignment");
  const { code, account, agent } = await add();
  expect([code, agent]).toEqual([0, AGENT]);
  const env = environmentOf(AGENT);
  expect(env).toMatchObject({ HEDERA_ACCOUNT_ID: account, FEST_AGENT: AGENT, FEST_ROLE: "inference" });
  stage.agents.start({
    name: AGENT,
    argv: [process.execPath, join(import.meta.dir, "../agents/inference.ts")],
    env: { ...env, FEST_LOG_LEVEL: "warn" },
  });
  const entries = await stage.until(({ type, to }) => type === "payment_settled" && to === AGENT);
  expect(entries.some(({ type, payer }) => type === "task_result" && payer === account)).toBe(true);
});

test("added again it is the same worker, and nothing is said", async () => {
  const before = (await entriesOf(stage.mirror, stage.log)).filter(({ type }) => type === "manifest").length;
  const again = await add();
  expect(again).toMatchObject({ code: 0, account: environmentOf(AGENT).HEDERA_ACCOUNT_ID });
  const after = (await entriesOf(stage.mirror, stage.log)).filter(({ type }) => type === "manifest").length;
  expect(after).toBe(before);
});

test("removed, its key may write no more, and the work goes on", async () => {
  const { code, account } = await worker(["remove", AGENT]);
  expect(code).toBe(0);
  await stage.agents.dismiss(AGENT, "SIGKILL");
  const { HEDERA_PRIVATE_KEY_FILE: path = "" } = environmentOf(AGENT);
  const key = SigningKey.parse({ type: "ED25519", hex: readFileSync(path, "utf8") });
  const old = openLedger({ network: stage.network, account: parseAccountId(account), key });
  try {
    const outcome = await old.say(stage.festival.log, encodeEntry({ v: 1, type: "tick" }));
    expect(outcome).toMatchObject({ status: "INVALID_SIGNATURE" });
  } finally {
    old.close();
  }
  const { length } = await entriesOf(stage.mirror, stage.log);
  await stage.until(({ type, sequence }) => type === "festival_commit" && sequence > length);
  const { paidTwice, unmatched, hbarConserved } = await stage.audit();
  expect({ paidTwice, unmatched, hbarConserved }).toEqual({
    paidTwice: [],
    unmatched: [],
    hbarConserved: true,
  });
});

test("what cannot be is refused, and says why", async () => {
  const said = async (args: readonly string[], who?: string) => {
    const { code, ok, message } = await worker(args, who);
    expect([code, ok]).toEqual([1, false]);
    return String(message);
  };
  expect(await said(["remove", "inference-001"])).toContain("is the only inference");
  expect(await said(["remove", "nobody"])).toContain("no agent");
  expect(await said(["add", "desk", "desk-002"])).toContain("Choose one of inference");
  expect(await said(["add", "inference", "defi-001"])).toContain("is defi by the account");
  expect(await said(["remove", AGENT], "desk")).toContain("does not own");
});
