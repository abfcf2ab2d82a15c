import type { Verification } from "../../lib/agent/proof/verify.ts";
import type { Problem } from "../../lib/festival/proof/problem.ts";
import { formatTimestamp } from "../../lib/hedera/timestamp.ts";

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
    gaps === 1 ? "1 gap" : `${number(gaps)} gaps`,
    `${number(payments.matched)} of ${number(payments.total)} payments match`,
    `${number(trades.matched)} of ${number(trades.total)} trades match`,
    `${number(evidence.matched)} of ${number(evidence.total)} results come out the same again`,
  ].join(", ");
}

/** A verification for people. */
export function describeVerification(found: Verification): string {
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
