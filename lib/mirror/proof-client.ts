import { createHttp, type Http, type HttpOptions } from "./http.ts";
import { type ScheduleReads, scheduleReads } from "./schedule.ts";
import { type TokenReads, tokenReads } from "./token.ts";
import { topicReads } from "./topic.ts";
import type { TopicMirror } from "./topic-client.ts";
import { type TransactionReads, transactionReads } from "./transaction.ts";

/** What proving a log needs of a mirror node: what the log's entries point to, and no accounts. */
export interface ProofMirror extends TopicMirror, TransactionReads, TokenReads, ScheduleReads {}

/**
 * A client that reads topics, transactions, tokens and schedules at `baseUrl`, and nothing else.
 *
 * @throws MirrorError `MIRROR_URL_INVALID`
 */
export function createProofMirror(options: HttpOptions): ProofMirror {
  return proofReads(createHttp(options));
}

/** The same over a connection that there is. */
export function proofReads(http: Http): ProofMirror {
  return {
    baseUrl: http.baseUrl,
    clock: http.clock,
    ...topicReads(http),
    ...transactionReads(http),
    ...tokenReads(http),
    ...scheduleReads(http),
  };
}
