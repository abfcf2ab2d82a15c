import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AccountDeleteTransaction,
  AccountUpdateTransaction,
  Client,
  PrivateKey,
  TokenDissociateTransaction,
  TopicDeleteTransaction,
  TopicUpdateTransaction,
  type Transaction,
} from "@hashgraph/sdk";
import { Deployment, type Party } from "../../lib/agent/setup/deployment.ts";
import { endowmentFor } from "../../lib/agent/setup/endowment.ts";
import { writeEnvironments } from "../../lib/agent/setup/environment.ts";
import type { Festival } from "../../lib/agent/setup/options.ts";
import { setUp } from "../../lib/agent/setup/setup.ts";
import { type Devnet, startDevnet } from "../../lib/devnet/devnet.ts";
import { addSeconds, fromMillis } from "../../lib/hedera/timestamp.ts";
import { transferHbar } from "../../lib/ledger/accounts.ts";
import { type Ledger, openLedger } from "../../lib/ledger/client.ts";
import { SigningKey } from "../../lib/ledger/key.ts";
import { createToken, transferToken } from "../../lib/ledger/tokens.ts";
import { compare } from "./compare.ts";
import { type Diagnosis, type DoctorOptions, examine } from "./doctor.ts";
import { thisHost } from "./host-facts.ts";
import { readTarget } from "./target.ts";
import { startTlsServer, type TlsServer } from "./testing/tls-server.ts";

setDefaultTimeout(120_000);

const root = mkdtempSync(join(tmpdir(), "doctor-"));
const healthy = join(root, "healthy");
const roomy = { ...thisHost, memoryAvailable: () => 2n ** 32n, diskFree: () => 2n ** 40n };

let devnet: Devnet;
let operator: Ledger;
let client: Client;
let deployment: Deployment;
let festival: Festival;
const open: Ledger[] = [];

beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  const { accountId: account, privateKey: hex } = devnet.operator;
  operator = openLedger({ network: devnet.network, account, key: { type: "ED25519", hex } });
  client = Client.forNetwork({ [devnet.network.nodes[0]?.address ?? ""]: "0.0.3" });
  client.setOperator(account, PrivateKey.fromStringDer(hex));
  deployment = await Deployment.open(healthy, "devnet");
  const endowment = endowmentFor("devnet");
  festival = await setUp({ operator, deployment, endowment, festival: { id: "T1", name: "Test" } });
  await writeEnvironments(devnet.network, deployment, festival);
});
afterAll(async () => {
  for (const ledger of open) ledger.close();
  operator?.close();
  client?.close();
  await devnet?.stop();
  rmSync(root, { recursive: true });
});

/** A copy of the healthy environments, to be damaged. */
interface Patient {
  readonly folder: string;
  file(name: string): string;
  /** Sets a variable in a role's environment; null takes it out. */
  set(role: Party, variable: string, value: string | null): void;
}

let patients = 0;
function admit(): Patient {
  patients += 1;
  const folder = join(root, `patient-${patients}`);
  cpSync(healthy, folder, { recursive: true });
  chmodSync(folder, 0o700);
  const file = (name: string) => join(folder, name);
  return {
    folder,
    file,
    set(role, variable, value) {
      const path = file(`${role}.env`);
      const lines = readFileSync(path, "utf8").split("\n");
      const kept = lines.filter((line) => !line.startsWith(`${variable}=`));
      writeFileSync(path, [...(value === null ? [] : [`${variable}=${value}`]), ...kept].join("\n"));
    },
  };
}

function see(folder: string, more: Partial<DoctorOptions> = {}): Promise<Diagnosis> {
  return examine({ path: folder, env: {}, host: roomy, ...more });
}

async function sign(transaction: Transaction, ...parties: readonly Party[]): Promise<void> {
  const frozen = transaction.freezeWith(client);
  for (const party of parties) {
    const { hex } = deployment.keyOf(party).reveal();
    await frozen.sign(PrivateKey.fromStringED25519(hex));
  }
  await (await frozen.execute(client)).getReceipt(client);
}

