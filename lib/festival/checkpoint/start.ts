import { bytesToHex } from "@noble/hashes/utils.js";
import type { AccountId } from "../../hedera/id.ts";
import type { Message } from "../../mirror/message.ts";
import { decode } from "../entry/decode.ts";
import type { Body } from "../entry/entry.ts";
import { coordinatorOf } from "../roles.ts";
import { atBoundary } from "../rules/checkpoint.ts";
import { EMPTY_STATE, type State } from "../state.ts";
import { CHECKPOINT_INTERVAL, MAX_PARTS, restoreState } from "./checkpoint.ts";

/** How a log is read to find where to begin; each may throw what reading throws. */
export interface LogReads {
  /** The newest message; null if the log is empty. */
  latest(): Promise<Message | null>;
  /** The message of that number; null if there is none. */
  message(sequence: number): Promise<Message | null>;
  /** The messages after a number, in order, at most up to another. */
  between(after: number, upTo: number): Promise<readonly Message[]>;
}

/** Where a cold reader begins: a state, and the message that it goes up to. */
export interface ColdStart {
  readonly state: State;
  readonly message: Message;
}

/** Boundaries that are tried before everything is read. */
const TRIES = 3;

/**
 * Finds the newest checkpoint to begin from, with a bounded number of reads
 * however long the log is; null: begin at the beginning.
 *
 * It is taken on the coordinator's word: the account that wrote the parts must
 * be the coordinator's by a manifest that the log's owner wrote. Whoever starts
 * from it still verifies the chain behind it, in the background.
 */
export async function findCheckpoint(log: LogReads): Promise<ColdStart | null> {
  const latest = await log.latest();
  if (latest === null) return null;
  const newest = latest.sequence - (latest.sequence % CHECKPOINT_INTERVAL);
  for (let tries = 0; tries < TRIES; tries++) {
    const boundary = newest - tries * CHECKPOINT_INTERVAL;
    if (boundary < CHECKPOINT_INTERVAL) return null;
    const upTo = Math.min(latest.sequence, boundary + CHECKPOINT_INTERVAL);
    const start = await startAt(log, boundary, await log.between(boundary - 1, upTo));
    if (start !== null) return start;
  }
  return null;
}

async function startAt(
  log: LogReads,
  boundary: number,
  messages: readonly Message[],
): Promise<ColdStart | null> {
  const [message, ...later] = messages;
  if (message?.sequence !== boundary) return null;
  for (const { payer, parts, stateHash, runningHash } of versionsOf(later, boundary)) {
    // Who wrote it comes first: what anybody else wrote is not even read as a state.
    if (runningHash !== bytesToHex(message.runningHash) || !(await isWritten(log, parts, payer))) continue;
    const restored = restoreState(parts, stateHash);
    if (restored === null) continue;
    return { state: atBoundary({ ...restored, verdict: { kind: "accepted" } }, message), message };
  }
  return null;
}

interface Version {
  readonly payer: AccountId;
  readonly stateHash: string;
  readonly runningHash: string;
  readonly parts: readonly string[];
}

const utf8 = new TextDecoder();

/** What was written as the boundary's checkpoint and is complete, by whomever; few of any one account. */
function versionsOf(messages: readonly Message[], boundary: number): readonly Version[] {
  const found = new Map<
    string,
    { payload: Body<"checkpoint">["payload"]; payer: AccountId; parts: string[] }
  >();
  for (const message of messages) {
    // Reading a thousand entries takes long, and few of them have the word in them.
    if (!utf8.decode(message.bytes).includes("checkpoint")) continue;
    const decoded = decode(message);
    if (decoded.kind !== "entry" || decoded.entry.name !== "checkpoint") continue;
    const { body, stamp } = decoded.entry;
    const { payload } = body;
    if (payload.sequence !== boundary || payload.part > Math.min(payload.parts, MAX_PARTS)) continue;
    const key = [stamp.payer, payload.state_sha256, payload.running_hash, payload.parts].join(" ");
    const version = found.get(key) ?? { payload, payer: stamp.payer, parts: [] };
    version.parts[payload.part - 1] ??= payload.data;
    found.set(key, version);
  }
  const ofPayer = new Map<AccountId, number>();
  return [...found.values()].flatMap(({ payload, payer, parts }) => {
    if (Object.keys(parts).length !== payload.parts) return [];
    const others = ofPayer.get(payer) ?? 0;
    ofPayer.set(payer, others + 1);
    const { state_sha256: stateHash, running_hash: runningHash } = payload;
    return others < TRIES ? [{ payer, parts, stateHash, runningHash }] : [];
  });
}

/** Whether the parts' payer is the coordinator by the manifest that they name, and the log's owner really wrote that. */
async function isWritten(log: LogReads, parts: readonly string[], payer: string): Promise<boolean> {
  const sequence = manifestNamedIn(parts.join(""));
  if (sequence === null) return false;
  const [first, written] = await Promise.all([log.message(1), log.message(sequence)]);
  if (first === null || written?.payer !== first.payer) return false;
  const decoded = decode(written);
  if (decoded.kind !== "entry" || decoded.entry.name !== "manifest") return false;
  const stated: State = { ...EMPTY_STATE, manifest: decoded.entry.body.payload };
  return coordinatorOf(stated)?.account === payer;
}

function manifestNamedIn(text: string): number | null {
  try {
    const value: unknown = JSON.parse(text);
    const named = typeof value === "object" && value !== null && "manifestSequence" in value;
    return named && Number.isSafeInteger(value.manifestSequence) ? Number(value.manifestSequence) : null;
  } catch {
    return null;
  }
}
