import type { proto } from "@hiero-ledger/proto";
import {
  type AccountId,
  type EntityId,
  entityNum,
  type ScheduleId,
  type TokenId,
  type TopicId,
} from "../../../hedera/id.ts";
import { fromLong, type Long, toLong } from "./int64.ts";

interface WireId {
  readonly shardNum?: Long | null;
  readonly realmNum?: Long | null;
}

function textOf<Id extends EntityId>(id: WireId, num: Long | null | undefined): Id {
  return `${fromLong(id.shardNum)}.${fromLong(id.realmNum)}.${fromLong(num)}` as Id;
}

/** The account id of a protobuf `AccountID`; null where it is absent or an alias. */
export function accountIdOf(id: proto.IAccountID | null | undefined): AccountId | null {
  if (!id || id.accountNum === null || id.accountNum === undefined) return null;
  if (id.alias && id.alias.length > 0) return null;
  return textOf<AccountId>(id, id.accountNum);
}

/** The topic id of a protobuf `TopicID`, null where it is absent. */
export function topicIdOf(id: proto.ITopicID | null | undefined): TopicId | null {
  return id ? textOf<TopicId>(id, id.topicNum) : null;
}

/** The token id of a protobuf `TokenID`, null where it is absent. */
export function tokenIdOf(id: proto.ITokenID | null | undefined): TokenId | null {
  return id ? textOf<TokenId>(id, id.tokenNum) : null;
}

/** The schedule id of a protobuf `ScheduleID`, null where it is absent. */
export function scheduleIdOf(id: proto.IScheduleID | null | undefined): ScheduleId | null {
  return id ? textOf<ScheduleId>(id, id.scheduleNum) : null;
}

/** A protobuf `AccountID`. */
export function wireAccountId(id: AccountId): proto.IAccountID {
  return { accountNum: toLong(entityNum(id)) };
}

/** A protobuf `TopicID`. */
export function wireTopicId(id: TopicId): proto.ITopicID {
  return { topicNum: toLong(entityNum(id)) };
}

/** A protobuf `TokenID`. */
export function wireTokenId(id: TokenId): proto.ITokenID {
  return { tokenNum: toLong(entityNum(id)) };
}

/** A protobuf `ScheduleID`. */
export function wireScheduleId(id: ScheduleId): proto.IScheduleID {
  return { scheduleNum: toLong(entityNum(id)) };
}
