/** Code and ledger stand for each other: a festival's commit in git, and what came of one task in a file. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { doctored, type Shown } from "../site/testing/doctor.ts";
import { LyingMirror } from "../site/testing/lying-mirror.ts";
import { git } from "./support/git.ts";
import type { RawEntry } from "./testing/rest.ts";
import { openStage, type Stage } from "./testing/stage.ts";

// Real processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(240_000);

let folder: string;
let repo: string;
let code: string;
let stage: Stage;
let liar: LyingMirror;
let commit: RawEntry;
let sha: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fest-commit-"));
  repo = join(folder, "repo");
  await git(folder, "init", "--quiet", "repo");
  await git(repo, "config", "user.email", "t@example.org");
  await git(repo, "config", "user.name", "T");
  await writeFile(join(repo, "code.ts"), "export const code = 1;\n");
  await git(repo, "add", "code.ts");
  await git(repo, "commit", "--quiet", "-m", "The code");
  code = await git(repo, "rev-parse", "HEAD");
  stage = await openStage({ gitCommit: code });
  liar = new LyingMirror(stage.mirror);
  const entries = await stage.until(({ type }) => type === "festival_commit");
  const found = entries.find(({ type }) => type === "festival_commit");
  if (found === undefined) throw new Error("there is no commit");
  commit = found;
  await stage.agents.stop();
});
afterAll(async () => {
  await liar?.stop();
  await stage?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function run(script: string, ...args: string[]) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, script), "--json", ...args], {
    env: { PATH: process.env.PATH ?? "", HOME: folder },
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out = await new Response(child.stdout).text();
  const exit = await child.exited;
  return { exit, body: JSON.parse(out.trimEnd().split("\n").at(-1) || "{}") };
}

const festCommit = (...more: string[]) =>
  run(
    "fest-commit.ts",
    "--repo",
    repo,
    "--mirror",
    stage.mirror,
    "--log",
    stage.log,
    "--tests",
    "true",
    ...more,
  );
const verifyCommit = (name: string, mirror = stage.mirror) =>
  run("verify.ts", "--commit", name, "--repo", repo, "--mirror", mirror);

/** A commit like another one, changed. */
async function amended(parent: string, message: string): Promise<string> {
  return git(repo, "commit-tree", `${sha}^{tree}`, "-p", parent, "-m", message);
}

