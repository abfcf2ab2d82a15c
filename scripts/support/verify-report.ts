import type { Verification } from "../../lib/agent/proof/verify.ts";
import type { SelectionAudit } from "../../lib/festival/bundle/audit.ts";
import type { InclusionAudit } from "../../lib/festival/proof/inclusion.ts";
import type { Problem } from "../../lib/festival/proof/problem.ts";
import type { TopicId } from "../../lib/hedera/id.ts";
import { formatTimestamp } from "../../lib/hedera/timestamp.ts";
import type { CommitVerification } from "./verify-commit.ts";

/** What a command that verifies ends with. */
export interface Outcome {
  readonly ok: boolean;
  /** One JSON object with `ok` and `problems`. */
  readonly json: string;
  /** For people. */
  readonly text: string;
  /** For a badge. */
  readonly said: string;
}

/** What verifying a whole log ends with, and whatever else was found. */
export function outcomeOfLog(found: Verification, more: readonly Problem[] = []): Outcome {
  const problems = [...found.problems, ...more];
  const whole = { ...found, problems, ok: found.ok && more.length === 0 };
  const { ok, entries, gaps } = whole;
  const said = `${number(entries)} entries, ${plural(gaps, "gap")}`;
  return { ok, json: verificationJson(whole), text: describeVerification(whole), said };
}

/** What verifying some entries ends with. */
export function outcomeOfSelection(
  log: TopicId,
  { entries, hashes, payments, trades, ...audit }: SelectionAudit,
  more: readonly Problem[],
): Outcome {
  const ok = audit.ok && more.length === 0;
  const problems = [...audit.problems, ...more];
  const body = { ok, scope: "selection", log, entries, hashes, payments, trades, problems };
  const lines = [
    `${number(entries)} entries of log ${log} verified, ${payments.matched} of ${plural(payments.total, "payment")} and ${trades.matched} of ${plural(trades.total, "trade")} match`,
    ...hashes.map(
      ({ sequence, runningHash }) => `  after entry ${sequence} the running hash is ${runningHash}`,
    ),
    ...describeProblems(problems),
    ok ? "  it holds, if the log has these hashes: give --mirror to compare" : "  IT DOES NOT HOLD",
  ];
  return {
    ok,
    json: JSON.stringify(body),
    text: lines.join("\n"),
    said: plural(entries, "entry", "entries"),
  };
}

/** What checking an inclusion proof ends with. */
export function outcomeOfInclusion(
  log: TopicId,
  { taskId, edition, root, gitCommit, proven, hashes, ...audit }: InclusionAudit,
  more: readonly Problem[],
): Outcome {
  const ok = audit.ok && more.length === 0;
  const problems = [...audit.problems, ...more];
  const what = { log, task_id: taskId, edition, root, git_commit: gitCommit, proven, hashes };
  const lines = [
    `task ${taskId} of edition ${edition}: ${proven.join(", ") || "nothing"} under the root ${root}`,
    ...(gitCommit === null ? [] : [`  the festival ran ${gitCommit}`]),
    ...hashes.map(
      ({ sequence, runningHash }) => `  after entry ${sequence} the running hash is ${runningHash}`,
    ),
    ...describeProblems(problems),
    ok ? "  it holds, if the log has these hashes: give --mirror to compare" : "  IT DOES NOT HOLD",
  ];
  const said = `task ${taskId} of edition ${edition}`;
  return { ok, json: JSON.stringify({ ok, ...what, problems }), text: lines.join("\n"), said };
}

/** What verifying a git commit ends with. */
export function outcomeOfCommit({ commit, code, trailers, log, problems }: CommitVerification): Outcome {
  const { ok, json, text } = outcomeOfLog(log, problems);
  const { sequence, root } = trailers;
  const line = `${commit} stands for entry ${sequence} of log ${log.log}, which ran ${code}, root ${root}`;
  return {
    ok,
    json: JSON.stringify({ ...JSON.parse(json), commit, code, sequence: Number(sequence), root }),
    text: `${line}\n${text}`,
    said: `${commit.slice(0, 12)}, entry ${sequence}`,
  };
}

/** A verification as one JSON object: `ok`, `problems`, and what they were found in. */
export function verificationJson(found: Verification): string {
  const { log, vitals, range, entries, head, gaps, counts, stateHash } = found;
  const body = {
    ok: found.ok,
    log,
    vitals,
    range,
    entries,
    head: head && { timestamp: formatTimestamp(head.timestamp), running_hash: head.runningHash },
    gaps,
    counts,
    payments: tally(found.payments),
    trades: tally(found.trades),
    carriers: tally(found.carriers),
    evidence: tally(found.evidence),
    checkpoints: found.checkpoints,
    commits: found.commits,
    vital_signs: found.vitalSigns,
    state_sha256: stateHash,
    problems: found.problems,
  };
  return JSON.stringify(body);
}

function tally({ total, matched }: Verification["payments"]) {
  return { total, matched };
}

/** The verdict on one line, such as `12,408 entries verified, 0 gaps, 412 of 412 payments match`. */
export function verdictLine({ entries, gaps, payments, trades, evidence }: Verification): string {
  return [
    `${number(entries)} entries verified`,
    plural(gaps, "gap"),
    `${number(payments.matched)} of ${number(payments.total)} payments match`,
    `${number(trades.matched)} of ${number(trades.total)} trades match`,
    `${number(evidence.matched)} of ${number(evidence.total)} results come out the same again`,
  ].join(", ");
}

function describeVerification(found: Verification): string {
  const { counts, carriers, checkpoints, commits, vitalSigns, head, log, range } = found;
  const ignored = counts.unauthorised + counts.malformed + counts.refused + counts.unknown;
  return [
    verdictLine(found),
    `  log ${log}, entries ${range.from} to ${range.to}${head === null ? "" : `, until ${formatTimestamp(head.timestamp)}`}`,
    `  ${number(counts.accepted)} entries count, ${number(ignored)} count for nothing; ${number(carriers.matched)} of ${number(carriers.total)} were carried by the transactions that they name`,
    `  ${number(vitalSigns)} vital signs verified, ${number(checkpoints)} checkpoints and ${number(commits)} commits are what the log says`,
    `  state ${found.stateHash}`,
    ...describeProblems(found.problems),
    found.ok ? "  it holds" : "  IT DOES NOT HOLD",
  ].join("\n");
}

/** Problems for people, a line or two each. */
export function describeProblems(problems: readonly Problem[]): readonly string[] {
  return problems.map(
    ({ name, severity, message, fix }) =>
      `  ${severity === "error" ? "ERROR" : "warning"} ${name}: ${message}${severity === "error" ? `\n    ${fix}` : ""}`,
  );
}

function number(value: number): string {
  return value.toLocaleString("en");
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}
