/** Proofs that a task's result, payment and trade are under the root that an edition's commit states. */
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import * as z from "zod/mini";
import { FestError } from "../../hedera/error.ts";
import { topicId } from "../../mirror/field.ts";
import { type Message, messageSchema } from "../../mirror/message.ts";
import { CHAIN_START, continuesHash } from "../../mirror/running-hash.ts";
import { wireOf } from "../bundle/selection.ts";
import { decode } from "../entry/decode.ts";
import { fold } from "../fold.ts";
import { leafHash, merklePath, rootOfPath } from "../merkle.ts";
import { EMPTY_STATE } from "../state.ts";
import { BREAK_REASONS } from "./chain.ts";
import { type Problem, problem } from "./problem.ts";

const hex32 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const hex48 = z.string().check(z.regex(/^[0-9a-f]{96}$/));
const count = z.int().check(z.nonnegative());
/** A message as the mirror node has it, and the running hash before it. */
const message = { before: hex48, body: z.unknown() };

const schema = z.object({
  kind: z.literal("fest-inclusion"),
  version: z.literal(1),
  network: z.string(),
  log: topicId,
  task_id: z.string(),
  edition: z.int().check(z.positive()),
  /** Leaves under the commit's root. */
  size: z.int().check(z.positive()),
  /** Those of the task, each with its place and the hashes up to the root (RFC 9162). */
  leaves: z.array(z.object({ index: count, path: z.array(hex32), ...message })).check(z.minLength(1)),
  commit: z.object(message),
});

/** A file that proves what came of a task. */
export type Inclusion = z.output<typeof schema>;

/** What an inclusion proof proves, and what of it does not hold. */
export interface InclusionAudit {
  readonly ok: boolean;
  readonly taskId: string;
  readonly edition: number;
  readonly root: string | null;
  /** Which code the festival ran, if its commit says so. */
  readonly gitCommit: string | null;
  /** Types of the entries that are under the root. */
  readonly proven: readonly string[];
  /** What any mirror node of the network must have. */
  readonly hashes: readonly { readonly sequence: number; readonly runningHash: string }[];
  readonly problems: readonly Problem[];
}

interface Leaf {
  readonly message: Message;
  readonly before: Uint8Array;
}

/**
 * Proves what came of a task, from a log.
 *
 * @param edition which; default the last committed one that has the task
 * @throws FestError `TASK_NOT_COMMITTED`, `LOG_GAP`
 */
export function proveTask(
  messages: Iterable<Message>,
  {
    network,
    taskId,
    edition,
  }: { readonly network: string; readonly taskId: string; readonly edition?: number },
): Inclusion {
  let state = EMPTY_STATE;
  let before = CHAIN_START.runningHash;
  let leaves: Leaf[] = [];
  let found: Inclusion | null = null;
  for (const one of messages) {
    const last = state;
    state = fold(state, one);
    const known = last.edition?.number === state.edition?.number ? (last.edition?.leaves.length ?? 0) : 0;
    if (known === 0) leaves = [];
    if ((state.edition?.leaves.length ?? 0) > known) leaves.push({ message: one, before });
    const { edition: now } = state;
    const fits = edition === undefined || now?.number === edition;
    if (state.commits > last.commits && now !== null && fits && now.tasks.has(taskId)) {
      const log = one.topic;
      const proof = { network, log, edition: now.number, taskId };
      found = inclusionOf(leaves, { message: one, before }, proof) ?? found;
    }
    before = one.runningHash;
  }
  if (found !== null) return found;
  const where = edition === undefined ? "" : ` in edition ${edition}`;
  throw new FestError("TASK_NOT_COMMITTED", `no commit holds a result of task ${taskId}${where}`, {
    fix: "Wait for the edition's festival_commit; `bun run status` tells how far it is.",
  });
}

