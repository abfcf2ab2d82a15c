import type { AccountId, TopicId } from "../hedera/id.ts";
import type { MirrorKey } from "../mirror/field.ts";
import { keysEnoughAlone, keyTreeOf } from "../mirror/key-tree.ts";
import { agentsOf } from "./roles.ts";
import type { State } from "./state.ts";

/** Somebody who should be able to write to a festival's topics. */
export interface Writer {
  /** The agent's name in the manifest; `owner` for the owner. */
  readonly name: string;
  readonly account: AccountId;
}

/**
 * How a topic's submit key differs from what the manifest wants: one key of the
 * owner's or an agent's account is enough, and nobody else's. Whoever may submit
 * may change the submit key, so an insider can lock others out
 * (`ConsensusUpdateTopicHandler`); entries are judged by payer all the same.
 */
export interface KeyDrift {
  readonly topic: TopicId;
  /** Who cannot write. */
  readonly missing: readonly Writer[];
  /** Public keys in raw hex that may write and are nobody's of the manifest. */
  readonly foreign: readonly string[];
  /** There is no submit key: anybody may write. */
  readonly open: boolean;
}

/** Everybody who should be able to write, each account once. */
export function writersOf(state: State): readonly Writer[] {
  const owner = state.owner === null ? [] : [{ name: "owner", account: state.owner }];
  const all = [...owner, ...agentsOf(state).map(({ id, account }) => ({ name: id, account }))];
  return all.filter(({ account }, at) => all.findIndex((one) => one.account === account) === at);
}

/**
 * Compares a topic's submit key with the keys of those who should write.
 *
 * @param keyOf an account's key; null where it has none or is gone
 * @returns null if there is no difference
 * @throws MirrorMalformed for a key that is no protobuf
 */
export function keyDrift(
  topic: TopicId,
  submitKey: MirrorKey | null,
  writers: readonly Writer[],
  keyOf: (account: AccountId) => MirrorKey | null,
): KeyDrift | null {
  if (submitKey === null) return { topic, missing: [], foreign: [], open: true };
  const enough = new Set(keysEnoughAlone(keyTreeOf(submitKey)));
  const wanted = writers.map((writer) => {
    const key = keyOf(writer.account);
    return { writer, keys: key === null ? [] : keysEnoughAlone(keyTreeOf(key)) };
  });
  const missing = wanted.filter(({ keys }) => !keys.some((key) => enough.has(key)));
  const known = new Set(wanted.flatMap(({ keys }) => keys));
  const foreign = [...enough].filter((key) => !known.has(key));
  if (missing.length === 0 && foreign.length === 0) return null;
  return { topic, missing: missing.map(({ writer }) => writer), foreign, open: false };
}

/** What is wrong, in words. */
export function describeDrift({ topic, missing, foreign, open }: KeyDrift): string {
  if (open) return `anybody may write to ${topic}: it has no submit key`;
  const parts = [
    ...(missing.length === 0
      ? []
      : [`${missing.map(({ name }) => name).join(", ")} cannot write to ${topic}`]),
    ...(foreign.length === 0
      ? []
      : [`${foreign.length} foreign key${foreign.length === 1 ? "" : "s"} can (${foreign.join(", ")})`]),
  ];
  return foreign.length > 0 && missing.length === 0 ? `${topic}: ${parts.join()}` : parts.join("; ");
}