const publicKey = (party: Party) =>
  PrivateKey.fromStringED25519(deployment.keyOf(party).reveal().hex).publicKey;
function as(party: Party): Ledger {
  const ledger = openLedger({
    network: devnet.network,
    account: festival.accounts[party],
    key: deployment.keyOf(party),
  });
  open.push(ledger);
  return ledger;
}

describe("a festival that is set up well", () => {
  test("has nothing wrong, from a folder, a file and an environment", async () => {
    const { ok, findings } = await see(healthy);
    expect(findings.filter(({ severity }) => severity !== "ok")).toEqual([]);
    expect(ok).toBe(true);
    expect(new Set(findings.map(({ name }) => name)).size).toBeGreaterThan(15);
    expect((await see(join(healthy, "inference.env"))).ok).toBe(true);
    const { env } = readTarget(join(healthy, "desk.env"), {}).roles[0] ?? { env: {} };
    expect((await examine({ env, host: roomy })).ok).toBe(true);
  });

  test("is read with what the host adds, as its units read it", async () => {
    const patient = admit();
    mkdirSync(patient.file("host"));
    writeFileSync(patient.file("host/desk.env"), "FEST_FLOOR_HBAR=4000000000\n");
    const { findings } = await see(patient.folder);
    expect(findings.map(({ name }) => name)).toContain("balance-floor");
  });

  test("has presence shown and no value of a key", async () => {
    const { findings } = await see(healthy);
    const text = JSON.stringify(findings);
    expect(text).toContain("HEDERA_ACCOUNT_ID");
    for (const party of ["owner", "coordinator", "inference", "defi", "desk"] as const)
      expect(text).not.toContain(deployment.keyOf(party).reveal().hex);
  });
});

type Plant = (patient: Patient) => unknown;
const HOUR = 3_600;

