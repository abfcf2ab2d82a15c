import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { scripts } from "../package.json" with { type: "json" };

// Some seventy short processes on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(180_000);

const ROOT = resolve(import.meta.dir, "..");
/** Nobody listens on port 1. */
const NOBODY = "http://127.0.0.1:1";
const folder = await mkdtemp(join(tmpdir(), "fest-command-line-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every command of package.json that is a script of ours with words of its own, with its subcommands. */
const COMMANDS = Object.entries(scripts).flatMap(([name, line]) => {
  const script = /^bun (?:scripts\/bootstrap\.ts )?(scripts\/[\w-]+\.ts)$/.exec(line)?.[1];
  return script === undefined || name === "test" ? [] : [[name, script] as const];
});
const SUBCOMMANDS: Readonly<Record<string, readonly string[]>> = {
  plan: ["show", "check", "diff", "apply", "pull"],
  task: ["list", "done"],
  worker: ["add", "remove"],
};
/** What must stand before anything else. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  archive: ["--out", "x"],
  prove: ["1.1.1", "--out", "x"],
  chaos: ["--seeds", "1"],
};

/** Runs a script with nothing in its environment but a network that is not there. */
async function run(script: string, ...args: readonly string[]) {
  const env = { PATH: process.env.PATH ?? "", HEDERA_NETWORK: "devnet", HEDERA_PORT_BASE: "1" };
  const child = Bun.spawn([process.execPath, script, ...args], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, err };
}

describe("bun run", () => {
  for (const [name, script] of COMMANDS) {
    const subcommands = SUBCOMMANDS[name] ?? [];
    test(`${name} --help says what it is, what it takes, and gives an example`, async () => {
      for (const words of [[], ...subcommands.map((one) => [one])]) {
        const { code, out, err } = await run(script, ...words, "--help");
        expect({ code, err }).toEqual({ code: 0, err: "" });
        expect(out).toStartWith(`Usage: ${["bun run", name, ...words].join(" ")} `);
        expect(out).toMatch(new RegExp(`For example:\n  .*run ${name}`));
        expect(out).not.toContain(ROOT);
      }
    });

    test(`${name} says which option it does not know, and where to read on`, async () => {
      const { code, out, err } = await run(script, ...(NEEDED[name] ?? []), "--no-such-option");
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toContain(`${name}: unknown option '--no-such-option'`);
      expect(err).toContain(`\`bun run ${name} --help\``);
    });
  }
});

describe("a value that cannot be", () => {
  test.each([
    ["demo", "--noise", "", "a seed has 1 to 64 characters"],
    ["demo", "--latency", "soon", "is not a duration"],
    ["soak", "--latency", "soon", "is not a duration"],
    ["record", "--width", "wide", "a whole number from 320"],
    ["chaos", "--seeds", "0", "a whole number from 1"],
    ["dashboard", "--port", "70000", "a whole number from 0 to 65535"],
    ["setup", "--dashboard", "here", "Write it as https://host"],
    ["watch", "--every", "0", "a whole number from 1"],
    ["pause", "--reason", "x".repeat(201), "1 to 200 letters"],
  ])("%s %s is refused before anything is begun", async (name, option, value, why) => {
    const { code, out, err } = await run(`scripts/${name}.ts`, option, value);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(`${name}: option '${option}`);
    expect(err).toContain(why);
    expect(err).not.toContain("    at ");
  });

  test("such as an edition or a worker's HBAR, too", async () => {
    expect((await run("scripts/why.ts", "1.1.1", "--edition", "last")).err).toContain(
      "a whole number from 1",
    );
    const { err } = await run("scripts/worker.ts", "add", "inference", "inference-002", "--hbar", "-1");
    expect(err).toContain("an amount above 0");
    const none = await run("scripts/verify.ts", "--from", "20", "--to", "10", "--log", "0.0.5");
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining("no entry from 20 to 10") });
    const lost = await run("scripts/verify.ts", "--commit", "no-such", "--log", "0.0.5");
    expect(lost).toMatchObject({ code: 1, err: expect.stringContaining("there is no commit no-such in .") });
  });
});

describe("with --json, a command that fails", () => {
  const place = ["--json", "--log", "0.0.5", "--mirror", NOBODY];
  test.each([
    ["status", place],
    ["why", ["1.1.1", ...place]],
    ["prove", ["1.1.1", "--out", "x", ...place]],
    ["baseline", place],
    ["plan", ["diff", "agents/plans/hbar-desk", ...place]],
    ["task", ["list", ...place]],
    ["setup", ["--json", "--out", join(folder, "state")]],
  ])("%s: one object on stdout says that the mirror node is away, and what to do", async (name, args) => {
    const { code, out, err } = await run(`scripts/${name}.ts`, ...args);
    const body = JSON.parse(out);
    expect({ code, ok: body.ok, error: body.code }).toEqual({
      code: 1,
      ok: false,
      error: "MIRROR_UNAVAILABLE",
    });
    expect(body.problems).toEqual([
      { name: "mirror_unavailable", severity: "error", message: body.message, fix: expect.any(String) },
    ]);
    expect(body.message).toContain("`bun run devnet` starts one here");
    expect(err).toBe(`${name}: ${body.message}\n`);
  });

  test("archive: takes a mirror node that is away for no empty log", async () => {
    const { code, out } = await run("scripts/archive.ts", "--out", join(folder, "a.jsonl"), ...place);
    expect({ code, body: JSON.parse(out) }).toMatchObject({ code: 1, body: { ok: false, code: "UNREAD" } });
    expect(existsSync(join(folder, "a.jsonl"))).toBe(false);
  });

  test.each([
    ["pause", []],
    ["withdraw", ["1.1.1"]],
    ["worker", ["remove", "inference-001"]],
  ])("%s: names every variable that is missing", async (name, args) => {
    const { code, out } = await run(`scripts/${name}.ts`, ...args, "--json");
    const { code: error, message } = JSON.parse(out);
    expect({ code, error }).toEqual({ code: 1, error: "CONFIG_INVALID" });
    for (const variable of ["HEDERA_ACCOUNT_ID", "HEDERA_KEY_TYPE", "HEDERA_PRIVATE_KEY", "FEST_LOG"])
      expect(message).toContain(`${variable} is not set`);
  });
});

describe("a folder instead of a file, or the other way round", () => {
  test.each([
    ["verify", ["--bundle", folder], folder, "Name a file, not a folder."],
    ["verify", ["--inclusion", folder], folder, "Name a file, not a folder."],
    ["verify", ["--bundle", "README.md"], "README.md is no bundle", "`bun run archive` writes one."],
    ["setup", ["--out", "README.md"], "README.md", "Name a folder, not a file."],
    ["smoke", ["--config", "README.md"], "README.md", "Name a folder, not a file."],
    ["watch", ["--once", "--log", "0.0.5", "--state", folder], "EISDIR", "Name a file, not a folder."],
  ])("%s %p is refused with its name", async (name, args, what, fix) => {
    const { code, out, err } = await run(`scripts/${name}.ts`, ...args);
    expect(code).toBe(1);
    expect(out + err).toContain(what);
    expect(out + err).toContain(fix);
  });

  test("leaves no draft behind", async () => {
    const target = join(folder, "taken");
    await mkdir(target);
    const { writeWhole } = await import("./support/write-whole.ts");
    const failed = await writeWhole(target, "text").catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(existsSync(`${target}.new`)).toBe(false);
  });
});
