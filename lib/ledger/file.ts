import { createHash } from "node:crypto";
import { brotliCompressSync } from "node:zlib";
import type { TopicId } from "../hedera/id.ts";
import type { Ledger } from "./client.ts";
import { MAX_MESSAGE_BYTES } from "./effect.ts";
import { messageTransaction } from "./message-transaction.ts";
import { submit } from "./submit.ts";
import { createTopic } from "./topics.ts";

/** A file on the ledger: its topic, and the SHA-256 of its bytes in hex. */
export interface PublishedFile {
  readonly topic: TopicId;
  readonly sha256: string;
}

/** Room for `{"o":1234,"c":""}`. */
const CHUNK = MAX_MESSAGE_BYTES - 24;

/**
 * Writes a file as HCS-1 has it (hol.org): a topic of its own whose memo is
 * `sha256:brotli:base64`, with a submit key and no admin key, and one message a
 * chunk, `{"o":0,"c":"data:<mime>;base64,..."}`. Not idempotent: what an agent
 * that crashed left half written is never referred to, and harms nobody.
 *
 * @throws LedgerError if the network took it not, or not whole
 */
export async function publishFile(ledger: Ledger, bytes: Uint8Array, mime: string): Promise<PublishedFile> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const topic = await createTopic(ledger, {
    submitKeys: [ledger.publicKey],
    memo: `${sha256}:brotli:base64`,
  });
  for (const message of chunksOf(bytes, mime)) {
    await submit(ledger, {
      what: `writing a part of the file ${topic}`,
      build: () => messageTransaction(topic, message),
    });
  }
  return { topic, sha256 };
}

/** The messages that make up a file, in order. */
function chunksOf(bytes: Uint8Array, mime: string): readonly Uint8Array[] {
  const text = `data:${mime};base64,${brotliCompressSync(bytes).toString("base64")}`;
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < text.length; at += CHUNK) {
    const chunk = { o: chunks.length, c: text.slice(at, at + CHUNK) };
    chunks.push(new TextEncoder().encode(JSON.stringify(chunk)));
  }
  return chunks;
}
