import type { Verification } from "../../lib/agent/proof/verify.ts";
import { decode } from "../../lib/festival/entry/decode.ts";
import { type Problem, problem } from "../../lib/festival/proof/problem.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { parseTopicId, type TopicId } from "../../lib/hedera/id.ts";
import { networkOf } from "../../lib/hedera/network.ts";
import { createMirror, type Mirror } from "../../lib/mirror/client.ts";
import { type FestTrailers, git, readTrailers } from "./git.ts";

/** What is verified, and how. */
export interface CommitOptions {
  /** The working copy. */
  readonly repo: string;
  /** Any name of the commit. */
  readonly commit: string;
  /** The mirror node; default that of the network that the commit names. */
  readonly mirrorUrl?: string;
  /** Verifies a log up to an entry. */
  readonly verify: (mirror: Mirror, log: TopicId, to: number) => Promise<Verification>;
}

/** What came of it. */
export interface CommitVerification {
  /** The whole id of the commit, and of the one before it, which the festival ran. */
  readonly commit: string;
  readonly code: string;
  readonly trailers: FestTrailers;
  readonly log: Verification;
  readonly problems: readonly Problem[];
}

/**
 * Proves both ways that code and ledger belong together: the git commit names an
 * entry of the log and its Merkle root, and that entry, in a log that holds, states
 * this root and names the commit's parent as the code that the festival ran.
 *
 * @throws FestError `TRAILER_MISSING`, `GIT_FAILED`; MirrorError
 */
export async function verifyCommit(options: CommitOptions): Promise<CommitVerification> {
  const { repo, mirrorUrl } = options;
  const commit = await commitOf(repo, options.commit);
  const trailers = await readTrailers(repo, commit);
  const [code = ""] = (await git(repo, "log", "-1", "--format=%P", commit)).split(" ");
  const sequence = Number(trailers.sequence);
  if (!Number.isSafeInteger(sequence) || sequence < 1)
    throw new FestError("TRAILER_MISSING", `Fest-Sequence ${trailers.sequence} is no entry's number`);
  const topic = parseTopicId(trailers.log);
  const mirror = createMirror({ baseUrl: mirrorUrl ?? networkOf(trailers.network).mirror });
  const log = await options.verify(mirror, topic, sequence);
  const message = await mirror.topicMessage(topic, sequence);
  const decoded = message === null ? null : decode(message);
  const entry = decoded?.kind === "entry" && decoded.entry.name === "festival_commit" ? decoded.entry : null;
  const payload = entry?.body.payload;
  const object = (said: string) => problem("git", sequence, said);
  const counts = log.range.to === sequence && log.problems.every((one) => one.sequence !== sequence);
  const problems =
    payload === undefined || !counts
      ? [object(`entry ${sequence} of log ${topic} is no festival_commit that counts`)]
      : [
          ...(payload.root === trailers.root
            ? []
            : [object(`entry ${sequence} states the root ${payload.root}, the commit ${trailers.root}`)]),
          ...(payload.git_commit !== undefined && code.startsWith(payload.git_commit)
            ? []
            : [
                object(
                  `the festival ran ${payload.git_commit ?? "code that it does not name"}, the commit stands on ${code}`,
                ),
              ]),
        ];
  return { commit, code, trailers, log, problems };
}

/** The id of a commit that somebody named. */
async function commitOf(repo: string, name: string): Promise<string> {
  try {
    return await git(repo, "rev-parse", "--verify", `${name}^{commit}`);
  } catch (cause) {
    throw new FestError("COMMIT_UNKNOWN", `there is no commit ${name} in ${repo}`, {
      cause,
      fix: "Name one that `git log` lists, or its working copy with --repo.",
    });
  }
}
