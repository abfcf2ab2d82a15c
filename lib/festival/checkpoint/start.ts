import { bytesToHex } from "@noble/hashes/utils.js";
import type { Message } from "../../mirror/message.ts";
import { decode } from "../entry/decode.ts";
import type { Body } from "../entry/entry.ts";
import { coordinatorOf } from "../roles.ts";
import { atBoundary } from "../rules/checkpoint.ts";
import { EMPTY_STATE, type State } from "../state.ts";
import { CHECKPOINT_INTERVAL, restoreState } from "./checkpoint.ts";

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
  const parts = partsOf(later, boundary);
  const [first] = parts;
  if (first === undefined || parts.length !== first.body.payload.parts) return null;
  const { running_hash, state_sha256 } = first.body.payload;
  const same = parts.every(
    ({ body, payer }) => body.payload.state_sha256 === state_sha256 && payer === first.payer,
  );
  if (!same || running_hash !== bytesToHex(message.runningHash)) return null;
  const data = parts.map(({ body }) => body.payload.data);
  const restored = restoreState(data, state_sha256);
  if (restored === null || !(await isWritten(log, restored, first.payer))) return null;
  return { state: atBoundary({ ...restored, verdict: { kind: "accepted" } }, message), message };
}

/** The parts of a boundary's checkpoint in order, the first of each number. */
function partsOf(messages: readonly Message[], boundary: number) {
  const parts = new Map<number, { body: Body<"checkpoint">; payer: string }>();
  for (const message of messages) {
    const decoded = decode(message);
    if (decoded.kind !== "entry" || decoded.entry.name !== "checkpoint") continue;
    const { body, stamp } = decoded.entry;
    const { sequence, part } = body.payload;
    if (sequence === boundary && !parts.has(part)) parts.set(part, { body, payer: stamp.payer });
  }
  return [...parts].toSorted(([a], [b]) => a - b).map(([, part]) => part);
}

/** Whether the parts' payer is the coordinator by a manifest that the log's owner really wrote. */
async function isWritten(log: LogReads, state: State, payer: string): Promise<boolean> {
  const { owner, manifest, manifestSequence } = state;
  if (owner === null || manifest === null || manifestSequence === null) return false;
  if (coordinatorOf(state)?.account !== payer) return false;
  const [first, written] = await Promise.all([log.message(1), log.message(manifestSequence)]);
  if (first?.payer !== owner || written?.payer !== owner) return false;
  const decoded = decode(written);
  if (decoded.kind !== "entry" || decoded.entry.name !== "manifest") return false;
  const { roles } = decoded.entry.body.payload;
  const stated: State = { ...EMPTY_STATE, manifest: decoded.entry.body.payload };
  return Object.keys(roles).length > 0 && coordinatorOf(stated)?.account === payer;
}