/** What is planted, what it is found as, and a word that the finding must say. */
const FAULTS: readonly [fault: string, name: string, says: string, plant: Plant][] = [
  [
    "no network's name",
    "env:HEDERA_NETWORK",
    "inference",
    (p) => p.set("inference", "HEDERA_NETWORK", "testnt"),
  ],
  ["no account", "env:HEDERA_ACCOUNT_ID", "not set", (p) => p.set("inference", "HEDERA_ACCOUNT_ID", null)],
  ["a malformed account", "env:HEDERA_ACCOUNT_ID", "desk", (p) => p.set("desk", "HEDERA_ACCOUNT_ID", "1001")],
  ["no type of key", "env:HEDERA_KEY_TYPE", "not set", (p) => p.set("defi", "HEDERA_KEY_TYPE", null)],
  ["the other type of key", "key-mismatch", "defi", (p) => p.set("defi", "HEDERA_KEY_TYPE", "ECDSA")],
  ["no log", "env:FEST_LOG", "not set", (p) => p.set("coordinator", "FEST_LOG", null)],
  ["no name", "env:FEST_AGENT", "not set", (p) => p.set("inference", "FEST_AGENT", null)],
  [
    "a budget that is no amount",
    "env:FEST_BUDGET_HBAR_PER_DAY",
    "desk",
    (p) => p.set("desk", "FEST_BUDGET_HBAR_PER_DAY", "much"),
  ],
  ["a floor below zero", "env:FEST_FLOOR_HBAR", "below zero", (p) => p.set("desk", "FEST_FLOOR_HBAR", "-1")],
  ["a port that is none", "env:FEST_HEALTH_PORT", "desk", (p) => p.set("desk", "FEST_HEALTH_PORT", "99999")],
  [
    "a mirror that is no URL",
    "env:HEDERA_MIRROR_URL",
    "desk",
    (p) => p.set("desk", "HEDERA_MIRROR_URL", "mirror"),
  ],
  [
    "a variable that nothing reads",
    "env-unknown",
    "FEST_BUDGET_HBAR_PER_DAY is",
    (p) => p.set("desk", "FEST_BUDGET_HBAR_PERDAY", "9"),
  ],
  [
    "a line that is none",
    "env-file",
    ":1 is no NAME=value",
    (p) => writeFileSync(p.file("desk.env"), `oops\n${readFileSync(p.file("desk.env"), "utf8")}`),
  ],
  [
    "a mirror of another network",
    "env:HEDERA_MIRROR_URL",
    "mainnet",
    (p) => p.set("desk", "HEDERA_MIRROR_URL", "https://mainnet.mirrornode.hedera.com"),
  ],
  [
    "a role on another network",
    "network-differs",
    "owner",
    (p) => {
      p.set("owner", "HEDERA_NETWORK", "custom");
    },
  ],
  [
    "a role of another festival",
    "log-differs",
    "0.0.9999",
    (p) => p.set("inference", "FEST_LOG", "0.0.9999"),
  ],
  [
    "a key that is not there",
    "env:HEDERA_PRIVATE_KEY_FILE",
    "desk",
    (p) => {
      rmSync(p.file("desk.key"));
      p.set("desk", "HEDERA_PRIVATE_KEY_FILE", "/nowhere/desk.key");
    },
  ],
  [
    "a key that is none",
    "env:HEDERA_PRIVATE_KEY_FILE",
    "desk",
    (p) => writeFileSync(p.file("desk.key"), "abc"),
  ],
  [
    "a key in the environment",
    "key-inline",
    "defi",
    (p) => {
      p.set("defi", "HEDERA_PRIVATE_KEY_FILE", null);
      p.set("defi", "HEDERA_PRIVATE_KEY", deployment.keyOf("defi").reveal().hex);
    },
  ],
  ["a key that others may read", "key-file-mode", "0644", (p) => chmodSync(p.file("desk.key"), 0o644)],
  ["a folder that others may write to", "key-folder", "replace", (p) => chmodSync(p.folder, 0o777)],
  ["a key of two roles", "key-shared", "same key", (p) => cpSync(p.file("defi.key"), p.file("desk.key"))],
  [
    "somebody else's key",
    "key-mismatch",
    "desk",
    (p) => writeFileSync(p.file("desk.key"), SigningKey.generate().reveal().hex),
  ],
  [
    "an account of two roles",
    "account-shared",
    "same account",
    (p) => p.set("desk", "HEDERA_ACCOUNT_ID", festival.accounts.defi),
  ],
  ["a name of two roles", "agent-shared", "defi-001", (p) => p.set("desk", "FEST_AGENT", "defi-001")],
  [
    "a port of two roles",
    "health-port-shared",
    "8701",
    (p) => {
      p.set("desk", "FEST_HEALTH_PORT", "8701");
      p.set("defi", "FEST_HEALTH_PORT", "8701");
    },
  ],
  [
    "an account that is not there",
    "account-missing",
    "0.0.999999",
    (p) => p.set("desk", "HEDERA_ACCOUNT_ID", "0.0.999999"),
  ],
  [
    "a log that is not there",
    "log-missing",
    "0.0.999999",
    (p) => {
      for (const role of ["owner", "coordinator", "inference", "defi", "desk"] as const)
        p.set(role, "FEST_LOG", "0.0.999999");
    },
  ],
  [
    "a log without a manifest",
    "log-empty",
    "no manifest",
    (p) => {
      for (const role of ["owner", "coordinator", "inference", "defi", "desk"] as const)
        p.set(role, "FEST_LOG", festival.vitals);
    },
  ],
  ["other vitals", "vitals-mismatch", "0.0.4", (p) => p.set("desk", "FEST_VITALS", "0.0.4")],
  [
    "a name that the manifest has not",
    "agent-unknown",
    "desk-009",
    (p) => p.set("desk", "FEST_AGENT", "desk-009"),
  ],
  [
    "an account that the manifest does not bind",
    "agent-account",
    "would not count",
    (p) => p.set("desk", "HEDERA_ACCOUNT_ID", festival.accounts.fund),
  ],
  [
    "another role's name",
    "agent-role",
    "plays inference",
    (p) => p.set("desk", "FEST_AGENT", "inference-001"),
  ],
  ["no plan", "plan", "nowhere", (p) => p.set("coordinator", "FEST_PLAN", "/nowhere")],
  [
    "a floor above the balance",
    "balance-floor",
    "desk",
    (p) => p.set("desk", "FEST_FLOOR_HBAR", "4000000000"),
  ],
  [
    "a node that is not there",
    "node",
    "0 of 1",
    (p) => p.set("coordinator", "HEDERA_NODES", "0.0.3=127.0.0.1:1"),
  ],
  [
    "a mirror that is not there",
    "mirror",
    "could not be reached",
    (p) => p.set("coordinator", "HEDERA_MIRROR_URL", "http://127.0.0.1:1"),
  ],
  [
    "a relay that is not there",
    "relay",
    "does not answer",
    (p) => p.set("coordinator", "HEDERA_RELAY_URL", "http://127.0.0.1:1"),
  ],
  [
    "a relay without its WebSocket",
    "relay-ws",
    "does not open",
    (p) => p.set("coordinator", "HEDERA_RELAY_WS_URL", "ws://127.0.0.1:1"),
  ],
];

