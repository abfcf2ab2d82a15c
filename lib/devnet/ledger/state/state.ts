import type { Tinybar } from "../../../hedera/amount.ts";
import {
  type AccountId,
  type EntityId,
  entityId,
  entityNum,
  type ScheduleId,
  type TokenId,
  type TopicId,
} from "../../../hedera/id.ts";
import { namesOfAlias } from "../key/alias.ts";
import { FIRST_USER_ENTITY } from "../limits.ts";
import type { Account, EntityChange, Schedule, Token, TokenRelation, Topic } from "../record.ts";
import { scheduleIdentity } from "./schedule-identity.ts";
import { Table } from "./table.ts";

/** How a token relation is keyed: `<account>/<token>`. */
export type RelationId = `${AccountId}/${TokenId}`;

/** The id of the relation of an account and a token. */
function relationId(account: AccountId, token: TokenId): RelationId {
  return `${account}/${token}`;
}

/** Everything that the ledger knows of entities, with savepoints over all of it. */
export class State {
  readonly accounts = new Table<AccountId, Account>();
  readonly topics = new Table<TopicId, Topic>();
  readonly tokens = new Table<TokenId, Token>();
  readonly relations = new Table<RelationId, TokenRelation>();
  readonly schedules = new Table<ScheduleId, Schedule>();
  /** Accounts by alias (hex). */
  readonly aliases = new Table<string, AccountId>();

  /** Schedules by what makes two of them identical. */
  readonly scheduleIdentities = new Table<string, ScheduleId>();

  readonly #tables = [
    this.accounts,
    this.topics,
    this.tokens,
    this.relations,
    this.schedules,
    this.aliases,
    this.scheduleIdentities,
  ];
  readonly #nextNums: bigint[] = [];
  #nextNum = FIRST_USER_ENTITY;
  /** These two may name tokens that a rollback has undone, so each is looked up again. */
  readonly #tokensOf = new Map<AccountId, Set<TokenId>>();
  readonly #tokensWithTreasury = new Map<AccountId, Set<TokenId>>();

  constructor(changes: Iterable<EntityChange>) {
    for (const change of changes) this.#restore(change);
  }

  #restore(change: EntityChange): void {
    switch (change.kind) {
      case "account":
        this.putAccount(change.entity);
        break;
      case "topic":
        this.topics.put(change.entity.id, change.entity);
        break;
      case "token":
        this.putToken(change.entity);
        break;
      case "schedule":
        this.putSchedule(change.entity);
        break;
      case "relation":
        this.putRelation(change.entity);
        return;
    }
    const num = entityNum(change.entity.id);
    if (num >= this.#nextNum) this.#nextNum = num + 1n;
  }

  /** Another state that holds the same and changes by itself; only outside of savepoints. */
  copy(): State {
    const copy = new State([]);
    copy.accounts.copy(this.accounts);
    copy.topics.copy(this.topics);
    copy.tokens.copy(this.tokens);
    copy.relations.copy(this.relations);
    copy.schedules.copy(this.schedules);
    copy.aliases.copy(this.aliases);
    copy.scheduleIdentities.copy(this.scheduleIdentities);
    for (const [account, tokens] of this.#tokensOf) copy.#tokensOf.set(account, new Set(tokens));
    for (const [account, tokens] of this.#tokensWithTreasury) {
      copy.#tokensWithTreasury.set(account, new Set(tokens));
    }
    copy.#nextNum = this.#nextNum;
    return copy;
  }

  /** The id of the next entity; a rollback gives it back. */
  newId<Id extends EntityId>(): Id {
    return entityId(this.#nextNum++) as Id;
  }

  putAccount(account: Account): void {
    this.accounts.put(account.id, account);
    if (account.alias === null || account.deleted) return;
    for (const name of namesOfAlias(account.alias)) this.aliases.put(aliasKey(name), account.id);
  }

  /** Moves HBAR between two accounts, whatever their balances; nothing where one of them does not exist. */
  moveHbar(from: AccountId, to: AccountId, amount: Tinybar): void {
    const debited = this.accounts.get(from);
    const credited = this.accounts.get(to);
    if (amount === 0n || from === to || !debited || !credited) return;
    this.accounts.put(from, { ...debited, balance: debited.balance - amount });
    this.accounts.put(to, { ...credited, balance: credited.balance + amount });
  }

  putToken(token: Token): void {
    this.tokens.put(token.id, token);
    addTo(this.#tokensWithTreasury, token.treasury, token.id);
  }

  /** Whether an account is the treasury of a token that still exists. */
  isTreasury(account: AccountId): boolean {
    for (const id of this.#tokensWithTreasury.get(account) ?? []) {
      const token = this.tokens.get(id);
      if (token && !token.deleted && token.treasury === account) return true;
    }
    return false;
  }

  putSchedule(schedule: Schedule): void {
    this.schedules.put(schedule.id, schedule);
    this.scheduleIdentities.put(scheduleIdentity(schedule), schedule.id);
  }

  /** Forgets a schedule that has expired; outside of savepoints only. */
  purgeSchedule(schedule: Schedule): void {
    this.schedules.purge(schedule.id);
    this.scheduleIdentities.purge(scheduleIdentity(schedule));
  }

  putRelation(relation: TokenRelation): void {
    this.relations.put(relationId(relation.account, relation.token), relation);
    addTo(this.#tokensOf, relation.account, relation.token);
  }

  /** The relation of an account and a token while they are associated. */
  relation(account: AccountId, token: TokenId): TokenRelation | undefined {
    const relation = this.relations.get(relationId(account, token));
    return relation?.associated ? relation : undefined;
  }

  /** The tokens that an account is associated with. */
  *relationsOf(account: AccountId): Generator<TokenRelation> {
    for (const token of this.#tokensOf.get(account) ?? []) {
      const relation = this.relation(account, token);
      if (relation) yield relation;
    }
  }

  /** Opens a savepoint and returns its number. */
  begin(): number {
    for (const table of this.#tables) table.begin();
    return this.#nextNums.push(this.#nextNum) - 1;
  }

  /** Closes the innermost savepoint and keeps its changes. */
  commit(): void {
    for (const table of this.#tables) table.commit();
    this.#nextNums.pop();
  }

  /** Closes the innermost savepoint and undoes its changes. */
  rollback(): void {
    for (const table of this.#tables) table.rollback();
    this.#nextNum = this.#nextNums.pop() ?? this.#nextNum;
  }

  /** The new version of each entity that changed since a savepoint. */
  changesSince(level: number): EntityChange[] {
    const changes: EntityChange[] = [];
    for (const { after } of this.accounts.touchedSince(level)) {
      changes.push({ kind: "account", entity: after });
    }
    for (const { after } of this.topics.touchedSince(level)) changes.push({ kind: "topic", entity: after });
    for (const { after } of this.tokens.touchedSince(level)) changes.push({ kind: "token", entity: after });
    for (const { after } of this.relations.touchedSince(level)) {
      changes.push({ kind: "relation", entity: after });
    }
    for (const { after } of this.schedules.touchedSince(level)) {
      changes.push({ kind: "schedule", entity: after });
    }
    return changes;
  }
}

/** How an alias is keyed: in hex. */
export function aliasKey(alias: Uint8Array): string {
  return Buffer.from(alias).toString("hex");
}

function addTo(index: Map<AccountId, Set<TokenId>>, account: AccountId, token: TokenId): void {
  const tokens = index.get(account);
  if (tokens) tokens.add(token);
  else index.set(account, new Set([token]));
}