describe("a festival's commit", () => {
  test("is not made of an unclean tree, with a secret, with tests that fail, or of other code", async () => {
    await writeFile(join(repo, "new.txt"), "new");
    expect(await festCommit()).toMatchObject({ exit: 1, body: { problems: [{ name: "tree_unclean" }] } });
    await writeFile(join(repo, "new.txt"), `HEDERA_PRIVATE_KEY=${"ab".repeat(32)}\n`);
    await git(repo, "add", "new.txt");
    expect(await festCommit()).toMatchObject({ exit: 1, body: { problems: [{ name: "secret_staged" }] } });
    await writeFile(join(repo, "new.txt"), "what came of it\n");
    await git(repo, "add", "new.txt");
    expect(await festCommit("--tests", "exit 3")).toMatchObject({
      exit: 1,
      body: { problems: [{ name: "tests_failed" }] },
    });
    expect(await git(repo, "rev-parse", "HEAD")).toBe(code);
  });

  test("names log, entry and root, and each proves the other", async () => {
    const made = await festCommit();
    expect(made).toMatchObject({ exit: 0, body: { ok: true, code, sequence: commit.sequence } });
    sha = made.body.commit;
    const message = await git(repo, "log", "-1", "--format=%B", sha);
    expect(message).toContain(
      `Fest-Log: ${stage.log}\nFest-Sequence: ${commit.sequence}\nFest-Root: ${commit.payload.root}`,
    );
    expect(await git(repo, "status", "--porcelain")).toBe("");
    const found = await verifyCommit(sha);
    expect(found).toMatchObject({
      exit: 0,
      body: { ok: true, problems: [], commit: sha, code, root: commit.payload.root },
    });
    // A second one would stand on code that the festival did not run.
    expect(await festCommit()).toMatchObject({ exit: 1, body: { problems: [{ name: "other_code" }] } });
  });

  test("stands for nothing with another root, entry, log or parent in git", async () => {
    const message = await git(repo, "log", "-1", "--format=%B", sha);
    const flip = (hex: string) => `${hex.slice(0, -1)}${hex.endsWith("0") ? "1" : "0"}`;
    const { root } = commit.payload;
    const forged = [
      await amended(code, message.replace(root, flip(root))),
      await amended(code, message.replace(/Fest-Sequence: \d+/, `Fest-Sequence: ${commit.sequence - 1}`)),
      await amended(sha, message),
    ];
    for (const one of forged)
      expect(await verifyCommit(one)).toMatchObject({
        exit: 1,
        body: { ok: false, problems: [{ name: "git" }] },
      });
    const plain = await verifyCommit(code);
    expect(plain).toMatchObject({ exit: 1, body: { problems: [{ name: "trailer_missing" }] } });
  });

  test.each<[string, (said: string) => string]>([
    ["the root", (said) => said.replace(/"root":"./, '"root":"x')],
    ["the git commit", (said) => said.replace(/"git_commit":"./, '"git_commit":"x')],
    ["the totals", (said) => said.replace('"payments":12', '"payments":13')],
  ])("stands for nothing with %s changed on the way from the ledger", async (_, change) => {
    liar.lie = doctored({
      messages: (one: Shown) =>
        one.topic_id === stage.log && one.sequence_number === commit.sequence
          ? [{ ...one, message: btoa(change(atob(one.message))) }]
          : [one],
    });
    const found = await verifyCommit(sha, liar.url);
    expect(found).toMatchObject({ exit: 1, body: { ok: false } });
    expect(found.body.problems.map((one: { name: string }) => one.name)).toContain("chain_hash");
  });

  test.each(["task_result", "payment_settled"])("stands for nothing with a %s changed", async (type) => {
    const entries = await stage.until(() => true);
    const { sequence } = entries.find((one) => one.type === type) ?? { sequence: 0 };
    liar.lie = doctored({
      messages: (one: Shown) =>
        one.topic_id === stage.log && one.sequence_number === sequence
          ? [{ ...one, message: btoa(`${atob(one.message)} `) }]
          : [one],
    });
    const found = await verifyCommit(sha, liar.url);
    expect(found).toMatchObject({ exit: 1, body: { ok: false } });
  });
});

describe("what came of a task", () => {
  test("is proven by a file, without the network and against it, and by no changed file", async () => {
    const file = join(folder, "task.json");
    const made = await run("prove.ts", "1.1.1", "--out", file, "--mirror", stage.mirror, "--log", stage.log);
    expect(made).toMatchObject({ exit: 0, body: { ok: true, root: commit.payload.root } });
    const offline = await run("verify.ts", "--inclusion", file);
    expect(offline).toMatchObject({
      exit: 0,
      body: {
        ok: true,
        problems: [],
        task_id: "1.1.1",
        git_commit: code,
        proven: ["task_result", "payment_settled"],
      },
    });
    expect(await run("verify.ts", "--inclusion", file, "--mirror", stage.mirror)).toMatchObject({ exit: 0 });

    const proof = JSON.parse(await Bun.file(file).text());
    const edited = (one: { body: { message: string } }, from: RegExp) => ({
      ...one,
      // The last bit of what is found.
      body: { ...one.body, message: btoa(atob(one.body.message).replace(from, flipped)) },
    });
    const [result, payment] = proof.leaves;
    const forgeries = {
      result: { ...proof, leaves: [edited(result, /"status":"completed"/), payment] },
      payment: { ...proof, leaves: [result, edited(payment, /"amount":"./)] },
      root: { ...proof, commit: edited(proof.commit, /"root":"./) },
      code: { ...proof, commit: edited(proof.commit, /"git_commit":"./) },
    };
    for (const [what, forged] of Object.entries(forgeries)) {
      await writeFile(file, JSON.stringify(forged));
      const { exit, body } = await run("verify.ts", "--inclusion", file);
      expect({ what, exit, ok: body.ok }).toEqual({ what, exit: 1, ok: false });
    }
  });

  test("is not proven before its edition is committed", async () => {
    const out = join(folder, "none.json");
    const made = await run("prove.ts", "9.9.9", "--out", out, "--mirror", stage.mirror, "--log", stage.log);
    expect(made).toMatchObject({ exit: 1, body: { ok: false, problems: [{ name: "task_not_committed" }] } });
    expect(await Bun.file(out).exists()).toBe(false);
  });
});

function flipped(text: string): string {
  return text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) ^ 1);
}