/** What the machine is said to be like. */
const MACHINES: readonly [fault: string, name: string, says: string, options: Partial<DoctorOptions>][] = [
  ["a clock that is ahead", "clock", "ahead of", { now: () => addSeconds(fromMillis(Date.now()), HOUR) }],
  ["a clock that is behind", "clock", "behind", { now: () => addSeconds(fromMillis(Date.now()), -HOUR) }],
  ["an old systemd", "systemd", "older than 252", { host: { ...roomy, systemd: () => 247 } }],
  ["an old Bun", "bun", "older than 1.4.5", { host: { ...roomy, bun: "1.4.1" } }],
  ["a full disk", "disk", "3 MB", { host: { ...roomy, diskFree: () => 3n << 20n } }],
  ["no memory", "memory", "40 MB", { host: { ...roomy, memoryAvailable: () => 40n << 20n } }],
];

describe("doctor finds, of what is planted in an environment,", () => {
  test.each(FAULTS)("%s", async (_, name, says, plant) => {
    const patient = admit();
    plant(patient);
    const { findings, ok } = await see(patient.folder);
    const found = findings.filter((finding) => finding.name === name && finding.severity !== "ok");
    expect(found.map(({ message }) => message).join("\n")).toContain(says);
    for (const { fix } of found) expect(fix ?? "").not.toBe("");
    expect(ok).toBe(findings.every(({ severity }) => severity !== "error"));
  });

  test.each(MACHINES)("%s", async (_, name, says, options) => {
    const { findings } = await see(healthy, options);
    const found = findings.filter((finding) => finding.name === name && finding.severity !== "ok");
    expect(found.map(({ message }) => message).join("\n")).toContain(says);
  });

  test.skipIf(process.getuid?.() !== 0)("a key of another user", async () => {
    const patient = admit();
    chownSync(patient.file("desk.key"), 4_242, 4_242);
    expect((await see(patient.folder)).findings.map(({ name }) => name)).toContain("key-file-owner");
  });

  test("the key that every local network has, on a public one", async () => {
    const env = {
      HEDERA_NETWORK: "testnet",
      HEDERA_MIRROR_URL: "http://127.0.0.1:1",
      HEDERA_NODES: "0.0.3=127.0.0.1:1",
      HEDERA_ACCOUNT_ID: "0.0.1001",
      HEDERA_KEY_TYPE: "ED25519",
      HEDERA_PRIVATE_KEY: devnet.operator.privateKey,
    };
    const names = (await examine({ env, host: roomy })).findings.map(({ name }) => name);
    expect(names).toContain("key-public");
    expect(names).toContain("env:HEDERA_NODES");
  });
});

