import type { Database, Statement } from "bun:sqlite";
import { addSeconds, type Timestamp } from "../../hedera/timestamp.ts";
import type { EntityChange, RecordItem, TransactionRecord } from "../ledger/record.ts";
import { nextBlock } from "./block.ts";
import { bytes, type SqlValue } from "./column.ts";
import { ACCOUNT, RELATION, SCHEDULE, TOKEN, TOPIC } from "./entities.ts";
import { aliasAddress } from "./evm-address.ts";
import { readItem, writeItem } from "./journal.ts";
import { openCopy, openDatabase } from "./open.ts";
import { partiesOf } from "./parties.ts";
import {
  BLOCK,
  type Block,
  CONTRACT_LOG,
  ENTITY_TABLES,
  HISTORY_TABLES,
  MESSAGE,
  PARTY,
  TOKEN_MOVEMENT,
  TRANSACTION,
} from "./schema.ts";
import type { Table } from "./table.ts";
import { tokenEvents } from "./token-events.ts";

/** Transactions between two commits of a temporary store. */
const COMMIT_GROUP = 1_000;

/** What a {@link Store} showed at a moment, as far as it cannot be found again by taking away what came later. */
export interface StoreSnapshot {
  readonly lastBlock: Block | null;
  readonly entities: readonly EntityChange[];
}

/**
 * The embedded database of a devnet: every record that the ledger made, and
 * the latest version of every entity. The mirror reads it, and a restarted
 * ledger is restored from it.
 */
export class Store {
  readonly #db: Database;
  readonly #puts = new Map<string, Statement>();
  readonly #isTemporary: boolean;
  #uncommitted = 0;
  #lastBlock: Block | null;

  /**
   * @param file the database file; null for a nameless temporary one that is gone with the process; or the bytes of one
   * @throws FestError `STORE_IN_USE`, `STORE_VERSION`
   */
  constructor(file: string | Uint8Array | null) {
    this.#db = file instanceof Uint8Array ? openCopy(file) : openDatabase(file);
    this.#isTemporary = typeof file !== "string";
    this.#lastBlock = this.row(BLOCK, 'ORDER BY "number" DESC LIMIT 1');
    // What a crash kept from becoming visible becomes so now.
    this.ingest(
      this.raw("SELECT item FROM journal ORDER BY consensusTimestamp").map((row) =>
        readItem(bytes.read(row.item)),
      ),
    );
  }

  /** The latest block, or null before the first. */
  get lastBlock(): Block | null {
    return this.#lastBlock;
  }

  /** Whether nothing was ever stored. */
  get isEmpty(): boolean {
    return this.row(ACCOUNT, "LIMIT 1") === null;
  }

  /** Stores records in consensus order, all or nothing, as one block; null if there are none. */
  ingest(items: readonly RecordItem[]): Block | null {
    const [first, ...rest] = items;
    if (first === undefined) return null;
    const block = nextBlock(this.#lastBlock, [first, ...rest]);
    if (this.#isTemporary && !this.#db.inTransaction) this.#db.run("BEGIN");
    this.#db.transaction(() => {
      items.forEach((item, index) => {
        this.#ingestRecord(item, block, index);
      });
      this.#ingestChanges(items.flatMap((item) => item.changes));
      this.#put(BLOCK, block);
      this.#db.run("DELETE FROM journal WHERE consensusTimestamp <= ?", [block.to]);
    })();
    this.#lastBlock = block;
    this.#commitGroup(items.length);
    return block;
  }

