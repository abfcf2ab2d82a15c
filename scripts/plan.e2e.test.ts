import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runCommand } from "./testing/command.ts";
import { entriesOf, type RawEntry } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(300_000);

const FILES: Readonly<Record<string, string>> = {
  "fest.yaml": "metadata:\n  id: LP0001\n  name: Living plan\n",
  "001_ONE/01_alpha/01_gather.md": task("agent: inference\nkind: gather\ninput: { hours: 72 }\nreward: 30"),
  "001_ONE/01_alpha/02_write.md": task("reward: 40\ngate: { pages: { min: 3 } }"),
  "001_ONE/01_alpha/03_volatility.md": task(
    "kind: volatility\nuses: { rates: 01_gather }\ndepends_on: [02_write]\nreward: 50",
  ),
};
const BETA = "001_ONE/02_beta/01_volatility.md";

let stage: Stage;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fest-plan-"));
  for (const [path, text] of Object.entries(FILES)) await put(path, text);
  stage = await openStage({ latency: "100ms", planFolder: folder });
});
afterAll(async () => {
  await stage?.stop();
  await rm(folder, { recursive: true, force: true });
});

function task(fields: string): string {
  return `---\nfest_type: task\nfest_status: pending\n${fields}\n---\n\n# Words\n`;
}
async function put(path: string, text: string): Promise<string> {
  const whole = join(folder, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, text);
  return whole;
}
async function plan(...args: readonly string[]) {
  const { code, out, err } = await runCommand(stage, "plan", [...args, folder, "--json"]);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out);
}
const isAbout =
  (type: string, task_id: string) =>
  (entry: RawEntry): boolean =>
    entry.type === type && entry.task_id === task_id;
const entries = () => entriesOf(stage.mirror, stage.log);

describe("a plan that is edited while agents run", () => {
  test("is compared with the ledger: what is done stays, whatever the plan says now", async () => {
    await stage.until(isAbout("payment_settled", "1.1.1"));
    await put("001_ONE/01_alpha/01_gather.md", task("kind: gather\ninput: { hours: 72 }\nreward: 31"));
    await rm(join(folder, "001_ONE/01_alpha/03_volatility.md"));
    await put(BETA, task("kind: volatility\nuses: { rates: 1.1.1 }\nreward: 60"));
    expect(await plan("diff")).toEqual({
      added: ["1.2.1"],
      changed: [],
      withdrawn: ["1.1.3"],
      finished: ["1.1.1"],
      unchanged: 1,
    });
  });

  test("is not anybody's to apply", async () => {
    const { code, err } = await runCommand(stage, "plan", ["apply", folder], "desk");
    expect(code).toBe(1);
    expect(err).toContain("does not count");
  });

  test("is applied once: the task that was added is assigned and paid", async () => {
    const applied = await plan("apply");
    expect(applied).toMatchObject({ added: ["1.2.1"], withdrawn: ["1.1.3"] });
    expect(applied.entries).toHaveLength(2);
    expect((await plan("apply")).entries).toEqual([]);
    const log = await stage.until(isAbout("payment_settled", "1.2.1"));
    expect(log.find(isAbout("payment_settled", "1.2.1"))?.payload.amount).toBe("60");
    expect(log.filter(isAbout("payment_settled", "1.1.1"))).toHaveLength(1);
  });

  test("a task that is paid is not withdrawn", async () => {
    const { code, out } = await runCommand(stage, "withdraw", ["1.1.1", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      code: "NOT_COUNTED",
      message: expect.stringContaining("task 1.1.1 is paid"),
    });
  });

  test("a manual task waits for the owner's evidence, is judged by its gate, and then paid", async () => {
    const listed = await runCommand(stage, "task", ["list", "--json"]);
    expect(JSON.parse(listed.out).tasks).toMatchObject([{ id: "1.1.2", kind: "manual", reward: "40" }]);
    const evidence = join(tmpdir(), `${stage.log}.evidence.txt`);
    await writeFile(evidence, "three pages\n");
    const done = (...args: readonly string[]) =>
      runCommand(stage, "task", ["done", "1.1.2", "--evidence", evidence, "--json", ...args]);
    expect(await done("--metric", "pages=1")).toMatchObject({ code: 0 });
    const judged = await stage.until(isAbout("quality_gate", "1.1.2"));
    expect(judged.find(isAbout("quality_gate", "1.1.2"))?.payload.criteria).toContainEqual({
      name: "pages",
      passed: false,
      value: 1,
      limit: "at least 3",
    });
    const { code, out } = await done("--metric", "pages=3", "--note", "see the evidence");
    await rm(evidence);
    expect(code).toBe(0);
    const sha256 = new Bun.CryptoHasher("sha256").update("three pages\n").digest("hex");
    expect(JSON.parse(out).evidence).toMatchObject({ bytes: 12, sha256 });
    const log = await stage.until(isAbout("payment_settled", "1.1.2"));
    const result = log.findLast(isAbout("task_result", "1.1.2"));
    expect(result?.payer).toBe(stage.festival.accounts.owner);
    expect(result?.payload.output.evidence.sha256).toBe(sha256);
    expect(log.find(isAbout("payment_settled", "1.1.2"))).toMatchObject({
      to: "owner",
      payload: { amount: "40" },
    });
  });

  test("ends with a commit, in which the task that was withdrawn was never assigned, and the books are right", async () => {
    const log = await stage.until(({ type }) => type === "festival_commit");
    const commit = log.find(({ type }) => type === "festival_commit");
    expect(commit?.payload.tasks).toEqual({ planned: 4, paid: 3, failed: 1 });
    expect((await entries()).filter(({ task_id }) => task_id === "1.1.3").map(({ type }) => type)).toEqual([
      "task_planned",
      "task_withdrawn",
    ]);
    const verified = await runCommand(stage, "verify", ["--json"]);
    expect(JSON.parse(verified.out)).toMatchObject({ ok: true });
    const audit = await stage.audit();
    expect(audit).toMatchObject({ unmatched: [], paidTwice: [], tokensConserved: true, paid: 130n });
  });

  test("is pulled back into the folder as fest would write it, and pulled twice, nothing changes", async () => {
    const pulled = await plan("pull");
    expect(pulled.completed).toEqual(["1.1.1", "1.1.2", "1.2.1"]);
    expect(await plan("show")).toMatchObject({ id: "LP0001", tasks: 3, completed: 3 });
    expect(await readFile(join(folder, BETA), "utf8")).toMatch(/^fest_status: completed$/m);
    const events = (await readFile(join(folder, ".fest/progress_events.jsonl"), "utf8")).trim().split("\n");
    expect(events.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: "completed", task: BETA }),
    );
    const result = JSON.parse(
      await readFile(join(folder, "001_ONE/02_beta/results/01_volatility.json"), "utf8"),
    );
    const paid = (await entries()).find(isAbout("payment_settled", "1.2.1"));
    expect(result.ledger).toMatchObject({
      log: stage.log,
      payment: { sequence: paid?.sequence, amount: "60", transaction: paid?.payload.transfer },
    });
    expect((await plan("pull")).written).toEqual([]);
  });
});
