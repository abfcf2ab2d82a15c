/** Where a result comes from: hashes of its input and output that anyone can recompute from the log. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { formatTimestamp } from "../hedera/timestamp.ts";
import type { State, Task } from "./state.ts";

/** What a task's work is given, besides what it reads from the mirror node: the results that it uses by id and hash. */
export interface TaskInput {
  readonly task_id: string;
  readonly edition: number;
  readonly kind: string;
  /** When the attempt began: evidence is read as of then. */
  readonly began: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly uses: Readonly<Record<string, { readonly task_id: string; readonly sha256: string }>>;
}

/** The input of a task's current attempt; null before its first. */
export function inputOf({ edition }: State, task: Task): TaskInput | null {
  if (edition === null || task.began === null) return null;
  const uses = Object.entries(task.spec.uses ?? {}).map(([name, id]) => {
    const used = edition.tasks.get(id);
    return [name, { task_id: id, sha256: used === undefined ? "" : outputHashOf(used) }] as const;
  });
  return {
    task_id: task.id,
    edition: edition.number,
    kind: task.spec.kind,
    began: formatTimestamp(task.began),
    input: task.spec.input ?? {},
    uses: Object.fromEntries(uses),
  };
}

/** SHA-256 in hex of an input's JSON, its fields in the order of {@link TaskInput}. */
export function inputHash(input: TaskInput): string {
  return hashOf(JSON.stringify(input));
}

/**
 * SHA-256 in hex of the input's hash in hex, a line feed, and the output's JSON.
 * Bound to the input, so that no two tasks have the same, and nobody can pass
 * off one task's output as another's.
 */
export function outputHash(inputSha256: string, output: unknown): string {
  return hashOf(`${inputSha256}\n${JSON.stringify(output ?? null)}`);
}

/** The hash of a task's output as its result states it; of a result that states none, by its output alone. */
export function outputHashOf({ result }: Task): string {
  return result?.payload.provenance?.output_sha256 ?? outputHash("", result?.payload.output);
}

/** The other task of the edition whose result states the same hash of its output, if there is one. */
export function reusedFrom({ edition }: State, task: Task): string | null {
  const own = task.result?.payload.provenance?.output_sha256;
  if (own === undefined) return null;
  for (const [id, other] of edition?.tasks ?? []) {
    if (id !== task.id && other.result?.payload.provenance?.output_sha256 === own) return id;
  }
  return null;
}

function hashOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
