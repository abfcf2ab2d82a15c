/** Restore drills: nothing but the ledger is needed while it is there, and nothing but the archive once it is not. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readPlanFolder } from "../lib/agent/plan-folder.ts";
import { environmentOf } from "../lib/agent/setup/environment.ts";
import { keyPath } from "../lib/agent/setup/key-file.ts";
import { KINDS } from "../lib/agent/work/kinds.ts";
import { createAccount } from "../lib/ledger/accounts.ts";
import { openLedger } from "../lib/ledger/client.ts";
import { SigningKey } from "../lib/ledger/key.ts";
import { startDevnetProcess } from "./support/devnet-process.ts";
import { startHost } from "./support/host.ts";
import { entriesOf, type RawEntry } from "./testing/rest.ts";
import { openStage, PLAN, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(300_000);

let stage: Stage;
let folder: string;
let archive: string;
let archived: { entries: number; state_sha256: string };

beforeAll(async () => {
  stage = await openStage();
  folder = await mkdtemp(join(tmpdir(), "fest-restore-"));
  archive = join(folder, "festival.jsonl");
  await stage.until(({ type }) => type === "festival_commit");
  await stage.agents.stop();
  const { code, body } = await run(
    "archive.ts",
    "--mirror",
    stage.mirror,
    "--log",
    stage.log,
    "--out",
    archive,
  );
  expect({ code, problems: body.problems }).toEqual({ code: 0, problems: [] });
  archived = body;
});
afterAll(async () => {
  await stage?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function run(script: string, ...args: string[]) {
  return runIn({}, script, ...args);
}

async function runIn(env: Readonly<Record<string, string>>, script: string, ...args: string[]) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, script), "--json", ...args], {
    env: { PATH: process.env.PATH ?? "", ...env },
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = [new Response(child.stdout).text(), new Response(child.stderr).text()];
  const code = await child.exited;
  const last = (await out).trimEnd().split("\n").at(-1);
  return { code, err: await err, body: JSON.parse(last || "{}") };
}

/** Asks an agent how it does until it has folded as far as `sequence`. */
async function stateAt(port: number, sequence: number): Promise<string> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    // biome-ignore lint/suspicious/noExplicitAny: what a stranger would read
    const body: any = await answer?.json();
    if (body?.sequence >= sequence) return body.state_sha256;
    await Bun.sleep(50);
  }
}

test("an agent that is started on an empty disk reaches the state that the archive was verified to", async () => {
  const empty = join(folder, "empty");
  await mkdir(join(empty, "home"), { recursive: true });
  const { network, deployment, festival } = stage;
  const port = await freePort();
  const child = Bun.spawn([process.execPath, resolve(import.meta.dir, "../agents/inference.ts")], {
    env: {
      ...environmentOf("inference", network, deployment, festival),
      HEDERA_PRIVATE_KEY_FILE: resolve(keyPath(deployment.folder, "inference")),
      FEST_HEALTH_PORT: String(port),
      FEST_LOG_LEVEL: "error",
      HOME: join(empty, "home"),
      // Bun's own, of what it has compiled.
      BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0",
      PATH: process.env.PATH ?? "",
    },
    cwd: empty,
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    expect(await stateAt(port, archived.entries)).toBe(archived.state_sha256);
  } finally {
    child.kill();
    await child.exited;
  }
  // And it has left nothing there that another one would need.
  expect(await readdir(empty, { recursive: true })).toEqual(["home"]);
});

async function freePort(): Promise<number> {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port = 0 } = server;
  await server.stop(true);
  return port;
}

test("after a reset the festival goes on where its archive ended, whose hash the new manifest names", async () => {
  const devnet = await startDevnetProcess({ portBase: 0 });
  const home = join(folder, "after");
  let host: Awaited<ReturnType<typeof startHost>> | null = null;
  try {
    const { network, operator } = devnet;
    // On the new network the first account is somebody else's.
    const ledger = openLedger({
      network,
      account: operator.accountId,
      key: { type: "ED25519", hex: operator.privateKey },
    });
    await createAccount(ledger, { key: SigningKey.generate().publicKey, balance: 1n, memo: "a stranger" });
    ledger.close();
    await cp(stage.deployment.folder, join(home, "deployment"), { recursive: true });

    const env = {
      HEDERA_NETWORK: "devnet",
      HEDERA_NODES: network.nodes.map(({ account, address }) => `${account}=${address}`).join(),
      HEDERA_MIRROR_URL: network.mirror,
      HEDERA_MIRROR_GRPC: network.mirrorGrpc,
    };
    const out = join(home, "deployment");
    const made = await runIn(env, "setup.ts", "--out", out, "--carry-on", archive);
    expect({ code: made.code, err: made.err }).toEqual({ code: 0, err: "" });
    const [manifest] = await entriesOf(network.mirror, made.body.log);
    const hash = new Bun.CryptoHasher("sha256").update(await Bun.file(archive).bytes()).digest("hex");
    expect(manifest?.payload.carries_on).toEqual({
      log: stage.log,
      sequence: archived.entries,
      edition: 1,
      archive_sha256: hash,
    });
    const late = await runIn(env, "setup.ts", "--out", out, "--carry-on", archive);
    expect(late.code).toBe(1);
    expect(late.err).toContain("has its log");

    const plan = await readPlanFolder(PLAN, KINDS);
    host = await startHost({ planFolder: PLAN, plan, folder: home, devnet, logLevel: "error" });
    expect(host.festival.log).toBe(made.body.log);
    const commit = await entry(network.mirror, made.body.log, ({ type }) => type === "festival_commit");
    expect(commit.payload.edition).toBe(2);
    const found = await run("verify.ts", "--mirror", network.mirror, "--log", made.body.log);
    expect(found).toMatchObject({ code: 0, body: { ok: true, problems: [] } });
  } finally {
    await host?.stop();
    await devnet.stop();
  }
});

test("an archive that does not hold is not carried on", async () => {
  const forged = join(folder, "forged.jsonl");
  const text = await Bun.file(archive).text();
  const line = text.split("\n").find((one) => one.includes('"sequence_number":7,')) ?? "";
  const { message } = JSON.parse(line).body;
  await Bun.write(forged, text.replace(message, btoa(`${atob(message)} `)));
  const made = await runIn(
    { HEDERA_MIRROR_URL: stage.mirror },
    "setup.ts",
    "--out",
    join(folder, "not"),
    "--carry-on",
    forged,
  );
  expect(made.code).toBe(1);
  expect(made.err).toContain("the archive does not hold");
});

async function entry(mirror: string, log: string, wanted: (entry: RawEntry) => boolean): Promise<RawEntry> {
  for (;;) {
    const found = (await entriesOf(mirror, log)).find(wanted);
    if (found !== undefined) return found;
    await Bun.sleep(100);
  }
}