/** Does something to the ledger, whose effects are undone afterwards. */
const ON_LEDGER: readonly [fault: string, name: string, says: string, plant: () => Promise<unknown>][] = [
  [
    "a deleted account",
    "account-deleted",
    "inference",
    () =>
      sign(
        new AccountDeleteTransaction()
          .setAccountId(festival.accounts.inference)
          .setTransferAccountId("0.0.2"),
        "inference",
      ),
  ],
  [
    "a key that was changed elsewhere",
    "key-mismatch",
    "another one",
    () =>
      sign(
        new AccountUpdateTransaction().setAccountId(festival.accounts.inference).setKey(publicKey("owner")),
        "inference",
        "owner",
      ),
  ],
  [
    "a deleted log",
    "log-deleted",
    "was deleted",
    () => sign(new TopicDeleteTransaction({ topicId: festival.log }), "owner"),
  ],
  [
    "deleted vitals",
    "vitals-missing",
    "nobody will hear",
    () => sign(new TopicDeleteTransaction({ topicId: festival.vitals }), "owner"),
  ],
  [
    "an insider who locks the others out",
    "submit-keys",
    "owner, coordinator, inference-001, defi-001 cannot write",
    () => sign(new TopicUpdateTransaction({ topicId: festival.log, submitKey: publicKey("desk") }), "desk"),
  ],
  [
    "an administrator who is not the owner",
    "admin-key",
    "not the owner's",
    () =>
      sign(
        new TopicUpdateTransaction({ topicId: festival.log, adminKey: publicKey("desk") }),
        "owner",
        "desk",
      ),
  ],
  [
    "an agent that can't be paid",
    "token-association",
    "inference-001",
    () =>
      sign(
        new TokenDissociateTransaction({
          accountId: festival.accounts.inference,
          tokenIds: [festival.token],
        }),
        "inference",
      ),
  ],
  [
    "a coordinator that can't pay",
    "token-budget",
    "an edition pays",
    () =>
      transferToken(as("coordinator"), {
        token: festival.token,
        to: festival.accounts.owner,
        amount: 1_000_000n,
      }),
  ],
  [
    "a fund that one may empty",
    "fund-key",
    "2 of 2",
    () =>
      sign(
        new AccountUpdateTransaction().setAccountId(festival.accounts.fund).setKey(publicKey("defi")),
        "defi",
        "coordinator",
      ),
  ],
  [
    "a fund below its least",
    "fund-balance",
    "can't trade",
    () =>
      transferHbar(operator, {
        from: festival.accounts.fund,
        to: operator.account,
        amount: (devnet.ledger.accounts.get(festival.accounts.fund)?.balance ?? 0n) - 50_000_000n,
        signers: [deployment.keyOf("defi"), deployment.keyOf("coordinator")],
      }),
  ],
  [
    "a balance that lasts no day",
    "runway",
    "which lasts 0 days",
    async () => {
      const inference = as("inference");
      await createToken(inference, { name: "Costly", symbol: "C", decimals: 0, initialSupply: 1n });
      const left = devnet.ledger.accounts.get(inference.account)?.balance ?? 0n;
      await transferHbar(inference, { to: operator.account, amount: left - 200_000_000n });
    },
  ],
];

describe("doctor finds, of what happens on the ledger,", () => {
  test.each(ON_LEDGER)("%s", async (_, name, says, plant) => {
    const before = devnet.snapshot();
    try {
      await plant();
      const { findings } = await see(healthy);
      const found = findings.filter((finding) => finding.name === name && finding.severity !== "ok");
      expect(found.map(({ message }) => message).join("\n")).toContain(says);
      expect(found.every(({ fix }) => fix)).toBe(true);
    } finally {
      devnet.revert(before);
    }
  });
});

