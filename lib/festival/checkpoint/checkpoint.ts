import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { AccountId } from "../../hedera/id.ts";
import type { State } from "../state.ts";
import { decodeValue, encodeValue } from "./codec.ts";
import { decodeTimes, encodeTimes } from "./times.ts";

/** Every so many messages the log's state is written into the log. */
export const CHECKPOINT_INTERVAL = 1_000;
/** A state of more parts than this is not worth it; the next boundary tries again. */
export const MAX_PARTS = 100;
/** Which form of {@link State} this code writes and reads; a new one with every change of it. */
export const STATE_FORMAT = 4;
/** Numbers of checkpoint obligations begin after this, clear of those that the boundary's own entry creates. */
export const CHECKPOINT_NUMBERS = 900_000;
/** Bytes of JSON string that fit an entry beside its other fields. */
const PART_BYTES = 700;

/** The state at a boundary, ready to be written. */
export interface Checkpoint {
  /** The boundary: the last message that the state contains. */
  readonly sequence: number;
  /** The log's running hash after it, in hex. */
  readonly runningHash: string;
  /** SHA-256 of the state's text, in hex. */
  readonly hash: string;
  /** The state's text, cut; each part fits an entry. */
  readonly parts: readonly string[];
}

/** The checkpoint of a state, or null if it is too large. A checkpoint under way is no part of it. */
export function checkpointOf(state: State, runningHash: Uint8Array): Checkpoint | null {
  const text = stateText(state);
  const parts = cut(text);
  if (state.head === null || parts.length > MAX_PARTS) return null;
  return { sequence: state.head.sequence, runningHash: bytesToHex(runningHash), hash: hashOf(text), parts };
}

/** SHA-256 of a state in hex: two readers of one log agree on it. */
export function stateHash(state: State): string {
  return hashOf(stateText(state));
}

/**
 * The state that a checkpoint's parts hold. Only for parts that the coordinator
 * wrote: beyond the hash, nothing of them is checked.
 *
 * @returns null if the text is not the one that was hashed, or was written by code with another form of state
 * @throws SyntaxError if it was not written from a state
 */
export function restoreState(parts: readonly string[], hash: string): State | null {
  const text = parts.join("");
  if (hashOf(text) !== hash) return null;
  const { reserved, format, ...rest } = decodeValue(text) as Omit<State, "reserved"> & {
    reserved: Map<AccountId, string>;
    format: number;
  };
  if (format !== STATE_FORMAT) return null;
  const times = [...reserved].map(([payer, bases]) => [payer, decodeTimes(bases)] as const);
  return { ...rest, reserved: new Map(times), checkpoint: null };
}

function stateText(state: State): string {
  const { checkpoint: _underWay, verdict: _verdict, reserved, ...substance } = state;
  const bases = new Map([...reserved].map(([payer, times]) => [payer, encodeTimes(times)]));
  return encodeValue({ ...substance, reserved: bases, verdict: null, format: STATE_FORMAT });
}

function hashOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** A character that is one byte of a JSON string, as nearly all of a state's are. */
const PLAIN = /[ !#-[\]-~]/;

/** Bytes of a character in a JSON string in UTF-8. */
function sizeOf(character: string): number {
  return PLAIN.test(character) ? 1 : utf8ToBytes(JSON.stringify(character)).length - 2;
}

/** Cuts a text so that each part, as a JSON string in UTF-8, keeps within an entry. */
function cut(text: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  let size = 0;
  for (const character of text) {
    const bytes = sizeOf(character);
    if (size + bytes > PART_BYTES) {
      parts.push(part);
      part = "";
      size = 0;
    }
    part += character;
    size += bytes;
  }
  return [...parts, part];
}
