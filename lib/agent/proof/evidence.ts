import type { Entry } from "../../festival/entry/entry.ts";
import type { Matches } from "../../festival/proof/ledger-audit.ts";
import type { LedgerIndex } from "../../festival/proof/ledger-index.ts";
import { LogAudit, type Settlement } from "../../festival/proof/log-audit.ts";
import { type Problem, problem } from "../../festival/proof/problem.ts";
import { describeError, FestError } from "../../hedera/error.ts";
import { timestampOf } from "../../hedera/timestamp.ts";
import type { Mirror } from "../../mirror/client.ts";
import { exchangeRateHistory } from "../../mirror/exchange-rate-history.ts";
import type { Message } from "../../mirror/message.ts";
import { evidenceOf } from "../duty/evidence.ts";
import { WORK } from "../work/kinds.ts";
import { pastMirror } from "./past-mirror.ts";

/** What evidence is looked at. */
export interface EvidenceOptions {
  readonly messages: readonly Message[];
  readonly mirror: Mirror;
  readonly index: LedgerIndex;
  readonly signal: AbortSignal;
  /** Which payments; all others are taken as they are. */
  readonly wanted: (sequence: number) => boolean;
  readonly onDone?: (done: number) => void;
}

/** Messages that are folded before their payments are looked at. */
const CHUNK = 100;

/**
 * Does again, from the log and the mirror node's history alone, the work of every
 * task that was paid, as its judge did: the outputs must be the same to the byte.
 * And looks up the rate that every forecast was scored by.
 */
export async function matchEvidence(options: EvidenceOptions): Promise<Matches> {
  const { messages, wanted, onDone } = options;
  const audit = new LogAudit();
  const problems: Problem[] = [];
  let total = 0;
  let matched = 0;
  for (let from = 0; from < messages.length; from += CHUNK) {
    for (const settlement of audit.take(messages.slice(from, from + CHUNK))) {
      if (!wanted(settlement.payment.sequence)) continue;
      const found = await faultsOf(settlement, options);
      total += 1;
      if (found.length === 0) matched += 1;
      problems.push(...found);
      onDone?.(total);
    }
  }
  for (const score of audit.scores) {
    if (!wanted(score.stamp.sequence)) continue;
    const fault = await scoreFault(score, options);
    total += 1;
    if (fault === null) matched += 1;
    else problems.push(fault);
    onDone?.(total);
  }
  return { total, matched, problems };
}

/** Whether a forecast was scored by the network's own rate; that its figures follow from it the fold has seen to. */
async function scoreFault(
  { body, stamp }: Entry<"forecast_scored">,
  { mirror, signal }: EvidenceOptions,
): Promise<Problem | null> {
  const { hour, cent_equivalent: cents, hbar_equivalent: hbar } = body.payload;
  const about = `entry ${stamp.sequence} scores the forecast of entry ${body.payload.result}: `;
  try {
    const [rate] = await exchangeRateHistory(mirror, { until: timestampOf(hour), hours: 1, signal });
    if (rate === undefined)
      return problem("unread", stamp.sequence, `${about}the mirror node has no rate from then`);
    if (rate.centEquivalent === BigInt(cents) && rate.hbarEquivalent === BigInt(hbar)) return null;
    const said = `the rate was ${rate.centEquivalent} cents for ${rate.hbarEquivalent} HBAR, not ${cents} for ${hbar}`;
    return problem("score", stamp.sequence, about + said);
  } catch (error) {
    if (!(error instanceof FestError)) throw error;
    return problem("unread", stamp.sequence, `${about}${describeError(error)}`);
  }
}

async function faultsOf(
  { payment, before, task }: Settlement,
  { mirror, index, signal }: EvidenceOptions,
): Promise<readonly Problem[]> {
  const { sequence } = payment;
  const about = `entry ${sequence} pays ${task.spec.kind} ${task.id} of edition ${payment.edition}: `;
  const past = pastMirror(mirror, index, task.result?.timestamp ?? 0n);
  try {
    const criteria = await evidenceOf(WORK)({ state: before, task, mirror: past, signal });
    return criteria
      .filter(({ passed }) => !passed)
      .map(({ name, value }) =>
        problem("evidence", sequence, `${about}${name}: ${value ?? "does not hold"}`),
      );
  } catch (error) {
    if (!(error instanceof FestError)) throw error;
    return [problem("unread", sequence, `${about}${describeError(error)}`)];
  }
}
