import { expect, setDefaultTimeout, test } from "bun:test";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coldStart } from "../lib/agent/cold-start.ts";
import { stateHash } from "../lib/festival/checkpoint/checkpoint.ts";
import { foldAll } from "../lib/festival/fold.ts";
import { parseTopicId } from "../lib/hedera/id.ts";
import { createMirror } from "../lib/mirror/client.ts";
import { allItems } from "../lib/mirror/page.ts";
import { openStage, PLAN } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(240_000);

test("a killed coordinator comes back from the log's own checkpoint, and the festival goes on", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fest-plan-"));
  await cp(PLAN, folder, { recursive: true });
  const yaml = join(folder, "fest.yaml");
  await writeFile(yaml, (await readFile(yaml, "utf8")).replace(/every_seconds: \d+/, "every_seconds: 1"));
  const stage = await openStage({ planFolder: folder, logLevel: "info" });
  try {
    await stage.until(({ type, payload }) => type === "checkpoint" && payload.part === payload.parts);
    process.kill(stage.agents.pids.coordinator ?? 0, "SIGKILL");
    const killed = (await stage.until(() => true)).at(-1)?.sequence ?? 0;
    await stage.until(({ type, sequence }) => type === "festival_commit" && sequence > killed + 60);
    expect(stage.said.some((line) => line.includes("begins from a checkpoint"))).toBe(true);
    expect(stage.said.some((line) => line.includes("is not what the log says"))).toBe(false);

    const mirror = createMirror({ baseUrl: stage.mirror });
    const topic = parseTopicId(stage.log);
    const messages = await allItems(await mirror.topicMessages({ topic, order: "asc" }));
    const whole = foldAll(messages);
    expect(whole.counts).toEqual({
      accepted: messages.length,
      unknown: 0,
      malformed: 0,
      unauthorised: 0,
      refused: 0,
    });
    const start = await coldStart(mirror, topic);
    expect(start?.message.sequence).toBe(1_000);
    const state = foldAll(messages.slice(1_000), start?.state);
    expect(stateHash(state)).toBe(stateHash(whole));
  } finally {
    await stage.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