function inclusionOf(
  leaves: readonly Leaf[],
  commit: Leaf,
  proof: {
    readonly network: string;
    readonly log: Message["topic"];
    readonly edition: number;
    readonly taskId: string;
  },
): Inclusion | null {
  const hashes = leaves.map((leaf) => leafHash(leaf.message.bytes));
  const own = leaves.flatMap((leaf, index) => {
    if (taskOf(leaf.message) !== proof.taskId) return [];
    return [{ index, path: merklePath(hashes, index).map(bytesToHex), ...told(leaf) }];
  });
  if (own.length === 0) return null;
  const { network, log, edition, taskId } = proof;
  return {
    kind: "fest-inclusion",
    version: 1,
    network,
    log,
    task_id: taskId,
    edition,
    size: leaves.length,
    leaves: own,
    commit: told(commit),
  };
}

function told({ message: one, before }: Leaf) {
  return { before: bytesToHex(before), body: wireOf(one) };
}

function taskOf(one: Message): string | null {
  const decoded = decode(one);
  return decoded.kind === "entry" && "task_id" in decoded.entry.body ? decoded.entry.body.task_id : null;
}

/** Reads a proof's file. @throws FestError `INCLUSION_INVALID` */
export function parseInclusion(text: string): Inclusion {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FestError("INCLUSION_INVALID", "the proof is not JSON", { cause });
  }
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FestError("INCLUSION_INVALID", `the proof: ${issue?.path.join(".")}: ${issue?.message}`, {
    fix: "`bun run prove TASK --out FILE` writes one.",
  });
}

/** Checks a proof without the network: each entry's running hash, its leaf, and the path to the commit's root. */
export function auditInclusion(proof: Inclusion): InclusionAudit {
  const problems: Problem[] = [];
  const commit = read(proof, proof.commit, problems);
  const decoded = commit === null ? null : decode(commit);
  const payload =
    decoded?.kind === "entry" && decoded.entry.name === "festival_commit" ? decoded.entry.body.payload : null;
  if (payload === null) problems.push(problem("inclusion", commit?.sequence ?? null, "the commit is none"));
  else if (payload.edition !== proof.edition) {
    const said = `entry ${commit?.sequence} commits edition ${payload.edition}, not ${proof.edition}`;
    problems.push(problem("inclusion", commit?.sequence ?? null, said));
  }
  const hashes = commit === null ? [] : [hashOf(commit)];
  const proven: string[] = [];
  for (const leaf of proof.leaves) {
    const one = read(proof, leaf, problems);
    if (one === null) continue;
    hashes.unshift(hashOf(one));
    const path = leaf.path.map((hash) => hexToBytes(hash));
    const root = rootOfPath(leafHash(one.bytes), { index: leaf.index, size: proof.size, path });
    const { sequence } = one;
    const entry = decode(one);
    const type = entry.kind === "entry" ? entry.entry.name : entry.kind;
    const why =
      taskOf(one) !== proof.task_id
        ? `it is not about task ${proof.task_id}`
        : sequence >= (commit?.sequence ?? 0)
          ? "it came after the commit"
          : root !== payload?.root
            ? "it is not under the root of the commit"
            : null;
    if (why === null) proven.push(type);
    else problems.push(problem("inclusion", sequence, `entry ${sequence}, ${type}: ${why}`));
  }
  return {
    ok: problems.length === 0,
    taskId: proof.task_id,
    edition: proof.edition,
    root: payload?.root ?? null,
    gitCommit: payload?.git_commit ?? null,
    proven,
    hashes,
    problems,
  };
}

function hashOf({ sequence, runningHash }: Message) {
  return { sequence, runningHash: bytesToHex(runningHash) };
}

/** A message of the log whose running hash holds; what is wrong with it is a problem. */
function read(
  { log }: Inclusion,
  { before, body }: { readonly before: string; readonly body: unknown },
  problems: Problem[],
): Message | null {
  const parsed = z.safeParse(messageSchema, body);
  if (!parsed.success || parsed.data.topic !== log) {
    problems.push(problem("inclusion", null, `a message of the proof is none of log ${log}`));
    return null;
  }
  const { data: one } = parsed;
  if (!continuesHash(hexToBytes(before), one))
    problems.push(problem("chain_hash", one.sequence, `entry ${one.sequence}: ${BREAK_REASONS.hash}`));
  return one;
}
