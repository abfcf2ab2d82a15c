/** Reads HCS-1 files: outputs that no entry has room for. */
import { createHash } from "node:crypto";
import { brotliDecompressSync } from "node:zlib";
import * as z from "zod/mini";
import type { TaskOutcome } from "../../festival/state.ts";
import type { TopicId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { Mirror } from "../../mirror/client.ts";
import { MirrorUnavailable } from "../../mirror/error.ts";
import { itemsFrom } from "../../mirror/page.ts";
import { WorkError } from "./context.ts";

/** Bytes that a file may have, unpacked: what claims more is not read. */
const MAX_FILE_BYTES = 65_536;
/** Messages of a file's topic that are read. */
const MAX_CHUNKS = 128;

/** HCS-1 knows zstd, too; whoever writes for this project packs with Brotli. */
const MEMO = /^([0-9a-f]{64}):brotli:base64$/;
const DATA_URL = /^data:[\w.+/-]+;base64,/;
const chunk = z.object({ o: z.int().check(z.nonnegative()), c: z.string() });

/** Which file, and as of when: what was written after the result that names it is no part of it. */
export interface FileQuery {
  readonly topic: TopicId;
  readonly sha256: string;
  readonly before: Timestamp;
}

/** What a result delivered, wherever its output is. */
export interface Delivered {
  readonly output: unknown;
  readonly metrics?: unknown;
}

/** The output that a result delivered, in its entry or in a file. @throws WorkError `FILE_INVALID`, MirrorError */
export async function deliveredOutput(mirror: Mirror, { payload, timestamp }: TaskOutcome): Promise<unknown> {
  const { output, output_ref: ref } = payload;
  if (ref === undefined) return output;
  const bytes = await readFileTopic(mirror, { ...ref, before: timestamp });
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw invalid(ref.topic, "is not JSON");
  }
}

/**
 * The bytes of an HCS-1 file, checked against the hash that the result names and
 * the one in the topic's memo.
 *
 * @throws WorkError `FILE_INVALID` if it isn't that file, or anybody could change it
 * @throws MirrorUnavailable while the mirror node may not have all of it yet
 */
export async function readFileTopic(mirror: Mirror, query: FileQuery): Promise<Uint8Array> {
  const { topic, sha256 } = query;
  const info = await mirror.topic(topic);
  const text = info === null ? null : await textOf(mirror, query);
  if (info === null || text === null) {
    const block = await mirror.latestBlock();
    if (block === null || block.to < query.before)
      throw new MirrorUnavailable(`the mirror node does not have the file ${topic} yet`);
    throw invalid(topic, "is not there whole");
  }
  const [, hash] = MEMO.exec(info.memo) ?? [];
  if (hash !== sha256) throw invalid(topic, `has the memo ${JSON.stringify(info.memo)}`);
  if (info.adminKey !== null || info.submitKey === null) throw invalid(topic, "can be changed");
  const bytes = unpack(topic, text);
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw invalid(topic, "has another hash");
  return bytes;
}

/** The chunks joined in their order, without the data URL's head; null if one is missing. */
async function textOf(mirror: Mirror, { topic, before }: FileQuery): Promise<string | null> {
  const parts: string[] = [];
  const first = await mirror.topicMessages({ topic, before, limit: 100, order: "asc" });
  let read = 0;
  for await (const { bytes } of itemsFrom(first)) {
    read += 1;
    if (read > MAX_CHUNKS) throw invalid(topic, `has more than ${MAX_CHUNKS} parts`);
    const parsed = z.safeParse(chunk, parse(bytes));
    // The first of a number counts, so that a second one changes nothing.
    if (parsed.success && parsed.data.o < MAX_CHUNKS) parts[parsed.data.o] ??= parsed.data.c;
  }
  const whole = parts.length > 0 && Object.keys(parts).length === parts.length;
  return whole ? parts.join("").replace(DATA_URL, "") : null;
}

function unpack(topic: TopicId, base64: string): Uint8Array {
  try {
    return brotliDecompressSync(Buffer.from(base64, "base64"), { maxOutputLength: MAX_FILE_BYTES });
  } catch {
    throw invalid(topic, "cannot be unpacked");
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function invalid(topic: TopicId, what: string): WorkError {
  return new WorkError("FILE_INVALID", `the file ${topic} ${what}`);
}
