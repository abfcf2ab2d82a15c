import { bytesToHex } from "@noble/hashes/utils.js";
import { type Problem, problem } from "../../festival/proof/problem.ts";
import type { TopicId } from "../../hedera/id.ts";
import type { Mirror } from "../../mirror/client.ts";

/**
 * Compares running hashes from a file with those that a mirror node has: equal
 * hashes mean an equal log up to that entry. Without a mirror node nothing is compared.
 *
 * @throws MirrorError
 */
export async function compareHashes(
  mirror: Mirror | null,
  log: TopicId,
  hashes: readonly { readonly sequence: number; readonly runningHash: string }[],
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { sequence, runningHash } of mirror === null ? [] : hashes) {
    const message = (await mirror?.topicMessage(log, sequence)) ?? null;
    if (message !== null && bytesToHex(message.runningHash) === runningHash) continue;
    const said =
      message === null ? "the mirror node has no such entry" : "the mirror node has another running hash";
    problems.push(problem("chain_hash", sequence, `entry ${sequence}: ${said}`));
  }
  return problems;
}
