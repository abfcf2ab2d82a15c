import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { AGENTS, PARTIES } from "../lib/agent/setup/deployment.ts";
import { encodeEntry } from "../lib/festival/entry/entry.ts";
import { openLedger } from "../lib/ledger/client.ts";
import { handOverTopic } from "../lib/ledger/topics.ts";
import { formsOf, keysIn } from "./testing/key-forms.ts";
import { entriesOf, oneOf } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(240_000);

const AGENT_NAMES = Object.values(AGENTS);
/** Nothing but what a process needs to run at all: no network, no account, no key. */
const BARE = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };

let stage: Stage;
let folder: string;
/** Everything that any command of this file has said. */
const heard: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fest-ops-"));
  stage = await openStage({
    endowment: { heartbeatSeconds: 2, lostSeconds: 600 },
    logLevel: "debug",
    env: Object.fromEntries(AGENT_NAMES.map((agent) => [agent, { FEST_HEALTH_PORT: "0" }])),
  });
  await stage.until(({ type }) => type === "festival_commit");
});
afterAll(async () => {
  await stage?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command of this project as an operator would, who has no key. */
async function run(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const argv = [process.execPath, join(import.meta.dir, script), ...args];
  const child = Bun.spawn(argv, { cwd: folder, env: { ...BARE, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  heard.push(out, err);
  return { code: await child.exited, out, err };
}

const place = (mirror = stage.mirror) => ["--log", stage.log, "--mirror", mirror];

describe("an agent's endpoints", () => {
  /** The agents' ports, which their own logs tell. */
  function ports(): readonly number[] {
    return stage.said.flatMap((line) => /"health_port":(\d+)/.exec(line)?.[1] ?? []).map(Number);
  }

  test("say that it lives and is ready, by check", async () => {
    expect(ports()).toHaveLength(AGENT_NAMES.length);
    for (const port of ports()) {
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
      const body = await ready.json();
      heard.push(JSON.stringify(body));
      expect(body).toMatchObject({ ok: true });
      expect(ready.status).toBe(200);
      expect(body.checks.map(({ status }: { status: string }) => status)).toEqual(Array(5).fill("pass"));
      for (const { time, age_seconds } of body.checks) {
        expect(time).toMatch(/^\d+\.\d{9}$/);
        expect(age_seconds).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test("count what it performed", async () => {
    const texts = await Promise.all(
      ports().map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
    );
    heard.push(...texts);
    const coordinator = texts.find((text) => text.includes(`agent="${AGENTS.coordinator}"`)) ?? "";
    const settled = coordinator
      .matchAll(
        /fest_effects_total\{kind="settle",outcome="(?:executed|overtaken)",agent="coordinator"\} (\d+)/g,
      )
      .reduce((sum, [, count]) => sum + Number(count), 0);
    const entries = await entriesOf(stage.mirror, stage.log);
    const commit = entries.findIndex(({ type }) => type === "festival_commit");
    const paid = entries.slice(0, commit).filter(({ type }) => type === "payment_settled");
    expect(settled).toBeGreaterThanOrEqual(paid.length);
  });

  test("are told of in logs with the task, the entry and the transaction of each effect", async () => {
    const lines = stage.said
      .filter((line) => line.includes('"is on the log"'))
      .map((line) => JSON.parse(line));
    const entries = await entriesOf(stage.mirror, stage.log);
    const results = entries.filter(({ type }) => type === "task_result");
    expect(results.length).toBeGreaterThan(0);
    for (const { sequence, task_id, re, transactionId } of results.slice(0, 5)) {
      const line = lines.find(({ entry }) => entry === sequence);
      expect(line).toMatchObject({ type: "task_result", task_id, obligation: re });
      expect(line.transaction_id.replace("@", "-").replace(/\.(\d{9})$/, "-$1")).toBe(transactionId);
    }
  });
});

describe("watch", () => {
  /** What the receiver was sent: kind, name, about. */
  const received: string[][] = [];
  const receiver = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const { kind, name, about } = (await request.json()) as Record<string, string>;
      received.push([kind ?? "", name ?? "", about ?? ""]);
      return new Response("ok");
    },
  });
  afterAll(() => receiver.stop(true));

  const hook = () => ["--webhook", `http://127.0.0.1:${receiver.port}/in`, "--format", "json"];

  /** Looks once, and returns what was told. */
  async function look(
    mirror = stage.mirror,
  ): Promise<{ told: readonly string[][]; alarms: readonly string[] }> {
    received.length = 0;
    const state = join(folder, "watch.json");
    const { out } = await run("watch.ts", [
      "--once",
      "--json",
      "--state",
      state,
      ...hook(),
      ...place(mirror),
    ]);
    const body = JSON.parse(out);
    expect(body.ok).toBe(body.alarms.length === 0 && body.problems.length === 0);
    return { told: [...received], alarms: body.alarms.map(({ name }: { name: string }) => name) };
  }

  /** Looks until something is told. */
  async function told(): Promise<readonly string[][]> {
    for (;;) {
      const found = await look();
      if (found.told.length > 0) return found.told;
    }
  }

  /** A mirror node that leaves out one message of the log. */
  function forgetful(sequence: number) {
    return Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: async (request) => {
        const { pathname, search } = new URL(request.url);
        const text = await (await fetch(stage.mirror + pathname + search)).text();
        if (!pathname.endsWith(`topics/${stage.log}/messages`)) return new Response(text);
        const body = JSON.parse(text);
        const messages = body.messages.filter(
          (one: { sequence_number: number }) => one.sequence_number !== sequence,
        );
        return Response.json({ ...body, messages });
      },
    });
  }

  test("has nothing to tell of a festival that is well", async () => {
    expect(await look()).toEqual({ told: [], alarms: [] });
  });

  test("tells an agent that was killed once, and that it is back", async () => {
    await stage.agents.dismiss(AGENTS.desk, "SIGKILL");
    expect(await told()).toEqual([["firing", "agent_silent", AGENTS.desk]]);
    expect(await look()).toEqual({ told: [], alarms: ["agent_silent"] });
    stage.run(stage.crew.member(AGENTS.desk));
    expect(await told()).toEqual([["recovered", "agent_silent", AGENTS.desk]]);
    expect(await look()).toEqual({ told: [], alarms: [] });
  });

  test("tells that the wrong keys can write, and that they cannot any more", async () => {
    const { owner, members } = stage.crew;
    const change = async (keys: typeof members) => {
      const submitKeys = [owner.session.key, ...keys.map(({ key }) => key)].map(({ publicKey }) => publicKey);
      const message = encodeEntry(stage.crew.manifest());
      await handOverTopic(owner, { topic: stage.festival.vitals, submitKeys, message });
    };
    await change(members.filter(({ role }) => role !== "inference"));
    const about = stage.festival.vitals;
    expect(await told()).toContainEqual(["firing", "submit_key_changed", about]);
    await change(members);
    for (;;) if ((await look()).alarms.length === 0) break;
  });

  test("tells that the mirror node leaves something out, and that it does no more", async () => {
    const liar = forgetful(5);
    try {
      expect((await look(`http://127.0.0.1:${liar.port}`)).told).toEqual([["firing", "chain_gap", "log"]]);
    } finally {
      await liar.stop(true);
    }
    expect((await look()).told).toEqual([["recovered", "chain_gap", "log"]]);
  });

  test("tells at the third time that the ledger cannot be read, takes nothing back, and sees again", async () => {
    const nowhere = "http://127.0.0.1:9";
    expect((await look(nowhere)).told).toEqual([]);
    expect((await look(nowhere)).told).toEqual([]);
    expect((await look(nowhere)).told).toEqual([["firing", "ledger_unreadable", "mirror"]]);
    expect((await look()).told).toEqual([["recovered", "ledger_unreadable", "mirror"]]);
  });

  test("says of a log that is not there that it is not, and ends with an error", async () => {
    const args = ["--once", "--json", "--state", join(folder, "none.json"), "--log", "0.0.999999"];
    const { code, out } = await run("watch.ts", [...args, "--mirror", stage.mirror]);
    expect([code, JSON.parse(out).ok]).toEqual([1, false]);
    expect(JSON.parse(out).problems).toEqual([expect.stringContaining("no manifest")]);
  });

  test("tells who writes what it may not", async () => {
    const { account, key } = stage.crew.member(AGENTS.desk);
    const insider = openLedger({ network: stage.network, account, key });
    try {
      const said = await insider.say(stage.festival.log, encodeEntry({ v: 1, type: "pause" }));
      expect(said.kind).toBe("executed");
    } finally {
      insider.close();
    }
    expect(await told()).toEqual([["firing", "unauthorised_entries", account]]);
  });

  test("goes on looking until it is asked to stop, and ends in order", async () => {
    const state = join(folder, "daemon.json");
    const argv = [
      process.execPath,
      join(import.meta.dir, "watch.ts"),
      "--every",
      "1",
      "--json",
      "--state",
      state,
    ];
    const child = Bun.spawn([...argv, ...place()], { env: BARE, stdio: ["ignore", "pipe", "inherit"] });
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    const line = JSON.parse(new TextDecoder().decode(value));
    expect(line.notices).toMatchObject([{ kind: "firing", name: "unauthorised_entries" }]);
    // Two looks later nothing is new, so nothing more was said.
    const { mtimeMs } = await stat(state);
    let seen = mtimeMs;
    for (let looks = 0; looks < 2; ) {
      await Bun.sleep(50);
      const { mtimeMs: now } = await stat(state);
      if (now !== seen) looks += 1;
      seen = now;
    }
    child.kill("SIGINT");
    expect(await child.exited).toBe(0);
    expect((await reader.read()).done).toBe(true);
  });

  test("tries the webhook when asked, both ways", async () => {
    received.length = 0;
    const { code, out } = await run("watch.ts", ["--test", "--json", ...hook()]);
    expect([code, JSON.parse(out).ok]).toEqual([0, true]);
    expect(received.map(([kind]) => kind)).toEqual(["firing", "recovered"]);
    const failed = await run("watch.ts", ["--test", "--webhook", "http://127.0.0.1:9/T0K3N"]);
    expect(failed.code).toBe(1);
    expect(failed.err).not.toContain("T0K3N");
  });

  test("compares with a baseline that was taken of the same festival", async () => {
    const path = join(folder, "baseline.json");
    const { code, out } = await run("baseline.ts", ["--json", "--out", path, ...place()]);
    expect(code).toBe(0);
    expect(JSON.parse(out).round_ms.count).toBeGreaterThan(20);
    const better = { ...JSON.parse(out), round_ms: { count: 99, median: 1, p90: 1 } };
    const look = async () => {
      const args = ["--once", "--json", "--state", join(folder, "b.json"), "--baseline", path, ...place()];
      const body = JSON.parse((await run("watch.ts", args)).out);
      return body.alarms.map(({ name, about }: { name: string; about: string }) => `${name} ${about}`);
    };
    expect(await look()).not.toContain("off_baseline round time");
    await Bun.write(path, JSON.stringify(better));
    expect(await look()).toContain("off_baseline round time");
  });
});

describe("the assistant's door", () => {
  const TOOLS = ["doctor", "log", "status", "tasks", "verify", "why"];
  const script = join(import.meta.dir, "mcp.ts");

  /** What a tool answers, as its text and as its structure say it alike. */
  async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
    const result = await client.callTool({ name, arguments: args }, undefined, { timeout: 120_000 });
    const [content] = result.content as { text: string }[];
    const text = content?.text ?? "";
    heard.push(text);
    expect({ name, isError: result.isError === true, text }).toMatchObject({ isError: false });
    expect(result.structuredContent).toEqual(JSON.parse(text));
    return JSON.parse(text);
  }

  /** Asks everything there is to ask, and checks each answer against the mirror node. */
  async function interview(client: Client): Promise<void> {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).toSorted()).toEqual(TOOLS);
    for (const { annotations } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
    }
    const entries = await entriesOf(stage.mirror, stage.log);
    const paid = entries.find(({ type }) => type === "payment_settled");
    if (paid === undefined) throw new Error("nothing was paid");
    const answers = {
      status: await call(client, "status"),
      tasks: await call(client, "tasks"),
      why: await call(client, "why", { task: paid.task_id, edition: 1 }),
      log: await call(client, "log", { from: paid.sequence, limit: 1 }),
      verify: await call(client, "verify"),
      doctor: await call(client, "doctor"),
    };
    for (const { proof } of Object.values(answers)) {
      const message = await oneOf(stage.mirror, `topics/${stage.log}/messages/${proof.verified_entries}`);
      expect(proof.running_hash).toBe(Buffer.from(message.running_hash, "base64").toString("hex"));
    }
    expect(answers.status.agents.map(({ agent }: { agent: string }) => agent)).toEqual(AGENT_NAMES);
    expect(answers.tasks.tasks.length).toBeGreaterThan(0);
    expect(answers.why).toMatchObject({ state: "paid", task_id: paid.task_id });
    expect(answers.log.entries).toMatchObject([{ type: "payment_settled", transaction: expect.any(String) }]);
    expect(answers.verify).toMatchObject({ gaps: 0, ok: true });
    expect(answers.doctor.findings.length).toBeGreaterThan(5);
    const unknown = await client.callTool({ name: "why", arguments: { task: "9.9.9" } });
    expect(unknown.isError).toBe(true);
  }

  /** The mirror node, with note of how it was asked: what only reads only gets. */
  const asked = new Set<string>();
  const recorder = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      asked.add(request.method);
      const { pathname, search } = new URL(request.url);
      return fetch(stage.mirror + pathname + search, { method: request.method });
    },
  });
  afterAll(() => recorder.stop(true));
  const door = () => place(`http://127.0.0.1:${recorder.port}`);

  test("answers over stdio, without any key", async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [script, ...door()],
      env: BARE,
      cwd: folder,
      stderr: "pipe",
    });
    const client = new Client({ name: "test", version: "1" });
    await client.connect(transport);
    try {
      await interview(client);
    } finally {
      await client.close();
    }
    expect([...asked]).toEqual(["GET"]);
  });

  test("answers over HTTP on loopback, and to no other origin", async () => {
    const argv = [process.execPath, script, "--http", "--port", "0", "--json", ...door()];
    const child = Bun.spawn(argv, { cwd: folder, env: BARE, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const { value } = await child.stdout.getReader().read();
      const { url } = JSON.parse(new TextDecoder().decode(value));
      const client = new Client({ name: "test", version: "1" });
      await client.connect(new StreamableHTTPClientTransport(new URL(url)));
      await interview(client);
      await client.close();
      const ask = (headers: Record<string, string>) => fetch(url, { method: "POST", headers, body: "{}" });
      expect((await ask({ origin: "https://evil.example" })).status).toBe(403);
      expect((await ask({ host: "evil.example" })).status).toBe(403);
      expect((await fetch(url)).status).toBe(405);
    } finally {
      child.kill();
    }
    expect(await child.exited).toBe(0);
    expect([...asked]).toEqual(["GET"]);
  });
});