describe("doctor looks at certificates:", () => {
  let server: TlsServer | null = null;
  afterAll(() => server?.stop());
  const seeTls = async (days: number, trusted: boolean) => {
    server?.stop();
    server = await startTlsServer(days);
    const patient = admit();
    for (const role of ["coordinator", "inference"] as const)
      patient.set(role, "HEDERA_RELAY_URL", server.url);
    const { findings } = await see(patient.folder, trusted ? { ca: server.certificate } : {});
    return findings.filter(({ name }) => name.startsWith("tls"));
  };

  test("one that is good", async () => {
    expect(await seeTls(90, true)).toMatchObject([{ name: "tls", severity: "ok" }]);
  });
  test("one that nobody vouches for", async () => {
    expect(await seeTls(90, false)).toMatchObject([{ name: "tls-chain", severity: "error" }]);
  });
  test("one that ends soon", async () => {
    expect(await seeTls(5, true)).toMatchObject([{ name: "tls-expiry", severity: "warning" }]);
  });
  test("one that has ended", async () => {
    expect(await seeTls(-3, true)).toMatchObject([{ name: "tls-expired", severity: "error" }]);
  });
});

describe("doctor compares two environments:", () => {
  const parity = (a: string, b: string) => compare(readTarget(a, {}), readTarget(b, {}), ["A", "B"]);
  test("a copy is like its original", () => {
    expect(parity(healthy, admit().folder)).toMatchObject({ ok: true, findings: [{ name: "parity" }] });
  });
  test.each<[string, string, Plant]>([
    ["a role that one lacks", "parity-role", (p) => rmSync(p.file("desk.env"))],
    ["a variable that one lacks", "parity-variable", (p) => p.set("desk", "FEST_FLOOR_HBAR", "5")],
    ["a setting that differs", "parity-value", (p) => p.set("desk", "HEDERA_KEY_TYPE", "ECDSA")],
    ["a key on two networks", "parity-key", (p) => p.set("desk", "HEDERA_NETWORK", "testnet")],
  ])("%s", (_, name, plant) => {
    const patient = admit();
    plant(patient);
    expect(parity(healthy, patient.folder).findings.map((finding) => finding.name)).toContain(name);
  });
});

describe("the command", () => {
  const run = async (...args: readonly string[]) => {
    const argv = [process.execPath, `${import.meta.dir}/../doctor.ts`, ...args];
    const child = Bun.spawn(argv, {
      env: { PATH: process.env.PATH ?? "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const out = await new Response(child.stdout).text();
    return { code: await child.exited, out };
  };

  test("ends in one JSON object, and in 0 exactly when nothing is wrong", async () => {
    const well = await run("--env", healthy, "--json");
    expect(JSON.parse(well.out).ok).toBe(well.code === 0);
    const patient = admit();
    patient.set("desk", "FEST_LOG", null);
    const ill = await run("--env", patient.folder, "--json");
    expect(ill.code).toBe(1);
    const { ok, findings } = JSON.parse(ill.out);
    expect(ok).toBe(false);
    for (const finding of findings)
      expect(Object.keys(finding)).toEqual(["name", "severity", "message", "fix"]);
  });

  test("is a table for people, with the fix under each problem", async () => {
    const patient = admit();
    chmodSync(patient.file("desk.key"), 0o644);
    const { out, code } = await run("--env", patient.folder);
    expect(code).toBe(1);
    expect(out).toMatch(/ERROR {4}key-file-mode\s+desk: .*\n\s+fix: chmod 600 /);
  });

  test("says what it wants where there is nothing to examine", async () => {
    const { out, code } = await run("--env", join(root, "nowhere"), "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false, findings: [{ name: "env-file" }] });
  });
});
