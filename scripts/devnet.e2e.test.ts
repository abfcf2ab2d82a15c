import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, PrivateKey, TopicCreateTransaction, TopicMessageSubmitTransaction } from "@hashgraph/sdk";
import * as z from "zod/mini";
import { type Message, messageSchema } from "../lib/mirror/message.ts";
import { verifyChain } from "../lib/mirror/running-hash.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(180_000);

const SCRIPT = fileURLToPath(new URL("devnet.ts", import.meta.url));
const Ready = z.strictObject({
  event: z.literal("ready"),
  node: z.string().check(z.regex(/^127\.0\.0\.1:\d+$/)),
  mirrorGrpc: z.string().check(z.regex(/^127\.0\.0\.1:\d+$/)),
  mirror: z.string().check(z.regex(/^http:\/\/127\.0\.0\.1:\d+$/)),
  relay: z.string().check(z.regex(/^http:\/\/127\.0\.0\.1:\d+$/)),
  relayWs: z.string().check(z.regex(/^ws:\/\/127\.0\.0\.1:\d+$/)),
  operator: z.strictObject({ accountId: z.literal("0.0.2"), privateKey: z.string().check(z.regex(/^302e/)) }),
});
type Ready = z.infer<typeof Ready>;

let dataDir: string;
let running: Bun.Subprocess[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "fest-devnet-e2e-"));
  running = [];
});

afterEach(async () => {
  for (const child of running) {
    child.kill("SIGKILL");
    await child.exited;
  }
  rmSync(dataDir, { recursive: true });
});

function run(...args: string[]) {
  const child = Bun.spawn([process.execPath, SCRIPT, ...args], {
    env: process.env,
    stdout: "pipe",
    stderr: "pipe",
  });
  running.push(child);
  return child;
}

/** Everything that a child wrote to its standard error until it ended. */
function errorsOf(child: ReturnType<typeof run>): Promise<string> {
  return new Response(child.stderr).text();
}

/** The first line that a child writes. */
async function firstLine(child: ReturnType<typeof run>): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout.values({ preventCancel: true })) {
    text += new TextDecoder().decode(chunk);
    if (text.includes("\n")) return text.slice(0, text.indexOf("\n"));
  }
  throw new Error(`devnet ended: ${await errorsOf(child)}`);
}

async function start(...args: string[]): Promise<{ child: ReturnType<typeof run>; ready: Ready }> {
  const child = run("--json", "--port-base", "0", ...args);
  return { child, ready: z.parse(Ready, JSON.parse(await firstLine(child))) };
}

function clientOf({ node, operator }: Ready): Client {
  return Client.forNetwork({ [node]: "0.0.3" }).setOperator(
    operator.accountId,
    PrivateKey.fromStringDer(operator.privateKey),
  );
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "is ready with one line of JSON, and %s ends it well",
  async (signal) => {
    const { child, ready } = await start();
    expect((await fetch(`${ready.mirror}/api/v1/accounts/0.0.2`)).status).toBe(200);
    child.kill(signal);
    expect(await child.exited).toBe(0);
    expect(await errorsOf(child)).toBe("");
    await expect(fetch(`${ready.mirror}/api/v1/accounts/0.0.2`)).rejects.toThrow();
  },
);

test("without --json it shows every endpoint and the operator", async () => {
  const child = run("--port-base", "0");
  const text = await firstLine(child);
  expect(text).toContain("Devnet is ready");
});

describe("a mistake on the command line", () => {
  test.each([
    [["--port-base", "ninety"], "a whole number from 0 to 65531"],
    [["--port-base", "65533"], "a whole number from 0 to 65531"],
    [["--latency", "fast"], '"fast" is not a duration'],
    [["--datta", "x"], "unknown option '--datta'"],
    [["extra"], "too many arguments"],
  ])("%p ends in a clear message", async (args, message) => {
    const child = run(...args);
    expect(await child.exited).not.toBe(0);
    expect(await errorsOf(child)).toContain(message);
  });

  test("such as a port in use does, too", async () => {
    const taken = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    const child = run("--port-base", String(taken.port));
    expect(await child.exited).toBe(1);
    const line = `port ${taken.port} on 127.0.0.1`;
    expect(await errorsOf(child)).toMatch(new RegExp(`^[^\\n]*${line}[^\\n]*\\n$`));
    await taken.stop(true);
  });
});

test("kill -9 under load loses nothing that had a receipt", async () => {
  const first = await start("--data", dataDir);
  const client = clientOf(first.ready);
  const created = await new TopicCreateTransaction().execute(client);
  const { topicId } = await created.getReceipt(client);
  if (topicId === null) throw new Error("the receipt has no topic id");
  const receipts: string[] = [];
  const submitting = Array.from({ length: 200 }, async (_, n) => {
    const message = `message ${n}`;
    const response = await new TopicMessageSubmitTransaction({ topicId, message })
      .setMaxAttempts(1)
      .execute(client);
    const receipt = await response.getReceipt(client);
    receipts.push(Buffer.from(receipt.topicRunningHash ?? []).toString("base64"));
    if (receipts.length === 60) first.child.kill("SIGKILL");
  });
  await first.child.exited;
  client.close();
  await Promise.race([Promise.allSettled(submitting), Bun.sleep(500)]);
  const received = [...receipts];
  expect(received.length).toBeGreaterThanOrEqual(60);

  const { ready } = await start("--data", dataDir);
  const Page = z.object({
    messages: z.array(messageSchema),
    links: z.object({ next: z.nullable(z.string()) }),
  });
  const stored: Message[] = [];
  for (let next: string | null = `/api/v1/topics/${topicId}/messages?limit=100`; next !== null; ) {
    const page: z.infer<typeof Page> = z.parse(Page, await (await fetch(ready.mirror + next)).json());
    stored.push(...page.messages);
    next = page.links.next;
  }
  const hashes = new Set(stored.map(({ runningHash }) => Buffer.from(runningHash).toString("base64")));
  expect(received.filter((hash) => !hashes.has(hash))).toEqual([]);
  expect(verifyChain(stored)).toMatchObject({ verified: stored.length, broken: null });
});