describe("the keys of the run", () => {
  const keys = () =>
    Object.fromEntries(PARTIES.map((party) => [party, stage.deployment.keyOf(party).reveal().hex]));

  test("would be found in every form", () => {
    for (const [party, hex] of Object.entries(keys())) {
      for (const form of formsOf(hex)) expect(keysIn(`{"x":"..${form}.."}`, keys())).toContain(party);
    }
    expect(keysIn("nothing", keys())).toEqual([]);
  });

  test("are in no log, metric, health answer, JSON or assistant's answer", async () => {
    const commands = ["status.ts", "verify.ts", "baseline.ts"].map((script) =>
      run(script, ["--json", ...place()]),
    );
    await Promise.all(commands);
    await run("why.ts", ["1.1.1", "--json", ...place()]);
    expect(stage.said.length).toBeGreaterThan(50);
    expect(heard.length).toBeGreaterThan(20);
    for (const text of [...stage.said, ...heard]) expect(keysIn(text, keys())).toEqual([]);
  });

  test("are in no entry and no heartbeat", async () => {
    for (const topic of [stage.log, stage.festival.vitals]) {
      const text = JSON.stringify(await entriesOf(stage.mirror, topic));
      expect(text.length).toBeGreaterThan(1_000);
      expect(keysIn(text, keys())).toEqual([]);
    }
  });

  test("are in nothing that a process says when it breaks", async () => {
    const desk = stage.deployment.keyOf("desk").reveal().hex;
    const env = {
      HEDERA_NETWORK: "custom",
      HEDERA_NODES: "0.0.3=127.0.0.1:9",
      HEDERA_MIRROR_GRPC: "127.0.0.1:9",
      HEDERA_MIRROR_URL: "http://127.0.0.1:9",
      HEDERA_ACCOUNT_ID: stage.festival.accounts.desk,
      HEDERA_KEY_TYPE: "ED25519",
      HEDERA_PRIVATE_KEY: desk,
      FEST_AGENT: AGENTS.desk,
      FEST_LOG: stage.log,
    };
    const taken = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    const faults = [
      { HEDERA_PRIVATE_KEY: `${desk}zz` },
      { HEDERA_PRIVATE_KEY: `302e020100300506032b657004220420${desk}`, HEDERA_KEY_TYPE: "ECDSA" },
      { HEDERA_PRIVATE_KEY_FILE: desk },
      { HEDERA_ACCOUNT_ID: desk },
      { HEDERA_NODES: "nowhere" },
      { FEST_HEALTH_PORT: String(taken.port) },
    ];
    for (const fault of faults) {
      const { code, out, err } = await run("../agents/desk.ts", [], { ...env, ...fault });
      expect(code).not.toBe(0);
      expect(err.length).toBeGreaterThan(10);
      expect(keysIn(out + err, keys())).toEqual([]);
    }
    await taken.stop(true);
  });
});
