/** Plans: look at one, check it, compare it with the ledger, bring the ledger to it, bring results back. */
import { festRoadmap } from "../lib/agent/fest-cli.ts";
import { pullPlan } from "../lib/agent/plan-pull.ts";
import { parsePlan, readPlan, surveyPath, surveyText as surveySource } from "../lib/agent/plan-source.ts";
import { MAX_REWARD } from "../lib/agent/setup/manifest.ts";
import { KINDS } from "../lib/agent/work/kinds.ts";
import { diffPlan } from "../lib/festival/plan/diff.ts";
import { FestError } from "../lib/hedera/error.ts";
import { toJson } from "../lib/hedera/to-json.ts";
import { answer } from "./support/answer.ts";
import { commandLine } from "./support/command-line.ts";
import { readLogState } from "./support/log-state.ts";
import { namedLog } from "./support/named.ts";
import { Owner } from "./support/owner.ts";
import { applyPlan } from "./support/plan-apply.ts";
import { diffJson, diffText, soundJson, surveyJson, surveyText } from "./support/plan-report.ts";
import { ProgressLine } from "./support/progress.ts";
import { editionAtWork } from "./support/tasks.ts";

interface Options {
  readonly json?: true;
  readonly log?: string;
  readonly mirror?: string;
  readonly fest?: string | true;
  readonly maxReward?: string;
}

const program = commandLine(
  "plan",
  "bun run plan check agents/plans/hbar-desk",
  "bun run plan show agents/plans/hbar-desk --log 0.0.1012",
).description("Plans, from a festival's folder, a plan file, or the fest CLI.");
const command = (name: string, description: string) =>
  program
    .command(name)
    .description(description)
    .option("--json", "print one JSON object on stdout, and nothing else")
    .option("--log <topic>", "the festival's log")
    .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK");
const withPlan = (name: string, description: string) =>
  command(name, description)
    .argument("[dir]", "the festival's folder, a plan file, or what `fest show --json --roadmap` printed")
    .option("--fest [selector]", "ask the fest CLI instead, for this festival or its first");

withPlan(
  "show",
  "The tree of a festival, with states; with --log also durations and costs from the ledger.",
).action((dir: string | undefined, options: Options) =>
  answer("plan", options.json, async () => {
    const survey =
      options.fest === undefined
        ? await surveyPath(needDir(dir), KINDS)
        : surveySource(await askFest(options.fest), KINDS);
    const edition = options.log === undefined ? null : (await readLogState(options)).edition;
    return options.json ? surveyJson(survey, edition) : surveyText(survey, edition);
  }),
);

withPlan("check", "Whether a plan can be run to its end; else the first defect, with file and line.")
  .option("--max-reward <n>", "the limit of a reward; default that of the log's manifest, or what setup sets")
  .action((dir: string | undefined, options: Options) =>
    answer("plan", options.json, async () => {
      const plan = await planOf(dir, options, await maxRewardOf(options));
      return options.json ? soundJson(plan) : `sound: ${plan.tasks.length} tasks, ${plan.gates} gates`;
    }),
  );

withPlan("diff", "How a plan differs from the edition at work on the ledger. Default log: FEST_LOG.").action(
  (dir: string | undefined, options: Options) =>
    answer("plan", options.json, async () => {
      const state = await readLogState(options);
      const plan = await planOf(dir, options, state.manifest?.limits.reward);
      const diff = diffPlan(plan, editionAtWork(state));
      return options.json ? diffJson(diff) : diffText(diff);
    }),
);

withPlan(
  "apply",
  "Brings the edition at work to a plan: tasks added, changed, withdrawn, each an entry of the owner's. " +
    "Needs the owner's environment: bun --env-file=.../owner.env run plan apply DIR",
).action((dir: string | undefined, options: Options) =>
  answer("plan", options.json, async () => {
    const progress = new ProgressLine(options.json === undefined);
    const owner = Owner.open(options.log);
    try {
      const { diff, sequences } = await applyPlan(
        owner,
        (state) => planOf(dir, options, state.manifest?.limits.reward),
        (what) => progress.say(what),
      );
      return options.json ? diffJson(diff, { entries: sequences }) : diffText(diff);
    } finally {
      progress.clear();
      owner.close();
    }
  }),
);

command("pull", "Writes what the ledger says into a festival's folder: statuses, events, result files.")
  .argument("<dir>", "the festival's folder")
  .action((dir: string, options: Options) =>
    answer("plan", options.json, async () => {
      const pulled = await pullPlan(dir, KINDS, await readLogState(options), namedLog(options.log));
      return options.json
        ? toJson(pulled)
        : `${pulled.completed.length} tasks completed, ${pulled.written.length} files written`;
    }),
  );

await program.parseAsync();

async function planOf(dir: string | undefined, options: Options, maxReward: bigint | undefined) {
  return options.fest === undefined
    ? readPlan(needDir(dir), KINDS, maxReward)
    : parsePlan(await askFest(options.fest), KINDS, maxReward);
}

async function askFest(selector: string | true) {
  return { file: "fest", text: await festRoadmap(selector === true ? null : selector) };
}

async function maxRewardOf(options: Options): Promise<bigint> {
  if (options.maxReward !== undefined) {
    if (!/^\d{1,19}$/.test(options.maxReward))
      throw new FestError("ARGUMENT_INVALID", `--max-reward ${options.maxReward} is no amount`);
    return BigInt(options.maxReward);
  }
  if (options.log === undefined) return MAX_REWARD;
  return (await readLogState(options)).manifest?.limits.reward ?? MAX_REWARD;
}

function needDir(dir: string | undefined): string {
  if (dir !== undefined) return dir;
  throw new FestError("ARGUMENT_MISSING", "no plan is named", { fix: "Give a folder or a file, or --fest." });
}
