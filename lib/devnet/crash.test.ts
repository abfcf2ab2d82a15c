import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseTopicId } from "../hedera/id.ts";
import { startDevnet } from "./devnet.ts";

const SCRIPT = fileURLToPath(new URL("testing/die-after-receipt.ts", import.meta.url));
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "fest-devnet-crash-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test.each([
  ["at once", 0],
  ["in a minute", 60_000],
])(
  "what had a receipt survives a kill in the same instant, also where the mirror shows it %s",
  async (_when, lagMs) => {
    const child = Bun.spawn([process.execPath, SCRIPT, dataDir, String(lagMs)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said = JSON.parse(await new Response(child.stdout).text());
    await child.exited;
    expect(child.signalCode).toBe("SIGKILL");
    const devnet = await startDevnet({ portBase: 0, dataDir });
    const topic = devnet.ledger.topics.get(parseTopicId(said.topic));
    expect(topic?.sequenceNumber).toBe(1n);
    expect(Buffer.from(topic?.runningHash ?? []).toString("hex")).toBe(said.runningHash);
    const answer = await fetch(`${devnet.network.mirror}/api/v1/topics/${said.topic}/messages/1`);
    expect(await answer.json()).toMatchObject({ message: Buffer.from("not lost").toString("base64") });
    await devnet.stop();
  },
);