  /** Keeps records that are to be ingested later; they are even if this process dies before. */
  journal(items: readonly RecordItem[]): void {
    const insert = this.#db.query<null, SqlValue[]>("INSERT INTO journal VALUES (?, ?)");
    this.#db.transaction(() => {
      for (const item of items) insert.run(item.record.consensusTimestamp, writeItem(item));
    })();
  }

  /** Remembers what is visible now, to go back to. */
  snapshot(): StoreSnapshot {
    return { lastBlock: this.#lastBlock, entities: [...this.state()] };
  }

  /** Goes back to a snapshot, all or nothing; `journaled` is what had reached consensus then and was not visible yet. */
  revert({ lastBlock, entities }: StoreSnapshot, journaled: readonly RecordItem[]): void {
    const last = lastBlock?.to ?? 0n;
    this.#db.transaction(() => {
      for (const { name } of HISTORY_TABLES) {
        this.#db.run(`DELETE FROM "${name}" WHERE "consensusTimestamp" > ?`, [last]);
      }
      this.#db.run(`DELETE FROM "${BLOCK.name}" WHERE "number" > ?`, [lastBlock?.number ?? -1n]);
      for (const { name } of ENTITY_TABLES) this.#db.run(`DELETE FROM "${name}"`);
      this.#ingestChanges(entities);
      this.#db.run("DELETE FROM journal");
      this.journal(journaled);
    })();
    this.#lastBlock = lastBlock;
  }

  /** Another store of the same, temporary and in memory, which goes its own way. */
  copy(): Store {
    this.#commit();
    return new Store(this.#db.serialize());
  }

  /** Stores the state of a new ledger, which no transaction made. */
  ingestGenesis(changes: Iterable<EntityChange>): void {
    this.#db.transaction(() => this.#ingestChanges([...changes]))();
  }

  /** The rows of a table that `tail` (`WHERE ... ORDER BY ... LIMIT ...`) selects. */
  rows<Row>(table: Table<Row>, tail: string, values: readonly SqlValue[] = []): Row[] {
    return this.raw(`${table.select} ${tail}`, values).map((row) => table.read(row));
  }

  /** The first row that `tail` selects, or null. */
  row<Row>(table: Table<Row>, tail: string, values: readonly SqlValue[] = []): Row | null {
    return this.rows(table, tail, values)[0] ?? null;
  }

  /** The rows of any query, integers as bigint. */
  raw(sql: string, values: readonly SqlValue[] = []): Record<string, unknown>[] {
    return this.#db.query<Record<string, unknown>, SqlValue[]>(sql).all(...values);
  }

  /** The latest version of every entity, to restore a ledger from. */
  *state(): Generator<EntityChange> {
    for (const entity of this.#each(ACCOUNT)) yield { kind: "account", entity };
    for (const entity of this.#each(TOPIC)) yield { kind: "topic", entity };
    for (const entity of this.#each(TOKEN)) yield { kind: "token", entity };
    for (const entity of this.#each(RELATION)) yield { kind: "relation", entity };
    for (const { transactionPayer, transactionValidStart, ...rest } of this.#each(SCHEDULE)) {
      const transactionId = { payer: transactionPayer, validStart: transactionValidStart };
      yield { kind: "schedule", entity: { ...rest, transactionId } };
    }
  }

  /** The records of the last `seconds` before the newest one, in consensus order. */
  recentRecords(seconds: number): TransactionRecord[] {
    const last: Timestamp = this.#lastBlock?.to ?? 0n;
    return this.rows(TRANSACTION, 'WHERE "consensusTimestamp" >= ? ORDER BY "consensusTimestamp"', [
      addSeconds(last, -seconds),
    ]);
  }

  /** Closes the database. */
  close(): void {
    for (const statement of this.#puts.values()) statement.finalize();
    this.#db.close();
  }

  /**
   * Blocks of a temporary store are savepoints, committed in groups: nobody
   * else reads the file, and a small block's pages would each be written again
   * with the next one.
   */
  #commitGroup(count: number): void {
    this.#uncommitted += count;
    if (this.#uncommitted >= COMMIT_GROUP) this.#commit();
  }

  #commit(): void {
    if (this.#db.inTransaction) this.#db.run("COMMIT");
    this.#uncommitted = 0;
  }

  #ingestRecord({ record, message }: RecordItem, block: Block, transactionIndex: number): void {
    const { consensusTimestamp, transactionHash } = record;
    this.#put(TRANSACTION, record);
    if (message !== null) this.#put(MESSAGE, message);
    for (const party of partiesOf(record)) this.#put(PARTY, party);
    if (record.tokenTransfers.length === 0) return;
    for (const transfer of record.tokenTransfers) {
      this.#put(TOKEN_MOVEMENT, { ...transfer, consensusTimestamp });
    }
    tokenEvents(record.tokenTransfers).forEach((event, index) => {
      const where = {
        consensusTimestamp,
        index,
        blockNumber: block.number,
        transactionIndex,
        transactionHash,
      };
      this.#put(CONTRACT_LOG, { ...event, ...where });
    });
  }

  #ingestChanges(changes: readonly EntityChange[]): void {
    // A busy topic changes with every message, but only its last version of a block is worth a write.
    const latest = new Map<string, EntityChange>();
    for (const change of changes) latest.set(changeKey(change), change);
    for (const change of latest.values()) this.#ingestChange(change);
  }

  #ingestChange(change: EntityChange): void {
    switch (change.kind) {
      case "account":
        this.#put(ACCOUNT, { ...change.entity, evmAddress: aliasAddress(change.entity.alias) });
        break;
      case "topic":
        this.#put(TOPIC, change.entity);
        break;
      case "token":
        this.#put(TOKEN, change.entity);
        break;
      case "relation":
        this.#put(RELATION, change.entity);
        break;
      case "schedule": {
        const { transactionId, ...rest } = change.entity;
        const { payer: transactionPayer, validStart: transactionValidStart } = transactionId;
        this.#put(SCHEDULE, { ...rest, transactionPayer, transactionValidStart });
        break;
      }
    }
  }

  #put<Row>(table: Table<Row>, row: Row): void {
    let statement = this.#puts.get(table.name);
    if (statement === undefined) {
      statement = this.#db.prepare(table.put);
      this.#puts.set(table.name, statement);
    }
    statement.run(...table.values(row));
  }

  *#each<Row>(table: Table<Row>): Generator<Row> {
    for (const row of this.#db.query<Record<string, unknown>, []>(table.select).iterate())
      yield table.read(row);
  }
}

function changeKey({ kind, entity }: EntityChange): string {
  return kind === "relation" ? `relation ${entity.account} ${entity.token}` : `${kind} ${entity.id}`;
}
