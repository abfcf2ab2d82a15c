/** Commits to git what a festival came to, with what it takes to find and prove it on the ledger. */
import { verifyLog } from "../lib/agent/proof/verify.ts";
import { LogAudit } from "../lib/festival/proof/log-audit.ts";
import type { Commit } from "../lib/festival/state.ts";
import { FestError } from "../lib/hedera/error.ts";
import type { TopicId } from "../lib/hedera/id.ts";
import { networkFromEnv } from "../lib/hedera/network-env.ts";
import { createMirror, type Mirror } from "../lib/mirror/client.ts";
import { allItems } from "../lib/mirror/page.ts";
import { commandLine } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";
import { git, trailerText } from "./support/git.ts";
import { namedLog } from "./support/named.ts";
import { secretsIn } from "./support/secrets.ts";

interface Options {
  readonly json?: true;
  readonly log?: string;
  readonly mirror?: string;
  readonly repo: string;
  readonly tests: string;
  readonly message?: string;
}

const options = commandLine(
  "fest:commit",
  "bun run fest:commit --log 0.0.1012 --mirror http://127.0.0.1:5551",
)
  .description(
    "After a festival's commit on the ledger: run the tests, look that the tree is clean and nothing staged is secret, verify the log, and commit to git with the log, the entry and its Merkle root as trailers. `bun run verify --commit SHA` proves the two for each other.",
  )
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK")
  .option("--repo <folder>", "the working copy", ".")
  .option("--tests <command>", "what must pass first", "bun run test")
  .option("--message <text>", "what the commit says; default what the edition came to")
  .parse()
  .opts<Options>();

try {
  const { repo } = options;
  const network = networkFromEnv(process.env);
  const log = namedLog(options.log);
  const mirror = createMirror({ baseUrl: options.mirror ?? network.mirror });
  const head = await git(repo, "rev-parse", "HEAD");
  await requireCleanTree(repo);
  await requireNoSecrets(repo);
  const { festival, commit } = await commitOnLedger(mirror, log, head);
  const { sequence, payload } = commit;
  await requireSoundLog(mirror, log, sequence);
  await runTests(repo, options.tests);
  const { tasks, payments, edition, root } = payload;
  const said =
    options.message ??
    `Commit edition ${edition} of ${festival}: ${tasks.paid} of ${tasks.planned} tasks, ${payments} payments`;
  const trailers = trailerText({ network: network.name, log, sequence: String(sequence), root });
  await git(repo, "commit", "--quiet", "--allow-empty", "-m", said, "-m", trailers);
  const made = await git(repo, "rev-parse", "HEAD");
  const also = await callOthers(repo, said);
  if (options.json)
    console.log(JSON.stringify({ ok: true, commit: made, code: head, log, sequence, root, edition, also }));
  else
    console.log(
      [
        `${made} stands for entry ${sequence} of log ${log}`,
        `  root ${root}`,
        ...also.map((one) => `  ${one}`),
      ].join("\n"),
    );
  process.exit(0);
} catch (error) {
  fail("fest:commit", options.json, error);
}

/** @throws FestError `TREE_UNCLEAN`: what is committed must be what was tested */
async function requireCleanTree(repo: string): Promise<void> {
  const lines = (await git(repo, "status", "--porcelain", "--untracked-files=all")).split("\n");
  const [first] = lines.filter((line) => line !== "" && !/^[MADRC] /.test(line));
  if (first === undefined) return;
  throw new FestError("TREE_UNCLEAN", `the tree is not clean: ${first.trim()}`, {
    fix: "Stage what belongs to the festival, and put the rest away.",
  });
}

/** @throws FestError `SECRET_STAGED` with file and line */
async function requireNoSecrets(repo: string): Promise<void> {
  const staged = await git(repo, "diff", "--cached", "--name-only", "-z", "--diff-filter=ACMR");
  for (const path of staged.split("\0").filter((one) => one !== "")) {
    const [secret] = secretsIn(path, await git(repo, "show", `:${path}`));
    if (secret === undefined) continue;
    throw new FestError("SECRET_STAGED", `what is staged holds a secret: ${secret}`, {
      fix: "Take it out of the index with `git restore --staged`, and rotate the key if it was ever shared.",
    });
  }
}

/** The newest commit of the festival that ran this code. @throws FestError `NOT_COMMITTED`, `OTHER_CODE` */
async function commitOnLedger(
  mirror: Mirror,
  log: TopicId,
  head: string,
): Promise<{ readonly festival: string; readonly commit: Commit }> {
  const audit = new LogAudit();
  let newest: Commit | null = null;
  let ours: Commit | null = null;
  for (const message of await allItems(
    await mirror.topicMessages({ topic: log, limit: 100, order: "asc" }),
  )) {
    const before = audit.state.commits;
    audit.take([message]);
    const committed = audit.state.edition?.committed ?? null;
    if (audit.state.commits === before || committed === null) continue;
    newest = committed;
    const code = committed.payload.git_commit;
    if (code !== undefined && head.startsWith(code)) ours = committed;
  }
  if (newest === null) {
    throw new FestError("NOT_COMMITTED", `log ${log} has no festival_commit`, {
      fix: "Wait until every task is paid or failed; `bun run status` tells.",
    });
  }
  if (ours === null) {
    const code = newest.payload.git_commit ?? "code that it does not name";
    throw new FestError("OTHER_CODE", `the festival ran ${code}, and HEAD is ${head}`, {
      fix: "Check out what ran, or run an edition with FEST_GIT_COMMIT set to HEAD.",
    });
  }
  return { festival: audit.state.manifest?.festival.name ?? log, commit: ours };
}

/** @throws FestError `LOG_UNSOUND` */
async function requireSoundLog(mirror: Mirror, log: TopicId, to: number): Promise<void> {
  const { problems } = await verifyLog({ mirror, log, to });
  const first = problems.find(({ severity }) => severity === "error");
  if (first === undefined) return;
  throw new FestError("LOG_UNSOUND", `the log does not hold: ${first.message}`, {
    fix: "`bun run verify` tells everything.",
  });
}

/** @throws FestError `TESTS_FAILED` */
async function runTests(repo: string, command: string): Promise<void> {
  const output = options.json ? ("ignore" as const) : ("inherit" as const);
  const child = Bun.spawn(["sh", "-c", command], { cwd: repo, stdio: ["ignore", output, output] });
  const code = await child.exited;
  if (code !== 0)
    throw new FestError("TESTS_FAILED", `${JSON.stringify(command)} ended with ${code}`, {
      fix: "Nothing is committed that does not pass.",
    });
}

/** Where `fest` and `camp` are installed they keep references of their own; what each said, one line each. */
async function callOthers(repo: string, message: string): Promise<readonly string[]> {
  const calls = [
    ["fest", "commit", "-m", message],
    ["camp", "p", "commit", "-m", message],
  ] as const;
  const told: string[] = [];
  for (const [program, ...args] of calls) {
    if (Bun.which(program) === null) continue;
    const child = Bun.spawn([program, ...args], {
      cwd: repo,
      stdio: ["ignore", "ignore", "ignore"],
      timeout: 30_000,
    });
    const code = await child.exited;
    told.push(`${program} ${args[0]} ${code === 0 ? "done" : `ended with ${code}; call it yourself`}`);
  }
  return told;
}
