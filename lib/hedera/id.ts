import { FestError } from "./error.ts";

declare const kind: unique symbol;

/** An entity id in its text form, `shard.realm.num`, such as `0.0.1001`. */
export type EntityId = `${number}.${number}.${number}` & { readonly [kind]?: string };
/** The id of an account. */
export type AccountId = EntityId & { readonly [kind]?: "account" };
/** The id of a topic of the Consensus Service. */
export type TopicId = EntityId & { readonly [kind]?: "topic" };
/** The id of a token of the Token Service. */
export type TokenId = EntityId & { readonly [kind]?: "token" };
/** The id of a schedule of the Schedule Service. */
export type ScheduleId = EntityId & { readonly [kind]?: "schedule" };

const ENTITY_ID = /^(0|[1-9]\d{0,18})\.(0|[1-9]\d{0,18})\.(0|[1-9]\d{0,18})$/;

/** Whether `text` is an entity id in canonical text form (no leading zeros, no checksum). */
export function isEntityId(text: string): text is EntityId {
  return ENTITY_ID.test(text);
}

function parser<Id extends EntityId>(noun: string) {
  return (text: string): Id => {
    if (!isEntityId(text)) {
      throw new FestError("ID_INVALID", `${JSON.stringify(text)} is not ${noun} id`, {
        fix: "Write it as shard.realm.num, for example 0.0.1001.",
      });
    }
    return text as Id;
  };
}

/** Reads an account id. @throws FestError `ID_INVALID` */
export const parseAccountId = parser<AccountId>("an account");
/** Reads a topic id. @throws FestError `ID_INVALID` */
export const parseTopicId = parser<TopicId>("a topic");
/** Reads a token id. @throws FestError `ID_INVALID` */
export const parseTokenId = parser<TokenId>("a token");
/** Reads a schedule id. @throws FestError `ID_INVALID` */
export const parseScheduleId = parser<ScheduleId>("a schedule");

/** The number of an entity, the last part of its id. */
export function entityNum(id: EntityId): bigint {
  return BigInt(id.slice(id.lastIndexOf(".") + 1));
}

/** The id of entity `num` in shard 0, realm 0, the only ones that exist. */
export function entityId(num: bigint | number): EntityId {
  return `0.0.${num}` as EntityId;
}

/** Compares two ids by number, for sorting. */
export function compareIds(a: EntityId, b: EntityId): number {
  const difference = entityNum(a) - entityNum(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The long-zero EVM address of an entity: 4 bytes shard, 8 bytes realm, 8 bytes number, in hex with `0x`. */
export function longZeroAddress(id: EntityId): `0x${string}` {
  return `0x${entityNum(id).toString(16).padStart(40, "0")}`;
}
